"""Finding a place in the handbook by a few words, in whatever script and with a slip of the finger.

Chinese is compared by pairs of characters, 简 and 繁 alike; Latin words by their beginnings, or if nothing begins so
by likeness. What stands in every chapter tells little, so the rarer a word is, the more it counts; what the book has
nowhere does not. A chapter is also found by what its quiz asks: that is how people put it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from loyalty.handbook import Book, Chapter
from loyalty.variants import comparable

MOST_FOUND = 3

# Numbers are phones, cards and codes of the customer at the counter.
_TERMS = re.compile(r"[a-z]+|[\u3400-\u9fff]+")
_MARKS = re.compile(r"^\s*(?:#+|>|[-*+]|\d+[.)])\s+|[*_`|]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# Of a long text the beginning is looked up.
_MOST_TERMS = 20
# What a question is put with, and how customers are called. As `comparable` writes it.
_FILLING = re.compile(
    r"怎么办\b|怎么样|怎么|怎样|如何|什么时候|什么|请问|先生|女士|小姐|太太|\b(?:about|could|does|from|have|should|that"
    r"|their|them|there|they|this|what|when|where|which|with|would|your)\b"
)
# So much of what the book has at all of what was asked for, by weight, must be there.
_ENOUGH = 0.5
_TITLE_COUNTS = 3
# Shorter words have to be there whole: "Ann" is not in "annoyed". They count only where there is nothing longer.
_SHORTEST_BEGINNING = 4
_ENDINGS = ("ing", "ed", "es", "s")
_DOER = "er"  # cut off only where there is no such word: "customer" is one
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
    """words: of all lines, the title, and what the quiz asks; title and words are comparable like those of a line."""

    title: str
    lines: tuple[_Line, ...]
    words: str


@dataclass(frozen=True, slots=True)
class _Index:
    """vocabulary: the Latin words of all entries, sorted, each once."""

    entries: tuple[_Entry, ...]
    vocabulary: tuple[str, ...]


def find(book: Book, text: str) -> list[Hit]:
    """The chapters that fit best, none if nothing does."""
    index = _index(book)
    weights = _weights([_known(term, index) for term in _terms(text)], index.entries)
    enough = _ENOUGH * sum(weights.values())
    scored = [(_score(entry, weights), -place) for place, entry in enumerate(index.entries) if weights]
    best = sorted((found for found in scored if found[0][0] >= enough), reverse=True, key=_by_score)
    return [_hit(-place, index.entries[-place], weights) for _score_, place in best[:MOST_FOUND]]


def has_whole(book: Book, text: str) -> bool:
    """Whether each Latin word of the text stands somewhere in the book as it is: "chang" does not where "change" does.

    Chinese is found as it is, or not at all.
    """
    words = _spaced(text).split()
    return all(not word.isascii() or _has(_index(book), f" {word} ") for word in words)


def _has(index: _Index, word: str) -> bool:
    return any(word in entry.words for entry in index.entries)


def _by_score(found: tuple[tuple[float, float], int]) -> tuple[float, int]:
    return found[0][1], found[1]


def plain(line: str) -> str:
    """A line of Markdown as one reads it."""
    return re.sub(r"\s+", " ", _MARKS.sub("", _LINK.sub(r"\1", line))).strip()


def _terms(text: str) -> list[str]:
    """What is looked for, each once: Latin words, and Chinese by twos."""
    found = list[str]()
    for run in _TERMS.findall(_FILLING.sub(" ", comparable(text))):
        if run.isascii() or len(run) == 1:
            found.append(_stem(run))
        else:
            found += [run[place : place + 2] for place in range(len(run) - 1)]
    telling = [term for term in found if len(term) >= (_SHORTEST_BEGINNING if term.isascii() else 2)]
    return list(dict.fromkeys(telling or found))[:_MOST_TERMS]


def _stem(word: str) -> str:
    """What "refunds" and "refunding" begin with."""
    ending = next((one for one in _ENDINGS if word.endswith(one)), "")
    stem = word.removesuffix(ending)
    return stem if len(stem) >= _SHORTEST_BEGINNING else word


@lru_cache(maxsize=8)
def _index(book: Book) -> _Index:
    entries = tuple(map(_entry, book.chapters))
    words = {word for entry in entries for word in entry.words.split() if word.isascii()}
    return _Index(entries, tuple(sorted(words)))


def _entry(chapter: Chapter) -> _Entry:
    told = [(page, plain(line)) for page, text in enumerate(chapter.pages) for line in text.split("\n")]
    lines = tuple(_Line(page, line, _spaced(line)) for page, line in told if line)
    if not lines:
        lines = (_Line(0, chapter.title, _spaced(chapter.title)),)
    title, asked = _spaced(chapter.title), [_spaced(question.asked) for question in chapter.questions]
    return _Entry(title, lines, " ".join([title, *(line.words for line in lines), *asked]))


def _spaced(text: str) -> str:
    return f" {' '.join(_TERMS.findall(comparable(text)))} "


def _is_in(term: str, words: str) -> bool:
    if not term.isascii():
        return term in words
    return f" {term}" in words if len(term) >= _SHORTEST_BEGINNING else f" {term} " in words


def _known(term: str, index: _Index) -> str:
    """The term, or the word of the book it is a slip of, or what its doer does."""
    if not term.isascii() or len(term) < _SHORTEST_MISTYPED or any(_is_in(term, one.words) for one in index.entries):
        return term
    from rapidfuzz import fuzz, process  # only where somebody searches: it costs a start 20 ms

    alike = process.extractOne(term, index.vocabulary, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return alike[0] if alike else term.removesuffix(_DOER)


def _weights(terms: Iterable[str], entries: Sequence[_Entry]) -> dict[str, float]:
    """Of those that the book has somewhere."""
    within = {term: sum(_is_in(term, entry.words) for entry in entries) for term in terms}
    return {term: log(1 + (len(entries) + 1) / (count + 1)) for term, count in within.items() if count}


def _score(entry: _Entry, weights: dict[str, float]) -> tuple[float, float]:
    """How much of what was asked for is there at all, and how prominently."""
    there = {term for term in weights if _is_in(term, entry.words)}
    covered = sum(weights[term] for term in there)
    in_title = sum(weights[term] for term in there if _is_in(term, entry.title))
    in_line = max(_worth(line, weights) for line in entry.lines)
    return covered, covered + in_line + _TITLE_COUNTS * in_title


def _worth(line: _Line, weights: dict[str, float]) -> float:
    return sum(weight for term, weight in weights.items() if _is_in(term, line.words))


def _hit(place: int, entry: _Entry, weights: dict[str, float]) -> Hit:
    line = max(entry.lines, key=lambda one: _worth(one, weights))
    return Hit(place, line.page, line.text)
