// One photo, large. If it carries a code, the code can be followed from here.

import { codesIn, isLink } from "./codes.js";
import { modal } from "./dialogs.js";
import { el, icon, iconButton } from "./dom.js";
import { t } from "./words.js";

/** `codeActions(code)` gives {label, icon, run} for a code found in the picture. */
export async function showPhoto(as, photo, caption, codeActions) {
  const tools = el(
    "div",
    { class: "lightbox-tools" },
    el(
      "a",
      {
        class: "icon-button",
        href: photo.url,
        download: "photo.jpg",
        "aria-label": t("save_photo"),
        title: t("save_photo"),
        testid: "save-photo",
      },
      icon("save"),
    ),
    iconButton("close", t("close"), () => box.dialog.close(""), { testid: "lightbox-close", autofocus: true }),
  );
  const found = el("div", { class: "lightbox-codes" });
  const picture = el("img", { src: photo.url, alt: caption || t("photo"), width: photo.w, height: photo.h });
  const box = modal(
    { class: "lightbox", testid: "lightbox", "aria-label": t("photo") },
    tools,
    el("figure", {}, picture, caption ? el("figcaption", {}, caption) : null),
    found,
  );
  for (const code of await codesIn(as, photo.url)) {
    const { label, icon: shape, run } = codeActions(code);
    const act = () => {
      box.dialog.close("");
      run();
    };
    found.append(
      el(
        "button",
        { type: "button", class: "primary", onclick: act, testid: isLink(code) ? "open-link" : "use-code" },
        icon(shape),
        label,
      ),
    );
  }
}
