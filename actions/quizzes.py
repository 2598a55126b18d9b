"""Short quizzes from the handbook: drawn, answered one by one, each answer counted once; and how a team fares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import handbook, staff
from db import quizzes
from db.database import Tx
from db.people import Person
from db.quizzes import Quiz, Share
from loyalty import quizzes as rules
from loyalty.charter import LOCALES
from loyalty.errors import StaleButton
from loyalty.handbook import Book
from loyalty.handbook_errors import NoQuestions
from loyalty.quizzes import FEWEST_FOR_SHARE, Drawn
from loyalty.roles import Role

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; number from 1."""

    quiz_id: int
    number: int
    count: int
    question: str
    answers: list[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked, and what was right: places among the answers as they were shown."""

    asked: Asked
    chosen: int
    right: int
    why: str
    chapter: str


@dataclass(frozen=True, slots=True)
class Result:
    """So many answers of so many were right. again: title, chapter and page of what is worth another look."""

    correct: int
    answered: int
    count: int
    again: list[dict[str, Any]]
    version: str
    is_changed: bool = False  # the handbook was replaced meanwhile, so that no more is asked


@dataclass(frozen=True, slots=True)
class Past:
    """One's own quizzes, newest first: at (epoch ms UTC), correct and answered each."""

    quizzes: list[dict[str, int]]
    has_quiz: bool


def begin(tx: Tx, person: Person, locale: str) -> Asked:
    """A new quiz in this language; one under way ends. Refuses NotAllowed and NoQuestions."""
    staff.require(tx, person.user_id, Role.CLERK)
    book = handbook.book(tx, locale)
    drawn = rules.draw(book, tx.random)
    if not drawn:
        raise NoQuestions
    return _asked(quizzes.begin(tx, person.user_id, locale, book.version, drawn), book)


def answer(tx: Tx, person: Person, quiz_id: int, place: int, chosen: int) -> list[Answered | Asked | Result]:
    """What was right, and the next question or the result; nothing if that question was answered already.

    place: of the question, chosen: of the answer as shown, both from 0. Refuses NotAllowed and StaleButton.
    """
    quiz = _own(tx, person, quiz_id)
    if place < quiz.place:
        return []
    if quiz.state != "open" or place > quiz.place or chosen >= len(quiz.questions[place].order):
        raise StaleButton
    book = handbook.book(tx, quiz.locale)
    if book.version != quiz.version:
        quizzes.stop(tx, quiz.id)
        return [_result(tx, quiz, book)]
    return _take(tx, quiz, book, chosen)


def stop(tx: Tx, person: Person, quiz_id: int) -> Result:
    """Enough for now; what was answered counts. Refuses NotAllowed and StaleButton."""
    quiz = _own(tx, person, quiz_id)
    if not quizzes.stop(tx, quiz.id):
        raise StaleButton
    return _result(tx, _own(tx, person, quiz_id), handbook.book(tx, quiz.locale))


def past(tx: Tx, person: Person, locale: str) -> Past:
    """Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.CLERK)
    ended = quizzes.list_of(tx, person.user_id, _SHOWN)
    told = [{"at": quiz.ended_at, "correct": quiz.correct, "answered": quiz.place} for quiz in ended]
    return Past(told, bool(handbook.book(tx, locale).questions))


def shares(tx: Tx, users: list[int], locale: str) -> list[dict[str, Any]]:
    """By chapter of the handbooks read now: title, asked and correct, where enough people answered for it to be no
    single one's. What is asked in another language is put with the reader's where the texts come with the bot."""
    books: dict[str, Book] = {one: handbook.book(tx, one) for one in LOCALES}
    shipped = {one for one in books if handbook.is_shipped(tx, one)}
    told: dict[str, list[Share]] = {}
    for share in quizzes.list_shares(tx, users, [book.version for book in books.values()]):
        of = books[locale if {share.locale, locale} <= shipped else share.locale]
        if share.version == books[share.locale].version and share.chapter < len(of.chapters):
            told.setdefault(of.chapters[share.chapter].title, []).append(share)
    return [
        {"title": title, "asked": sum(one.asked for one in found), "correct": sum(one.correct for one in found)}
        for title, found in told.items()
        if max(one.people for one in found) >= FEWEST_FOR_SHARE
    ]


def _own(tx: Tx, person: Person, quiz_id: int) -> Quiz:
    staff.require(tx, person.user_id, Role.CLERK)
    quiz = quizzes.get(tx, quiz_id)
    if quiz is None or quiz.user_id != person.user_id:
        raise StaleButton
    return quiz


def _take(tx: Tx, quiz: Quiz, book: Book, chosen: int) -> list[Answered | Asked | Result]:
    drawn = quiz.questions[quiz.place]
    question = book.chapters[drawn.chapter].questions[drawn.question]
    if not quizzes.answer(tx, quiz, drawn.order[chosen] == question.right):
        return []
    title = book.chapters[drawn.chapter].title
    told = Answered(_asked(quiz, book), chosen, drawn.order.index(question.right), question.why, title)
    after = quizzes.get(tx, quiz.id)
    assert after is not None
    return [told, _result(tx, after, book) if after.state == "done" else _asked(after, book)]


def _asked(quiz: Quiz, book: Book) -> Asked:
    drawn: Drawn = quiz.questions[quiz.place]
    question = book.chapters[drawn.chapter].questions[drawn.question]
    answers = [question.answers[place] for place in drawn.order]
    return Asked(quiz.id, quiz.place + 1, len(quiz.questions), question.asked, answers)


def _result(tx: Tx, quiz: Quiz, book: Book) -> Result:
    is_changed = book.version != quiz.version
    missed = [] if is_changed else quizzes.list_missed(tx, quiz.id)
    again = [{"chapter": chapter, "title": book.chapters[chapter].title} for chapter in missed]
    return Result(quiz.correct, quiz.place, len(quiz.questions), again, book.version, is_changed)
