"""A short quiz in chat: answered tap by tap, stopped, pressed twice, and in each language."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio

from db.database import Tx
from loyalty.handbook import read, shipped
from loyalty.roles import Role
from tests.actions.shops import add_store, hire
from tests.bot.people import Resident, Town

LETTERS = "ABCDE"


@pytest_asyncio.fixture
async def carl(town: Town) -> Resident:
    store_id = await town.write(add_store, "ximen", "West Gate")
    carl = await town.newcomer("Carl")
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await carl.types("/language")
    await carl.press("English")
    return carl


def right_letter(resident: Resident, locale: str = "en") -> str:
    """The button of the right answer to the newest question."""
    shown = next(message for message in reversed(resident.chat()) if "A" in message.buttons).shown
    asked = [question for chapter in read(shipped(locale)).chapters for question in chapter.questions]
    question = next(one for one in asked if one.asked in shown)
    line = next(line for line in shown.splitlines() if line.endswith(question.answers[question.right]))
    return line[0]


async def answer(resident: Resident, right: bool, locale: str = "en") -> None:
    letter = right_letter(resident, locale)
    await resident.press(letter if right else next(one for one in LETTERS if one != letter))


def quizzes(tx: Tx) -> list[tuple[str, int, int]]:
    return [tuple(row) for row in tx.all("SELECT state, place, correct FROM quiz ORDER BY id")]


async def test_five_taps_and_the_result(town: Town, carl: Resident) -> None:
    await carl.types("/score")
    await carl.press("🧠 Short quiz")
    for number in range(5):
        assert f"Question {number + 1} of 5" in carl.hears()
        await answer(carl, right=number != 2)
    assert "4 of 5 right" in carl.hears()
    assert "Worth another look" in carl.hears()
    assert await town.db.read(quizzes) == [("done", 5, 4)]


async def test_the_question_itself_says_at_once_what_is_right(carl: Resident) -> None:
    await carl.types("quiz")
    await answer(carl, right=True)
    assert carl.reads().count("Question 1 of 5") == 1
    assert "Right!" in carl.reads()
    await answer(carl, right=False)
    assert (told := re.search(r"💡 It is ([A-E])[.]", carl.reads()))
    assert f"✅ {told[1]}  " in carl.reads()


async def test_a_second_tap_on_an_answered_question_changes_nothing(town: Town, carl: Resident) -> None:
    await carl.types("quiz")
    first = next(message for message in reversed(carl.chat()) if "A" in message.buttons)
    await answer(carl, right=True)
    await carl.does(lambda: carl.person.replay(town.bot, first.id, "quizsay:1:0:2"))
    assert carl.hears() == ""
    assert await town.db.read(quizzes) == [("open", 1, 1)]


async def test_one_may_stop_at_any_time(town: Town, carl: Resident) -> None:
    await carl.types("quiz")
    await answer(carl, right=True)
    await carl.press("Enough for now")
    assert "1 of 1 right" in carl.reads()
    assert await town.db.read(quizzes) == [("stopped", 1, 1)]


async def test_stopping_before_the_first_answer_is_fine_too(carl: Resident) -> None:
    await carl.types("quiz")
    await carl.press("Enough for now")
    assert "Another time, then" in carl.reads()


async def test_an_old_button_of_a_stopped_quiz_is_kindly_refused(town: Town, carl: Resident) -> None:
    await carl.types("quiz")
    message = next(one for one in reversed(carl.chat()) if "A" in one.buttons)
    await carl.press("Enough for now")
    await carl.does(lambda: carl.person.replay(town.bot, message.id, "quizsay:1:0:0"))
    assert carl.hears()
    assert await town.db.read(quizzes) == [("stopped", 0, 0)]


async def test_a_purchase_in_between_does_not_end_the_quiz(town: Town, carl: Resident) -> None:
    await carl.types("quiz")
    await carl.types("/desk")
    await answer(carl, right=True)
    assert "Question 2 of 5" in carl.hears()


async def test_the_chapter_worth_another_look_is_one_tap_away(carl: Resident) -> None:
    await carl.types("quiz")
    for number in range(5):
        await answer(carl, right=number > 0)
    await carl.press("📖")
    assert "📖" in carl.hears()


async def test_ones_own_results_are_kept(carl: Resident) -> None:
    await carl.types("quiz")
    for _ in range(5):
        await answer(carl, right=True)
    await carl.types("/score")
    assert "Quizzes: 1, 5 of 5 answers right" in carl.hears()
    await carl.press("🧠 My quizzes")
    assert "5 of 5 right" in carl.hears()


@pytest.mark.parametrize(
    ("language", "locale", "word", "told"),
    [("简体中文", "zh_Hans", "小测验", "5 题对了 5 题"), ("繁體中文", "zh_Hant", "小測驗", "5 題對了 5 題")],
)
async def test_a_quiz_in_chinese(carl: Resident, language: str, locale: str, word: str, told: str) -> None:
    await carl.types("/language")
    await carl.press(language)
    await carl.types(word)
    for _ in range(5):
        await answer(carl, right=True, locale=locale)
    assert told in carl.hears()


async def test_members_are_not_quizzed(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.types("quiz")
    assert "Question" not in ann.hears()
