"""MarkdownV2, the other markup bots use."""

import re

from simulator.errors import ApiError, bad_request
from simulator.wire import Json, utf16_length

_RESERVED = "_*[]()~`>#+-=|{}.!"
_KINDS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_LANGUAGE = re.compile(r"[A-Za-z0-9+#.-]*\n")


class _MarkdownParser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.entities: list[Json] = []
        self.stack: list[tuple[str, int, int]] = []

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step(self.source[self.at])
        if self.stack:
            mark, _, begin = self.stack[-1]
            kind = "TextUrl" if mark == "[" else _KINDS[mark].capitalize()
            raise _broken(f"Can't find end of {kind} entity at byte offset {self._byte(begin)}")
        return self.text, self.entities

    def _step(self, char: str) -> None:
        if char == "\\" and self.source[self.at + 1 : self.at + 2].isascii() and self.at + 1 < len(self.source):
            self._take(self.source[self.at + 1], 2)
        elif char == "`":
            self._code()
        elif char == "[":
            self._open("[")
        elif char == "]" and self.stack and self.stack[-1][0] == "[":
            self._link()
        elif mark := self._mark():
            self._toggle(mark)
        elif char == ">" and (not self.text or self.text.endswith("\n")):
            self._quote()
        elif char in _RESERVED:
            raise _broken(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._take(char, 1)

    def _take(self, text: str, width: int) -> None:
        self.text += text
        self.at += width

    def _mark(self) -> str:
        pair = self.source[self.at : self.at + 2]
        if pair in ("__", "||"):
            return pair
        return pair[0] if pair[0] in "*_~" else ""

    def _open(self, mark: str) -> None:
        self.stack.append((mark, utf16_length(self.text), self.at))
        self.at += len(mark)

    def _toggle(self, mark: str) -> None:
        if not self.stack or self.stack[-1][0] != mark:
            self._open(mark)
            return
        _, offset, _ = self.stack.pop()
        self.at += len(mark)
        self._add(_KINDS[mark], offset)

    def _add(self, kind: str, offset: int, **more: str) -> None:
        length = utf16_length(self.text) - offset
        if length > 0:
            self.entities.append({"type": kind, "offset": offset, "length": length, **more})

    def _code(self) -> None:
        fence = "```" if self.source.startswith("```", self.at) else "`"
        begin = self.at + len(fence)
        end = self.source.find(fence, begin)
        if end < 0:
            kind = "PreCode" if fence == "```" else "Code"
            raise _broken(f"Can't find end of {kind} entity at byte offset {self._byte(self.at)}")
        language = _LANGUAGE.match(self.source, begin) if fence == "```" else None
        body = self.source[language.end() if language else begin : end]
        offset = utf16_length(self.text)
        self._take(re.sub(r"\\([\\`])", r"\1", body), end + len(fence) - self.at)
        more = {"language": language.group().strip()} if language and language.group().strip() else {}
        self._add("pre" if fence == "```" else "code", offset, **more)

    def _link(self) -> None:
        _, offset, _ = self.stack.pop()
        end = self.source.find(")", self.at)
        if self.source[self.at + 1 : self.at + 2] != "(" or end < 0:
            raise _broken(f"Can't find end of TextUrl entity at byte offset {self._byte(self.at)}")
        url = self.source[self.at + 2 : end].replace("\\", "")
        self.at = end + 1
        self._add("text_link", offset, url=url)

    def _quote(self) -> None:
        end = self.source.find("\n", self.at)
        end = len(self.source) if end < 0 else end
        inner, entities = _MarkdownParser(self.source[self.at + 1 : end]).parse()
        offset = utf16_length(self.text)
        self._take(inner, end - self.at)
        self.entities += [{**entity, "offset": entity["offset"] + offset} for entity in entities]
        self._add("blockquote", offset)

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """Text and entities of MarkdownV2; an unescaped reserved character is refused."""
    return _MarkdownParser(source).parse()


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
