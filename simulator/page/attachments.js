// Before files leave the phone: see them, caption them, decide whether a picture goes as a photo or as a file.

import { modal } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { fileSize } from "./names.js";
import { t } from "./words.js";

/** Resolves with {caption, asFile}, or null when given up. */
export async function uploadDialog(files, caption, asFile) {
  const pictures = files.some((file) => file.type.startsWith("image/"));
  const previews = files.map(preview);
  const words = el("input", {
    type: "text",
    value: caption,
    maxlength: "1024",
    placeholder: t("caption"),
    "aria-label": t("caption"),
    testid: "caption",
    autofocus: true,
  });
  const plain = el("input", { type: "checkbox", testid: "as-file" });
  plain.checked = asFile;
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, t("send_files", { n: files.length })),
    el(
      "div",
      { class: "previews" },
      previews.map(({ node }) => node),
    ),
    words,
    pictures ? el("label", { class: "check" }, plain, t("as_file")) : null,
    el(
      "div",
      { class: "actions" },
      el("button", { type: "button", class: "quiet", onclick: () => dialog.close("") }, t("cancel")),
      el("button", { type: "submit", value: "send", class: "primary", testid: "upload-send" }, t("send")),
    ),
  );
  const { dialog, closed } = modal({ testid: "upload", "aria-label": t("send_files", { n: files.length }) }, form);
  const answer = await closed;
  for (const { url } of previews) if (url) URL.revokeObjectURL(url);
  return answer === "send" ? { caption: words.value.trim(), asFile: plain.checked } : null;
}

function preview(file) {
  if (file.type.startsWith("image/")) {
    const url = URL.createObjectURL(file);
    return { url, node: el("img", { src: url, alt: file.name }) };
  }
  return {
    url: null,
    node: el(
      "div",
      { class: "file" },
      el("span", { class: "disc" }, icon("file")),
      el("span", {}, el("strong", {}, file.name), el("small", {}, fileSize(file.size))),
    ),
  };
}
