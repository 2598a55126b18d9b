// The bot's command menu: behind the "/" button, and while "/" is being typed.

import { el } from "./dom.js";
import { t } from "./words.js";

/** `choose(text)` gets the chosen command, with its slash. */
export function commandList(choose) {
  const list = el("div", {
    class: "commands",
    role: "listbox",
    "aria-label": t("commands"),
    hidden: true,
    testid: "commands",
  });
  const state = { all: [], shown: [], at: 0 };

  function draw(commands) {
    Object.assign(state, { shown: commands, at: 0 });
    list.hidden = !commands.length;
    list.replaceChildren(
      ...commands.map((command, index) =>
        el(
          "button",
          {
            type: "button",
            role: "option",
            tabindex: "-1",
            testid: "command",
            "aria-selected": String(index === 0),
            onclick: () => pick(command),
          },
          el("strong", {}, slashed(command)),
          el("span", { dir: "auto" }, command.description),
        ),
      ),
    );
  }

  function pick(command) {
    close();
    choose(slashed(command));
  }

  function move(step) {
    state.at = (state.at + step + state.shown.length) % state.shown.length;
    [...list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === state.at)));
    list.children[state.at].scrollIntoView({ block: "nearest" });
  }

  const close = () => draw([]);

  function filter(text) {
    const typed = /^\/(\w*)$/.exec(text);
    if (typed) draw(state.all.filter((command) => slashed(command).startsWith(text.toLowerCase())));
    else if (!list.hidden) close();
  }

  /** True when the key belonged to the open list. */
  function keyed(event) {
    if (list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) move(step);
    else if (event.key === "Enter" || event.key === "Tab") pick(state.shown[state.at]);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  }

  return {
    list,
    filter,
    keyed,
    close,
    offer: (commands) => {
      state.all = commands;
    },
    toggle: () => draw(list.hidden ? state.all : []),
  };
}

const slashed = ({ command }) => `/${command.replace(/^\//, "")}`;
