// The phone's first screen: a person's chats.

import { avatar } from "./bubbles.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { fullName, shortWhen } from "./names.js";
import { go } from "./place.js";
import { t } from "./words.js";

/** Builds the screen once; `show(person, chats, now)` draws it, as often as something changes. */
export function chatList({ openPeople, scanAs }) {
  const title = el("h1", { class: "screen-title", testid: "phone-owner" });
  const list = el("div", { class: "chat-list", role: "list", testid: "chats" });
  const people = el("button", {
    type: "button",
    class: "owner-button only-narrow",
    "aria-label": t("switch_person"),
    testid: "switch-person",
    onclick: openPeople,
  });
  const head = el(
    "header",
    { class: "screen-head" },
    people,
    title,
    iconButton("scan", t("scan"), () => scanAs(), { testid: "scan-button" }),
  );
  const screen = el("section", { class: "screen chats-screen", "aria-label": t("chats") }, head, list);
  list.addEventListener("keydown", moveBetween);
  return { screen, show: (person, chats, now) => draw({ title, people, list }, person, chats, now) };
}

function draw({ title, people, list }, person, chats, now) {
  title.textContent = fullName(person);
  people.replaceChildren(avatar(person.id, fullName(person)), icon("down"));
  const sorted = [...chats].sort((a, b) => (b.last_at ?? 0) - (a.last_at ?? 0));
  reconcile(
    list,
    sorted.map((chat) => ({
      key: String(chat.chat_id),
      signature: JSON.stringify([chat, person.id]),
      render: () => row(person, chat, now),
    })),
  );
}

function row(person, chat, now) {
  const preview = chat.blocked ? t("blocked") : chat.last_text || (chat.started === false ? t("tap_to_start") : "");
  return el(
    "div",
    { role: "listitem" },
    el(
      "button",
      {
        type: "button",
        class: "chat-row",
        testid: "chat-row",
        "data-chat": chat.chat_id,
        onclick: () => go({ as: person.id, chat: chat.chat_id }),
      },
      avatar(chat.chat_id, chat.title, chat.kind === "group" ? "square" : "seal"),
      el("span", { class: "chat-name" }, chat.title),
      chat.last_at ? el("time", {}, shortWhen(chat.last_at, now)) : el("span"),
      el("span", { class: "chat-preview", dir: "auto" }, preview),
      chat.unread
        ? el(
            "span",
            { class: "badge", testid: "unread", "aria-label": t("unread", { n: chat.unread }) },
            chat.unread > 99 ? "99+" : chat.unread,
          )
        : el("span"),
    ),
  );
}

function moveBetween(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const rows = [...event.currentTarget.querySelectorAll(".chat-row")];
  rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(document.activeElement) + step))]?.focus();
  event.preventDefault();
}
