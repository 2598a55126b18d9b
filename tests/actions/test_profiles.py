"""Members see and change what is held about them."""

from __future__ import annotations

import pytest

from actions import profiles
from db import members, stores
from db.database import Database
from loyalty import phones
from loyalty.birthdays import Birthday
from loyalty.errors import BirthdayLocked, NotAMember, PhoneTaken, StoreNotFound
from loyalty.lots import NEVER
from tests.actions.shops import add_member, amended, open_shop
from tests.conftest import Clock

BORN = Birthday(8, 15, 1990, lunar=True)


async def test_only_members_have_a_profile(db: Database) -> None:
    shop = await open_shop(db)
    with pytest.raises(NotAMember):
        await db.read(profiles.show, shop.clerk)


async def test_the_phone_is_masked_until_asked_for(db: Database) -> None:
    shop = await open_shop(db)
    masked, whole = await db.read(profiles.show, shop.ann), await db.read(profiles.show, shop.ann, True)
    assert (masked.phone, whole.phone) == ("138****8000", "+8613800138000")


async def test_a_field_holds_what_was_put(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_field, shop.ann, "likes", "茶")
    await db.write(profiles.change_field, shop.ann, "likes", "咖啡")
    assert (await db.read(profiles.show, shop.ann)).fields == {"likes": "咖啡"}


async def test_a_cleared_field_holds_nothing(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_field, shop.ann, "likes", "茶")
    await db.write(profiles.change_field, shop.ann, "likes", "")
    assert (await db.read(profiles.show, shop.ann)).fields == {}


async def test_fields_are_sealed(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_field, shop.ann, "email", "ann@example.com")
    sealed = await db.read(lambda tx: tx.value("SELECT value_sealed FROM profile_field"))
    assert b"ann" not in bytes(sealed)


async def test_a_birthday_is_shown_with_its_year_and_calendar(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_birthday, shop.ann, BORN)
    assert (await db.read(profiles.show, shop.ann)).birthday == BORN


async def test_the_first_telling_is_no_change(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_birthday, shop.ann, BORN)
    await db.write(profiles.change_birthday, shop.ann, Birthday(5, 17))
    with pytest.raises(BirthdayLocked):
        await db.write(profiles.change_birthday, shop.ann, BORN)


async def test_after_a_year_the_birthday_may_change_again(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_birthday, shop.ann, BORN)
    await db.write(profiles.change_birthday, shop.ann, Birthday(5, 17))
    clock.move(days=366)
    await db.write(profiles.change_birthday, shop.ann, BORN)
    assert (await db.read(profiles.show, shop.ann)).birthday == BORN


async def test_forgetting_the_birthday_does_not_unlock_it(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(profiles.change_birthday, shop.ann, BORN)
    await db.write(profiles.change_birthday, shop.ann, Birthday(5, 17))
    await db.write(profiles.change_birthday, shop.ann, None)
    with pytest.raises(BirthdayLocked):
        await db.write(profiles.change_birthday, shop.ann, BORN)


async def test_a_charter_without_changes_locks_for_ever(db: Database) -> None:
    shop = await open_shop(db, amended(("changes_per_year = 1", "changes_per_year = 0")))
    await db.write(profiles.change_birthday, shop.ann, BORN)
    with pytest.raises(BirthdayLocked) as refused:
        await db.write(profiles.change_birthday, shop.ann, BORN)
    assert refused.value.until == NEVER


async def test_another_members_phone_is_refused(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(add_member, "Bob", "13900139000")
    with pytest.raises(PhoneTaken):
        await db.write(profiles.change_phone, shop.ann, phones.parse("13900139000", "CN"))


async def test_a_refused_phone_leaves_the_old_one(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(add_member, "Bob", "13900139000")
    with pytest.raises(PhoneTaken):
        await db.write(profiles.change_phone, shop.ann, phones.parse("13900139000", "CN"))
    assert await db.read(members.get_by_phone, "+8613800138000") == shop.member


async def test_a_closed_store_cannot_be_home(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(stores.set_active, shop.store_id, False)
    with pytest.raises(StoreNotFound):
        await db.write(profiles.change_home_store, shop.ann, shop.store_id)
