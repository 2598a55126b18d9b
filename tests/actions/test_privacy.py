"""Who looked at a member's data, as the member reads it; and all of it to take away."""

from __future__ import annotations

import pytest

from actions import customers, desk, privacy, profiles
from db.database import Database
from loyalty.errors import NotAMember
from tests.actions.gift_shops import open_gift_shop, redeem
from tests.actions.shops import at_desk, buys, open_shop
from tests.conftest import Clock


async def test_every_look_at_the_counter_can_be_read_by_the_member(db: Database) -> None:
    shop = await open_shop(db)
    clerk = at_desk(shop.clerk, shop.store_id)
    await db.write(desk.open_member, clerk, shop.member.id)
    await db.write(customers.reveal, clerk, shop.member.id)
    read = await db.read(privacy.looks, shop.ann)
    assert [(look.action, look.store, look.role) for look in read.looks] == [
        ("member_revealed", "西门店", "clerk"),
        ("member_opened", "西门店", "clerk"),
    ]


async def test_the_names_of_staff_are_their_own(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(desk.open_member, at_desk(shop.clerk, shop.store_id), shop.member.id)
    assert "staff 11" not in repr(await db.read(privacy.looks, shop.ann))


async def test_many_looks_come_in_pages(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    for _ in range(privacy.PAGE + 3):
        clock.move(minutes=5)
        await db.write(desk.open_member, at_desk(shop.clerk, shop.store_id), shop.member.id)
    first = await db.read(privacy.looks, shop.ann)
    second = await db.read(privacy.looks, shop.ann, first.older)
    assert (len(first.looks), first.newer) == (privacy.PAGE, -1)
    assert (len(second.looks), second.older, second.newer) == (3, -1, 0)


async def test_only_members_have_data_here(db: Database) -> None:
    shop = await open_shop(db)
    with pytest.raises(NotAMember):
        await db.read(privacy.looks, shop.clerk)
    with pytest.raises(NotAMember):
        await db.read(privacy.take_away, shop.clerk)


async def test_everything_held_is_there_to_take_away(db: Database) -> None:
    place = await open_gift_shop(db)
    shop = place.shop
    await db.write(profiles.change_field, shop.ann, "allergies", "peanuts")
    await buys(db, shop)
    await redeem(db, place)
    held = (await db.read(privacy.dossier, shop.member.id)).held
    assert (held["member"][0]["name"], held["member"][0]["phone"]) == ("Ann", "+8613800138000")
    assert held["profile_field"][0]["value"] == "peanuts"
    assert [row["amount"] for row in held["purchase"]] == [8650]
    assert len(held["entry"]) == 3
    assert len(held["gift_reservation"][0]["code"]) == 8
    assert held["person"][0]["telegram_language"] == "en"
