"""What is drawn for a quiz."""

from __future__ import annotations

from collections.abc import Callable

from loyalty.handbook import read, shipped
from loyalty.quizzes import LENGTH, draw

BOOK = read(shipped("en"))


def test_five_questions_none_twice(random: Callable[[int], bytes]) -> None:
    drawn = draw(BOOK, random)
    assert len({(one.chapter, one.question) for one in drawn}) == LENGTH


def test_every_answer_stands_there_once(random: Callable[[int], bytes]) -> None:
    for one in draw(BOOK, random):
        answers = BOOK.chapters[one.chapter].questions[one.question].answers
        assert sorted(one.order) == list(range(len(answers)))


def test_every_question_is_drawn_some_time(random: Callable[[int], bytes]) -> None:
    drawn = {(one.chapter, one.question) for _ in range(100) for one in draw(BOOK, random)}
    assert drawn == set(BOOK.questions)


def test_a_book_with_fewer_questions_asks_all_of_them(random: Callable[[int], bytes]) -> None:
    assert len(draw(read("# A\ntext\n### Quiz\n? What?\n- no\n+ yes\n"), random)) == 1


def test_a_book_without_questions_asks_none(random: Callable[[int], bytes]) -> None:
    assert draw(read("# A\ntext\n"), random) == []
