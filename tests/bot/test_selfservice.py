"""Language, settings and help, as people use them."""

from __future__ import annotations

from db import members
from tests.bot.joiners import add_stores, keyboard_of, member_of, reach
from tests.bot.people import Resident, Town


async def test_a_members_keyboard_follows_the_language(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    await ann.types("/language")
    await ann.press("繁體中文")
    assert keyboard_of(ann) == ["我的會員卡", "積分", "禮品", "資料", "設定"]


async def test_a_newcomer_who_chose_a_language_can_join_at_once(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.press("🌐")
    await ann.press("简体中文")
    assert "加入会员" in ann.buttons()


async def shopper(town: Town) -> Resident:
    """A member in easy mode, with one purchase of today."""
    owner, ann = await town.owner(), await town.newcomer("Ann", phone="+8613800138000")
    await add_stores(town, "ximen")
    await reach(ann, "joined")
    await owner.types("/purchase 13800138000 86.50")
    await ann.types("/settings")
    await ann.press("Turn easy mode on")
    return ann


async def test_in_easy_mode_the_history_says_only_what_was_bought(town: Town) -> None:
    ann = await shopper(town)
    await ann.types("/history")
    assert "You bought for ¥86.50." in ann.hears()
    assert "good until" not in ann.hears()


async def test_in_easy_mode_the_help_is_short(town: Town) -> None:
    ann = await shopper(town)
    await ann.types("/help")
    assert "/card" in ann.hears()
    assert "/profile" not in ann.hears()


async def test_who_comes_back_is_told_once_what_did_not_reach_them(town: Town) -> None:
    ann = await shopper(town)
    await ann.does(lambda: ann.person.block(town.bot))
    town.clock.forward(3_600_000)
    await (await town.owner()).types("/purchase 13800138000 20")
    await ann.opens()
    assert "1 message could not reach you" in ann.hears()
    await ann.does(lambda: ann.person.block(town.bot))
    await ann.opens()
    assert "could not reach you" not in ann.hears()


async def test_quiet_hours_are_written_as_on_their_buttons(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.types("/settings")
    await ann.press("Quiet hours")
    await ann.press("20:00–10:00")
    assert ann.sees("Quiet hours: 20:00 to 10:00")


async def test_somebody_elses_card_says_to_a_member_only_where_their_own_is(town: Town) -> None:
    ann, bob = await town.newcomer("Ann"), await town.newcomer("Bob")
    await reach(ann, "joined")
    member = await member_of(town, ann)
    assert member is not None
    token = await town.db.read(members.card_token_of, member.id)
    await bob.opens(f"m_{token}")
    assert "/join" in bob.hears()
    assert "/card" not in bob.hears()
