// Whose phone are we holding? Members, staff and groups to choose from, with what is unread on each phone.

import { chatsOf } from "./api.js";
import { avatar } from "./bubbles.js";
import { el, reconcile } from "./dom.js";
import { fullName, languageChip } from "./names.js";
import { go, place } from "./place.js";
import { t } from "./words.js";

const STAFF = [
  ["owner", /owner|老板|店主|業主|业主/i],
  ["manager", /manager|经理|經理|店长|店長/i],
  ["clerk", /clerk|staff|店员|店員/i],
];
const EVERYONE_AT_ONCE = 40;

const lastChat = new Map();
const chatsByPerson = new Map();

export const rememberChat = (as, chat) => {
  if (as && chat) lastChat.set(String(as), chat);
};
export const rememberChats = (as, chats) => chatsByPerson.set(String(as), chats);

/** owner, manager, clerk or member. */
export const roleOf = (person) => STAFF.find(([, pattern]) => pattern.test(person.role_note ?? ""))?.[0] ?? "member";

/** Hands the phone to someone: their last chat, else the bot's, opens. */
export async function takePhoneOf(as) {
  const chats = await chatsOf(as).catch(() => []);
  rememberChats(as, chats);
  const chat = lastChat.get(String(as)) ?? chats.find(({ kind }) => kind === "private")?.chat_id;
  go({ as, chat });
}

export function peopleList() {
  const list = el("nav", { class: "people", "aria-label": t("people"), testid: "people" });
  list.addEventListener("keydown", moveBetween);
  return { list, show: (world) => draw(list, world) };
}

function draw(list, { people, groups }) {
  const staff = people.filter((person) => roleOf(person) !== "member");
  const members = people.filter((person) => roleOf(person) === "member");
  reconcile(list, [
    ...section("members", members, personRow),
    ...section("staff", staff, personRow),
    ...section("groups", groups ?? [], (group) => groupRow(group, people)),
  ]);
}

function section(name, entries, row) {
  if (!entries.length) return [];
  return [{ key: name, signature: name, render: () => el("h2", {}, t(name)) }, ...entries.map(row)];
}

function personRow(person) {
  const as = String(person.id);
  const name = fullName(person);
  const { chip, lang } = languageChip(person.language_code);
  const unread = (chatsByPerson.get(as) ?? []).reduce((sum, chat) => sum + (chat.unread || 0), 0);
  const current = place().as === as;
  const note =
    person.role_note && roleOf(person) !== "member"
      ? person.role_note
      : person.role_note || (person.username ? `@${person.username}` : "");
  return {
    key: as,
    signature: JSON.stringify([person, unread, current]),
    render: () =>
      el(
        "button",
        {
          type: "button",
          class: "person",
          testid: `person-${as}`,
          "aria-current": current ? "true" : null,
          onclick: () => takePhoneOf(as),
        },
        avatar(person.id, name),
        el("span", { class: "who" }, el("strong", { lang }, name), el("small", {}, note)),
        unread
          ? el("span", { class: "badge", "aria-label": t("unread", { n: unread }) }, unread > 99 ? "99+" : unread)
          : null,
        el("span", { class: "chip", title: person.language_code ?? "" }, chip),
      ),
  };
}

function groupRow(group, people) {
  const inside = people.filter(({ id }) => group.members.includes(id));
  const current = place().chat === String(group.id);
  const open = () => {
    const as = inside.some(({ id }) => String(id) === place().as) ? place().as : inside[0]?.id;
    if (as) go({ as, chat: group.id });
  };
  return {
    key: `g${group.id}`,
    signature: JSON.stringify([group, inside.map(({ id }) => id), current, place().as]),
    render: () =>
      el(
        "button",
        {
          type: "button",
          class: "person",
          testid: `group-${group.id}`,
          "aria-current": current ? "true" : null,
          onclick: open,
        },
        avatar(group.id, group.title, "square"),
        el(
          "span",
          { class: "who" },
          el("strong", {}, group.title),
          el("small", {}, inside.map(fullName).join(", ") || t("group")),
        ),
      ),
  };
}

/** Asks for everybody's unread counts, a few dozen phones at most. */
export async function refreshUnread(people) {
  const others = people.filter(({ id }) => String(id) !== place().as).slice(0, EVERYONE_AT_ONCE);
  await Promise.all(
    others.map(async ({ id }) => rememberChats(id, await chatsOf(id).catch(() => chatsByPerson.get(String(id)) ?? []))),
  );
}

function moveBetween(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const rows = [...event.currentTarget.querySelectorAll(".person")];
  rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(document.activeElement) + step))]?.focus();
  event.preventDefault();
}
