"""Each sees the commands that they may use, and no others."""

from __future__ import annotations

import asyncio

from tests.bot.joiners import keyboard_of, reach
from tests.bot.people import Resident, Town


def menu_of(town: Town, resident: Resident) -> list[str]:
    shown = town.bot.menus.shown_to(resident.id, resident.person.language_code, None)
    return [entry["command"] for entry in shown]


NEWCOMERS = ["join", "language", "help", "privacy"]


async def test_newcomers_see_how_to_join_and_nothing_for_members(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    while not menu_of(town, ann):  # noqa: ASYNC110 - published besides the start, which does not wait for it
        await asyncio.sleep(0.01)
    assert menu_of(town, ann) == NEWCOMERS


async def test_joining_brings_the_menu_of_members(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    assert menu_of(town, ann) == [
        "card",
        "points",
        "history",
        "gifts",
        "coupons",
        "feedback",
        "cases",
        "profile",
        "settings",
        "help",
        "privacy",
    ]


async def test_staff_see_their_work_first_and_how_to_join_while_they_are_no_members(town: Town) -> None:
    owner = await town.owner()
    await owner.types("/desk")
    assert menu_of(town, owner)[:3] == ["desk", "member", "purchase"]
    assert menu_of(town, owner)[-4:] == NEWCOMERS


async def test_a_member_who_asks_for_help_has_keyboard_and_menu_at_hand(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    town.world.chat_of(ann.person, town.bot).keyboards.clear()
    await ann.types("/help")
    assert keyboard_of(ann) == ["My card", "Points", "Gifts", "Profile", "Settings"]


async def test_a_newcomer_who_is_not_understood_is_shown_the_way_in(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.types("blah")
    assert "/join" in ann.hears()
    assert "/points" not in ann.hears()
