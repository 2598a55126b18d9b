// The right-hand panel: the simulated clock, the faults, and what the bot just asked for.

import { addFault, clearFaults, moveClock, requestLog } from "./api.js";
import { toast } from "./dialogs.js";
import { el, fill, icon, iconButton, reconcile } from "./dom.js";
import { clockTime, foreignZone, instant, instantAt, longWhen } from "./names.js";
import { t } from "./words.js";

const HOUR = 3600000;
const STEPS = [
  ["hour", HOUR],
  ["day", 24 * HOUR],
  ["week", 168 * HOUR],
];
const KINDS = ["too_many_requests", "forbidden", "chat_not_found", "server_error", "hang", "slow", "answer_lost"];
const METHODS = [
  "sendMessage",
  "editMessageText",
  "sendPhoto",
  "sendDocument",
  "answerCallbackQuery",
  "getUpdates",
  "getFile",
];
const LOG_EVERY_MS = 1500;
const LOG_SHOWN = 60;

/**
 * `now()` is the simulated time; `changed()` is called when clock or faults were changed here; `close()` folds the
 * panel away.
 */
export function panel({ now, changed, close }) {
  const clock = clockSection(now, changed);
  const faults = faultSection(changed);
  const log = logSection();
  const side = el(
    "aside",
    { class: "panel", id: "panel", "aria-label": t("workbench"), testid: "panel" },
    el(
      "header",
      { class: "side-head" },
      el("h2", {}, t("workbench")),
      iconButton("close", t("close"), close, { class: "icon-button only-drawer", testid: "panel-close" }),
    ),
    clock.section,
    faults.section,
    log.section,
  );
  setInterval(() => {
    if (visible(side)) log.refresh();
  }, LOG_EVERY_MS);
  return {
    side,
    tick: clock.tick,
    show: (world) => {
      clock.tick();
      clock.offset(world.clock.offset);
      faults.show(world.faults ?? []);
    },
    refreshLog: log.refresh,
  };
}

const visible = (side) => !document.hidden && getComputedStyle(side).visibility !== "hidden";

const section = (name, shape, ...content) =>
  el("section", { class: `tool ${name}`, "aria-label": t(name) }, el("h3", {}, icon(shape), t(name)), ...content);

async function quietly(deed, changed) {
  try {
    await deed();
    changed();
  } catch (error) {
    toast(error.message || t("offline"));
  }
}

function clockSection(now, changed) {
  const time = el("time", { class: "big-time", testid: "clock" });
  const day = el("p", { class: "big-day" });
  const ahead = el("p", { class: "ahead", testid: "clock-offset" });
  const steps = STEPS.map(([name, ms]) =>
    el(
      "button",
      {
        type: "button",
        testid: `forward-${name}`,
        onclick: () => quietly(() => moveClock({ forward_ms: ms }), changed),
      },
      `+ ${t(name)}`,
    ),
  );
  const wanted = el("input", {
    type: "datetime-local",
    "aria-label": t("set_clock"),
    testid: "clock-wanted",
    required: true,
  });
  const set = (event) => {
    event.preventDefault();
    quietly(() => moveClock({ set: instantAt(wanted.value) }), changed);
  };
  const form = el(
    "form",
    { class: "line", onsubmit: set },
    wanted,
    el("button", { type: "submit", testid: "clock-set" }, t("set")),
  );
  const reset = el(
    "button",
    {
      type: "button",
      class: "quiet",
      testid: "clock-reset",
      onclick: () => quietly(() => moveClock({ reset: true }), changed),
    },
    t("reset_clock"),
  );
  const tick = () => {
    const at = now();
    time.textContent = clockTime(at);
    time.dateTime = instant(at).toISOString();
    day.textContent = [longWhen(at), foreignZone()].filter(Boolean).join(" · ");
  };
  const offset = (ms = 0) => {
    ahead.textContent =
      Math.abs(ms) < 60000 ? t("real_time") : t(ms > 0 ? "ahead" : "behind", { span: span(Math.abs(ms)) });
    reset.disabled = Math.abs(ms) < 60000;
  };
  return {
    section: section(
      "clock",
      "clock",
      el("div", { class: "clock-face" }, time, el("div", {}, day, ahead)),
      el("div", { class: "steps" }, steps),
      form,
      reset,
    ),
    tick,
    offset,
  };
}

function span(ms) {
  const [days, hours, minutes] = [
    Math.floor(ms / (24 * HOUR)),
    Math.floor(ms / HOUR) % 24,
    Math.round(ms / 60000) % 60,
  ];
  return [
    days && t("days", { n: days }),
    hours && t("hours", { n: hours }),
    !days && minutes && t("minutes", { n: minutes }),
  ]
    .filter(Boolean)
    .join(" ");
}

function faultSection(changed) {
  const kind = el(
    "select",
    { "aria-label": t("fault_kind"), testid: "fault-kind" },
    KINDS.map((name) => el("option", { value: name }, t(name))),
  );
  const method = el("input", {
    type: "text",
    list: "methods",
    placeholder: t("any_method"),
    "aria-label": t("method"),
    testid: "fault-method",
    spellcheck: "false",
    autocapitalize: "off",
  });
  const times = el("input", {
    type: "number",
    min: "1",
    max: "99",
    value: "1",
    "aria-label": t("times"),
    testid: "fault-times",
  });
  const seconds = el("input", {
    type: "number",
    min: "1",
    max: "600",
    value: "5",
    "aria-label": t("seconds"),
    testid: "fault-seconds",
  });
  const wait = el("label", {}, el("span", {}, t("seconds")), seconds);
  const waits = () => {
    wait.hidden = !["too_many_requests", "hang", "slow"].includes(kind.value);
  };
  kind.addEventListener("change", waits);
  waits();
  const add = (event) => {
    event.preventDefault();
    quietly(() => addFault(faultOf(kind.value, method.value.trim(), times.value, seconds.value)), changed);
  };
  const form = el(
    "form",
    { onsubmit: add },
    el("div", { class: "line" }, kind),
    el(
      "div",
      { class: "line" },
      method,
      el(
        "datalist",
        { id: "methods" },
        METHODS.map((name) => el("option", { value: name })),
      ),
    ),
    el(
      "div",
      { class: "line" },
      el("label", {}, el("span", {}, t("times")), times),
      wait,
      el("button", { type: "submit", testid: "fault-add" }, t("add_fault")),
    ),
  );
  const list = el("ul", { class: "fault-list", testid: "faults" });
  const clear = el(
    "button",
    { type: "button", class: "quiet", testid: "faults-clear", onclick: () => quietly(clearFaults, changed) },
    t("clear_faults"),
  );
  const show = (faults) => {
    clear.hidden = !faults.length;
    fill(
      list,
      faults.map((fault) =>
        el(
          "li",
          {},
          el("strong", {}, t(fault.kind)),
          ` ${fault.method && fault.method !== "*" ? fault.method : ""} `,
          el("small", {}, fault.times ? `${fault.hits ?? 0} / ${fault.times}` : `${fault.hits ?? 0} / ∞`),
        ),
      ),
    );
  };
  return { section: section("faults", "spark", form, list, clear), show };
}

function faultOf(kind, method, times, seconds) {
  const fault = { kind, times: Number(times) };
  if (method) fault.method = method;
  if (kind === "too_many_requests") fault.retry_after = Number(seconds);
  if (kind === "hang" || kind === "slow") fault.delay_ms = Number(seconds) * 1000;
  return fault;
}

function logSection() {
  const list = el("ol", { class: "log-list", testid: "log", tabindex: "0", "aria-label": t("log") });
  const polls = el("input", { type: "checkbox", testid: "log-polls" });
  const empty = el("p", { class: "nothing", hidden: true }, t("no_requests"));
  let shown = "";
  async function refresh() {
    // Idle bots do little but poll.
    const rows = await requestLog(LOG_SHOWN, polls.checked ? null : "getUpdates").catch(() => null);
    if (!rows) return;
    const newest = [...rows].reverse();
    const signature = JSON.stringify(newest);
    if (signature === shown) return;
    shown = signature;
    empty.hidden = newest.length > 0;
    const seen = new Map();
    reconcile(
      list,
      newest.map((row) => logItem(row, seen)),
    );
  }
  polls.addEventListener("change", refresh);
  refresh();
  return {
    section: section("log", "list", el("label", { class: "check" }, polls, t("show_polls")), empty, list),
    refresh,
  };
}

function logItem(row, seen) {
  const base = `${row.at}-${row.bot}-${row.method}`;
  const count = (seen.get(base) ?? 0) + 1;
  seen.set(base, count);
  return {
    key: `${base}-${count}`,
    signature: JSON.stringify(row),
    render: () =>
      el(
        "li",
        { class: row.error || row.status >= 400 ? "bad" : "good" },
        el(
          "details",
          {},
          el(
            "summary",
            {},
            el("time", {}, clockTime(row.at)),
            el("span", { class: "method" }, row.method),
            el("span", { class: "status" }, row.status ?? "…"),
          ),
          row.error ? el("p", {}, row.error) : null,
          el("pre", {}, JSON.stringify(row.params, null, 1)),
        ),
      ),
  };
}
