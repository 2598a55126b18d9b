"""What people read who typed something odd, owe points, or ask what there is."""

from __future__ import annotations

import pytest

from db import accounts
from loyalty.roles import Role
from tests.actions.gift_shops import give
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town


async def at_work(town: Town, role: Role = Role.CLERK) -> Resident:
    clerk = await town.newcomer("Carl")
    await town.write(hire, clerk.id, await town.write(add_store, "ximen", "West Gate"), role)
    await clerk.opens()
    return clerk


async def test_a_clerk_who_is_not_understood_is_not_asked_to_join(town: Town) -> None:
    clerk = await at_work(town)
    await clerk.types("/undo")
    assert "did not quite get that" in clerk.hears()
    assert "/join" not in clerk.hears()


@pytest.mark.parametrize("command", ["/queue", "/complaint", "/desk"])
async def test_a_clerks_help_names_what_is_done_at_the_counter(town: Town, command: str) -> None:
    clerk = await at_work(town)
    await clerk.types("/help")
    assert command in clerk.hears()


@pytest.mark.parametrize("command", ["/campaign", "/jobs", "/audit", "/health"])
async def test_a_managers_help_names_what_managers_do(town: Town, command: str) -> None:
    manager = await at_work(town, Role.MANAGER)
    await manager.types("/help")
    assert command in manager.hears()


@pytest.mark.parametrize("typed", ["my gifts", "我的礼物", "我的禮物"])
async def test_whoever_asks_for_their_own_gifts_sees_those(town: Town, typed: str) -> None:
    ann = await town.newcomer("Ann")
    await town.write(add_member, "Ann", "13800138000", ann.id)
    await ann.opens()
    await ann.types(typed)
    assert "Your gifts to collect" in ann.hears()


async def test_the_clerk_sees_what_a_member_still_owes(town: Town) -> None:
    clerk = await at_work(town)
    member = await town.write(add_member, "Ann", "13800138000")
    await town.write(accounts.add_entry, member.id, -70, 70)
    await clerk.types("13800138000")
    assert "Still to be settled: 70 points" in clerk.hears()


async def test_what_is_owed_is_lacking_for_a_gift(town: Town) -> None:
    member = await town.write(add_member, "Ann", "13800138000")
    await town.write(give, member.id, 26)
    await town.write(accounts.add_entry, member.id, -93, 93)
    account = await town.db.read(accounts.get, member.id)
    assert account.lacks(300) == 300 + 93 - 26


async def test_points_that_only_settle_what_is_owed_have_no_expiry(town: Town) -> None:
    clerk = await at_work(town)
    member = await town.write(add_member, "Ann", "13800138000")
    await town.write(accounts.add_entry, member.id, -70, 70)
    await clerk.types("13800138000 20")
    assert "20 points went to settle" in clerk.hears()
    assert "Good until" not in clerk.hears()
