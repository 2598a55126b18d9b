"""Which store's cases a group shows is for those who manage it, also to change."""

from __future__ import annotations

import pytest

from actions import staff_groups
from actions.staff_groups import Settled
from db import staff_groups as rows
from db.database import Database
from db.people import Person
from db.staff_groups import Group
from loyalty.case_errors import GroupElsewhere
from loyalty.roles import Role
from tests.actions.shops import Shop, add_store, hire, open_shop

GROUP = Group(chat_id=-100, store_id=0, topic_id=0, title="team")
OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


@pytest.fixture
async def stranger(db: Database, shop: Shop) -> Person:
    """Who manages another store."""
    return await db.write(hire, OTHER, await db.write(add_store, "dongmen", "东门店"), Role.MANAGER)


async def test_a_manager_elsewhere_does_not_redirect_the_group_of_a_store(
    db: Database, shop: Shop, stranger: Person
) -> None:
    await db.write(staff_groups.settle, shop.manager, GROUP, "")
    with pytest.raises(GroupElsewhere):
        await db.write(staff_groups.settle, stranger, GROUP, "")
    assert [group.store_id for group in await db.read(rows.list_for, {shop.store_id})] == [shop.store_id]


async def test_nor_that_of_the_whole_chain(db: Database, shop: Shop, stranger: Person) -> None:
    await db.write(staff_groups.settle, shop.owner, GROUP, "")
    with pytest.raises(GroupElsewhere):
        await db.write(staff_groups.settle, stranger, GROUP, "")


async def test_who_manages_both_may(db: Database, shop: Shop, stranger: Person) -> None:
    await db.write(staff_groups.settle, shop.manager, GROUP, "")
    assert await db.write(staff_groups.settle, shop.owner, GROUP, "dongmen") == Settled("东门店", 0)


async def test_what_shows_nothing_any_more_is_anybodys_to_set_up(db: Database, shop: Shop, stranger: Person) -> None:
    await db.write(staff_groups.settle, shop.manager, GROUP, "")
    await db.write(staff_groups.lose, GROUP.chat_id)
    assert await db.write(staff_groups.settle, stranger, GROUP, "") == Settled("东门店", 0)
