"""A case moves by the drawn arrows only, in one pair of hands, with a clock that stands still while we wait."""

from __future__ import annotations

import asyncio

import pytest

from actions import cases
from actions.cases import Opening
from db import cases as rows
from db.cases import Case, NewLine
from db.database import Database, Tx
from loyalty.cases import ARROWS, Deed, State
from loyalty.errors import CaseNotFound, CaseSettled
from loyalty.jobs import HOUR_MS
from loyalty.lots import NEVER
from tests.actions.shops import ANN, CLERK, MANAGER, Shop, open_shop
from tests.conftest import Clock


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def opened(db: Database, shop: Shop, key: str = "chat:1", member: bool = True) -> Case:
    said = NewLine("member" if member else "staff", ANN, "cold soup", source=key)
    opening = Opening(
        "complaint", "goods", "normal", shop.member.id if member else 0, shop.store_id, ANN, "member", key, [said]
    )
    case, _new = await db.write(cases.begin, opening)
    return case


async def moved(db: Database, case: Case, *deeds: Deed) -> Case:
    for deed in deeds:
        case = await db.write(cases.move, case, deed, CLERK, CLERK)
    return case


async def test_times_are_counted_in_shop_hours(db: Database, shop: Shop, clock: Clock) -> None:
    case = await opened(db, shop)  # at noon; open from 9 to 22
    assert case.answer_due == clock.now + 8 * HOUR_MS
    assert case.resolve_due == clock.now + (3 * 24 + 1) * HOUR_MS  # 10 h today, 13 h on each of two days, 4 h more


async def test_opened_again_under_its_key_it_is_the_same(db: Database, shop: Shop) -> None:
    first = await opened(db, shop)
    assert (await opened(db, shop)).id == first.id
    assert len(await db.read(rows.list_lines, first)) == 1


async def test_two_take_it_and_one_has_it(db: Database, shop: Shop) -> None:
    case = await opened(db, shop)
    both = [db.write(cases.move, case, "take", who, who) for who in (CLERK, MANAGER)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in done].count(CaseSettled) == 1
    (taken,) = [one for one in done if isinstance(one, Case)]
    assert (await db.read(rows.get, case.id)) == taken


@pytest.mark.parametrize("deed", list(ARROWS))
async def test_from_the_end_no_arrow_leads_on(db: Database, shop: Shop, deed: Deed) -> None:
    case = await moved(db, await opened(db, shop), "take", "resolve", "confirm")
    with pytest.raises(CaseSettled):
        await moved(db, case, deed)


async def test_while_the_member_is_asked_the_clock_stands_still(db: Database, shop: Shop, clock: Clock) -> None:
    case = await opened(db, shop)
    due = case.resolve_due
    asked = await moved(db, case, "take", "ask")
    assert asked.resolve_due == NEVER
    clock.move(days=3)
    heard = await moved(db, asked, "heard")
    assert heard.resolve_due == due + 3 * 24 * HOUR_MS


async def test_reopened_it_has_its_whole_time_again(db: Database, shop: Shop, clock: Clock) -> None:
    case = await moved(db, await opened(db, shop), "take", "resolve")
    clock.move(days=1)
    again = await moved(db, case, "reopen")
    assert (again.state, again.reopened, again.resolved_at) == ("taken", 1, 0)
    assert again.resolve_due == clock.now + (3 * 24 + 1) * HOUR_MS


async def test_the_thread_keeps_what_was_said_and_done_in_order(db: Database, shop: Shop) -> None:
    case = await moved(db, await opened(db, shop), "take", "ask")
    lines = await db.read(rows.list_lines, case)
    assert [(line.side, line.words) for line in lines] == [("member", "cold soup"), ("event", "take"), ("event", "ask")]


async def test_a_message_comes_into_the_thread_once(db: Database, shop: Shop) -> None:
    case = await opened(db, shop)
    line = NewLine("member", ANN, "and no spoon", "photo", "file-1", source="chat:2")
    assert await db.write(rows.add_line, case, line)
    assert await db.write(rows.add_line, case, line) is None
    kept = (await db.read(rows.list_lines, case))[-1]
    assert (kept.words, kept.file_kind, kept.file_id) == ("and no spoon", "photo", "file-1")


@pytest.mark.parametrize("member", [True, False])
async def test_what_is_said_is_sealed(db: Database, shop: Shop, member: bool) -> None:
    await opened(db, shop, member=member)
    assert "soup" not in repr(await db.read(lambda tx: tx.all("SELECT * FROM case_line")))


async def test_open_cases_come_by_urgency_and_in_pages(db: Database, shop: Shop, clock: Clock) -> None:
    ids = []
    for n in range(5):
        ids.append((await opened(db, shop, key=f"chat:{n}")).id)
        clock.move(minutes=1)
    first = await db.read(rows.list_open, [shop.store_id], (0, 0), 3)
    rest = await db.read(rows.list_open, None, (first[-1].resolve_due, first[-1].id), 3)
    assert [case.id for case in (*first, *rest)] == ids


async def test_of_the_erased_the_thread_is_empty_and_the_count_stays(db: Database, shop: Shop) -> None:
    from actions import erasure

    case = await opened(db, shop)
    await db.write(erasure.erase_own, shop.ann)
    assert [(line.words, line.side) for line in await db.read(rows.list_lines, case)] == [("", "member"), ("", "event")]


async def test_there_is_no_other_case(db: Database, shop: Shop) -> None:
    with pytest.raises(CaseNotFound):
        await db.read(cases.require, 77)


async def test_every_state_is_reached_and_none_is_left_but_by_an_arrow(db: Database, shop: Shop) -> None:
    """All ways of up to five deeds, held against the drawing."""

    def states(tx: Tx, case_id: int) -> State:
        case = rows.get(tx, case_id)
        assert case is not None
        return case.state

    seen: set[State] = set()
    for number, deeds in enumerate(_ways(5)):
        case = await moved(db, await opened(db, shop, key=f"way:{number}"), *deeds)
        seen.add(await db.read(states, case.id))
    assert seen == {"new", "taken", "waiting", "resolved", "confirmed", "unanswered", "closed", "merged"}


def _ways(length: int) -> list[tuple[Deed, ...]]:
    """Shortest ways to each state and along each arrow."""
    ways: dict[tuple[State, Deed], tuple[Deed, ...]] = {}
    reached: dict[State, tuple[Deed, ...]] = {"new": ()}
    for _ in range(length):
        for state, way in list(reached.items()):
            for deed in ARROWS:
                after = ARROWS[deed].get(state)
                if after and (state, deed) not in ways:
                    ways[state, deed] = (*way, deed)
                    reached.setdefault(after, (*way, deed))
    return list(ways.values())
