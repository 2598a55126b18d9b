"""What the counter is shown of a member: what is usable, noted, open and due, and one thing to offer."""

from __future__ import annotations

import pytest

from actions import customers, feedback, notes
from actions.feedback import Said
from actions.glances import Glance
from db import profiles
from db.database import Database, Tx
from loyalty.jobs import DAY_MS
from tests.actions.shops import Shop, buys, open_shop
from tests.conftest import Clock


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def glance(db: Database, shop: Shop) -> Glance:
    return (await db.read(customers.view, shop.clerk, shop.member)).glance


def runs_out(tx: Tx, member_id: int, item: str, due_on: str) -> None:
    tx.run(
        "INSERT INTO rhythm (member_id, what, item, category, every_days, last_on, due_on) "
        "VALUES (:member_id, :what, :item, 'fresh', 7, '2025-01-01', :due_on)",
        member_id=member_id, what=f"item:{item}", item=item, due_on=due_on,
    )  # fmt: skip


async def test_of_a_new_member_there_is_nothing_to_say(db: Database, shop: Shop) -> None:
    seen = await glance(db, shop)
    assert (seen.coupons, seen.gifts, seen.cases, seen.favourites, seen.notes) == (0, 0, 0, [], [])
    assert seen.suggestion["why"] == ""


async def test_notes_stand_apart_from_allergies(db: Database, shop: Shop) -> None:
    await db.write(notes.note, shop.clerk, shop.member.id, "allergies", "lactose")
    await db.write(notes.note, shop.clerk, shop.member.id, "wishes", "oat milk")
    seen = await glance(db, shop)
    assert (seen.noted_allergies, seen.notes) == ("lactose", ["oat milk"])


async def test_an_allergy_is_shown_however_much_was_noted_since(db: Database, shop: Shop) -> None:
    await db.write(notes.note, shop.clerk, shop.member.id, "allergies", "nuts")
    for number in range(20):
        await db.write(notes.note, shop.clerk, shop.member.id, "likes", f"drink {number}")
    seen = await glance(db, shop)
    assert (seen.noted_allergies, seen.notes) == ("nuts", ["drink 19", "drink 18", "drink 17"])


async def test_open_cases_are_counted(db: Database, shop: Shop) -> None:
    await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, Said("cold soup", "", "", "21:1"))
    assert (await glance(db, shop)).cases == 1


async def test_favourites_are_what_was_bought_most_often_within_a_year(db: Database, shop: Shop, clock: Clock) -> None:
    for number, category in enumerate(("fresh", "dairy", "fresh")):
        await buys(db, shop, f"10.00\n苹果 | {category} | 1 | 10.00", f"chat:1:{number}")
    assert len((await glance(db, shop)).favourites) == 2
    clock.now += 366 * DAY_MS
    assert (await glance(db, shop)).favourites == []


async def test_what_runs_out_is_suggested_unless_it_is_not_borne(db: Database, shop: Shop) -> None:
    today = "2025-03-03"
    await db.write(runs_out, shop.member.id, "Peanut butter", today)
    assert (await glance(db, shop)).suggestion["names"]["en"] == "Peanut butter"
    await db.write(profiles.put, shop.member.id, "allergies", "peanuts")
    assert (await glance(db, shop)).suggestion["why"] == ""


async def test_what_staff_noted_of_allergies_counts_as_well(db: Database, shop: Shop) -> None:
    await db.write(runs_out, shop.member.id, "花生酱", "2025-03-03")
    await db.write(notes.note, shop.clerk, shop.member.id, "allergies", "对花生过敏")
    assert (await glance(db, shop)).suggestion["why"] == ""


async def test_what_was_due_long_ago_is_not_suggested(db: Database, shop: Shop) -> None:
    await db.write(runs_out, shop.member.id, "Milk", "2025-01-10")
    assert (await glance(db, shop)).suggestion["why"] == ""
