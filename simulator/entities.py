"""Message text: Telegram's HTML, explicit entities, and the rules that hold for both."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from simulator.detection import detect
from simulator.errors import bad_request
from simulator.markdown import parse_markdown
from simulator.wire import Json, utf16_length

MAX_ENTITIES = 100
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
# Formatting that may be cut into pieces around code; everything else is kept whole or dropped.
SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
VERBATIM = {"code", "pre"}
QUOTES = {"blockquote", "expandable_blockquote"}
KNOWN_TYPES = {
    *TAGS.values(),
    "expandable_blockquote",
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "text_mention",
    "date_time",
}
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|lt|gt|amp|quot);")


@dataclass(slots=True)
class Formatted:
    """Plain text and its entities, offsets in UTF-16 code units."""

    text: str
    entities: list[Json]


def formatted(text: str, parse_mode: str | None, entities: list[Any] | None) -> Formatted:
    """Parse `text` as Telegram would, trim it, and add the entities it finds by itself.

    Refuses malformed markup with the byte offset at which it was found.
    """
    text = text.replace("\r", "")
    result = _parsed(text, parse_mode, entities)
    if result.entities or result.text[:1].isspace() or result.text[-1:].isspace():
        result = _trimmed(result)
        result.entities = _settled(result.entities)
    result.entities = detect(result.text, result.entities)[:MAX_ENTITIES]
    return result


def _parsed(text: str, parse_mode: str | None, entities: list[Any] | None) -> Formatted:
    mode = (parse_mode or "").lower()
    if mode == "html":
        return parse_html(text) if "<" in text or "&" in text else Formatted(text, [])
    if mode == "markdownv2":
        return Formatted(*parse_markdown(text))
    if mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    return Formatted(text, [checked_entity(item, text) for item in entities or []])


def checked_entity(item: Any, text: str) -> Json:
    """An entity given by the caller, or a refusal."""
    if not isinstance(item, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
    if not isinstance(kind, str) or not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: Can't find field \"type\"")
    if kind not in KNOWN_TYPES:
        raise bad_request('can\'t parse MessageEntity: Field "type" has invalid value')
    if offset < 0 or length < 0 or offset + length > utf16_length(text):
        raise bad_request(f"entity beginning at UTF-16 offset {offset} ends after the end of the text")
    return dict(item)


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    argument: str
    offset: int


class _HtmlParser:
    """One pass over the text; positions are characters, errors report bytes."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.entities: list[Json] = []

    def parse(self) -> Formatted:
        while (start := self.source.find("<", self.at)) >= 0:
            self._text(self.source[self.at : start])
            self.at = start
            if self.source.startswith("</", start):
                self._end_tag()
            else:
                self._start_tag()
        self._text(self.source[self.at :])
        if self.stack:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return Formatted("".join(self.pieces), self.entities)

    def _text(self, raw: str) -> None:
        if not raw:
            return
        text = _ENTITY.sub(_unescaped, raw) if "&" in raw else raw
        self.pieces.append(text)
        self.length += utf16_length(text)

    def _start_tag(self) -> None:
        begin = self.at
        match = _TAG_NAME.match(self.source, begin + 1)
        end = match.end() if match else begin + 1
        if end >= len(self.source):
            raise _broken(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = self.source[begin + 1 : end].lower()
        if tag not in TAGS:
            raise _broken(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = self._attributes(tag, begin, end)
        if tag == "span" and argument != "spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.stack.append(_Open(tag, argument, self.length))

    def _attributes(self, tag: str, begin: int, at: int) -> str:
        source, argument = self.source, ""
        while True:
            at = _skip_spaces(source, at)
            if at >= len(source):
                raise _broken(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if source[at] == ">":
                self.at = at + 1
                return argument
            name, value, at = self._attribute(tag, begin, at)
            argument = _argument(tag, name, value) or argument

    def _attribute(self, tag: str, begin: int, at: int) -> tuple[str, str, int]:
        match = _ATTRIBUTE_NAME.match(self.source, at)
        name = match.group() if match else ""
        if not name:
            raise _broken(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
        at = _skip_spaces(self.source, at + len(name))
        if self.source[at : at + 1] != "=":
            if tag == "blockquote" and name.lower() == "expandable":
                return "expandable", "", at
            wanted = f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
            raise _broken(f"{wanted} at byte offset {self._byte(begin)}")
        value, at = self._value(tag, begin, _skip_spaces(self.source, at + 1))
        return name.lower(), value, at

    def _value(self, tag: str, begin: int, at: int) -> tuple[str, int]:
        quote = self.source[at : at + 1]
        if not quote:
            raise _broken(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
        if quote in "\"'":
            end = self.source.find(quote, at + 1)
            if end < 0:
                raise _broken(f"Unclosed start tag at byte offset {self._byte(begin)}")
            return _ENTITY.sub(_unescaped, self.source[at + 1 : end]), end + 1
        match = _NAME_TOKEN.match(self.source, at)
        end = match.end() if match else at
        if self.source[end : end + 1] not in ("", ">") and not self.source[end].isspace():
            raise _broken(f"Unexpected end of name token at byte offset {self._byte(at)}")
        return self.source[at:end].lower(), end

    def _end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            raise _broken(f"Unexpected end tag at byte offset {self._byte(begin)}")
        match = _TAG_NAME_IN_END.match(self.source, begin + 2)
        found = match.group().lower() if match else ""
        at = _skip_spaces(self.source, begin + 2 + len(found))
        if self.source[at : at + 1] != ">":
            raise _broken(f"Unclosed end tag at byte offset {self._byte(begin)}")
        opened = self.stack.pop()
        if found and found != opened.tag:
            where = f"Unmatched end tag at byte offset {self._byte(begin)}"
            raise _broken(f'{where}, expected "</{opened.tag}>", found "</{found}>"')
        self.at = at + 1
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self.length - opened.offset
        if length <= 0:
            return
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            if (url := opened.argument or self._since(opened.offset)) and _is_link(url):
                _link(entity, url)
            else:
                return
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = _emoji_id(opened.argument)
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        self.entities.append(entity)

    def _since(self, offset: int) -> str:
        encoded = "".join(self.pieces).encode("utf-16-le", "surrogatepass")
        return encoded[offset * 2 :].decode("utf-16-le", "surrogatepass")

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))


_TAG_NAME = re.compile(r"[^\s>/]*")
_TAG_NAME_IN_END = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_SPACES = re.compile(r"\s*")
_LINK = re.compile(r"(?:[a-z][a-z0-9+.\-]*:|[^\s/]+\.[^\s/.])", re.IGNORECASE)


def parse_html(source: str) -> Formatted:
    """Text and entities of Telegram's HTML; refuses what Telegram refuses."""
    return _HtmlParser(source).parse()


def _broken(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _skip_spaces(source: str, at: int) -> int:
    match = _SPACES.match(source, at)
    return match.end() if match else at


def _unescaped(match: re.Match[str]) -> str:
    return unescape(match.group())


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else ""


def _is_link(url: str) -> bool:
    return _LINK.match(url) is not None


def _link(entity: Json, url: str) -> None:
    if url.startswith("tg://user?id=") and url[13:].isdigit():
        entity["type"] = "text_mention"
        entity["user"] = {"id": int(url[13:]), "is_bot": False, "first_name": ""}
    else:
        entity["url"] = url if ":" in url else f"http://{url}/"


def _emoji_id(argument: str) -> str:
    if not argument.isdigit() or int(argument) == 0:
        raise _broken("Invalid custom emoji identifier specified")
    return argument


def _trimmed(source: Formatted) -> Formatted:
    text = source.text.rstrip()
    stripped = text.lstrip()
    lead, end = utf16_length(text[: len(text) - len(stripped)]), utf16_length(stripped)
    moved = []
    for entity in source.entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if stop > start:
            moved.append({**entity, "offset": start, "length": stop - start})
    return Formatted(stripped, moved)


def _settled(entities: list[Json]) -> list[Json]:
    """Apply the nesting rules: code stands alone, quotes do not nest, links and mentions do not contain each other."""
    entities = _merged_code(entities)
    verbatim = _outermost([e for e in entities if e["type"] in VERBATIM])
    quotes = _outermost([e for e in entities if e["type"] in QUOTES])
    whole = _outermost([e for e in entities if e["type"] not in SPLITTABLE | VERBATIM | QUOTES])
    whole = [e for e in whole if not any(_overlap(e, code) for code in verbatim)]
    split = [piece for e in entities if e["type"] in SPLITTABLE for piece in _around(e, verbatim)]
    return sorted(verbatim + quotes + whole + split, key=lambda e: (e["offset"], -e["length"]))


def _merged_code(entities: list[Json]) -> list[Json]:
    """`<pre><code class="language-x">` is one block with a language; a language elsewhere is dropped."""
    blocks = {(e["offset"], e["length"]): e for e in entities if e["type"] == "pre"}
    kept = []
    for entity in entities:
        block = blocks.get((entity["offset"], entity["length"]))
        if entity["type"] == "code" and block is not None:
            if "language" in entity:
                block["language"] = entity["language"]
            continue
        if entity["type"] == "code":
            entity.pop("language", None)
        kept.append(entity)
    return kept


def _outermost(entities: list[Json]) -> list[Json]:
    kept: list[Json] = []
    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        if not kept or entity["offset"] >= kept[-1]["offset"] + kept[-1]["length"]:
            kept.append(entity)
    return kept


def _overlap(one: Json, other: Json) -> bool:
    starts_before: bool = one["offset"] < other["offset"] + other["length"]
    ends_after: bool = other["offset"] < one["offset"] + one["length"]
    return starts_before and ends_after


def _around(entity: Json, holes: list[Json]) -> list[Json]:
    start, stop = entity["offset"], entity["offset"] + entity["length"]
    pieces = []
    for hole in holes:
        if not _overlap({"offset": start, "length": stop - start}, hole):
            continue
        if hole["offset"] > start:
            pieces.append({**entity, "offset": start, "length": hole["offset"] - start})
        start = hole["offset"] + hole["length"]
    if stop > start:
        pieces.append({**entity, "offset": start, "length": stop - start})
    return pieces
