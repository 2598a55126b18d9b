"""Several do something about one case at the same moment: one of them does it, the others are told (trial 2); and who
may not see a case cannot get at it in any way (trial 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from actions import case_desk, case_merges, case_replies, case_times, case_transfers, compensations, feedback
from actions.case_replies import Place
from actions.feedback import Said
from db import cases as rows
from db.database import Database, Tx
from db.people import Person
from loyalty.cases import State
from loyalty.errors import CaseNotFound, Refusal
from loyalty.roles import Role
from tests.actions.complainers import stands
from tests.actions.job_runs import works
from tests.actions.shops import Shop, add_store, hire, open_shop
from tests.conftest import Clock

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def opened(db: Database, shop: Shop) -> int:
    said = Said("cold soup", "photo", "file-1", "21:1")
    return (await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said)).case_id


async def says(db: Database, who: Person, case_id: int, way: str, words: str = "sorry") -> Any:
    return await db.write(case_desk.say, who, case_id, way, Said(words, "", "", f"{who.user_id}:{way}:{words}"))


async def refused(*doings: Any) -> int:
    """How many were told that it cannot be; anything else that goes wrong is raised."""
    done = await asyncio.gather(*doings, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, Refusal):
            raise one
    return sum(isinstance(one, Refusal) for one in done)


async def deeds(db: Database, case_id: int, deed: str) -> int:
    lines = await db.read(rows.list_lines, await stands(db, case_id))
    return sum(line.side == "event" and line.words.startswith(deed) for line in lines)


async def test_two_take_answer_and_resolve_at_once(db: Database, shop: Shop) -> None:
    second = await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    case_id = await opened(db, shop)
    await refused(
        *(db.write(case_desk.take, who, case_id) for who in (shop.clerk, second)),
        *(says(db, who, case_id, way) for who in (shop.clerk, second) for way in ("answer", "resolve")),
    )
    case = await stands(db, case_id)
    assert await deeds(db, case_id, "take") == 1
    assert await deeds(db, case_id, "resolve") <= 1
    assert case.holder in (shop.clerk.user_id, second.user_id)


async def test_confirmed_and_reopened_at_once_it_is_one_of_them(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await says(db, shop.clerk, case_id, "resolve")
    told = await refused(db.write(feedback.confirm, shop.ann, case_id), db.write(feedback.reopen, shop.ann, case_id))
    state: State = (await stands(db, case_id)).state
    assert told == 1
    assert state in ("confirmed", "taken")


async def test_reopened_while_it_is_being_closed(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await says(db, shop.clerk, case_id, "resolve")
    clock.move(days=3)
    await works(db, case_times.close)
    clock.move(days=4)
    told = await refused(works(db, case_times.close), db.write(feedback.reopen, shop.ann, case_id))
    # Closed first or not, the member has it opened again.
    assert (told, (await stands(db, case_id)).state) == (0, "taken")


async def test_resolved_while_the_member_writes_nothing_said_is_lost(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await refused(
        says(db, shop.clerk, case_id, "resolve"),
        db.write(feedback.add, shop.ann, case_id, Said("still cold", "", "", "21:2")),
    )
    lines = await db.read(rows.list_lines, await stands(db, case_id))
    assert {line.words for line in lines if line.side != "event"} == {"cold soup", "sorry", "still cold"}
    assert (await stands(db, case_id)).state in ("taken", "resolved")


def _replies(tx: Tx, person: Person, case_id: int, said: Said) -> object:
    return case_replies.take(tx, person, Place(case_id), said)


WAYS = [
    "look", "take", "whole", "reply", "answer", "merge", "give back", "classify", "hand to a store", "hand to oneself",
    "see who may have it", "see what it can be merged into", "see what may be given",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_a_clerk_of_another_store_gets_at_it_in_no_way(db: Database, shop: Shop, way: str) -> None:
    elsewhere = await db.write(add_store, "dongmen", "东门店")
    other = await db.write(hire, OTHER, elsewhere, Role.CLERK)
    case_id, said = await opened(db, shop), Said("hello", "", "", "14:1")
    ways: dict[str, tuple[Callable[..., Any], tuple[object, ...]]] = {
        "look": (case_desk.look, ()),
        "take": (case_desk.take, ()),
        "whole": (case_desk.whole, ()),
        "reply": (_replies, (said,)),
        "answer": (case_desk.say, ("answer", said)),
        "merge": (case_merges.merge, (case_id,)),
        "give back": (case_desk.give_back, ()),
        "classify": (case_desk.classify, ("urgent",)),
        "hand to a store": (case_transfers.transfer, (elsewhere,)),
        "hand to oneself": (case_transfers.assign, (1,)),
        "see who may have it": (case_transfers.takers, ()),
        "see what it can be merged into": (case_merges.choices, ()),
        "see what may be given": (compensations.offer, ()),
    }
    action, args = ways[way]
    with pytest.raises(CaseNotFound):
        await db.write(action, other, case_id, *args)
