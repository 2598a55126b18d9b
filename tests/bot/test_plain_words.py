"""Everyday requests in plain words; at the counter, names come first."""

from __future__ import annotations

import pytest

from bot import plain_words
from bot.handlers import typing
from bot.routes import make_router
from bot.updates import Input
from tests.bot.joiners import reach
from tests.bot.people import Town


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("我要查一下积分", "You have 0 points"),
        ("怎么查积分啊？", "You have 0 points"),
        ("點數", "You have 0 points"),
        ("how many points do I have", "You have 0 points"),
        ("我的卡", "Show this when you pay"),
        ("卡", "Show this when you pay"),
        ("show me my card", "Show this when you pay"),
        ("大字", "in large print"),
        ("紀錄", "Where your points came from"),
        ("你好", "Hello, Ann Li!"),
        ("Hi!", "Hello, Ann Li!"),
        ("谢谢！", "With pleasure"),
        ("thanks a lot", "With pleasure"),
        ("quit", "cancelled"),
        ("退出", "cancelled"),
    ],
)
async def test_a_member_is_understood(town: Town, typed: str, answer: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    await ann.types(typed)
    assert answer in ann.hears()


async def test_a_greeting_of_a_newcomer_is_answered_with_the_welcome(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.types("你好")
    assert "Join" in ann.buttons()


async def test_an_answer_to_a_question_stays_one(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.types("Card Points")
    assert "Nice to meet you, Card Points!" in ann.hears()


async def test_at_the_counter_half_a_sentence_is_a_name_to_find(town: Town) -> None:
    owner = await town.owner()
    await owner.types("Point Card")
    assert "This is for members" not in owner.hears()


async def test_at_the_counter_a_whole_word_is_what_it_says(town: Town) -> None:
    owner = await town.owner()
    await owner.types("點數")
    assert "This is for members" in owner.hears()


def test_a_long_text_is_a_letter_and_no_request() -> None:
    assert plain_words.meant("my points " * 5) == ("", False)


def test_every_meaning_is_a_word_the_routes_know() -> None:
    router = make_router()
    meanings = {*plain_words._WORDS, *(word for word, _pattern in plain_words._PATTERNS)}
    found = {word: router.find(Input(1, "text", 7, 7, private=True, text=word)).handler for word in meanings}
    assert [word for word, handler in found.items() if handler is typing.heard] == []
