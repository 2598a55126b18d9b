// Elements are made here and only here. Content always becomes text nodes: nothing a person or a bot wrote is ever
// parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  send: "M4 12L20 4l-5 16-3.5-6.500zM11.5 13.500L20 4",
  clip: "M19 11.500l-7.2 7.200a4.6 4.6 0 0 1-6.5-6.500l7.8-7.800a3.1 3.1 0 0 1 4.4 4.400l-7.7 7.700a1.5 1.5 0 0 1-2.2-2.200l6.7-6.7",
  more: "M12 5m-.8 0a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M12 12m-.8 0a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M12 19m-.8 0a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0",
  close: "M6 6l12 12M18 6L6 18",
  keys: "M3 6h18v12H3zM7 10v.01M12 10v.01M17 10v.01M8 14h8",
  slash: "M3 3h18v18H3zM14 8l-4 8",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  camera: "M4 8h3.500L9 5.500h6L16.5 8H20v11H4zM12 16.500a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.600z",
  photo: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.500v.01",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  voice: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 12a6 6 0 0 0 12 0M12 18v3",
  sticker:
    "M4 6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8l-6 6H6a2 2 0 0 1-2-2zM14 20v-4a2 2 0 0 1 2-2h4M9 9v.01M14 9v.01M8.5 13q2.5 2 5 0",
  phone:
    "M6 3h3.500l1.5 5-2.2 1.600a11 11 0 0 0 5.6 5.600L16 13l5 1.500V18a3 3 0 0 1-3 3C10 21 3 14 3 6a3 3 0 0 1 3-3z",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.500a3.5 3.5 0 0 1 0 6.500M18 14.500a6.5 6.5 0 0 1 3.5 5.5",
  tools: "M4 7h9M19 7h1M4 17h3M13 17h7M16 7m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0M10 17m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
  edit: "M4 20l1-4.500L16.5 4l3.5 3.500L8.5 19z",
  reply: "M10 6L4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  link: "M10 14a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.600l-1.2 1.200M14 10a4.5 4.5 0 0 0-6.4 0l-3 3a4.5 4.5 0 0 0 6.4 6.400l1.2-1.2",
  save: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.7 5.700l12.6 12.6",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4",
  moon: "M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z",
  auto: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  out: "M8 16L17 7M9.5 7H17v7.5",
  play: "M8 5l11 7-11 7z",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.500V12l3 2",
  spark: "M13 3L5 14h6l-1 7 8-11h-6z",
  list: "M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01",
};

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
  else if (name === "testid") node.dataset.testid = value;
  else node.setAttribute(name, value === true ? "" : value);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [
    ["viewBox", "0 0 24 24"],
    ["class", "icon"],
    ["aria-hidden", "true"],
  ])
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon: its label is what screen readers say and what the tooltip shows. */
export function iconButton(name, label, onclick, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes },
    icon(name),
  );
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
  return node;
}

/**
 * Makes `parent`'s children the given keyed items, touching only what changed, so that nothing flickers or loses
 * focus.
 */
export function reconcile(parent, items) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let cursor = parent.firstElementChild;
  for (const { key, signature, render } of items) {
    const known = old.get(key);
    const fresh = known && known.signature === signature ? known : build(key, signature, render);
    if (known && fresh !== known) {
      if (cursor === known) cursor = fresh;
      known.replaceWith(fresh);
    }
    old.delete(key);
    if (fresh === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(fresh, cursor);
  }
  for (const gone of old.values()) gone.remove();
}

function build(key, signature, render) {
  const node = render();
  node.dataset.key = key;
  node.signature = signature;
  return node;
}
