// Who holds the phone and which chat is open: kept in the address (#as=…&chat=…), so a link or the back button opens
// that state.

export function place() {
  const fields = new URLSearchParams(location.hash.slice(1));
  return { as: fields.get("as"), chat: fields.get("chat") };
}

export function go({ as, chat = null }) {
  const fields = new URLSearchParams({ as });
  if (chat !== null && chat !== undefined) fields.set("chat", chat);
  const hash = `#${fields}`;
  if (hash === location.hash) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = hash;
}
