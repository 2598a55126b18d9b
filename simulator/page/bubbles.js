// One message, or one album, as an element.

import { el, icon } from "./dom.js";
import { richText } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { clockTime, duration, exactWhen, fileSize, hueOf, initials, instant } from "./names.js";
import { t } from "./words.js";

const BARS = 28;

/**
 * `parts` are the messages of one bubble (several only in an album); `look` is {first, last, group};
 * `taps` is what the reader can do: link, command, photo, press, options, jump.
 */
export function bubble(parts, look, taps) {
  const [message] = parts;
  if (message.service) return service(message);
  const classes = [
    "message",
    message.mine ? "mine" : "theirs",
    look.first && "first",
    look.last && "last",
    bare(message) && "bare",
  ];
  const node = el("article", {
    class: classes.filter(Boolean).join(" "),
    testid: "message",
    "data-id": message.id,
    tabindex: "-1",
    "data-mine": String(message.mine),
    "aria-label": `${message.mine ? t("you") : message.from.name}, ${clockTime(message.at)}`,
  });
  if (look.group && !message.mine)
    node.append(look.last ? avatar(message.from.id, message.from.name) : el("span", { class: "avatar-gap" }));
  node.append(el("div", { class: "column" }, body(parts, look, taps), inlineKeyboard(parts.at(-1), taps)));
  whenOptionsAsked(node, (x, y) => taps.options(message, x, y));
  return node;
}

// Right click, a long press (which browsers report as one) and the keyboard all arrive here.
function whenOptionsAsked(node, open) {
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a[href]")) return;
    event.preventDefault();
    event.stopPropagation();
    const box = node.querySelector(".bubble").getBoundingClientRect();
    open(event.clientX || box.left + 24, event.clientY || box.top + 24);
  });
  node.addEventListener("keydown", (event) => {
    if (event.target !== node || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    const box = node.querySelector(".bubble").getBoundingClientRect();
    open(box.left + 24, box.top + 24);
  });
}

export function avatar(id, name, extra = "") {
  return el(
    "span",
    { class: `avatar ${extra}`, style: `--hue:${hueOf(id)}`, "aria-hidden": "true" },
    initials(name || "?"),
  );
}

const bare = (message) => Boolean(message.sticker) && !message.reply_to;

const service = (message) =>
  el("div", { class: "service", testid: "service", "data-id": message.id }, el("span", {}, message.service));

function body(parts, look, taps) {
  const [message] = parts;
  const captioned = parts.find(({ caption }) => caption) ?? message;
  const sender =
    look.group && !message.mine && look.first
      ? el(
          "div",
          { class: "sender", style: `--hue:${hueOf(message.from.id)}` },
          message.from.name,
          message.from.is_bot ? el("small", {}, t("bot")) : null,
        )
      : null;
  const words = message.text ?? captioned.caption;
  const entities = message.text ? message.entities : captioned.caption_entities;
  return el(
    "div",
    { class: `bubble${parts.some((part) => part.photo) ? " pictured" : ""}${words ? "" : " wordless"}` },
    sender,
    forwarded(message),
    quote(message, taps),
    media(parts, taps),
    words
      ? el(
          "div",
          { class: "text", dir: "auto", testid: "text" },
          el("span", { testid: "words" }, richText(words, entities, taps)),
          meta(message),
        )
      : meta(message),
    reactions(message.reactions),
  );
}

const forwarded = ({ forwarded_from: name }) =>
  name ? el("p", { class: "forwarded" }, t("forwarded", { name })) : null;

function meta(message) {
  const at = instant(message.at);
  return el(
    "span",
    { class: "meta" },
    message.edited ? el("span", { class: "edited", testid: "edited" }, t("edited")) : null,
    el("time", { datetime: at.toISOString(), title: exactWhen(message.at) }, clockTime(message.at)),
  );
}

function quote({ reply_to: original }, taps) {
  if (!original) return null;
  return el(
    "button",
    { type: "button", class: "quote", testid: "quote", onclick: () => taps.jump(original.id) },
    el("strong", {}, original.name),
    el("span", {}, original.text || t("attachment")),
  );
}

function media(parts, taps) {
  const photos = parts.filter(({ photo }) => photo);
  if (photos.length > 1)
    return el(
      "div",
      { class: `album of-${Math.min(photos.length, 4)}` },
      photos.map((part) => photo(part, taps)),
    );
  const [message] = parts;
  return [
    photos.length ? photo(photos[0], taps) : null,
    ...parts.flatMap(files).map(fileRow),
    message.voice ? voice(message.voice) : null,
    message.sticker ? sticker(message.sticker) : null,
    message.contact ? contact(message.contact) : null,
  ];
}

function photo(message, taps) {
  const { url, w, h } = message.photo;
  return el(
    "button",
    {
      type: "button",
      class: "photo",
      testid: "photo",
      "aria-label": `${t("photo")}. ${message.caption ?? ""}`,
      onclick: () => taps.photo(message),
    },
    el("img", { src: url, width: w, height: h, alt: "", loading: "lazy", style: w && h ? `--ratio:${w / h}` : null }),
  );
}

const files = (message) => [message.document, message.video, message.audio, message.animation].filter(Boolean);

function fileRow({ url, name, size }) {
  return el(
    "a",
    { class: "file", href: url, download: name || "", testid: "document" },
    el("span", { class: "disc" }, icon("file")),
    el("span", {}, el("strong", {}, name || t("file")), el("small", {}, fileSize(size))),
  );
}

function voice({ duration: seconds, url }) {
  const bars = Array.from({ length: BARS }, (_, n) =>
    el("i", {
      style: `--h:${(0.25 + 0.75 * Math.abs(Math.sin(n * 1.7 + (seconds ?? 3)) * Math.cos(n * 0.6))).toFixed(2)}`,
    }),
  );
  const player = url ? el("audio", { src: url, preload: "none" }) : null;
  const toggle = () => (player ? (player.paused ? player.play().catch(() => {}) : player.pause()) : null);
  return el(
    "div",
    { class: "voice", testid: "voice" },
    el(
      "button",
      { type: "button", class: "disc", "aria-label": t("play"), disabled: !url, onclick: toggle },
      icon(url ? "play" : "voice"),
    ),
    el(
      "span",
      { class: "sound" },
      el("span", { class: "wave", "aria-hidden": "true" }, bars),
      el("small", {}, seconds ? duration(seconds) : t("voice")),
    ),
    player,
  );
}

function sticker({ emoji, url }) {
  const drawn = [icon("sticker"), el("span", {}, emoji)];
  const node = el("div", {
    class: "sticker",
    testid: "sticker",
    role: "img",
    "aria-label": `${t("sticker")} ${emoji ?? ""}`,
  });
  node.append(...(url ? [el("img", { src: url, alt: "", onerror: () => node.replaceChildren(...drawn) })] : drawn));
  return node;
}

function contact({ phone_number: number, first_name: first, last_name: last, user_id: id }) {
  const name = [first, last].filter(Boolean).join(" ");
  return el(
    "div",
    { class: "contact", testid: "contact" },
    avatar(id ?? number, name),
    el("span", {}, el("strong", {}, name), el("small", {}, number)),
  );
}

function reactions(list) {
  if (!list?.length) return null;
  const counts = new Map();
  for (const one of list) counts.set(one.emoji ?? "♥", (counts.get(one.emoji ?? "♥") ?? 0) + (one.count ?? 1));
  return el(
    "div",
    { class: "reactions" },
    [...counts].map(([emoji, count]) => el("span", {}, emoji, count > 1 ? ` ${count}` : null)),
  );
}
