"""Short quizzes: which questions of the handbook are drawn, and in which order their answers stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from loyalty.handbook import Book

LENGTH = 5
# From so many people on a share is shown: of fewer, everybody knows whose answers they were.
FEWEST_FOR_SHARE = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question: its chapter, its place there, and the answers in the order they are shown."""

    chapter: int
    question: int
    order: tuple[int, ...]


def draw(book: Book, random: Callable[[int], bytes]) -> list[Drawn]:
    """As many questions as a quiz has, or all there are; none twice. random(n): n random bytes."""
    return [
        Drawn(chapter, question, tuple(_shuffled(range(len(_answers(book, chapter, question))), random)))
        for chapter, question in _shuffled(book.questions, random)[:LENGTH]
    ]


def _answers(book: Book, chapter: int, question: int) -> tuple[str, ...]:
    return book.chapters[chapter].questions[question].answers


def _shuffled(things: Sequence[T], random: Callable[[int], bytes]) -> list[T]:
    """By a random key each; eight bytes are never the same in practice, and if they were, nothing is lost."""
    return [thing for _key, thing in sorted(((random(8), thing) for thing in things), key=lambda pair: pair[0])]
