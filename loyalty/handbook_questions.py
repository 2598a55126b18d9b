"""The quiz questions of a handbook's chapter, as they stand in its Markdown: one sign at the beginning of each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FEWEST_ANSWERS, MOST_ANSWERS = 2, 5
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_WHY = 300, 150, 500  # characters

# Chinese keyboards type the same signs wider.
_SIGNS = {"?": "?", "？": "?", "-": "-", "－": "-", "+": "+", "＋": "+", ">": ">", "＞": ">", "》": ">"}


@dataclass(frozen=True, slots=True)
class Question:
    """right: place of the right answer. why '': nothing more is said."""

    asked: str
    answers: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True, slots=True)
class Fault:
    """line: from 1. what: a code that `refused_handbook_unreadable` has words for."""

    line: int
    what: str


@dataclass(slots=True)
class _Draft:
    line: int
    asked: str
    answers: list[tuple[bool, str]]
    why: list[str]


def read_questions(lines: Sequence[str], begins: int, ends: int, faults: list[Fault]) -> list[Question]:
    """Those that are in order, of lines from begins (from 0) to before ends; what is wrong goes to faults."""
    found = []
    for draft in _drafts(lines, begins, ends, faults):
        wrong = [Fault(draft.line, what) for what in _wrong(draft)]
        faults += wrong
        if not wrong:
            found.append(_question(draft))
    return found


def _drafts(lines: Sequence[str], begins: int, ends: int, faults: list[Fault]) -> list[_Draft]:
    drafts = list[_Draft]()
    for number in range(begins, ends):
        line = lines[number].strip()
        sign, words = _SIGNS.get(line[:1], ""), line[1:].strip()
        if sign == "?":
            drafts.append(_Draft(number + 1, words, [], []))
        elif line and (not sign or not words or not drafts):
            faults.append(Fault(number + 1, "stray"))
        elif sign == ">":
            drafts[-1].why.append(words)
        elif line:
            drafts[-1].answers.append((sign == "+", words))
    return drafts


def _wrong(draft: _Draft) -> Iterator[str]:
    if not 0 < len(draft.asked) <= LONGEST_QUESTION:
        yield "question_length"
    if not FEWEST_ANSWERS <= len(draft.answers) <= MOST_ANSWERS:
        yield "answer_count"
    elif sum(is_right for is_right, _words in draft.answers) != 1:
        yield "right_count"
    if any(len(words) > LONGEST_ANSWER for _is_right, words in draft.answers):
        yield "answer_length"
    if len(" ".join(draft.why)) > LONGEST_WHY:
        yield "why_length"


def _question(draft: _Draft) -> Question:
    right = next(place for place, (is_right, _words) in enumerate(draft.answers) if is_right)
    return Question(draft.asked, tuple(words for _is_right, words in draft.answers), right, " ".join(draft.why))
