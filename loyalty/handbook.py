"""The service handbook: one Markdown text, split into chapters, each with pages a chat can show and quiz questions.

Headings of the first and second level begin chapters; a first one without text names the book. A heading Quiz of a
lower level begins a chapter's questions: `? question`, `- wrong`, `+ right`, `> why`, each on its own line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from loyalty.handbook_errors import HandbookUnreadable
from loyalty.handbook_questions import Fault, Question, read_questions
from loyalty.variants import comparable, simplified

if TYPE_CHECKING:
    from markdown_it.token import Token

LARGEST = 100_000  # bytes of a file
MOST_CHAPTERS = 40
LONGEST_TITLE = 60  # characters
LONGEST_BLOCK = 2_000  # UTF-16 units of a paragraph, a list's item, a table …, as Telegram counts
LONGEST_SHOWN = 3_900  # the same, of a page as it is read: with its heading it fits into a message of 4,096
_PAGE = 3_000  # the same, of a page as it is written: what links and tables add mostly fits
MOST_FAULTS = 10
_QUIZ = frozenset(("quiz", "测验", "小测验"))


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    pages: tuple[str, ...]  # Markdown
    lines: tuple[int, ...]  # where each page begins in the text, from 1
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """title '': it has none. version: changes with the text."""

    title: str
    chapters: tuple[Chapter, ...]
    version: str

    @property
    def questions(self) -> list[tuple[int, int]]:
        """The places of all questions: chapter, and question in it."""
        return [(place, n) for place, chapter in enumerate(self.chapters) for n in range(len(chapter.questions))]


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    begins: int  # line, from 0
    ends: int  # the line after it
    is_atx: bool  # written with #, not underlined

    @property
    def is_quiz(self) -> bool:
        return self.level > 2 and comparable(self.title) in _QUIZ


@lru_cache(maxsize=4)
def shipped(locale: str) -> str:
    """The text that comes with the programme, in one of the three languages."""
    return files("loyalty").joinpath(f"handbook.{locale}.md").read_text("utf-8")


@lru_cache(maxsize=8)
def read(text: str) -> Book:
    """The book in a Markdown text. Refuses HandbookUnreadable, with lines."""
    tokens, defined = _parse(text)
    lines = text.split("\n")  # as the parser does, and nowhere else: U+2028 and its like stay within a line
    heads = list(_heads(tokens))
    begun = [place for place, head in enumerate(heads) if head.level <= 2]
    faults = list(_before(tokens, heads[begun[0]].begins if begun else len(lines)))
    faults += [Fault(line + 1, "reference_link") for line in defined]
    title, begun = _title(heads, begun, tokens, faults)
    chapters = []
    for place, following in pairwise([*begun, len(heads)]):
        end = heads[following].begins if following < len(heads) else len(lines)
        chapters.append(_chapter(lines, tokens, heads[place:following], end, faults))
    faults += _wrong_titles([heads[place] for place in begun])
    if faults:
        told = [{"line": fault.line, "what": fault.what} for fault in sorted(faults, key=lambda one: one.line)]
        raise HandbookUnreadable(told[:MOST_FAULTS], max(0, len(told) - MOST_FAULTS))
    return Book(title, tuple(chapters), version_of(text))


def version_of(text: str) -> str:
    """Eight hex digits that change with the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def likely_locale(text: str) -> str:
    """The language a text is probably in; whoever sent it says which."""
    chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
    if chinese * 10 < len(text):
        return "en"
    traditional = sum(char != plain for char, plain in zip(text, simplified(text), strict=True))
    return "zh_Hant" if traditional * 20 > chinese else "zh_Hans"


def length(text: str) -> int:
    """As Telegram counts: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _parse(text: str) -> tuple[list[Token], list[int]]:
    """And the lines (from 0) where links are defined that stand elsewhere: a page is shown without the others."""
    from markdown_it import MarkdownIt  # only where a handbook is read: the bot starts sooner

    env: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text, env)
    defined = [*env.get("references", {}).values(), *env.get("duplicate_refs", ())]
    return tokens, [one["map"][0] for one in defined]


def _heads(tokens: Sequence[Token]) -> Iterator[_Heading]:
    """All headings but what only looks like one among the questions: an answer that is a lone dash."""
    asking = False
    for token, inline in pairwise(tokens):
        if token.type != "heading_open" or token.level or not token.map:
            continue
        head = _Heading(int(token.tag[1]), _plain(inline), token.map[0], token.map[1], token.markup.startswith("#"))
        if head.is_atx or not asking:
            asking = head.is_quiz
            yield head


def _plain(inline: Token) -> str:
    """Without the marks of emphasis."""
    return "".join(child.content for child in inline.children or ()).strip()


def _title(
    heads: Sequence[_Heading], begun: list[int], tokens: Sequence[Token], faults: list[Fault]
) -> tuple[str, list[int]]:
    """The book's, and where its chapters begin: a first heading that another one follows at once is the title."""
    if len(begun) < 2 or heads[begun[0]].level != 1:
        return "", begun
    first, second = heads[begun[0]], heads[begun[1]]
    if begun[1] != begun[0] + 1 or any(_blocks(tokens, first.ends, second.begins)):
        return "", begun
    if len(first.title) > LONGEST_TITLE:
        faults.append(Fault(first.begins + 1, "title_length"))
    return first.title, begun[1:]


def _before(tokens: Sequence[Token], first: int) -> Iterator[Fault]:
    """A text without chapters, or one that begins before the first."""
    for begins, _ends in _blocks(tokens, 0, first):
        yield Fault(begins + 1, "before_chapter")
        return
    if not any(token.type == "heading_open" for token in tokens):
        yield Fault(1, "no_chapters")


def _wrong_titles(heads: Sequence[_Heading]) -> Iterator[Fault]:
    seen = set[str]()
    for count, head in enumerate(heads, start=1):
        if not 0 < len(head.title) <= LONGEST_TITLE:
            yield Fault(head.begins + 1, "title_length")
        if head.title in seen:
            yield Fault(head.begins + 1, "title_twice")
        if count == MOST_CHAPTERS + 1:
            yield Fault(head.begins + 1, "too_many_chapters")
        seen.add(head.title)


def _chapter(
    lines: Sequence[str], tokens: Sequence[Token], heads: Sequence[_Heading], end: int, faults: list[Fault]
) -> Chapter:
    """Its heading is the first of heads, `end` the line after it; what is wrong goes to faults."""
    blocks, questions = list[tuple[int, int]](), list[Question]()
    for part, ends in zip(heads, [*(head.begins for head in heads[1:]), end], strict=True):
        if part.is_quiz:
            questions += read_questions(lines, part.ends, ends, faults)
        else:
            blocks += _blocks(tokens, part.ends if part is heads[0] else part.begins, ends)
    pages = list(_pages(lines, blocks))
    if not pages:
        faults.append(Fault(heads[0].begins + 1, "empty_chapter"))
    faults += [Fault(block[0] + 1, "block_too_long") for block in blocks if _size(lines, block) > LONGEST_BLOCK]
    begins, shown = zip(*pages, strict=True) if pages else ((), ())
    return Chapter(heads[0].title, shown, begins, tuple(questions))


def _blocks(tokens: Sequence[Token], begins: int, ends: int) -> Iterator[tuple[int, int]]:
    """The lines of what must stay together: a paragraph, a list's item, a table …; a heading with what follows it."""
    heading: int | None = None
    for token in tokens:
        if token.map is None or token.nesting < 0 or not begins <= token.map[0] < ends or not _is_block(token):
            continue
        if token.type == "heading_open":
            heading = token.map[0] if heading is None else heading
        else:
            yield token.map[0] if heading is None else heading, token.map[1]
            heading = None
    if heading is not None:
        yield heading, heading + 1


def _is_block(token: Token) -> bool:
    if token.level == 0:
        return token.type not in ("bullet_list_open", "ordered_list_open")
    return token.level == 1 and token.type == "list_item_open"


def _size(lines: Sequence[str], block: tuple[int, int]) -> int:
    return length(_slice(lines, *block))


def _slice(lines: Sequence[str], begins: int, ends: int) -> str:
    return "\n".join(lines[begins:ends]).strip("\n")


def _pages(lines: Sequence[str], blocks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """As many blocks together as fit, with the line (from 1) where they begin."""
    page, line = "", 0
    for block in blocks:
        added = _slice(lines, *block)
        if page and length(page) + length(added) + 2 > _PAGE:
            yield line, page
            page = ""
        page, line = (f"{page}\n\n{added}", line) if page else (added, block[0] + 1)
    if page:
        yield line, page
