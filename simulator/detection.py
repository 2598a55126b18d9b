"""Entities Telegram finds by itself: commands, mentions, links, hashtags, mail addresses, telephone numbers."""

import re

from simulator.wire import Json, utf16_length

_DOMAINS = r"(?:com|org|net|me|io|dev|cn|tw|hk|example)"
_PATTERN = re.compile(
    rf"(?P<url>(?<![\w@/.])(?:https?://[^\s<>\"]+|(?:[a-z0-9-]+\.)+{_DOMAINS}"
    r"(?![\w.-]*@)(?:/[^\s<>\"]*)?))"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z]\w{2,31}\b)"
    r"|(?P<bot_command>(?<![\w/<>.:)])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/<>]))"
    r"|(?P<hashtag>(?<!\w)\#\w*[^\W\d_]\w*)"
    r"|(?P<cashtag>(?<!\w)\$[A-Z]{3,8}\b)"
    r"|(?P<phone_number>(?<![\w.+-])\+\d[\d\s()-]{7,16}\d(?![\w]))",
    re.IGNORECASE,
)
# Without one of these there is nothing to find, and looking is what costs most of a message.
_HINT = re.compile(rf"[/@#$+]|\.{_DOMAINS}", re.IGNORECASE)


def detect(text: str, given: list[Json]) -> list[Json]:
    """`given` plus what is found in `text` outside code and links, in order of offset."""
    if not _HINT.search(text):
        return given
    closed = [e for e in given if e["type"] in ("code", "pre", "text_link", "url", "mention", "text_mention")]
    found = []
    for match in _PATTERN.finditer(text):
        entity = _entity(text, match)
        if not any(_within(entity, other) for other in closed):
            found.append(entity)
    return sorted(given + found, key=lambda e: (e["offset"], -e["length"])) if found else given


def _entity(text: str, match: re.Match[str]) -> Json:
    value = match.group()
    if match.lastgroup == "url":
        value = value.rstrip(".,:;!?)'\"")
    offset = utf16_length(text[: match.start()])
    return {"type": match.lastgroup, "offset": offset, "length": utf16_length(value)}


def _within(one: Json, other: Json) -> bool:
    starts: bool = one["offset"] < other["offset"] + other["length"]
    ends: bool = other["offset"] < one["offset"] + one["length"]
    return starts and ends
