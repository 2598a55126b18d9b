"""What a member reads of their tier: on reaching it, before it may end, and when it does."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest_asyncio

from actions import expiring, reviews
from db.members import Member
from loyalty.roles import Role
from tests.actions.gift_shops import give
from tests.actions.job_runs import works
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

PHONE = "13800138000"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest_asyncio.fixture
async def ann(town: Town) -> Resident:
    """A silver member since noon of 2026-03-10."""
    at(town, 2026, 3, 10)
    ann, carl = await town.newcomer("Ann"), await town.newcomer("Carl")
    store_id = await town.write(add_store, "ximen", "West Gate")
    await town.write(hire, carl.id, store_id, Role.CLERK)
    member: Member = await town.write(add_member, "Ann", PHONE, ann.id)
    assert member.id == 1
    await ann.opens()
    await carl.opens()
    await carl.types(f"/purchase {PHONE} 2000")
    return ann


def at(town: Town, year: int, month: int, day: int) -> None:
    """Noon there: nobody sleeps."""
    town.clock.set(int(datetime(year, month, day, 12, tzinfo=ZONE).timestamp() * 1000))


async def reviewed(ann: Resident, *day: int) -> None:
    at(ann.town, *day)
    await works(ann.town.db, reviews.page)
    await ann.does(lambda: None)


async def test_reaching_a_tier_is_welcomed_with_what_it_brings(ann: Resident) -> None:
    assert ann.sees("Welcome to Silver!")
    assert ann.sees("Silver bonus ×1.2")


async def test_what_is_missing_is_told_before_and_by_points_the_same(ann: Resident) -> None:
    await reviewed(ann, 2026, 3, 11)
    await reviewed(ann, 2027, 3, 11)
    await reviewed(ann, 2028, 2, 9)
    assert ann.sees("¥2,000.00 more by Mar 10, 2028 and it stays yours.")
    await ann.types("/points")
    assert "To keep Silver, spend ¥2,000.00 more by Mar 10, 2028." in ann.hears()


async def test_who_is_moved_down_reads_kindly_what_stays(ann: Resident) -> None:
    for day in ((2026, 3, 11), (2027, 3, 11), (2028, 2, 9), (2028, 3, 11)):
        await reviewed(ann, *day)
    assert ann.sees("Your time as Silver has ended; from today you are Classic.")
    assert ann.sees("We would be glad to see you as Silver again.")
    await ann.types("/points")
    assert "Your tier: Classic" in ann.hears()


async def test_points_about_to_expire_are_told_with_the_date(ann: Resident) -> None:
    end = int(datetime(2026, 6, 30, 23, 59, 59, 999_000, tzinfo=ZONE).timestamp() * 1000)
    await ann.town.write(give, 1, 70, end)
    at(ann.town, 2026, 6, 23)
    await works(ann.town.db, expiring.tell_expiring)
    await ann.does(lambda: None)
    assert ann.sees("70 points are good until Jun 30, 2026; after that they expire.")
