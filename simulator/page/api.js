// Everything the page asks of the simulator, and the one stream on which it hears back.

const RETRY_MS = 2000;

export class Unreachable extends Error {}
export class Refused extends Error {}

export async function request(method, path, { query = {}, body = null } = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined) url.searchParams.set(name, value);
  const response = await fetch(url, options(method, body)).catch(() => {
    throw new Unreachable();
  });
  if (response.status >= 502) throw new Unreachable();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer.ok === false)
    throw new Refused(answer.error || answer.detail || `HTTP ${response.status}`);
  return answer;
}

function options(method, body) {
  if (body === null) return { method };
  if (body instanceof FormData) return { method, body };
  return { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

export const world = () => request("GET", "/sim/state");
export const chatsOf = (as) => request("GET", "/sim/chats", { query: { as } });
export const messagesIn = (as, chat, window = {}) =>
  request("GET", "/sim/messages", { query: { as, chat, ...window } });
export const resolveLink = (as, url) => request("POST", "/sim/link", { body: { as, url } });
export const codesAt = (as, url) => request("POST", "/sim/scan", { body: { as, url } });
export const moveClock = (body) => request("POST", "/sim/clock", { body });
export const addFault = (body) => request("POST", "/sim/faults", { body });
export const clearFaults = () => request("DELETE", "/sim/faults");
export const requestLog = (limit, without) => request("GET", "/sim/log", { query: { limit, without } });

/** One thing a person does on the phone. With a `file` it travels as a form, otherwise as JSON. */
export function act(deed, file = null) {
  if (!file) return request("POST", "/sim/act", { body: deed });
  const form = new FormData();
  for (const [name, value] of Object.entries(deed)) if (value !== null && value !== undefined) form.set(name, value);
  form.set("file", file, file.name || "photo.png");
  return request("POST", "/sim/act", { body: form });
}

/**
 * Hears what changes for one person until the returned function is called.
 * `heard(kind, data)` gets changed | answer | state; `line(up)` says whether the simulator can be heard.
 */
export function listen(as, heard, line) {
  let source = null;
  let timer = 0;
  const connect = () => {
    source = new EventSource(`/sim/events?as=${encodeURIComponent(as)}`);
    for (const kind of ["changed", "answer", "state"])
      source.addEventListener(kind, (event) => heard(kind, parse(event.data)));
    source.onopen = () => line(true);
    source.onerror = () => {
      line(false);
      source.close();
      timer = setTimeout(connect, RETRY_MS);
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

function parse(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}
