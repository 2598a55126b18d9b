// What appears above the chat: a passing toast, an alert, a question, a menu of actions.

import { el, icon } from "./dom.js";
import { t } from "./words.js";

const TOAST_MS = 4000;

let line = null;
let fading = 0;

/** Shows a short text over the phone for a moment; screen readers hear it. */
export function toast(text) {
  const screens = document.querySelector(".screens") ?? document.body;
  if (!line) line = el("div", { class: "toast", role: "status", testid: "toast" });
  if (line.parentElement !== screens) screens.append(line);
  line.textContent = text;
  line.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => line.classList.remove("shown"), TOAST_MS);
}

/**
 * A modal dialog; resolves with the value it was closed with ("" by Esc). The browser keeps focus inside and gives it
 * back.
 */
export function modal(attributes, ...content) {
  const dialog = el("dialog", { class: "card", ...attributes }, ...content);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close("");
  });
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    }),
  );
  return { dialog, closed };
}

export function alertBox(text) {
  const button = el("button", { type: "submit", class: "primary", autofocus: true, testid: "alert-ok" }, t("ok"));
  const form = el(
    "form",
    { method: "dialog" },
    el("p", { class: "alert-text" }, text),
    el("div", { class: "actions" }, button),
  );
  return modal({ testid: "alert", role: "alertdialog", "aria-label": t("message") }, form).closed;
}

/** Asks; true only when the named action was chosen. */
export async function ask(title, text, action) {
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, title),
    el("p", {}, text),
    el(
      "div",
      { class: "actions" },
      el("button", { type: "submit", value: "", class: "quiet", testid: "confirm-cancel" }, t("cancel")),
      el("button", { type: "submit", value: "yes", class: "primary", autofocus: true, testid: "confirm-ok" }, action),
    ),
  );
  return (await modal({ testid: "confirm", "aria-label": title }, form).closed) === "yes";
}

/**
 * A menu at a point of the window. `items`: [{icon, label, run, testid}]; arrows move, Enter chooses, Esc closes.
 */
export function menu(items, x, y) {
  const before = document.activeElement;
  const close = (back = true) => {
    sheet.remove();
    if (back) before?.focus?.({ preventScroll: true });
  };
  const choose = (item) => {
    close();
    item.run();
  };
  const buttons = items.map((item) =>
    el(
      "button",
      {
        type: "button",
        role: "menuitem",
        testid: item.testid,
        class: item.danger ? "danger" : null,
        onclick: () => choose(item),
      },
      icon(item.icon),
      item.label,
    ),
  );
  const list = el("div", { class: "menu", role: "menu", testid: "menu" }, buttons);
  const sheet = el(
    "div",
    {
      class: "menu-sheet",
      onclick: () => close(),
      oncontextmenu: (event) => {
        event.preventDefault();
        close();
      },
    },
    list,
  );
  sheet.addEventListener("keydown", (event) => menuKey(event, buttons, close));
  document.body.append(sheet);
  const box = list.getBoundingClientRect();
  list.style.left = `${Math.max(8, Math.min(x, innerWidth - box.width - 8))}px`;
  list.style.top = `${Math.max(8, Math.min(y, innerHeight - box.height - 8))}px`;
  buttons[0]?.focus();
}

function menuKey(event, buttons, close) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
  if (event.key === "Escape" || event.key === "Tab") close();
  if (step || event.key === "Escape" || event.key === "Tab") event.preventDefault();
  event.stopPropagation();
}
