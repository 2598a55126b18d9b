"""Language, settings and help, as people use them."""

from __future__ import annotations

from tests.bot.joiners import keyboard_of, reach
from tests.bot.people import Town


async def test_a_members_keyboard_follows_the_language(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    await ann.types("/language")
    await ann.press("繁體中文")
    assert keyboard_of(ann) == ["我的會員卡", "積分", "資料", "設定"]


async def test_a_newcomer_who_chose_a_language_can_join_at_once(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.press("🌐")
    await ann.press("简体中文")
    assert "加入会员" in ann.buttons()
