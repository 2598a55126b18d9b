"""A week at the service desk: many cases, members, clerks and stores at once, with kills, clock jumps, and people who
leave. Nothing said is lost, nobody is called twice, and no case is in two hands (trial 1)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from actions import case_desk, case_replies, case_times, case_transfers, charters, feedback, staff
from actions.feedback import Said
from db import cases as rows
from db import people
from db import staff as posts
from db.database import Database, Tx
from db.people import Person
from loyalty.cases import ARROWS, State
from loyalty.charter import DEFAULT_CHARTER
from loyalty.errors import Refusal
from loyalty.roles import Role
from tests.actions.job_runs import works
from tests.actions.shops import OWNER, add_member, add_store, hire
from tests.conftest import Clock


class Killed(Exception):
    """The process went away before it could commit."""


@dataclass
class Week:
    db: Database
    clock: Clock
    chance: random.Random
    stores: list[int]
    members: list[Person]
    clerks: list[Person]
    owner: Person
    said: set[str] = field(default_factory=set)  # sources of what was accepted
    cases: dict[int, Person] = field(default_factory=dict)  # whose
    number: int = 0

    def message(self, who: Person) -> Said:
        self.number += 1
        return Said(f"word {self.number}", "", "", f"{who.user_id}:{self.number}")

    async def does(self, action: Callable[..., Any], who: Person, *args: object) -> Any:
        """Perhaps killed before the commit, perhaps delivered twice; None if it was refused."""
        for _ in range(self.chance.choice((1, 1, 2))):
            if self.chance.random() < 0.1:
                with pytest.raises((Killed, Refusal)):
                    await self.db.write(_killed, action, who, *args)
        try:
            done = await self.db.write(action, who, *args)
        except Refusal:
            return None
        self.said |= {one.source for one in args if isinstance(one, Said)}
        if self.chance.random() < 0.1:
            await self._again(action, who, *args)
        return done

    async def _again(self, action: Callable[..., Any], who: Person, *args: object) -> None:
        try:
            await self.db.write(action, who, *args)
        except Refusal:
            return

    async def complains(self) -> None:
        who = self.chance.choice(self.members)
        opened = await self.does(
            feedback.open_own, who, "complaint", self.chance.choice(self.stores), self.message(who)
        )
        self.cases[opened.case_id] = who

    async def goes_on(self) -> None:
        """Somebody does something about some case."""
        case_id = self.chance.choice(list(self.cases))
        member, clerk = self.cases[case_id], self.chance.choice(self.clerks)
        deeds: list[tuple[Callable[..., Any], Person, tuple[object, ...]]] = [
            (case_desk.take, clerk, (case_id,)),
            (case_desk.give_back, clerk, (case_id,)),
            (case_transfers.transfer, clerk, (case_id, self.chance.choice(self.stores))),
            *((case_desk.say, clerk, (case_id, way, self.message(clerk))) for way in ("answer", "ask", "note")),
            *((case_desk.say, clerk, (case_id, "resolve", self.message(clerk))) for _ in range(2)),
            (feedback.add, member, (case_id, self.message(member))),
            (case_replies.take, member, (case_id, self.message(member))),
            (feedback.confirm, member, (case_id,)),
            (feedback.reopen, member, (case_id,)),
        ]
        action, who, args = self.chance.choice(deeds)
        await self.does(action, who, *args)

    async def passes(self) -> None:
        """Time, sometimes a day at once; then the clock's work, by several processes."""
        self.clock.move(hours=self.chance.choice((0.1, 1, 3, 26)))
        await asyncio.gather(*(works(self.db, case_times.watch) for _ in range(2)))
        await asyncio.gather(*(works(self.db, case_times.close) for _ in range(2)))

    async def leaves(self) -> None:
        clerk = self.clerks.pop()
        (post,) = await self.db.read(posts.list_posts, clerk.user_id)
        await self.db.write(staff.remove, self.owner, post.id)


def _killed(tx: Tx, action: Callable[..., Any], who: Person, *args: object) -> None:
    action(tx, who, *args)
    raise Killed


def _begin(tx: Tx, members: int) -> tuple[list[int], list[Person], list[Person], Person]:
    charters.publish(tx, DEFAULT_CHARTER, OWNER)
    stores = [add_store(tx, f"store{n}", f"Store {n}") for n in range(3)]
    for n in range(members):
        add_member(tx, f"Member {n}", f"138{n:08d}", user_id=1_000 + n)
    clerks = [hire(tx, 100 + n, stores[n % 3], Role.MANAGER if n < 3 else Role.CLERK) for n in range(12)]
    owner = hire(tx, OWNER, posts.CHAIN, Role.OWNER)
    return stores, [people.meet(tx, 1_000 + n, "en") for n in range(members)], clerks, owner


@pytest.fixture(params=[60, pytest.param(500, marks=pytest.mark.long)])
async def week(request: pytest.FixtureRequest, db: Database, clock: Clock) -> Week:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    begun = await db.write(_begin, request.param * 3 // 5)
    week = Week(db, clock, random.Random(seed), *begun)
    for day in range(7):
        for _ in range(request.param // 7 + 1):
            await week.complains()
            await asyncio.gather(*(week.goes_on() for _ in range(4)))
        await asyncio.gather(*(week.goes_on() for _ in range(request.param // 2)))
        await week.passes()
        if day in (2, 4):
            await asyncio.gather(week.leaves(), *(week.goes_on() for _ in range(10)))
    return week


def _bodies(tx: Tx) -> list[tuple[int, dict[str, Any]]]:
    sealed = tx.all("SELECT chat_id, payload FROM outbox ORDER BY id")
    return [(chat, orjson.loads(tx.vault.open_system("outbox", str(chat), bytes(body)))) for chat, body in sealed]


def _sources(tx: Tx) -> list[str]:
    return [row[0] for row in tx.all("SELECT source FROM case_line WHERE source IS NOT NULL")]


async def test_nothing_is_lost_nobody_is_called_twice_and_no_case_is_in_two_hands(week: Week) -> None:
    kept = await week.db.read(_sources)
    assert sorted(kept) == sorted(week.said)
    for case_id in week.cases:
        await _stands_as_drawn(week, case_id)
    await _nobody_was_called_twice(week)


async def _stands_as_drawn(week: Week, case_id: int) -> None:
    """Every event is an arrow from where the one before it led, and the case stands where they end."""
    case = await week.db.read(rows.get, case_id)
    assert case is not None
    state: State = "new"
    for line in await week.db.read(rows.list_lines, case):
        deed = line.words.split(" ")[0]
        if line.side == "event" and deed in ARROWS:
            assert state in ARROWS[deed], (case_id, state, deed)
            state = ARROWS[deed][state]
    assert case.state == state
    assert (case.holder == 0) == (state == "new")


async def _nobody_was_called_twice(week: Week) -> None:
    """Once for each time it was opened, and clock."""
    told = Counter(
        (chat, body["template"], body["params"]["case_id"], body["params"]["answer"])
        for chat, body in await week.db.read(_bodies)
        if body["template"] in ("case_late", "case_warned")
    )
    assert told
    for (_chat, _template, case_id, _answer), times in told.items():
        case = await week.db.read(rows.get, case_id)
        assert case is not None
        assert times <= 1 + case.reopened
