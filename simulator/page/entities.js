// A text and its entities as nodes. Offsets are UTF-16 code units, in Telegram as in JavaScript.

import { el } from "./dom.js";
import { webAddress } from "./links.js";
import { t } from "./words.js";

// These stand on lines of their own, so the line break after one would show as an empty line.
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

/** Nodes for `text`. `taps` says what a tapped part does: {link(url), command(text)}. */
export function richText(text, entities, taps) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodesBetween(text, sorted, 0, text.length, taps);
}

function nodesBetween(text, entities, from, to, taps) {
  const nodes = [];
  let at = from;
  entities.forEach((entity, index) => {
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (start >= end) return;
    if (start > at) nodes.push(text.slice(at, start));
    nodes.push(
      wrapped(entity, text.slice(start, end), nodesBetween(text, entities.slice(index + 1), start, end, taps), taps),
    );
    at = end + (BLOCKS.has(entity.type) && end < to && text[end] === "\n" ? 1 : 0);
  });
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function wrapped(entity, inside, nodes, taps) {
  const { type } = entity;
  if (PLAIN_TAGS[type]) return el(PLAIN_TAGS[type], {}, nodes);
  if (type === "pre") return el("pre", { "data-language": entity.language }, el("code", {}, nodes));
  if (type === "blockquote") return el("blockquote", {}, nodes);
  if (type === "expandable_blockquote") return expandable(nodes);
  if (type === "spoiler") return spoiler(nodes);
  if (type === "bot_command") return tappable(nodes, () => taps.command(inside));
  const address = addressOf(entity, inside);
  return address ? anchor(address, nodes, taps) : el("span", { class: `entity-${type}` }, nodes);
}

function addressOf(entity, inside) {
  if (entity.type === "text_link") return webAddress(entity.url);
  if (entity.type === "url") return webAddress(/^[a-z]+:\/\//i.test(inside) ? inside : `https://${inside}`);
  if (entity.type === "mention") return webAddress(`https://t.me/${inside.slice(1)}`);
  if (entity.type === "email") return `mailto:${inside}`;
  if (entity.type === "phone_number") return `tel:${inside.replace(/[^+\d]/g, "")}`;
  return null;
}

function anchor(address, nodes, taps) {
  const onclick = (event) => {
    event.preventDefault();
    event.stopPropagation();
    taps.link(address);
  };
  return el("a", { href: address, rel: "noopener noreferrer", target: "_blank", onclick }, nodes);
}

function tappable(nodes, ontap) {
  return el(
    "button",
    {
      type: "button",
      class: "inline-tap",
      onclick: (event) => {
        event.stopPropagation();
        ontap();
      },
    },
    nodes,
  );
}

function spoiler(nodes) {
  const open = ({ currentTarget: node }) => {
    node.classList.add("shown");
    node.removeAttribute("role");
  };
  const hidden = el(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("show_spoiler"), onclick: open },
    nodes,
  );
  hidden.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") open(event);
  });
  return hidden;
}

function expandable(nodes) {
  const quote = el("blockquote", { class: "folded" }, nodes);
  const toggle = el(
    "button",
    { type: "button", class: "unfold", onclick: () => quote.classList.toggle("folded") },
    t("more"),
  );
  return el("div", { class: "expandable" }, quote, toggle);
}
