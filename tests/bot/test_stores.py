"""Opening, changing and closing stores, as those who manage them."""

from __future__ import annotations

import pytest
import pytest_asyncio

from db import audit, staff, stores
from db.stores import Store
from loyalty.roles import Role
from tests.bot.people import USERNAME, Resident, Town


@pytest_asyncio.fixture
async def owner(town: Town) -> Resident:
    return await town.owner()


async def store_of(town: Town, store_id: int = 1) -> Store | None:
    store: Store | None = await town.db.read(stores.get, store_id)
    return store


async def open_store(owner: Resident) -> None:
    await owner.types("/store")
    await owner.press("➕ Open a store")
    await owner.types("西门店")
    await owner.press("ximen")
    await owner.types("莲湖区")
    await owner.press("Skip")


async def manager_of(town: Town, owner: Resident, store_id: int) -> Resident:
    manager = await town.newcomer("Mia")
    await manager.opens()
    await town.write(staff.appoint, manager.id, store_id, Role.MANAGER, "Mia", owner.id)
    return manager


async def press_forged(town: Town, resident: Resident, data: str) -> None:
    message = resident.chat()[-1]
    await resident.does(lambda: resident.person.replay(town.bot, message.id, data))


async def test_a_store_is_opened_by_answers(town: Town, owner: Resident) -> None:
    await open_store(owner)
    assert await store_of(town) == Store(1, "ximen", "西门店", "莲湖区", "", True)
    assert f"https://t.me/{USERNAME}?start=s_ximen" in owner.hears()


async def test_the_code_can_be_typed(town: Town, owner: Resident) -> None:
    await owner.types("/store")
    await owner.press("➕ Open a store")
    await owner.types("西门店")
    await owner.types("West Gate")
    await owner.press("Skip")
    await owner.press("Skip")
    store = await store_of(town)
    assert store
    assert store.code == "west-gate"


@pytest.mark.parametrize(("code", "told"), [("西门", "A code is made of"), ("ximen", "has the code ximen already")])
async def test_an_unfit_code_is_asked_for_again(town: Town, owner: Resident, code: str, told: str) -> None:
    await town.write(stores.add, "ximen", "Ximen", "", "", 1)
    await owner.types("/store")
    await owner.press("➕ Open a store")
    await owner.types("西门店")
    await owner.types(code)
    assert told in owner.hears()
    await owner.press("ximen-2")
    await owner.press("Skip")
    await owner.press("Skip")
    assert await store_of(town, 2)


async def test_customers_join_by_the_stores_link(town: Town, owner: Resident) -> None:
    await open_store(owner)
    await owner.types("/store")
    await owner.press("🏬 西门店")
    copied = await owner.press("📋 Copy the link")
    assert copied
    ann = await town.newcomer("Ann")
    await ann.opens(copied.copied.partition("start=")[2])
    assert "Join" in ann.buttons()


async def test_the_link_comes_as_a_picture_to_print(town: Town, owner: Resident) -> None:
    await open_store(owner)
    await owner.press("🖼 QR code")
    assert owner.answers()[-1].photo


@pytest.mark.parametrize(
    ("button", "typed", "field"),
    [("✏️ Name", "Ximen Plaza", "name"), ("✏️ District", "碑林区", "district"), ("✏️ Address", "东大街 9 号", "address")],
)
async def test_a_store_is_changed(town: Town, owner: Resident, button: str, typed: str, field: str) -> None:
    await open_store(owner)
    await owner.types("/store")
    await owner.press("🏬 西门店")
    await owner.press(button)
    await owner.types(typed)
    assert getattr(await store_of(town), field) == typed
    assert typed in owner.hears()


async def test_an_optional_field_is_emptied(town: Town, owner: Resident) -> None:
    await open_store(owner)
    await owner.types("/store")
    await owner.press("🏬 西门店")
    await owner.press("✏️ District")
    await owner.press("Leave it empty")
    store = await store_of(town)
    assert store
    assert store.district == ""


async def test_a_store_is_closed_and_reopened(town: Town, owner: Resident) -> None:
    await open_store(owner)
    await owner.types("/store")
    await owner.press("🏬 西门店")
    await owner.press("🔒 Close")
    await owner.press("🔒 Yes, close it")
    assert await town.db.read(stores.list_active) == []
    await owner.press("🔓 Reopen")
    assert len(await town.db.read(stores.list_active)) == 1


async def test_closing_asks_first(town: Town, owner: Resident) -> None:
    await open_store(owner)
    await owner.types("/store")
    await owner.press("🏬 西门店")
    await owner.press("🔒 Close")
    assert owner.sees("Close 西门店?")
    await owner.press("No, go back")
    assert len(await town.db.read(stores.list_active)) == 1


async def test_nobody_records_a_purchase_at_a_closed_store(town: Town, owner: Resident) -> None:
    await open_store(owner)
    clerk = await town.newcomer("Carl")
    await town.write(staff.appoint, clerk.id, 1, Role.CLERK, "Carl", owner.id)
    await owner.types("/store")
    await owner.press("🏬 西门店")
    await owner.press("🔒 Close")
    await owner.press("🔒 Yes, close it")
    await clerk.types("13800138000 86.50")
    assert "there is no open store you work at" in clerk.hears()


async def test_a_store_manager_changes_the_own_store(town: Town, owner: Resident) -> None:
    await open_store(owner)
    manager = await manager_of(town, owner, 1)
    await manager.types("/store")
    await manager.press("🏬 西门店")
    await manager.press("✏️ Name")
    await manager.types("Ximen Plaza")
    assert "Ximen Plaza" in manager.hears()


async def test_a_store_manager_opens_and_closes_none(town: Town, owner: Resident) -> None:
    await open_store(owner)
    manager = await manager_of(town, owner, 1)
    await manager.types("/store")
    assert manager.buttons() == ["🏬 西门店"]
    for data in ("storenew", "storeclose:1", "storeclosed:1"):
        await press_forged(town, manager, data)
    assert len(await town.db.read(stores.list_active)) == 1
    assert manager.sees("Only a manager can do this.") or manager.sees("Only the owner can do this.")


FORGED = (
    "store:1",
    "storeedit:1:name",
    "storeclose:1",
    "storeclosed:1",
    "storeopen:1",
    "storeqr:1",
    "storenew",
    "stores",
)


@pytest.mark.parametrize("data", FORGED)
@pytest.mark.parametrize("role", [None, Role.CLERK, Role.MANAGER])
async def test_others_learn_and_change_nothing(town: Town, owner: Resident, data: str, role: Role | None) -> None:
    await town.write(stores.add, "sp", "Secret Plaza", "", "", 1)
    await town.write(stores.add, "other", "Other", "", "", 1)
    bob = await town.newcomer("Bob")
    await bob.opens("none")
    if role:
        await town.write(staff.appoint, bob.id, 2, role, "Bob", owner.id)
    await press_forged(town, bob, data)
    assert "Secret Plaza" not in bob.reads()
    assert not any("Secret" in label for label in bob.buttons())
    assert await store_of(town) == Store(1, "sp", "Secret Plaza", "", "", True)


@pytest.mark.parametrize(
    "data", ["store:", "store:x", "storeedit:1", "storeedit:1:code", "storeedit:9:name", "storeqr:9"]
)
async def test_a_forged_button_does_no_harm(town: Town, owner: Resident, data: str) -> None:
    await open_store(owner)
    await press_forged(town, owner, data)
    assert "went wrong" not in owner.reads()


async def test_everything_is_in_the_audit(town: Town, owner: Resident) -> None:
    await open_store(owner)
    await owner.types("/store")
    await owner.press("🏬 西门店")
    await owner.press("🔒 Close")
    await owner.press("🔒 Yes, close it")
    await owner.press("🔓 Reopen")
    records = await town.db.read(audit.list_latest, 3)
    assert [record.action for record in records] == ["store_reopened", "store_closed", "store_added"]
