// The buttons under a message and the buttons under the text box.

import { el, icon } from "./dom.js";
import { t } from "./words.js";

const PRESS_GIVES_UP_MS = 20000;
const MARKS = {
  url: "out",
  web_app: "out",
  login_url: "out",
  copy: "copy",
  copy_text: "copy",
  switch_inline_query: "forward",
};

// A press waits here from the tap until its answer; redrawn buttons look themselves up to keep their spinner.
const waiting = new Map();
const answered = new Map();

const spot = (message, row, col) => `${message}/${row}/${col}`;

export function inlineKeyboard(message, taps) {
  const rows = message.inline_keyboard;
  if (!rows?.length) return null;
  return el(
    "div",
    { class: "inline-keyboard", testid: "inline-keyboard" },
    rows.map((buttons, row) =>
      el(
        "div",
        { class: "row" },
        buttons.map((button, col) => inlineButton(message, button, row, col, taps)),
      ),
    ),
  );
}

function inlineButton(message, button, row, col, taps) {
  const where = spot(message.id, row, col);
  return el(
    "button",
    {
      type: "button",
      testid: "inline-button",
      "data-spot": where,
      "data-kind": button.kind,
      "data-style": button.style,
      "aria-busy": String(waiting.has(where)),
      onclick: () => taps.press(message, button, row, col),
    },
    el("span", {}, button.text),
    MARKS[button.kind] ? icon(MARKS[button.kind]) : null,
  );
}

export const isWaiting = (message, row, col) => waiting.has(spot(message, row, col));

/**
 * Shows the spinner while `send()` is under way and until the answer to its query comes; resolves with that answer or
 * null.
 */
export async function pressAndWait(message, row, col, send) {
  const where = spot(message, row, col);
  waiting.set(where, true);
  spin(where, true);
  try {
    const { query_id: query } = await send();
    return await answerTo(query);
  } finally {
    waiting.delete(where);
    spin(where, false);
  }
}

function spin(where, on) {
  for (const node of document.querySelectorAll(`[data-spot="${where}"]`)) node.setAttribute("aria-busy", String(on));
}

// The answer can come on the stream before the press itself has returned, so early ones are kept.
function answerTo(query) {
  const early = answered.get(String(query));
  if (early) return answered.delete(String(query)) && early;
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      answered.delete(String(query));
      resolve(null);
    }, PRESS_GIVES_UP_MS);
    answered.set(String(query), (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

export function takeAnswer(answer) {
  const query = String(answer.query_id);
  const asked = answered.get(query);
  answered.delete(query);
  if (typeof asked === "function") asked(answer);
  else answered.set(query, answer);
}

/** Bot API markup or bare rows, as rows of {text, contact}. */
export function replyRows(markup) {
  const rows = Array.isArray(markup) ? markup : (markup?.keyboard ?? []);
  return rows.map((row) =>
    row.map((button) =>
      typeof button === "string"
        ? { text: button }
        : {
            text: button.text,
            contact: Boolean(button.request_contact || button.kind === "contact" || button.kind === "request_contact"),
          },
    ),
  );
}

/** `tap(button)` gets the pressed one of `rows`. */
export function replyKeyboard(rows, tap) {
  return el(
    "div",
    { class: "reply-keyboard", testid: "reply-keyboard", role: "group", "aria-label": t("keyboard") },
    rows.map((row) =>
      el(
        "div",
        { class: "row" },
        row.map((button) =>
          el(
            "button",
            { type: "button", testid: "reply-button", onclick: () => tap(button) },
            button.contact ? icon("phone") : null,
            el("span", {}, button.text),
          ),
        ),
      ),
    ),
  );
}
