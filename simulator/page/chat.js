// The open chat: its header, its messages, and what can be done to them.

import { act, messagesIn } from "./api.js";
import { avatar, bubble } from "./bubbles.js";
import { isLink } from "./codes.js";
import { composer } from "./composer.js";
import { alertBox, ask, menu, toast } from "./dialogs.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { isWaiting, pressAndWait } from "./keyboards.js";
import { showPhoto } from "./lightbox.js";
import { openLink } from "./links.js";
import { messageActions } from "./options.js";
import { dayKey, dayName } from "./names.js";
import { go } from "./place.js";
import { t } from "./words.js";

const PAGE = 50;
const NEAR_PX = 80;
const RUN_MS = 10 * 60 * 1000;
// How long a bot's "typing" lasts when nothing follows; no event says that it ended.
const TYPING_MS = 5200;

/**
 * The chat screen. `now()` is the simulated time; `scanAs()` opens the camera; `botOf(chat)` finds the bot behind a
 * private chat.
 */
export function chatScreen({ now, scanAs, botOf, topicsOf, opened }) {
  const view = {
    as: null,
    chat: null,
    info: null,
    messages: [],
    more: true,
    topic: null,
    round: 0,
    busy: false,
    again: false,
    typing: 0,
  };
  const parts = build(view, scanAs);
  const { log, screen, input } = parts;

  const scrolledToEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;

  async function open(as, chat, info) {
    Object.assign(view, { as, chat, info, messages: [], more: true, topic: null, round: view.round + 1 });
    log.replaceChildren();
    input.open(as, chat);
    drawHead();
    // A whole history at once is for reading, not for being read out.
    log.setAttribute("aria-busy", "true");
    await refresh({ toEnd: true });
    log.setAttribute("aria-busy", "false");
  }

  // Changes can arrive faster than answers: one question at a time, and one more if something changed meanwhile.
  async function refresh({ toEnd = false } = {}) {
    if (view.busy) return void (view.again = true);
    view.busy = true;
    const { round } = view;
    try {
      const answer = await messagesIn(view.as, view.chat, {
        limit: Math.max(PAGE, Math.min(view.messages.length, 200)),
      });
      if (round === view.round) take(answer, toEnd);
    } catch (error) {
      if (round === view.round && !view.messages.length) toast(error.message || t("offline"));
    }
    view.busy = false;
    if (round !== view.round) await refresh({ toEnd: true });
    else if (view.again) {
      view.again = false;
      await refresh();
    }
  }

  function take(answer, toEnd) {
    const oldest = answer.messages[0]?.id ?? Infinity;
    const known = view.messages.at(-1)?.id ?? 0;
    view.more = view.messages.some(({ id }) => id < oldest) ? view.more : answer.messages.length >= PAGE;
    view.messages = [...view.messages.filter(({ id }) => id < oldest), ...answer.messages];
    const mineIsNew = answer.messages.some(({ id, mine }) => mine && id > known);
    const stick = toEnd || mineIsNew || scrolledToEnd();
    redraw();
    if (stick) log.scrollTop = log.scrollHeight;
    else if ((view.messages.at(-1)?.id ?? 0) > known) parts.jump.classList.add("news");
    parts.status.typing(answer.typing);
    clearTimeout(view.typing);
    if (answer.typing) view.typing = setTimeout(refresh, TYPING_MS);
    input.show({ info: view.info, bot: botOf(view.info), answer, messages: view.messages, topic: view.topic });
    opened(view.as, view.chat);
  }

  // What is on screen stays where it is, whatever is edited, added or loaded above it.
  function redraw() {
    const top = log.getBoundingClientRect().top;
    const anchor = [...log.querySelectorAll(".message")].find((node) => node.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top;
    const days = daysOf(shown(), view, now(), taps);
    reconcile(
      log,
      days.map(({ key }) => ({ key, signature: "", render: () => el("section", { class: "one-day" }) })),
    );
    days.forEach(({ items }, index) => reconcile(log.children[index], items));
    const after = anchor && log.querySelector(`[data-key="${anchor.dataset.key}"]`);
    if (after) log.scrollTop += after.getBoundingClientRect().top - before;
  }

  const shown = () =>
    view.topic === null
      ? view.messages
      : view.messages.filter(({ topic_id: topic }) => String(topic ?? "") === view.topic);

  async function loadOlder() {
    if (!view.more || view.busy || !view.messages.length) return;
    view.busy = true;
    const { round } = view;
    const answer = await messagesIn(view.as, view.chat, { before: view.messages[0].id, limit: PAGE }).catch(() => null);
    view.busy = false;
    if (!answer || round !== view.round) return;
    view.more = answer.messages.length >= PAGE;
    view.messages = [...answer.messages, ...view.messages];
    redraw();
  }

  function drawHead() {
    const { info } = view;
    const bot = botOf(info);
    parts.face.replaceChildren(avatar(view.chat, info.title, info.kind === "group" ? "square" : "seal"));
    parts.title.textContent = info.title;
    parts.status.rest(info.kind === "group" ? t("group") : bot?.username ? `@${bot.username}` : t("bot"));
    drawTopics();
  }

  function drawTopics() {
    const topics = topicsOf(view.info);
    parts.topics.hidden = !topics.length;
    const choose = (id) => {
      view.topic = id;
      drawTopics();
      redraw();
      log.scrollTop = log.scrollHeight;
      input.topic(id);
    };
    const tab = (id, name) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-selected": String(view.topic === id),
          testid: "topic",
          onclick: () => choose(id),
        },
        name,
      );
    parts.topics.replaceChildren(tab(null, t("all")), ...topics.map(({ id, name }) => tab(String(id), name)));
  }

  const send = (deed, file) => act({ as: view.as, chat: view.chat, ...deed }, file);

  const taps = {
    link: (address) => openLink(view.as, address),
    command: (text) => input.send(text),
    jump: (id) => show(log.querySelector(`[data-id="${id}"]`)),
    press: (message, button, row, col) => press(view, message, button, row, col),
    photo: (message) => showPhoto(view.as, message.photo, message.caption, codeAction),
    options: (message, x, y) => messageActions({ message, view, input, send, codeAction, x, y }),
  };

  function codeAction(code) {
    return isLink(code)
      ? { icon: "link", label: t("open_link"), run: () => openLink(view.as, code) }
      : { icon: "edit", label: `${t("use_code")} ${code.slice(0, 40)}`, run: () => input.write(code) };
  }

  parts.wire({ loadOlder, scrolledToEnd, blockOrUnblock: () => blockMenu(view, send) });
  input.connect({ send, view, refresh });
  return {
    screen,
    open,
    refresh,
    view,
    use: (code) => (isLink(code) ? openLink(view.as, code) : input.write(code)),
    inform: (info) => {
      view.info = info;
      drawHead();
    },
    redraw,
  };
}

function build(view, scanAs) {
  const face = el("span", { class: "face" });
  const title = el("h1", { class: "screen-title", testid: "chat-title" });
  const state = el("p", { class: "screen-status", testid: "chat-status", "aria-live": "polite" });
  const more = iconButton("more", t("more"), null, { testid: "chat-menu" });
  const head = el(
    "header",
    { class: "screen-head" },
    iconButton("back", t("back"), () => go({ as: view.as }), { testid: "back" }),
    face,
    el("div", { class: "titles" }, title, state),
    iconButton("scan", t("scan"), () => scanAs(), { testid: "scan-button" }),
    more,
  );
  const topics = el("div", {
    class: "topics",
    role: "tablist",
    "aria-label": t("topics"),
    hidden: true,
    testid: "topics",
  });
  const log = el("div", {
    class: "messages",
    role: "log",
    "aria-label": t("messages"),
    tabindex: "0",
    testid: "messages",
  });
  const jump = iconButton("down", t("to_newest"), () => log.scrollTo({ top: log.scrollHeight, behavior: "smooth" }), {
    testid: "to-newest",
  });
  jump.classList.add("jump");
  const input = composer();
  const screen = el(
    "section",
    { class: "screen chat-screen", "aria-label": t("chat") },
    head,
    topics,
    el("div", { class: "log-frame" }, log, jump),
    input.bar,
  );
  const status = statusLine(state);
  const wire = ({ loadOlder, scrolledToEnd, blockOrUnblock }) => {
    log.addEventListener(
      "scroll",
      () => {
        jump.classList.toggle("shown", !scrolledToEnd());
        if (scrolledToEnd()) jump.classList.remove("news");
        if (log.scrollTop < NEAR_PX * 3) loadOlder();
      },
      { passive: true },
    );
    log.addEventListener("keydown", walk);
    // Opening the keyboard or a growing text box must not hide the newest message.
    let height = 0;
    new ResizeObserver(() => {
      if (log.scrollHeight - log.scrollTop - height < NEAR_PX * 2) log.scrollTop = log.scrollHeight;
      height = log.clientHeight;
    }).observe(log);
    more.addEventListener("click", () => blockOrUnblock()?.(more.getBoundingClientRect()));
    input.dropZone(screen);
  };
  return { screen, face, title, status, topics, log, jump, input, wire };
}

// "typing" stands in for what is otherwise said under the title.
function statusLine(node) {
  const said = { resting: "", typing: false };
  const draw = () => {
    node.classList.toggle("typing", said.typing);
    node.textContent = said.typing ? t("typing") : said.resting;
  };
  return {
    rest: (text) => {
      said.resting = text;
      draw();
    },
    typing: (on) => {
      said.typing = Boolean(on);
      draw();
    },
  };
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.closest("button, a")) return;
  const all = [...event.currentTarget.querySelectorAll(".message")];
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? all.at(-1) : all[at + step];
  if (next) {
    next.focus();
    event.preventDefault();
  }
}

function show(node) {
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.classList.add("flash");
  setTimeout(() => node.classList.remove("flash"), 1600);
}

function blockMenu(view, send) {
  const blocked = view.info?.blocked;
  if (view.info?.kind === "group") return null;
  const change = async () => {
    if (!blocked && !(await ask(t("block"), t("block_sure"), t("block")))) return;
    await send({ do: blocked ? "unblock" : "block" }).catch((error) => toast(error.message));
  };
  return (box) =>
    menu(
      [{ icon: "block", label: t(blocked ? "unblock" : "block"), run: change, testid: "block", danger: !blocked }],
      box.right,
      box.bottom + 4,
    );
}

async function press(view, message, button, row, col) {
  if (button.kind === "url" || button.kind === "login_url") return openLink(view.as, button.url);
  if (button.kind === "copy" || button.kind === "copy_text")
    return copy(button.copy_text?.text ?? button.copy_text ?? button.copy ?? button.text);
  if (isWaiting(message.id, row, col)) return undefined;
  const { as, chat } = view;
  try {
    const answer = await pressAndWait(message.id, row, col, () =>
      act({ as, chat, do: "press", message: message.id, row, col }),
    );
    if (answer?.url) await openLink(as, answer.url);
    else if (answer?.text) await (answer.show_alert ? alertBox(answer.text) : toast(answer.text));
  } catch (error) {
    toast(error.message || t("offline"));
  }
  return undefined;
}

async function copy(text) {
  await navigator.clipboard?.writeText(text).catch(() => {});
  toast(t("copied"));
}

// One list of items per day, so that each day's name can stay at the top while its messages pass.
function daysOf(messages, view, now, taps) {
  const days = [];
  const blocks = blocksOf(messages);
  blocks.forEach((parts, index) => {
    const [message] = parts;
    const key = `d${dayKey(message.at)}`;
    if (days.at(-1)?.key !== key) days.push({ key, items: [dayItem(dayName(message.at, now))] });
    const look = {
      group: view.info.kind === "group",
      first: !sameRun(blocks[index - 1], parts),
      last: !sameRun(parts, blocks[index + 1]),
    };
    days
      .at(-1)
      .items.push({
        key: `m${message.id}`,
        signature: JSON.stringify([parts, look]),
        render: () => bubble(parts, look, taps),
      });
  });
  return days;
}

const dayItem = (name) => ({
  key: "day",
  signature: name,
  render: () => el("div", { class: "day", role: "separator", testid: "day" }, el("span", {}, name)),
});

// Messages of one album share a bubble.
function blocksOf(messages) {
  const blocks = [];
  for (const message of messages) {
    const album = message.media_group_id;
    if (album && blocks.at(-1)?.[0].media_group_id === album) blocks.at(-1).push(message);
    else blocks.push([message]);
  }
  return blocks;
}

function sameRun(before, after) {
  const [one, two] = [before?.at(-1), after?.[0]];
  return Boolean(
    one &&
    two &&
    !one.service &&
    !two.service &&
    one.from.id === two.from.id &&
    dayKey(one.at) === dayKey(two.at) &&
    Math.abs(two.at - one.at) < RUN_MS &&
    !one.inline_keyboard,
  );
}
