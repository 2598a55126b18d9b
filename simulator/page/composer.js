// Where a person writes: the text box with commands, replies, edits and files, or the START button in its place.

import { uploadDialog } from "./attachments.js";
import { commandList } from "./commands.js";
import { ask, menu, toast } from "./dialogs.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { replyKeyboard, replyRows } from "./keyboards.js";
import { t } from "./words.js";

const MOST_LINES_PX = 148;

/** The bar under the messages. `connect({send, view, refresh})` ties it to the open chat. */
export function composer() {
  const self = {
    as: null,
    chat: null,
    mode: null,
    link: null,
    answer: {},
    messages: [],
    drafts: new Map(),
    folded: false,
    markup: null,
    topic: null,
  };
  const commands = commandList((command) => deliver(command));
  const parts = layout(self, commands, { submit, changed, keyed, attach: attachMenu, fold, cancel });
  const { box, bar } = parts;

  const key = () => `${self.as}:${self.chat}`;

  function open(as, chat) {
    if (self.chat !== null && !self.mode?.edit) self.drafts.set(key(), box.value);
    Object.assign(self, { as, chat, folded: false, markup: null, topic: null, answer: {} });
    cancel();
    box.value = self.drafts.get(key()) ?? "";
    changed();
    parts.gate.hidden = true;
    parts.hero.hidden = true;
    parts.row.hidden = true;
    parts.keys.replaceChildren();
  }

  function show({ info, bot, answer, messages, topic }) {
    Object.assign(self, { answer, messages, topic });
    const closed = info.kind !== "group" && (info.blocked ? "blocked" : info.started === false ? "new" : null);
    gate(closed, bot, answer);
    commands.offer(answer.commands ?? []);
    parts.slash.hidden = !(answer.commands ?? []).length;
    drawKeys(closed ? null : answer.reply_keyboard);
  }

  function gate(closed, bot, answer) {
    parts.row.hidden = Boolean(closed);
    parts.gate.hidden = !closed;
    parts.hero.hidden = closed !== "new";
    if (closed === "new")
      fill(
        parts.hero,
        el("span", { class: "hero-seal", "aria-hidden": "true" }),
        el("h2", {}, t("what_can_it_do")),
        el(
          "p",
          { testid: "description" },
          answer.description || bot?.description || bot?.short_description || bot?.name || "",
        ),
      );
    if (closed) parts.gateButton.textContent = t(closed === "blocked" ? "unblock" : "start");
    if (closed) parts.gateButton.onclick = () => deed({ do: closed === "blocked" ? "unblock" : "start" });
  }

  function drawKeys(markup) {
    const signature = JSON.stringify(markup ?? null);
    if (signature === self.markup) return;
    Object.assign(self, { markup: signature, folded: false });
    const rows = replyRows(markup);
    parts.keys.replaceChildren(...(rows.length ? [replyKeyboard(rows, (button) => tapped(button, markup))] : []));
    parts.keyToggle.hidden = !rows.length;
    parts.keys.hidden = !rows.length;
    box.placeholder = markup?.input_field_placeholder || t("write");
  }

  async function tapped(button, markup) {
    if (button.contact && !(await ask(t("share_phone"), t("share_phone_sure"), t("share")))) return;
    await deed(button.contact ? { do: "contact" } : { do: "send", text: button.text });
    // The answer may have brought the next keyboard already: that one stays.
    if (markup.one_time_keyboard && self.markup === JSON.stringify(markup)) fold(true);
  }

  function fold(on = !self.folded) {
    self.folded = on;
    parts.keys.hidden = on;
    parts.keyToggle.setAttribute("aria-expanded", String(!on));
  }

  async function deed(what, file) {
    try {
      await self.link.send({ ...(self.topic && !what.message ? { topic: Number(self.topic) } : {}), ...what }, file);
      await self.link.refresh();
      return true;
    } catch (error) {
      toast(error.message || t("offline"));
      return false;
    }
  }

  async function deliver(text) {
    const mode = self.mode;
    const what = mode?.edit
      ? { do: "edit", message: mode.edit.id, text }
      : { do: "send", text, ...(mode?.reply ? { reply_to: mode.reply.id } : {}) };
    const draft = box.value;
    box.value = "";
    cancel();
    changed();
    if (await deed(what)) return;
    if (!box.value) {
      box.value = draft || text;
      self.mode = mode;
      drawMode();
      changed();
    }
  }

  function submit() {
    const text = box.value.trim();
    if (text) deliver(text);
    box.focus();
  }

  function changed() {
    box.style.height = "auto";
    if (box.scrollHeight) box.style.height = `${Math.min(box.scrollHeight, MOST_LINES_PX)}px`;
    parts.sendButton.classList.toggle("ready", Boolean(box.value.trim()));
    commands.filter(box.value);
  }

  // While an input method is composing, Enter belongs to it: half of our people write Chinese.
  function keyed(event) {
    if (event.isComposing || event.keyCode === 229 || commands.keyed(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
    if (event.key === "Escape") {
      if (self.mode || box.value) cancel();
      else box.blur();
    }
    if (event.key === "ArrowUp" && !box.value && !self.mode) {
      const last = self.messages.findLast(({ mine, text }) => mine && text);
      if (last) {
        event.preventDefault();
        edit(last);
      }
    }
  }

  function edit(message) {
    self.mode = { edit: message };
    box.value = message.text;
    drawMode();
    changed();
    box.focus();
  }

  function replyTo(message) {
    self.mode = { reply: message };
    drawMode();
    box.focus();
  }

  function cancel() {
    if (self.mode?.edit) {
      box.value = "";
      changed();
    }
    self.mode = null;
    commands.close();
    drawMode();
  }

  function drawMode() {
    const about = self.mode?.edit ?? self.mode?.reply;
    parts.mode.hidden = !about;
    if (about) parts.modeIcon.replaceChildren(icon(self.mode.edit ? "edit" : "reply"));
    if (about)
      fill(
        parts.modeText,
        el("strong", {}, self.mode.edit ? t("editing") : t("replying", { name: about.from.name })),
        el("span", {}, about.text || about.caption || t("attachment")),
      );
  }

  function attachMenu(event) {
    const at = event.currentTarget.getBoundingClientRect();
    const contact = async () => {
      if (await ask(t("share_phone"), t("share_phone_sure"), t("share"))) await deed({ do: "contact" });
    };
    menu(
      [
        { icon: "photo", label: t("photo"), run: () => pick("image/*"), testid: "attach-photo" },
        { icon: "file", label: t("file"), run: () => pick(""), testid: "attach-file" },
        { icon: "phone", label: t("my_number"), run: contact, testid: "attach-contact" },
        { icon: "voice", label: t("voice"), run: () => deed({ do: "voice" }), testid: "attach-voice" },
        { icon: "sticker", label: t("sticker"), run: () => deed({ do: "sticker" }), testid: "attach-sticker" },
      ],
      at.left,
      at.top - 236,
    );
  }

  function pick(accept) {
    Object.assign(parts.files, { accept, value: "" });
    parts.files.onchange = () => upload([...parts.files.files], accept === "");
    parts.files.click();
  }

  async function upload(files, asFile = false) {
    if (parts.row.hidden || !files.length) return;
    const caption = box.value.trim();
    const choice = await uploadDialog(files, caption, asFile);
    if (!choice) return;
    if (caption) {
      box.value = "";
      changed();
    }
    const reply = self.mode?.reply ? { reply_to: self.mode.reply.id } : {};
    cancel();
    const album = files.length > 1 ? { album: String(Date.now()) } : {};
    for (const [index, file] of files.entries()) {
      const kind = choice.asFile || !file.type.startsWith("image/") ? "document" : "photo";
      await deed(
        { do: kind, ...(index === 0 && choice.caption ? { text: choice.caption } : {}), ...reply, ...album },
        file,
      );
    }
  }

  // Whoever starts typing means the text box, wherever the focus was left.
  document.addEventListener("keydown", (event) => {
    const writes = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (writes && box.offsetParent && !event.target.closest("input, textarea, select, dialog, .menu-sheet, .panel"))
      box.focus();
  });

  box.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) {
      event.preventDefault();
      upload(files);
    }
  });

  return {
    bar,
    open,
    show,
    replyTo,
    edit,
    send: deliver,
    topic: (id) => {
      self.topic = id;
    },
    dropZone: (zone) => dropZone(zone, upload),
    write: (text) => {
      box.value = text;
      changed();
      box.focus();
    },
    connect: (link) => {
      self.link = link;
    },
  };
}

function layout(self, commands, { submit, changed, keyed, attach, fold, cancel }) {
  const box = el("textarea", {
    rows: "1",
    class: "text-box",
    placeholder: t("write"),
    "aria-label": t("write"),
    dir: "auto",
    enterkeyhint: "send",
    testid: "composer",
    input: changed,
    keydown: keyed,
  });
  const slash = iconButton("slash", t("commands"), () => commands.toggle(), {
    testid: "commands-button",
    hidden: true,
  });
  const keyToggle = iconButton("keys", t("keyboard"), () => fold(), { testid: "keyboard-toggle", hidden: true });
  const sendButton = iconButton("send", t("send"), submit, { testid: "send" });
  sendButton.classList.add("send");
  const row = el(
    "div",
    { class: "composer-row", hidden: true },
    iconButton("clip", t("attach"), attach, { testid: "attach" }),
    slash,
    box,
    keyToggle,
    sendButton,
  );
  const modeIcon = el("span", { class: "mode-icon" });
  const modeText = el("div", { class: "mode-text" });
  const mode = el(
    "div",
    { class: "mode", hidden: true, testid: "mode" },
    modeIcon,
    modeText,
    iconButton("close", t("cancel"), cancel, { testid: "mode-cancel" }),
  );
  const keys = el("div", { class: "keys", hidden: true });
  const gateButton = el("button", { type: "button", class: "gate-button", testid: "start" });
  const gate = el("div", { class: "gate", hidden: true }, gateButton);
  const hero = el("div", { class: "hero", hidden: true, testid: "start-screen" });
  const files = el("input", { type: "file", multiple: true, hidden: true, testid: "file-input" });
  const bar = el("footer", { class: "composer" }, hero, commands.list, mode, row, keys, gate, files);
  return { bar, box, slash, keyToggle, sendButton, row, mode, modeIcon, modeText, keys, gate, gateButton, hero, files };
}

function dropZone(zone, upload) {
  const over = (on) => zone.classList.toggle("dropping", on);
  zone.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
      over(true);
    }
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) over(false);
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    upload([...event.dataTransfer.files]);
  });
}
