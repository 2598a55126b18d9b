"""“Not my purchase”: staff read what it is about, can give it back from there, and whoever sold it does not end it."""

from __future__ import annotations

import pytest

from loyalty.roles import Role
from tests.actions.shops import hire
from tests.bot.desks import Desk
from tests.bot.test_case_desk import speaks


async def disputes(desk: Desk) -> None:
    """Carl recorded it."""
    await desk.carl.types("/purchase 13800138000 86.50")
    await desk.ann.press("🤔 Not my purchase")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("简体中文", "会员说：这笔消费不是本人的"),
        ("繁體中文", "會員表示：這筆消費不是本人的"),
        ("English", "The member says this purchase is not theirs"),
    ],
)
async def test_the_manager_reads_what_it_is_about(desk: Desk, language: str, told: str) -> None:
    await speaks(desk.mary, language)
    await disputes(desk)
    assert told in desk.mary.hears()
    await desk.mary.press("📋")
    assert told in desk.mary.hears()


async def test_the_purchase_is_given_back_from_the_case(desk: Desk) -> None:
    await disputes(desk)
    await desk.mary.press("📋 Open it")
    await desk.mary.press("💸 Refund")
    await desk.mary.press("Refund all of it")
    await desk.mary.press("✅ Yes, refund")
    await desk.mary.types("/queue")
    await desk.mary.press("🆕 1")
    assert "💸 Refund" not in desk.mary.buttons()


async def test_who_recorded_it_does_not_resolve_it(desk: Desk) -> None:
    await disputes(desk)
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    assert "☑️ Resolve" not in desk.carl.buttons()
    message = desk.carl.chat()[-1]
    await desk.carl.does(lambda: desk.carl.person.replay(desk.town.bot, message.id, "casesay:1:resolve"))
    assert "You recorded this purchase, so a colleague resolves the case" in desk.carl.hears()


async def test_nor_does_who_recorded_it_by_merging_it_into_another_case(desk: Desk) -> None:
    await disputes(desk)
    await desk.ann.types("/cancel")
    await desk.complains("And the soup was cold")
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("🔗")
    await desk.carl.press("🔗 🆕 2")
    assert "☑️ Resolve" not in desk.carl.buttons()


async def test_where_nobody_else_is_left_they_resolve_it_themselves(desk: Desk) -> None:
    await disputes(desk)
    await desk.town.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id <> :id", id=desk.carl.id))
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    assert "☑️ Resolve" in desk.carl.buttons()


async def test_a_colleague_resolves_it(desk: Desk) -> None:
    other = await desk.town.newcomer("Cora")
    store_id = await desk.town.db.read(lambda tx: tx.value("SELECT id FROM store"))
    await desk.town.write(hire, other.id, store_id, Role.CLERK)
    await other.opens()
    await disputes(desk)
    await other.types("/queue")
    await other.press("🆕 1")
    await other.press("☑️ Resolve")
    await other.types("Taken back, sorry.")
    await other.press("No compensation")
    assert desk.ann.sees("Taken back, sorry.")
