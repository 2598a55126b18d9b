"""Finding a place in the handbook by a few words, in whatever script and with a slip of the finger.

Chinese is compared by pairs of characters, 简 and 繁 alike; Latin words by their beginnings, or if nothing begins so
by likeness. What stands in every chapter tells little, so the rarer a word is, the more it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from loyalty.handbook import Book
from loyalty.variants import comparable

MOST_FOUND = 3

# Numbers are phones, cards and codes of the customer at the counter.
_TERMS = re.compile(r"[a-z]+|[\u3400-\u9fff]+")
_MARKS = re.compile(r"^\s*(?:#+|>|[-*+]|\d+[.)])\s+|[*_`|]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# So much of what was asked for, by weight, must be there.
_ENOUGH = 0.5
_TITLE_COUNTS = 3
# Shorter words have to be there whole: "Ann" is not in "annoyed". They count only where there is nothing longer.
_SHORTEST_BEGINNING = 4
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_MISTYPED = 5
_ALIKE = 84  # of 100


@dataclass(frozen=True, slots=True)
class Hit:
    """Where it stands: chapter and page by place, and the line that says most of it, without marks."""

    chapter: int
    page: int
    line: str


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    text: str
    words: str  # comparable, a blank before and after each Latin word


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    lines: tuple[_Line, ...]
    words: str


def find(book: Book, text: str) -> list[Hit]:
    """The chapters that fit best, none if nothing does."""
    entries = _entries(book)
    terms = [_known(term, entries) for term in _terms(text)]
    weights = {term: _weight(term, entries) for term in terms}
    total = sum(weights.values())
    scored = [(_score(entry, weights), -place) for place, entry in enumerate(entries) if total]
    best = sorted((found for found in scored if found[0][0] >= _ENOUGH * total), reverse=True, key=_by_score)
    return [_hit(-place, entries[-place], weights) for _score_, place in best[:MOST_FOUND]]


def _by_score(found: tuple[tuple[float, float], int]) -> tuple[float, int]:
    return found[0][1], found[1]


def plain(line: str) -> str:
    """A line of Markdown as one reads it."""
    return re.sub(r"\s+", " ", _MARKS.sub("", _LINK.sub(r"\1", line))).strip()


def _terms(text: str) -> list[str]:
    """What is looked for, each once: Latin words, and Chinese by twos."""
    found = list[str]()
    for run in _TERMS.findall(comparable(text)):
        if run.isascii() or len(run) == 1:
            found.append(_stem(run))
        else:
            found += [run[place : place + 2] for place in range(len(run) - 1)]
    telling = [term for term in found if not term.isascii() or len(term) >= _SHORTEST_BEGINNING]
    return list(dict.fromkeys(telling or found))


def _stem(word: str) -> str:
    """What "refunds" and "refunding" begin with."""
    ending = next((one for one in _ENDINGS if word.endswith(one)), "")
    stem = word.removesuffix(ending)
    return stem if len(stem) >= _SHORTEST_BEGINNING else word


@lru_cache(maxsize=8)
def _entries(book: Book) -> tuple[_Entry, ...]:
    return tuple(
        _entry(chapter.title, [(page, line) for page, text in enumerate(chapter.pages) for line in text.splitlines()])
        for chapter in book.chapters
    )


def _entry(title: str, told: Iterable[tuple[int, str]]) -> _Entry:
    lines = [_Line(page, plain(line), _spaced(plain(line))) for page, line in told]
    shown = tuple(line for line in lines if line.text)
    return _Entry(_spaced(title), shown, " ".join([_spaced(title), *(line.words for line in shown)]))


def _spaced(text: str) -> str:
    return f" {' '.join(_TERMS.findall(comparable(text)))} "


def _is_in(term: str, words: str) -> bool:
    if not term.isascii():
        return term in words
    return f" {term}" in words if len(term) >= _SHORTEST_BEGINNING else f" {term} " in words


def _known(term: str, entries: Sequence[_Entry]) -> str:
    """The term, or the word of the book it is a slip of."""
    if not term.isascii() or len(term) < _SHORTEST_MISTYPED or any(_is_in(term, entry.words) for entry in entries):
        return term
    from rapidfuzz import fuzz, process  # only where somebody searches: it costs a start 20 ms

    words = sorted({word for entry in entries for word in entry.words.split() if word.isascii()})
    alike = process.extractOne(term, words, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return alike[0] if alike else term


def _weight(term: str, entries: Sequence[_Entry]) -> float:
    within = sum(_is_in(term, entry.words) for entry in entries)
    return log(1 + (len(entries) + 1) / (within + 1))


def _score(entry: _Entry, weights: dict[str, float]) -> tuple[float, float]:
    """How much of what was asked for is there at all, and how prominently."""
    there = {term for term in weights if _is_in(term, entry.words)}
    covered = sum(weights[term] for term in there)
    in_title = sum(weights[term] for term in there if _is_in(term, entry.title))
    in_line = max((_worth(line, weights) for line in entry.lines), default=0.0)
    return covered, covered + in_line + _TITLE_COUNTS * in_title


def _worth(line: _Line, weights: dict[str, float]) -> float:
    return sum(weight for term, weight in weights.items() if _is_in(term, line.words))


def _hit(place: int, entry: _Entry, weights: dict[str, float]) -> Hit:
    line = max(entry.lines, key=lambda one: _worth(one, weights))
    return Hit(place, line.page, line.text)
