"""Slots that all processes share, and the quiet that Telegram asked for; on both engines."""

from __future__ import annotations

import asyncio
import itertools

from db import pace
from db.database import Database
from db.pace import Wanted
from tests.conftest import Clock

SLOT = Wanted(slots=1, interval=35_714, slack=17_857)


async def test_no_two_processes_get_the_same_slot(db: Database) -> None:
    firsts = sorted(await asyncio.gather(*(db.write(pace.reserve, SLOT) for _ in range(12))))
    assert {after - before for before, after in itertools.pairwise(firsts)} == {SLOT.interval}


async def test_what_is_idle_saves_up_no_more_than_the_slack(db: Database, clock: Clock) -> None:
    await db.write(pace.reserve, SLOT)
    clock.move(minutes=5)
    assert await db.write(pace.reserve, SLOT) == clock.now * 1000 - SLOT.slack


async def test_several_slots_are_reserved_at_once_and_replies_paid_for_before(db: Database) -> None:
    first = await db.write(pace.reserve, Wanted(slots=20, interval=1_000, slack=0))
    later = await db.write(pace.reserve, Wanted(slots=20, interval=1_000, slack=0, owed=5))
    assert later - first == 25_000


async def test_a_clock_that_is_set_back_stops_nobody(db: Database, clock: Clock) -> None:
    await db.write(pace.reserve, SLOT)
    clock.move(hours=-2)
    assert await db.write(pace.reserve, SLOT) <= clock.now * 1000


async def test_quiet_is_told_until_it_is_over(db: Database, clock: Clock) -> None:
    assert await db.read(pace.quiet_left) == 0
    await db.write(pace.close, 3_000)
    clock.move(seconds=1)
    assert await db.read(pace.quiet_left) == 2_000
    clock.move(seconds=2)
    assert await db.read(pace.quiet_left) == 0


async def test_a_clock_that_is_set_back_makes_no_quiet_longer(db: Database, clock: Clock) -> None:
    await db.write(pace.close, 3_000)
    clock.move(hours=-2)
    assert await db.read(pace.quiet_left) == 3_000


async def test_floods_are_counted_and_forgotten_after_a_month(db: Database, clock: Clock) -> None:
    began = clock.now
    await db.write(pace.close, 3_000)
    clock.move(days=31)
    await db.write(pace.close, 3_000)
    assert await db.read(pace.count_floods, began) == 1
