"""A clerk thinks of a member: looks, calls, and notes how it was."""

from __future__ import annotations

from datetime import date

import pytest

from db import care, members
from db.database import Tx
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town


def _due(tx: Tx, store_id: int) -> None:
    member = add_member(tx, "Ann", "13800138000")
    members.set_home_store(tx, member.id, store_id)
    care.add(tx, member.id, "top", "2025", date(2025, 1, 1))


async def clerk_with_a_task(town: Town) -> Resident:
    store_id = await town.write(add_store, "ximen", "West Gate")
    carl = await town.newcomer("Carl")
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await town.write(_due, store_id)
    await carl.types("/language")
    await carl.press("English")
    await carl.types("/tasks")
    return carl


async def test_done_with_a_word_for_the_next(town: Town) -> None:
    carl = await clerk_with_a_task(town)
    assert "Ann" not in carl.hears()
    await carl.press("1 · Ann")
    assert "138****8000" in carl.hears()
    assert "13800138000" not in carl.reads()
    await carl.press("✅ Done")
    assert "How did it go?" in carl.hears()
    await carl.types("Loves the new roast <b>")
    assert "Nobody today" in carl.hears()
    await carl.types("/member 8000")
    assert "Loves the new roast <b>" in carl.hears()


async def test_an_allergy_heard_of_on_the_phone_is_filed_as_one(town: Town) -> None:
    carl = await clerk_with_a_task(town)
    await carl.press("1 · Ann")
    await carl.press("✅ Done")
    await carl.types("对虾过敏")
    await carl.types("/member 8000")
    assert "⚠️ Allergies noted: 对虾过敏" in carl.hears()


@pytest.mark.parametrize("button", ["✅ Done", "📵 No answer"])
async def test_a_tap_is_kept_whatever_is_noted_after_it(town: Town, button: str) -> None:
    carl = await clerk_with_a_task(town)
    await carl.press("1 · Ann")
    await carl.press(button)
    await carl.types("/tasks")
    assert "Nobody today" in carl.hears()


@pytest.mark.parametrize(("language", "asked"), [("简体中文", "聊得怎么样？"), ("繁體中文", "聊得如何？")])
async def test_how_the_talk_went_is_asked_in_chinese(town: Town, language: str, asked: str) -> None:
    carl = await clerk_with_a_task(town)
    await carl.types("/language")
    await carl.press(language)
    await carl.types("/tasks")
    await carl.press("1 · Ann")
    await carl.press("✅ 已完成")
    assert asked in carl.hears()


async def test_nobody_answers_and_it_waits_for_tomorrow(town: Town) -> None:
    carl = await clerk_with_a_task(town)
    await carl.press("1 · Ann")
    await carl.press("📵 No answer")
    await carl.press("Nothing to note")
    assert "Nobody today" in carl.hears()


async def test_later_is_one_tap(town: Town) -> None:
    carl = await clerk_with_a_task(town)
    await carl.press("1 · Ann")
    await carl.press("⏰ In 3 d")
    assert carl.sees("Nobody today")


async def test_the_whole_phone_is_a_recorded_look(town: Town) -> None:
    carl = await clerk_with_a_task(town)
    await carl.press("1 · Ann")
    await carl.press("📞 Whole phone")
    assert "+8613800138000" in carl.hears()
    assert "That you looked is noted" in carl.hears()
