// Where a tapped link leads: t.me links open on the same phone, other web links in a new tab, anything else nowhere.

import { resolveLink } from "./api.js";
import { toast } from "./dialogs.js";
import { go } from "./place.js";
import { t } from "./words.js";

const OPENS_OUTSIDE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** `address` if a browser may open it, otherwise null (so that `javascript:` never becomes a link). */
export function webAddress(address) {
  try {
    const url = new URL(address);
    return OPENS_OUTSIDE.has(url.protocol) || url.protocol === "tg:" ? url.href : null;
  } catch {
    return null;
  }
}

export function isTelegram(address) {
  const url = new URL(address);
  return url.protocol === "tg:" || ["t.me", "telegram.me", "telegram.dog"].includes(url.hostname.replace(/^www\./, ""));
}

/** Opens a link as the person `as`: a deep link stays on the phone and shows its chat. */
export async function openLink(as, address) {
  const safe = webAddress(address);
  if (!safe) return toast(t("no_link"));
  if (!isTelegram(safe)) return void window.open(safe, "_blank", "noopener,noreferrer");
  try {
    const found = await resolveLink(as, safe);
    go({ as, chat: found.chat });
  } catch (error) {
    toast(error.message || t("no_link"));
  }
}
