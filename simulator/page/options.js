// What can be done with one message: reply, copy, edit, save, follow a code in its photo.

import { codesIn, isLink } from "./codes.js";
import { menu, toast } from "./dialogs.js";
import { t } from "./words.js";

const CODE_PATIENCE_MS = 1200;

/** Opens the message's menu at (x, y) of the window. */
export async function messageActions({ message, view, input, codeAction, x, y }) {
  const words = message.text ?? message.caption;
  const items = [{ icon: "reply", label: t("reply"), run: () => input.replyTo(message), testid: "reply" }];
  if (words) items.push({ icon: "copy", label: t("copy"), run: () => copy(words), testid: "copy" });
  if (message.mine && message.text)
    items.push({ icon: "edit", label: t("edit"), run: () => input.edit(message), testid: "edit" });
  if (message.photo)
    items.push({
      icon: "save",
      label: t("save_photo"),
      run: () => save(message.photo.url, "photo.jpg"),
      testid: "save",
    });
  if (message.document)
    items.push({
      icon: "save",
      label: t("save_file"),
      run: () => save(message.document.url, message.document.name),
      testid: "save",
    });
  const codes = message.photo ? await soon(codesIn(view.as, message.photo.url)) : [];
  const follow = codes.map((code) => ({ ...codeAction(code), testid: isLink(code) ? "open-link" : "use-code" }));
  menu([...follow, ...items], x, y);
}

const soon = (reading) => Promise.race([reading, new Promise((resolve) => setTimeout(resolve, CODE_PATIENCE_MS, []))]);

async function copy(text) {
  await navigator.clipboard?.writeText(text).catch(() => {});
  toast(t("copied"));
}

function save(url, name) {
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: url, download: name || "" });
  anchor.click();
}
