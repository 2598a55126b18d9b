"""What somebody reads and changes of a case at the desk: never their own, only while it is open, and on the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions import case_desk, case_merges, case_transfers, compensations, feedback, stores
from actions.case_views import Desk
from actions.feedback import Said
from db import audit, cases as rows
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import CaseHeld, CaseNotFound, CaseSettled, OwnCase
from loyalty.roles import Role
from tests.actions.complainers import opened, resolves, stands, told
from tests.actions.shops import ANN, Shop, add_store, hire, open_shop

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


def urgent(tx: Tx, person: Person, case_id: int) -> Desk:
    return case_desk.classify(tx, person, case_id, severity="urgent")


@pytest.mark.parametrize(
    "deed",
    [
        case_desk.look, case_desk.whole, case_desk.take, case_desk.give_back, case_transfers.takers,
        case_merges.choices, compensations.offer,
        urgent,
    ],
)  # fmt: skip
async def test_staff_neither_read_nor_steer_what_they_said_themselves(
    db: Database, shop: Shop, deed: Callable[[Tx, Person, int], Any]
) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    ann = await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    with pytest.raises(OwnCase):
        await db.write(deed, ann, case_id)


async def test_nor_is_it_in_their_queue(db: Database, shop: Shop) -> None:
    await opened(db, shop)
    ann = await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    assert (await db.read(case_desk.queue, ann))["cases"] == []


async def test_as_its_member_they_follow_it(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    ann = await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    assert (await db.read(feedback.look, ann, case_id)).case_id == case_id


async def test_what_a_colleague_has_is_classified_by_who_manages_it(db: Database, shop: Shop) -> None:
    other = await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    with pytest.raises(CaseHeld):
        await db.write(case_desk.classify, other, case_id, severity="urgent")
    await db.write(case_desk.classify, shop.manager, case_id, severity="urgent")
    assert (await stands(db, case_id)).severity == "urgent"


async def test_what_nobody_has_is_classified_by_whoever_sees_it(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.classify, shop.clerk, case_id, category="points")
    assert (await stands(db, case_id)).category == "points"


async def test_what_is_settled_stays_as_it_was_classified(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 0)
    await db.write(feedback.confirm, shop.ann, case_id)
    for who in (shop.clerk, shop.manager):
        with pytest.raises(CaseSettled):
            await db.write(case_desk.classify, who, case_id, category="points")


async def test_classifying_is_recorded_and_stands_in_the_thread(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.classify, shop.clerk, case_id, severity="urgent")
    (record,) = await db.read(audit.list_of_member, shop.member.id, ("case_classified",), 10)
    assert (record.actor, record.detail) == (shop.clerk.user_id, {"case": case_id, "severity": "urgent"})
    line = (await db.read(rows.list_lines, await stands(db, case_id)))[-1]
    assert (line.side, line.author, line.words) == ("event", shop.clerk.user_id, "classify urgent")


async def test_the_cases_of_a_closed_store_stay_with_its_people(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    chain_clerk = await db.write(hire, OTHER, 0, Role.CLERK)
    await db.write(add_store, "dongmen", "东门店")
    await db.write(lambda tx: stores.set_active(tx, shop.owner, shop.store_id, active=False))
    for who in (shop.manager, shop.clerk, chain_clerk):
        assert [one["case_id"] for one in (await db.read(case_desk.queue, who))["cases"]] == [case_id]
        assert (await db.write(case_desk.look, who, case_id)).case_id == case_id


async def test_what_is_about_no_store_is_not_for_a_clerk_of_the_chain(db: Database, shop: Shop) -> None:
    case_id = (await db.write(feedback.open_own, shop.ann, "complaint", 0, Said("too far", "", "", "21:1"))).case_id
    chain_clerk = await db.write(hire, OTHER, 0, Role.CLERK)
    with pytest.raises(CaseNotFound):
        await db.write(case_desk.look, chain_clerk, case_id)


@pytest.mark.parametrize("deed", [feedback.confirm, feedback.reopen])
async def test_who_has_left_hears_nothing_more_of_what_they_had(
    db: Database, shop: Shop, deed: Callable[[Tx, Person, int], Any]
) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 0)
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=shop.clerk.user_id))
    await db.write(deed, shop.ann, case_id)
    assert await db.read(told, shop.clerk.user_id) == 0
