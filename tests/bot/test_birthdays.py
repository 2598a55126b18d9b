"""The birthday as it is told on the way in: typed in many ways, echoed, asked about where it may be two days."""

from __future__ import annotations

import pytest

from tests.bot.joiners import JOINED, add_stores, member_of, reach
from tests.bot.people import Town


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("5月17日", "May 17"),
        ("17/5/1990", "May 17, 1990"),
        ("农历八月十五", "15th day of the 8th lunar month"),
        ("闰六月初一", "1st day of the leap 6th lunar month"),
    ],
)
async def test_the_birthday_is_echoed_as_understood(town: Town, typed: str, understood: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types(typed)
    assert f"Birthday: {understood}" in ann.hears()


async def test_one_button_makes_the_birthday_lunar(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.press("It is in the lunar calendar")
    await ann.types("8-15")
    assert "15th day of the 8th lunar month" in ann.hears()


async def test_a_lunar_birthday_does_not_make_a_sixth_question(town: Town) -> None:
    await add_stores(town, "ximen", "nanhu")
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.press("It is in the lunar calendar")
    await ann.types("8-15")
    assert JOINED in ann.hears()


@pytest.mark.parametrize(
    ("typed", "choice", "understood"),
    [
        ("八月十五", "Solar calendar", "August 15"),
        ("八月十五", "Lunar calendar", "15th day of the 8th lunar month"),
        ("5/6", "Month 6, day 5", "June 5"),
        ("5/6", "Month 5, day 6", "May 6"),
    ],
)
async def test_a_day_that_may_be_two_is_asked_about(town: Town, typed: str, choice: str, understood: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types(typed)
    await ann.press(choice)
    assert f"Birthday: {understood}" in ann.hears()


async def test_a_day_in_doubt_may_be_typed_again_more_clearly(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types("5/6")
    await ann.types("5 June")
    assert "Birthday: June 5" in ann.hears()


async def test_a_year_of_two_digits_is_asked_for_in_full(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types("17/5/90")
    assert "with four digits" in ann.hears()


async def test_the_birthday_may_be_skipped(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.press("Skip")
    member = await member_of(town, ann)
    assert member is not None
    assert member.birthday is None


async def test_an_impossible_birthday_is_asked_again(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types("31 February")
    assert "no such day" in ann.hears()
