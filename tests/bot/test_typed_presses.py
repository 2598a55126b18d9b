"""Typing instead of tapping: a button's label, in any language, and yes, no and skip count as the press."""

from __future__ import annotations

import pytest

from bot import plain_words
from tests.bot.joiners import JOINED, add_stores, member_of, reach
from tests.bot.people import Town

BUTTONS = (("I agree", "yes"), ("我同意", "yes"), ("No, thanks", "no"), ("📋 Later", "other"))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("I agree", "yes"), ("i agree!", "yes"), ("我同意。", "yes"), ("好", "yes"), ("ok", "yes"),
        ("No, thanks", "no"), ("不用了", "no"), ("later", "other"), ("perhaps", None), ("", None),
    ],
)  # fmt: skip
def test_a_typed_label_or_word_is_the_value_of_its_button(typed: str, value: str | None) -> None:
    assert plain_words.chosen(typed, BUTTONS) == value


def test_a_word_for_skip_means_nothing_where_nothing_can_be_skipped() -> None:
    assert plain_words.chosen("没有", BUTTONS) is None


@pytest.mark.parametrize("typed", ["I agree", "我同意", "同意", "yes", "好的"])
async def test_consent_can_be_typed(town: Town, typed: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "consent")
    await ann.types(typed)
    assert "What is your phone number?" in ann.hears()


async def test_no_can_be_typed_too(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "consent")
    await ann.types("不同意")
    assert "nothing was kept" in ann.hears()


@pytest.mark.parametrize("typed", ["跳过", "略過", "skip", "不说", "没有", "no"])
async def test_the_birthday_can_be_skipped_by_typing(town: Town, typed: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types(typed)
    member = await member_of(town, ann)
    assert member is not None
    assert member.birthday is None


@pytest.mark.parametrize("typed", ["It is in the lunar calendar", "农历"])
async def test_the_lunar_calendar_can_be_typed(town: Town, typed: str) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "birthday")
    await ann.types(typed)
    assert "Your lunar birthday" in ann.hears()


@pytest.mark.parametrize("typed", ["Store nanhu", "store nanhu", "nanhu"])
async def test_the_store_can_be_typed(town: Town, typed: str) -> None:
    _, nanhu = await add_stores(town, "ximen", "nanhu")
    ann = await town.newcomer("Ann")
    await reach(ann, "store")
    await ann.types(typed)
    member = await member_of(town, ann)
    assert member is not None
    assert member.home_store_id == nanhu


async def test_what_fits_two_stores_is_asked_again(town: Town) -> None:
    await add_stores(town, "ximen", "nanhu")
    ann = await town.newcomer("Ann")
    await reach(ann, "store")
    await ann.types("Store")
    assert "choose one of the buttons" in ann.hears()


@pytest.mark.parametrize("typed", ["No particular one", "不固定", "skip"])
async def test_no_particular_store_can_be_typed(town: Town, typed: str) -> None:
    await add_stores(town, "ximen", "nanhu")
    ann = await town.newcomer("Ann")
    await reach(ann, "store")
    await ann.types(typed)
    assert JOINED in ann.hears()
