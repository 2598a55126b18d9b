// How people, times and sizes are written.

import { language, t } from "./words.js";

const CJK = /^[\u3400-\u9fff]+$/;
const HUES = [14, 34, 88, 150, 196, 262, 318, 346];

export function fullName(person) {
  const { first_name: first = "", last_name: last = "" } = person;
  if (last && CJK.test(first) && CJK.test(last)) return last + first;
  return [first, last].filter(Boolean).join(" ");
}

export function initials(name) {
  const words = name.trim().split(/\s+/);
  if (CJK.test(words[0])) return words[0].slice(words[0].length > 2 ? -2 : 0);
  return (words.length > 1 ? [words[0], words.at(-1)] : words)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}

export function hueOf(id) {
  const number = [...String(id)].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) % 9973, 7);
  return HUES[number % HUES.length];
}

/** 简, 繁 or EN: the language a person's phone is set to. */
export function languageChip(code = "") {
  const lower = code.toLowerCase();
  if (!lower.startsWith("zh")) return { chip: lower.slice(0, 2).toUpperCase() || "–", lang: lower || "en" };
  const traditional = /hant|tw|hk|mo/.test(lower);
  return traditional ? { chip: "繁", lang: "zh-Hant" } : { chip: "简", lang: "zh-Hans" };
}

// Telegram counts seconds, the simulator's own clock milliseconds: both are understood.
export const instant = (at) => new Date(at < 1e11 ? at * 1000 : at);

// The time zone all times are shown and read in: the shop's, if the simulator was told of one, else the browser's.
let zone;

export const useZone = (name) => {
  zone = name || undefined;
};

/** The shop's time zone if the browser's is another, else "". */
export const foreignZone = () => (zone && zone !== Intl.DateTimeFormat().resolvedOptions().timeZone ? zone : "");

const written = (at, options, tongue = language()) =>
  new Intl.DateTimeFormat(tongue, { timeZone: zone, ...options }).format(instant(at));

/** Like 2025-03-03T09:30:00, on the wall clock of the zone. Swedish writes dates as ISO does. */
const wall = (at) => written(at, { dateStyle: "short", timeStyle: "medium" }, "sv").replace(" ", "T");

/** The instant at which that wall clock shows `time`, like 2025-03-03T09:30. */
export function instantAt(time) {
  const wanted = Date.parse(`${time}Z`);
  const ahead = (at) => Date.parse(`${wall(at)}Z`) - at;
  // Once more, in case clocks are changed in between.
  return wanted - ahead(wanted - ahead(wanted));
}

export const dayKey = (at) => wall(at).slice(0, 10);

export const clockTime = (at) => written(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const exactWhen = (at) => written(at, { dateStyle: "medium", timeStyle: "medium" });

export function dayName(at, now) {
  if (dayKey(at) === dayKey(now)) return t("today");
  if (dayKey(at) === dayKey(instant(now).getTime() - 86400000)) return t("yesterday");
  const year = dayKey(at).slice(0, 4) === dayKey(now).slice(0, 4) ? undefined : "numeric";
  return written(at, { weekday: "short", day: "numeric", month: "long", year });
}

export const shortWhen = (at, now) =>
  dayKey(at) === dayKey(now) ? clockTime(at) : written(at, { day: "numeric", month: "short" });

export const longWhen = (at) => written(at, { weekday: "short", year: "numeric", month: "short", day: "numeric" });

export function fileSize(bytes = 0) {
  const [amount, unit] = bytes < 1024 ? [bytes, "B"] : bytes < 1048576 ? [bytes / 1024, "KB"] : [bytes / 1048576, "MB"];
  return `${new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(amount)} ${unit}`;
}

export const duration = (seconds = 0) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
