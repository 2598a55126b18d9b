"""Handed on to a store or to a colleague: who may have it has it, and those concerned are told once."""

from __future__ import annotations

import asyncio

import pytest

from actions import case_desk, case_times, case_transfers, feedback
from actions.feedback import Said
from db import staff as posts
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import CaseNotFound, CaseSettled, NotAllowed, OwnCase, StaffNotFound, StoreNotFound
from loyalty.lots import NEVER
from loyalty.roles import Role
from tests.actions.complainers import opened, refused, stands, told
from tests.actions.job_runs import works
from tests.actions.shops import ANN, CLERK, MANAGER, OWNER, Shop, add_store, hire, open_shop

OTHER, FAR = 14, 15


@pytest.fixture
async def shop(db: Database) -> Shop:
    """With a second clerk, and a clerk of another store."""
    shop = await open_shop(db)
    await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    await db.write(lambda tx: hire(tx, FAR, add_store(tx, "dongmen", "东门店"), Role.CLERK))
    return shop


def post_of(tx: Tx, user_id: int) -> int:
    return posts.list_posts(tx, user_id)[0].id


async def hands(db: Database, who: Person, case_id: int, to: int) -> None:
    await db.write(case_transfers.assign, who, case_id, await db.read(post_of, to))


async def asks(db: Database, shop: Shop, case_id: int) -> None:
    await db.write(case_desk.say, shop.clerk, case_id, "ask", Said("which day?", "", "", "11:1"))


async def test_a_colleague_gets_it_in_hand_and_is_told(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await hands(db, shop.clerk, case_id, OTHER)
    case = await stands(db, case_id)
    assert (case.state, case.holder) == ("taken", OTHER)
    assert (await db.read(told, OTHER), await db.read(told, CLERK)) == (1, 0)


async def test_what_waits_for_the_member_goes_on_waiting_with_its_clock_stopped(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await asks(db, shop, case_id)
    await hands(db, shop.clerk, case_id, OTHER)
    case = await stands(db, case_id)
    assert (case.state, case.holder, case.resolve_due) == ("waiting", OTHER, NEVER)
    await db.write(feedback.follow, shop.ann, Said("on Sunday", "", "", "21:2"))
    assert (await stands(db, case_id)).state == "taken"
    assert await db.read(told, OTHER) == 2


async def test_a_manager_hands_on_what_nobody_has_and_what_another_has(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await hands(db, shop.manager, case_id, CLERK)
    await hands(db, shop.manager, case_id, OTHER)
    assert (await stands(db, case_id)).holder == OTHER
    # First that it is theirs, then that it is not any more.
    assert (await db.read(told, CLERK), await db.read(told, OTHER)) == (2, 1)


async def test_a_manager_takes_over_a_clerks_case(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    offered = (await db.read(case_transfers.takers, shop.manager, case_id)).colleagues
    assert [one["name"] for one in offered] == ["", "staff 13", "staff 14"]
    await hands(db, shop.manager, case_id, MANAGER)
    assert (await stands(db, case_id)).holder == MANAGER


async def test_a_clerk_hands_on_only_what_they_have(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    with pytest.raises(NotAllowed):
        await hands(db, shop.clerk, case_id, OTHER)


@pytest.mark.parametrize("to", [FAR, ANN, CLERK + 1_000])
async def test_nobody_gets_it_who_may_not_have_it(db: Database, shop: Shop, to: int) -> None:
    """A clerk of another store, the member, and nobody at all."""
    await db.write(hire, ANN, shop.store_id, Role.CLERK)
    case_id = await opened(db, shop)
    post_id = await db.read(post_of, to) if to != CLERK + 1_000 else 1_000
    with pytest.raises(StaffNotFound):
        await db.write(case_transfers.assign, shop.manager, case_id, post_id)
    offered = (await db.read(case_transfers.takers, shop.manager, case_id)).colleagues
    assert post_id not in [one["post_id"] for one in offered]


async def test_nobody_hands_on_their_own_case(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    ann = await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    with pytest.raises(OwnCase):
        await hands(db, ann, case_id, OTHER)
    with pytest.raises(OwnCase):
        await db.write(case_transfers.transfer, ann, case_id, shop.store_id)


async def test_what_is_about_no_store_goes_to_those_who_manage(db: Database, shop: Shop) -> None:
    said = Said("too few shops", "", "", "21:1")
    case_id = (await db.write(feedback.open_own, shop.ann, "suggestion", 0, said)).case_id
    offered = (await db.read(case_transfers.takers, shop.owner, case_id)).colleagues
    assert [one["name"] for one in offered] == ["", "staff 12"]


async def test_what_is_settled_is_handed_to_nobody(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.say, shop.clerk, case_id, "resolve", Said("done", "", "", "11:1"))
    with pytest.raises(CaseSettled):
        await hands(db, shop.manager, case_id, OTHER)


async def test_handed_to_two_at_once_it_is_in_one_pair_of_hands(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await refused(*(hands(db, shop.manager, case_id, to) for to in (CLERK, OTHER) for _ in range(10)))
    case = await stands(db, case_id)
    assert case.state == "taken"
    assert case.holder in (CLERK, OTHER)


async def test_a_colleague_who_is_removed_meanwhile_does_not_keep_it(db: Database, shop: Shop) -> None:
    case_id, post_id = await opened(db, shop), await db.read(post_of, OTHER)
    await db.write(case_desk.take, shop.clerk, case_id)
    gone = db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE id = :id", id=post_id))
    await asyncio.gather(gone, refused(db.write(case_transfers.assign, shop.clerk, case_id, post_id)))
    await works(db, case_times.watch)
    assert (await stands(db, case_id)).holder in (0, CLERK)


async def test_to_another_store_it_is_anybodys_there(db: Database, shop: Shop) -> None:
    elsewhere = await db.read(lambda tx: tx.value("SELECT id FROM store WHERE code = 'dongmen'"))
    case_id = await opened(db, shop)
    await asks(db, shop, case_id)
    await db.write(case_transfers.transfer, shop.clerk, case_id, elsewhere)
    case = await stands(db, case_id)
    assert (case.state, case.holder, case.store_id, case.resolve_due < NEVER) == ("new", 0, elsewhere, True)
    with pytest.raises(CaseNotFound):
        await db.write(case_desk.look, shop.clerk, case_id)


async def test_to_a_store_there_is_not_it_does_not_go(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    with pytest.raises(StoreNotFound):
        await db.write(case_transfers.transfer, shop.owner, case_id, 1_000)
    assert await db.read(told, OWNER) == 0


async def test_who_had_it_hears_that_a_manager_handed_it_to_another_store(db: Database, shop: Shop) -> None:
    elsewhere = await db.read(lambda tx: tx.value("SELECT id FROM store WHERE code = 'dongmen'"))
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await db.write(case_transfers.transfer, shop.owner, case_id, elsewhere)
    assert await db.read(told, CLERK) == 1


async def test_who_had_it_hears_that_a_manager_gave_it_back(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await db.write(case_desk.give_back, shop.manager, case_id)
    assert await db.read(told, CLERK) == 1


async def test_who_gives_it_back_themselves_is_told_nothing(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await db.write(case_desk.give_back, shop.clerk, case_id)
    assert await db.read(told, CLERK) == 0
