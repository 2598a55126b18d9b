// QR codes inside pictures: read by the browser where it can, otherwise by the simulator.

import { codesAt } from "./api.js";

const known = new Map();

/** The texts of the codes in the picture at `url`, as seen by person `as`; an empty list when there are none. */
export function codesIn(as, url) {
  if (!known.has(url)) {
    const reading = read(as, url).catch(() => {
      known.delete(url);
      return [];
    });
    known.set(url, reading);
  }
  return known.get(url);
}

async function read(as, url) {
  const here = await readHere(url).catch(() => []);
  return here.length ? here : ((await codesAt(as, url)).links ?? []);
}

async function readHere(url) {
  if (!("BarcodeDetector" in window)) return [];
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const codes = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(picture);
  return codes.map((code) => code.rawValue);
}

export const isLink = (text) => /^(https?:\/\/|tg:)/i.test(text);
