"""Praise is passed on, and what nobody in particular says is dealt with: nobody is kept waiting, nobody asked back."""

from __future__ import annotations

from datetime import date

import pytest

from actions import case_times
from db.database import Tx
from loyalty.jobs import HOUR_MS, Run
from tests.bot.desks import Desk
from tests.bot.test_case_desk import speaks


async def praises(desk: Desk) -> None:
    await desk.ann.types("/feedback")
    await desk.ann.press("👍 Praise")
    await desk.ann.press("🏬 West Gate")
    await desk.ann.types("Carl knew what my mother likes")


async def opens(desk: Desk) -> None:
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")


async def weeks_pass(desk: Desk) -> None:
    desk.town.clock.forward(1_000 * HOUR_MS)
    await desk.town.write(_watch)
    await desk.town.settled()


def _watch(tx: Tx) -> None:
    case_times.watch(tx, Run("case_times", tx.now, date(2025, 3, 3), ""))


async def overheard(desk: Desk) -> None:
    await desk.carl.types("/complaint")
    for label in ("Nobody in particular", "😟 Complaint", "The store"):
        await desk.carl.press(label)
    await desk.carl.types("the freezer is too cold")


async def test_it_is_passed_on_to_the_team_and_the_member_is_thanked(desk: Desk) -> None:
    await praises(desk)
    await desk.mary.press("📋 Open it")
    await desk.mary.press("👏 Pass it on and close")
    assert desk.carl.sees("Carl knew what my mother likes")
    assert desk.ann.sees("Your praise has been passed on. Thank you!")
    assert desk.mary.sees("Passed on.")


@pytest.mark.parametrize(
    ("language", "button", "told"),
    [
        ("简体中文", "👏 转告大家", "您的表扬已经转告大家"),
        ("繁體中文", "👏 轉告大家", "您的表揚已經轉告大家"),
        ("English", "👏 Pass it on", "Your praise has been passed on"),
    ],
)
async def test_it_is_passed_on_in_every_language(desk: Desk, language: str, button: str, told: str) -> None:
    await praises(desk)
    for who in (desk.ann, desk.mary):
        await speaks(who, language)
    await desk.mary.types("/queue")
    await desk.mary.press("🆕 1")
    await desk.mary.press(button)
    assert desk.ann.sees(told)


async def test_it_has_no_time_nothing_to_give_and_nothing_to_ask(desk: Desk) -> None:
    await praises(desk)
    assert "due" not in desk.mary.hears()
    await opens(desk)
    assert "by " not in desk.carl.hears()
    assert not {"❓ Ask", "☑️ Resolve"} & set(desk.carl.buttons())


async def test_it_is_never_late(desk: Desk) -> None:
    await praises(desk)
    await weeks_pass(desk)
    assert not desk.mary.sees("⏳")
    assert not desk.mary.sees("🔴")


async def test_the_queue_has_it_without_a_time(desk: Desk) -> None:
    await praises(desk)
    await desk.carl.types("/queue")
    assert "waits for the member" not in desk.carl.hears()


async def test_passed_on_it_is_over(desk: Desk) -> None:
    await praises(desk)
    await opens(desk)
    message = desk.carl.chat()[-1]
    for _twice in range(2):
        await desk.carl.does(lambda: desk.carl.person.replay(desk.town.bot, message.id, "casepraise:1"))
    assert desk.ann.reads().count("has been passed on") == 1
    await desk.ann.types("/cases")
    assert "passed on" in desk.ann.hears()
    await desk.ann.press("✅ 1")
    assert not {"✅ Yes, solved", "↩️ It is not solved"} & set(desk.ann.buttons())


async def test_a_complaint_is_not_passed_on_that_way(desk: Desk) -> None:
    await desk.complains()
    await opens(desk)
    message = desk.carl.chat()[-1]
    await desk.carl.does(lambda: desk.carl.person.replay(desk.town.bot, message.id, "casepraise:1"))
    assert not desk.ann.sees("passed on")


async def test_what_nobody_in_particular_said_is_dealt_with_at_once(desk: Desk) -> None:
    await overheard(desk)
    await desk.carl.press("☑️ Resolve")
    assert "The member" not in desk.carl.hears()
    await desk.carl.types("turned up")
    assert "Dealt with." in desk.carl.hears()
    assert "member" not in desk.carl.hears()


async def test_nobody_waits_for_an_answer_to_what_nobody_in_particular_said(desk: Desk) -> None:
    await overheard(desk)
    await weeks_pass(desk)
    assert desk.mary.sees("It is not solved yet")
    assert not desk.mary.sees("still waits for an answer")
