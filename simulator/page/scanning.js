// The phone's camera, pointed at somebody else's screen: recent photos of everybody's chats that carry a code.

import { chatsOf, messagesIn } from "./api.js";
import { codesIn } from "./codes.js";
import { modal } from "./dialogs.js";
import { el, icon, iconButton } from "./dom.js";
import { clockTime, fullName } from "./names.js";
import { t } from "./words.js";

const SHOWN = 24;

/** Lets person `as` choose a code that is on another person's screen; `chosen(code)` gets its text. */
export async function scan(as, people, chosen) {
  const grid = el("div", { class: "scan-grid", testid: "scan-grid", "aria-busy": "true" });
  const note = el("p", { class: "scan-note", role: "status" }, t("looking_for_codes"));
  const close = iconButton("close", t("close"), () => box.dialog.close(""));
  const box = modal(
    { class: "card scan", testid: "scan", "aria-label": t("scan") },
    el("header", {}, el("h2", {}, t("scan")), close),
    el("p", {}, t("scan_hint")),
    note,
    grid,
  );
  const take = (code) => {
    box.dialog.close("");
    chosen(code);
  };
  let count = 0;
  for (const { person, photo, at } of await recentPhotos(people.filter(({ id }) => String(id) !== String(as)))) {
    if (!box.dialog.open || count >= SHOWN) break;
    const [code] = await codesIn(person.id, photo.url);
    if (code && ++count) grid.append(screenOf(person, photo, at, () => take(code)));
  }
  grid.setAttribute("aria-busy", "false");
  note.textContent = count ? "" : t("no_codes");
}

function screenOf(person, photo, at, onclick) {
  return el(
    "button",
    { type: "button", class: "scan-target", onclick, testid: "scan-target", "data-person": person.id },
    el("span", { class: "scan-frame" }, el("img", { src: photo.url, alt: "" }), icon("scan")),
    el("span", { class: "scan-whose" }, fullName(person)),
    el("time", {}, clockTime(at)),
  );
}

async function recentPhotos(people) {
  const perPerson = await Promise.all(people.map((person) => photosOf(person).catch(() => [])));
  const seen = new Set();
  return perPerson
    .flat()
    .sort((a, b) => b.at - a.at)
    .filter(({ photo }) => !seen.has(photo.url) && seen.add(photo.url));
}

// Asking for what came before some later message leaves it unread: to look over a shoulder is not to read.
async function photosOf(person) {
  const chats = (await chatsOf(person.id)).filter(({ kind, started }) => kind === "private" && started);
  const lists = await Promise.all(
    chats.map(({ chat_id: chat }) => messagesIn(person.id, chat, { limit: 50, before: Number.MAX_SAFE_INTEGER })),
  );
  return lists
    .flatMap(({ messages }) => messages)
    .filter(({ photo }) => photo)
    .map(({ photo, at }) => ({ person, photo, at }));
}
