"""A case that was logged for the wrong member, on both engines."""

from __future__ import annotations

import pytest

from actions import case_merges, case_owners, erasure
from actions.case_views import Desk
from actions.complaints import Heard, log
from db import cases as rows
from db.database import Database
from loyalty.errors import CaseAnswered, MemberNotFound
from tests.actions.complainers import opened, resolves, said, stands
from tests.actions.shops import Shop, add_member, at_desk, open_shop


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def logged(db: Database, shop: Shop) -> int:
    heard = Heard(shop.member.id, "complaint", "normal")
    desk = await db.write(log, at_desk(shop.clerk, shop.store_id), heard, said("cold soup", "11:1"))
    assert isinstance(desk, Desk)
    return desk.case_id


async def moves(db: Database, shop: Shop, case_id: int) -> int:
    other = await db.write(add_member, "Bob", "13900139000")
    return (await db.write(case_owners.move, shop.clerk, case_id, other.id)).member_id


async def test_its_lines_outlive_the_member_it_was_logged_for(db: Database, shop: Shop) -> None:
    case_id = await logged(db, shop)
    await moves(db, shop, case_id)
    await db.write(erasure.erase_own, shop.ann)
    case = await stands(db, case_id)
    assert case.state == "new"
    assert (await db.read(rows.list_lines, case))[0].words == "cold soup"


async def test_what_was_resolved_stays(db: Database, shop: Shop) -> None:
    case_id = await logged(db, shop)
    await resolves(db, shop.clerk, case_id, 0)
    with pytest.raises(CaseAnswered):
        await moves(db, shop, case_id)


async def test_what_another_went_into_stays(db: Database, shop: Shop) -> None:
    case_id, own = await logged(db, shop), await opened(db, shop)
    await db.write(case_merges.merge, shop.manager, own, case_id)
    with pytest.raises(CaseAnswered):
        await moves(db, shop, case_id)


async def test_who_is_gone_is_given_nothing(db: Database, shop: Shop) -> None:
    case_id = await logged(db, shop)
    bob = await db.write(add_member, "Bob", "13900139000", 22)
    await db.write(lambda tx: erasure.erase(tx, bob, "asked"))
    with pytest.raises(MemberNotFound):
        await db.write(case_owners.move, shop.clerk, case_id, bob.id)
