"""One line at the counter, `/complaint` and `/note`: whoever is meant, and if nobody is, no word is lost."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.actions.shops import add_member
from tests.bot.desks import Desk
from tests.bot.test_case_desk import speaks
from tests.bot.test_catalogue import photo

NOBODY = {"简体中文": "不针对某位会员", "繁體中文": "不針對某位會員", "English": "Nobody in particular"}


@pytest_asyncio.fixture
async def walkers(desk: Desk) -> Desk:
    """Two of one name."""
    await desk.town.write(add_member, "陈伟", "13800138001")
    await desk.town.write(add_member, "陈伟", "13800138002")
    return desk


@pytest.mark.parametrize("language", NOBODY)
async def test_a_line_that_names_nobody_keeps_its_words(desk: Desk, language: str) -> None:
    await speaks(desk.carl, language)
    await desk.carl.types("/complaint 冰柜太冷没人管")
    assert "冰柜太冷没人管" in desk.carl.hears()
    await desk.carl.press(NOBODY[language])
    assert "冰柜太冷没人管" in desk.carl.hears()
    assert any("1" in label for label in (await _queued(desk)))


async def test_whoever_it_is_about_can_still_be_said(desk: Desk) -> None:
    await desk.carl.types("/complaint the shelf is broken")
    await desk.carl.types("13800138000")
    assert "👤 Ann" in desk.carl.hears()
    assert "the shelf is broken" in desk.carl.hears()


async def test_a_photo_whose_caption_names_nobody_is_kept(desk: Desk) -> None:
    await desk.carl.does(lambda: desk.carl.person.send_photo(desk.town.bot, photo(), "/complaint 包装破了"))
    await desk.carl.press("Nobody in particular")
    assert "包装破了" in desk.carl.hears()
    assert "📎 Everything in full" in desk.carl.buttons()


async def test_of_several_of_that_name_one_is_chosen(walkers: Desk) -> None:
    await walkers.carl.types("/complaint 陈伟 汤是凉的")
    assert [label for label in walkers.carl.buttons() if label.startswith("陈伟")]
    await walkers.carl.press("陈伟")
    assert "👤 陈伟" in walkers.carl.hears()
    assert "汤是凉的" in walkers.carl.hears()


async def test_or_none_of_them_and_then_the_name_is_a_word_as_any(walkers: Desk) -> None:
    await walkers.carl.types("/complaint 陈伟 汤是凉的")
    await walkers.carl.press("Nobody in particular")
    assert "陈伟 汤是凉的" in walkers.carl.hears()


async def test_a_word_in_latin_letters_is_taken_for_nobody_unasked(desk: Desk) -> None:
    await desk.carl.types("/complaint ann says the soup is cold")
    assert any(label.startswith("Ann · ") for label in desk.carl.buttons())
    await desk.carl.press("Nobody in particular")
    assert "ann says the soup is cold" in desk.carl.hears()


async def test_a_phone_of_nobody_leaves_the_words(desk: Desk) -> None:
    await desk.carl.types("/complaint 13900139000 the soup was cold")
    await desk.carl.press("Nobody in particular")
    assert "the soup was cold" in desk.carl.hears()


async def test_step_by_step_it_says_whom_it_is_about_and_asks_no_severity(desk: Desk) -> None:
    await desk.carl.types("/complaint Ann")
    await desk.carl.press("Ann · ")
    assert "👤 Ann" in desk.carl.hears()
    await desk.carl.press("😟 Complaint")
    await desk.carl.press("Goods")
    await desk.carl.types("the milk was sour")
    assert "Normal · Goods" in desk.carl.hears()


async def test_a_note_of_one_of_several_is_kept_until_one_is_chosen(walkers: Desk) -> None:
    await walkers.carl.types("/note 陈伟 喜欢燕麦奶")
    await walkers.carl.press("陈伟")
    assert "喜欢燕麦奶" in walkers.carl.hears()


async def test_a_note_that_names_nobody_becomes_a_suggestion(desk: Desk) -> None:
    await desk.carl.types("/note 门口需要雨伞架")
    await desk.carl.press("Nobody in particular")
    assert "Suggestion" in desk.carl.hears()
    assert "门口需要雨伞架" in desk.carl.hears()


async def _queued(desk: Desk) -> list[str]:
    await desk.carl.types("/queue")
    return desk.carl.buttons()
