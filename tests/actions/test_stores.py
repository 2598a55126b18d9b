"""Stores, on both engines."""

from __future__ import annotations

import asyncio

import pytest

from actions import stores
from db.database import Database
from db.staff import CHAIN
from loyalty.errors import NotAllowed, StoreCodeTaken, StoreNotFound
from loyalty.roles import Role
from tests.actions.shops import add_store, hire, open_shop


async def test_a_store_is_added_with_its_link(db: Database) -> None:
    shop = await open_shop(db)
    view = await db.write(stores.add, shop.owner, "Nanhu", "nanhu", "雁塔", "1 Lake St")
    assert (view.name, view.start, view.active, view.staff) == ("Nanhu", "s_nanhu", True, 0)


async def test_a_code_belongs_to_one_store(db: Database) -> None:
    shop = await open_shop(db)
    tries = [db.write(stores.add, shop.owner, f"Nanhu {number}", "nanhu", "", "") for number in range(3)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, StoreCodeTaken) for result in results) == 2


@pytest.mark.parametrize("role", ["clerk", "manager", "ann"])
async def test_only_the_chains_people_add_and_close(db: Database, role: str) -> None:
    shop = await open_shop(db)
    person = getattr(shop, role)
    with pytest.raises(NotAllowed):
        await db.write(stores.add, person, "Nanhu", "nanhu", "", "")
    with pytest.raises(NotAllowed):
        await db.write(lambda tx: stores.set_active(tx, person, shop.store_id, active=False))


async def test_a_manager_of_the_chain_adds_and_closes(db: Database) -> None:
    await open_shop(db)
    manager = await db.write(hire, 77, CHAIN, Role.MANAGER)
    view = await db.write(stores.add, manager, "Nanhu", "nanhu", "", "")
    closed = await db.write(lambda tx: stores.set_active(tx, manager, view.id, active=False))
    assert not closed.active


async def test_a_manager_lists_and_changes_the_own_store_only(db: Database) -> None:
    shop = await open_shop(db)
    other = await db.write(add_store, "nanhu", "Nanhu")
    listed = await db.read(stores.list_managed, shop.manager)
    assert ([store.id for store in listed.stores], listed.may_add) == ([shop.store_id], False)
    assert (await db.write(stores.change, shop.manager, shop.store_id, "name", "Plaza")).name == "Plaza"
    for refused in (stores.look_at, stores.poster):
        with pytest.raises(NotAllowed):
            await db.read(refused, shop.manager, other)
    with pytest.raises(NotAllowed):
        await db.write(stores.change, shop.manager, other, "name", "Mine")


async def test_a_closed_store_has_no_poster(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(lambda tx: stores.set_active(tx, shop.owner, shop.store_id, active=False))
    with pytest.raises(StoreNotFound):
        await db.read(stores.poster, shop.owner, shop.store_id)


async def test_open_stores_come_first(db: Database) -> None:
    shop = await open_shop(db)
    other = await db.write(add_store, "nanhu", "Nanhu")
    await db.write(lambda tx: stores.set_active(tx, shop.owner, shop.store_id, active=False))
    listed = await db.read(stores.list_managed, shop.owner)
    assert [store.id for store in listed.stores] == [other, shop.store_id]
