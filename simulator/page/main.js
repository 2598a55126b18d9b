// Puts the page together: people on the left, one phone in the middle, the workbench on the right.

import { chatsOf, listen, world as fetchWorld } from "./api.js";
import { chatList } from "./chats.js";
import { chatScreen } from "./chat.js";
import { toast } from "./dialogs.js";
import { el, icon, iconButton } from "./dom.js";
import { takeAnswer } from "./keyboards.js";
import { clockTime, fullName, languageChip, useZone } from "./names.js";
import { panel } from "./panel.js";
import { peopleList, refreshUnread, rememberChat, rememberChats, takePhoneOf } from "./people.js";
import { go, place } from "./place.js";
import { scan } from "./scanning.js";
import { LANGUAGES, language, setLanguage, t } from "./words.js";

const OTHERS_EVERY_MS = 6000;
const OTHERS_SOON_MS = 400;
const RETRY_MS = 2000;
const THEMES = [
  ["auto", "auto"],
  ["light", "sun"],
  ["dark", "moon"],
];

const state = {
  world: { people: [], groups: [], bots: [], clock: { now: Date.now(), offset: 0 }, faults: [] },
  fetched: performance.now(),
  chats: [],
  as: null,
  silence: null,
  soon: 0,
};

const now = () => state.world.clock.now + (performance.now() - state.fetched);
const personById = (id) => state.world.people.find((person) => String(person.id) === String(id));

const people = peopleList();
const list = chatList({ openPeople: () => drawer("people"), scanAs });
const chat = chatScreen({ now, scanAs, botOf, topicsOf, opened: rememberChat });
const tools = panel({ now, changed: refreshWorld, close: () => drawer(null) });
const parts = layout();

function botOf(info) {
  const { bots } = state.world;
  if (info?.kind === "group") return null;
  return (
    bots.find(({ id }) => String(id) === String(info?.chat_id)) ??
    bots.find(({ name }) => name === info?.title) ??
    bots[0]
  );
}

function topicsOf(info) {
  const group = state.world.groups?.find(({ id }) => String(id) === String(info?.chat_id));
  return group?.forum
    ? (group.topics ?? []).map((topic) => ({
        id: topic.id ?? topic.topic_id ?? topic.message_thread_id,
        name: topic.name ?? topic.title,
      }))
    : [];
}

function scanAs() {
  const { as } = place();
  return scan(as, state.world.people, (code) => chat.use(code));
}

async function refreshWorld() {
  state.world = await fetchWorld();
  useZone(state.world.clock.zone);
  state.fetched = performance.now();
  people.show(state.world);
  tools.show(state.world);
  tick();
}

async function refreshChats() {
  const { as } = place();
  if (!as) return;
  const chats = await chatsOf(as);
  if (as !== place().as) return;
  state.chats = chats;
  rememberChats(as, chats);
  list.show(personById(as), chats, now());
  people.show(state.world);
  const unread = chats.reduce((sum, one) => sum + (one.unread || 0), 0);
  document.title = `${unread ? `(${unread}) ` : ""}${fullName(personById(as))} · Regulars`;
}

const infoOf = (id) => state.chats.find(({ chat_id: chatId }) => String(chatId) === String(id));

/** Draws what the address says: whose phone, which chat. */
async function arrive() {
  const { as, chat: wanted } = place();
  const person = personById(as);
  if (!person) return state.world.people.length ? takePhoneOf(state.world.people[0].id) : undefined;
  drawer(null);
  if (state.as !== as) hold(person);
  await refreshChats();
  const info = infoOf(wanted);
  parts.phone.dataset.screen = info ? "chat" : "chats";
  if (info && (String(chat.view.chat) !== wanted || chat.view.as !== as)) await chat.open(as, wanted, info);
  else if (info) await chat.refresh();
  else Object.assign(chat.view, { chat: null, round: chat.view.round + 1 });
  await refreshChats();
  return undefined;
}

function hold(person) {
  state.silence?.();
  state.as = String(person.id);
  parts.phone.lang = languageChip(person.language_code).lang;
  parts.phone.classList.remove("handed");
  requestAnimationFrame(() => parts.phone.classList.add("handed"));
  if (!document.hidden) state.silence = listen(state.as, heard, online);
}

async function heard(kind, data) {
  if (kind === "answer") return takeAnswer(data);
  if (kind === "state") return refreshWorld().catch(() => {});
  lookAtOthersSoon();
  if (String(data.chat_id) === String(chat.view.chat)) await chat.refresh();
  await refreshChats().catch(() => {});
  const info = infoOf(chat.view.chat);
  const before = chat.view.info;
  if (!info) return undefined;
  chat.inform(info);
  return before?.blocked !== info.blocked || before?.started !== info.started ? chat.refresh() : undefined;
}

function lookAtOthersSoon() {
  clearTimeout(state.soon);
  state.soon = setTimeout(lookAtOthers, OTHERS_SOON_MS);
}

async function lookAtOthers() {
  if (document.hidden || !parts.banner.hidden) return;
  await refreshUnread(state.world.people);
  people.show(state.world);
}

// Asleep in a background tab: browsers allow few open streams to one host, and somebody may hold many phones in many
// tabs.
function sleepOrWake() {
  if (document.hidden) {
    state.silence?.();
    state.silence = null;
  } else if (state.as && !state.silence) {
    state.silence = listen(state.as, heard, online);
    arrive().catch(() => {});
  }
}

async function online(up) {
  const wasDown = !parts.banner.hidden;
  parts.banner.hidden = up;
  if (up && wasDown) {
    await refreshWorld().catch(() => {});
    await arrive().catch(() => {});
  }
}

function tick() {
  parts.phoneTime.textContent = clockTime(now());
  tools.tick();
}

function drawer(name) {
  const open = document.documentElement.dataset.drawer === name ? null : name;
  if (open) document.documentElement.dataset.drawer = open;
  else delete document.documentElement.dataset.drawer;
  if (open) (open === "people" ? people.list.querySelector("button") : tools.side.querySelector("button"))?.focus();
}

function layout() {
  const phoneTime = el("time", { testid: "phone-clock" });
  const banner = el(
    "p",
    { class: "banner", role: "status", hidden: true, testid: "offline" },
    el("span", { class: "pulse" }),
    t("offline"),
  );
  const status = el(
    "div",
    { class: "statusbar", "aria-hidden": "true" },
    phoneTime,
    el("span", { class: "island" }),
    el("span", { class: "signal" }, el("i"), el("i"), el("i"), el("b")),
  );
  const phone = el(
    "div",
    { class: "phone", testid: "phone" },
    status,
    banner,
    el("div", { class: "screens" }, list.screen, chat.screen),
  );
  const side = el(
    "aside",
    { class: "sidebar", id: "sidebar", "aria-label": t("people"), testid: "sidebar" },
    brand(),
    people.list,
    preferences(),
  );
  const corner = el(
    "div",
    { class: "corner" },
    iconButton("people", t("people"), () => drawer("people"), {
      class: "icon-button only-drawer-people",
      testid: "people-toggle",
    }),
    iconButton("tools", t("workbench"), () => drawer("panel"), {
      class: "icon-button only-drawer",
      testid: "panel-toggle",
    }),
  );
  const veil = el("div", { class: "veil", onclick: () => drawer(null) });
  document.querySelector("#app").append(side, el("main", { class: "stage" }, corner, phone), veil, tools.side);
  return { phone, banner, phoneTime };
}

function brand() {
  return el(
    "header",
    { class: "side-head brand" },
    el("img", { src: "/page/seal.svg", alt: "", width: "40", height: "40" }),
    el("div", {}, el("p", { class: "wordmark" }, "Regulars"), el("p", { class: "tagline" }, t("tagline"))),
  );
}

function preferences() {
  const words = LANGUAGES.map(({ code, chip, name }) =>
    el(
      "button",
      {
        type: "button",
        lang: code,
        title: name,
        "aria-pressed": String(language() === code),
        testid: `language-${code}`,
        onclick: () => setLanguage(code),
      },
      chip,
    ),
  );
  const theme = iconButton("auto", t("theme"), nextTheme, { testid: "theme" });
  queueMicrotask(() => applyTheme(theme, savedTheme()));
  return el(
    "footer",
    { class: "preferences" },
    el("div", { class: "segments", role: "group", "aria-label": t("language") }, words),
    theme,
    iconButton("tools", t("workbench"), () => drawer("panel"), {
      class: "icon-button only-drawer",
      testid: "panel-open",
    }),
  );
}

const savedTheme = () => localStorage.getItem("regulars-theme") ?? "auto";

function nextTheme(event) {
  const names = THEMES.map(([name]) => name);
  const next = names[(names.indexOf(savedTheme()) + 1) % names.length];
  localStorage.setItem("regulars-theme", next);
  applyTheme(event.currentTarget, next);
}

function applyTheme(button, name) {
  document.documentElement.dataset.theme = name;
  button.replaceChildren(icon(THEMES.find(([one]) => one === name)?.[1] ?? "auto"));
  button.title = `${t("theme")}: ${t(`theme_${name}`)}`;
}

function escape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (document.documentElement.dataset.drawer) return drawer(null);
  const { as, chat: open } = place();
  if (open && !document.activeElement?.matches("textarea, input, select")) go({ as });
  return undefined;
}

async function start() {
  try {
    // What is unread is there from the first drawing on, as it was before the page was loaded again.
    await refreshUnread((await fetchWorld()).people);
    await refreshWorld();
    await arrive();
  } catch {
    parts.banner.hidden = false;
    setTimeout(start, RETRY_MS);
    return;
  }
  parts.banner.hidden = true;
}

document.documentElement.lang = language();
addEventListener("hashchange", () => arrive().catch((error) => toast(error.message || t("offline"))));
addEventListener("keydown", escape);
document.addEventListener("visibilitychange", sleepOrWake);
setInterval(tick, 1000);
setInterval(lookAtOthers, OTHERS_EVERY_MS);
start();
