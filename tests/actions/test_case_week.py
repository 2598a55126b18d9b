"""A week at the service desk: many cases, members, clerks and stores at once, with transactions that come to nothing,
messages that come twice, clock jumps, and people who leave (trial 1). tests/faults plays it with processes that die."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from actions import case_times
from actions.feedback import Said
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import Refusal
from tests import desk_weeks
from tests.actions.job_runs import works
from tests.conftest import Clock
from tests.desk_weeks import Deed, Known, Town


class Killed(Exception):
    """The process went away before it could commit."""


@dataclass
class Week:
    db: Database
    clock: Clock
    chance: random.Random
    town: Town
    known: Known
    said: set[str] = field(default_factory=set)  # sources of what was accepted
    number: int = 0

    def message(self, who: Person) -> Said:
        self.number += 1
        return Said(f"word {self.number}", "", "", f"{who.user_id}:{self.number}")

    async def does(self, deed: Deed) -> None:
        """Perhaps killed before the commit, perhaps delivered twice, perhaps refused."""
        action, who, args = deed
        for _ in range(self.chance.choice((1, 1, 2))):
            if self.chance.random() < 0.1:
                with pytest.raises((Killed, Refusal)):
                    await self.db.write(_killed, action, who, *args)
        if await self._tried(deed):
            self.said |= {desk_weeks.message_of(args)} - {""}
        if self.chance.random() < 0.1:
            await self._tried(deed)

    async def _tried(self, deed: Deed) -> bool:
        action, who, args = deed
        try:
            await self.db.write(action, who, *args)
        except Refusal:
            return False
        return True

    async def complains(self) -> None:
        self.number += 1
        await self.does(desk_weeks.sale(self.chance, self.town, f"till:{self.number}"))
        await self.does(desk_weeks.complaint(self.chance, self.town, self.message))
        self.known = await self.db.read(desk_weeks.look_round)

    async def goes_on(self) -> None:
        await self.does(desk_weeks.deed(self.chance, self.town, self.known, self.message))

    async def passes(self) -> None:
        """Time, sometimes a day at once; then the clock's work, by several processes."""
        self.clock.move(hours=self.chance.choice((0.1, 1, 3, 26)))
        await asyncio.gather(*(works(self.db, case_times.watch) for _ in range(2)))
        await asyncio.gather(*(works(self.db, case_times.close) for _ in range(2)))

    async def leaves(self) -> None:
        await self.does(desk_weeks.leaving(self.town, self.known.posts[-2]))  # the last is the owner's
        self.known = await self.db.read(desk_weeks.look_round)


def _killed(tx: Tx, action: Callable[..., Any], who: Person, *args: object) -> None:
    action(tx, who, *args)
    raise Killed


@pytest.fixture(params=[60, pytest.param(500, marks=pytest.mark.long)])
async def week(request: pytest.FixtureRequest, db: Database, clock: Clock) -> Week:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    await db.write(desk_weeks.settle, request.param * 3 // 5)
    town, known = await db.read(desk_weeks.visit), await db.read(desk_weeks.look_round)
    week = Week(db, clock, random.Random(seed), town, known)
    for day in range(7):
        for _ in range(request.param // 7 + 1):
            await week.complains()
            await asyncio.gather(*(week.goes_on() for _ in range(4)))
        for _ in range(4):
            await asyncio.gather(*(week.goes_on() for _ in range(request.param // 2)))
            week.known = await db.read(desk_weeks.look_round)
        await week.passes()
        if day in (2, 4):
            await asyncio.gather(week.leaves(), *(week.goes_on() for _ in range(10)))
    await works(db, case_times.watch)
    return week


async def test_nothing_is_lost_nobody_is_called_twice_and_no_case_is_in_two_hands(week: Week) -> None:
    print(await desk_weeks.check(week.db, week.said))
