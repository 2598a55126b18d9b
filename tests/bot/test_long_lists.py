"""A chain with many stores, staff, gifts and coupons: whatever is listed can be reached, by turning pages in place."""

from __future__ import annotations

import pytest

from actions import campaigns, catalogue, coupon_book, feedback, notes
from actions.feedback import Said
from db import members, people, stocks
from db.database import Tx
from db.people import Person
from loyalty import coupons
from loyalty.campaigns import Draft
from loyalty.charter import LOCALES
from loyalty.coupons import Limits
from loyalty.gifts import Terms
from loyalty.lots import NEVER
from loyalty.roles import Role
from tests.actions.gift_shops import MUG, give
from tests.actions.shops import add_member, add_store, hire, record_for
from tests.bot.people import Resident, Town

MANY = 45
PHONE = "13800138000"


def open_many(tx: Tx) -> list[int]:
    return [add_store(tx, f"s{number:03d}", f"Store {number:03d}") for number in range(1, MANY + 1)]


def hire_many(tx: Tx, store_id: int) -> None:
    for number in range(1, MANY + 1):
        hire(tx, 9_000 + number, store_id, Role.CLERK)


def offer_many(tx: Tx, owner: Person, store_id: int) -> None:
    for number in range(1, MANY + 1):
        terms = Terms({"en": f"Gift {number:03d}"}, 100 + number, 0, "", 0, 0, 0, NEVER, 0)
        catalogue.create(tx, owner, terms, 0, {store_id: 1})


def put_everywhere(tx: Tx, gift_id: int, stores: list[int]) -> None:
    for store_id in stores:
        stocks.put(tx, gift_id, store_id, 1)


async def reached(who: Resident, *prefixes: str) -> list[str]:
    """What the buttons offer that begin so, on all pages, one message turned in place."""
    newest, found = who.chat()[-1].id, list[str]()
    while True:
        found += [label for label in who.buttons() if label.startswith(prefixes)]
        if "▶" not in who.buttons():
            break
        await who.press("▶")
        assert who.chat()[-1].id == newest
    assert len(found) == len(set(found))
    return found


@pytest.fixture
async def stores(town: Town) -> list[int]:
    found: list[int] = await town.write(open_many)
    return found


async def test_every_store_can_be_opened_from_the_list(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    await owner.types("/store")
    assert "Store 001" in owner.hears()
    assert len(await reached(owner, "🏬 Store")) == MANY
    assert "3/3" in owner.chat()[-1].shown
    assert "Store 045" in owner.chat()[-1].shown
    await owner.press("◀")
    assert "2/3" in owner.chat()[-1].shown


async def test_everybodys_deeds_can_be_looked_at(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    await town.write(hire_many, stores[0])
    await owner.types("/audit")
    await owner.press("By person")
    assert len(await reached(owner, "staff 90")) == MANY


async def test_a_gift_can_be_collected_at_every_store_that_has_it(town: Town, stores: list[int]) -> None:
    owner, ann = await town.owner(), await town.newcomer("Ann")
    member = await town.write(add_member, "Ann", PHONE, ann.id)
    await town.write(members.set_home_store, member.id, stores[-1])
    await town.write(give, member.id, 500)
    said = await town.write(catalogue.create, await town.write(people.meet, owner.id, "en"), MUG, 0, {})
    await town.write(put_everywhere, said.params["gift_id"], stores)
    await ann.opens()
    await ann.types("/gifts")
    await ann.press("🎁 Redeem")
    assert ann.buttons()[0] == "🏬 Store 045"
    assert len(await reached(ann, "🏬 Store")) == MANY
    await ann.press("🏬 Store 044")
    await ann.press("✅ Confirm")
    assert "Store 044" in ann.hears()


async def test_a_member_can_wait_at_every_store(town: Town, stores: list[int]) -> None:
    owner, ann = await town.owner(), await town.newcomer("Ann")
    member = await town.write(add_member, "Ann", PHONE, ann.id)
    await town.write(give, member.id, 500)
    said = await town.write(catalogue.create, await town.write(people.meet, owner.id, "en"), MUG, 0, {})
    await town.write(put_everywhere, said.params["gift_id"], stores)
    await town.write(_sold_out, said.params["gift_id"], stores)
    await ann.opens()
    await ann.types("/gifts")
    await ann.press("🔔 Tell me")
    assert len(await reached(ann, "🏬 Store")) == MANY


async def test_every_gift_can_be_looked_after(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    await town.write(offer_many, await town.write(people.meet, owner.id, "en"), stores[0])
    await owner.types("/gift")
    found = await reached(owner, "🎁 Gift")
    assert len(found) == MANY
    await owner.press(found[-1])
    assert found[-1].removeprefix("🎁 ") in owner.hears()


async def test_every_coupon_can_be_looked_after(town: Town) -> None:
    owner = await town.owner()
    await town.write(_make_coupons, await town.write(people.meet, owner.id, "en"))
    await owner.types("/coupon")
    assert len([label for label in await reached(owner, "🎟 ") if "Off " in label]) == MANY


async def test_whoever_works_everywhere_can_choose_every_store(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    await owner.types("/desk")
    assert len(await reached(owner, "🏬 Store ")) == MANY
    await owner.press("🏬 Store 045")
    assert "Store 045" in owner.chat()[-1].shown


async def test_colleagues_can_be_invited_to_every_store(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    await owner.types("/staff")
    await owner.press("✉️ Invite a colleague")
    await owner.press("Clerk")
    assert owner.buttons()[0] == "The whole chain"
    assert len(await reached(owner, "Store ")) == MANY


async def test_a_case_can_be_handed_to_everybody_and_to_every_store(town: Town, stores: list[int]) -> None:
    owner, ann = await town.owner(), await town.newcomer("Ann")
    await town.write(hire_many, stores[0])
    await town.write(add_member, "Ann", PHONE, ann.id)
    await ann.opens()
    await town.write(_complain, await town.write(people.meet, ann.id, "en"), stores[0])
    await owner.types("/queue")
    await owner.press("📋")
    await owner.press("🏬 Hand on")
    found = await reached(owner, "👤 staff", "🏬 Store")
    assert len([label for label in found if label.startswith("👤 staff")]) == MANY
    assert len([label for label in found if label.startswith("🏬 Store")]) == MANY - 1


async def test_feedback_can_be_about_every_store(town: Town, stores: list[int]) -> None:
    ann = await town.newcomer("Ann")
    await town.write(add_member, "Ann", PHONE, ann.id)
    await ann.opens()
    await ann.types("/feedback")
    await ann.press("💡 Suggestion")
    assert len(await reached(ann, "🏬 Store")) == MANY
    await ann.press("🏬 Store 045")
    await ann.types("More chairs, please")
    assert await town.db.read(_store_of_case) == stores[-1]


async def test_a_store_on_another_page_can_be_typed(town: Town, stores: list[int]) -> None:
    ann = await town.newcomer("Ann")
    await town.write(add_member, "Ann", PHONE, ann.id)
    await ann.opens()
    await ann.types("/feedback")
    await ann.press("💡 Suggestion")
    await ann.types("Store 045")
    await ann.types("More chairs, please")
    assert await town.db.read(_store_of_case) == stores[-1]


async def test_the_home_store_can_be_any(town: Town, stores: list[int]) -> None:
    ann = await town.newcomer("Ann")
    member = await town.write(add_member, "Ann", PHONE, ann.id)
    await ann.opens()
    await ann.types("/profile")
    await ann.press("Home store")
    assert len(await reached(ann, "Store 0")) == MANY
    await ann.press("Store 045")
    assert (await town.db.read(members.get, member.id)).home_store_id == stores[-1]


async def test_pieces_can_be_put_into_every_store(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    await town.write(catalogue.create, await town.write(people.meet, owner.id, "en"), MUG, 0, {})
    await owner.types("/gift")
    await owner.press("🎁 Mug")
    await owner.press("📦 Pieces")
    assert len(await reached(owner, "🏬 Store")) == MANY


async def test_every_store_has_its_report(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    await owner.types("/report")
    await owner.press("🏬 All stores")
    assert len(await reached(owner, "Store 0")) == MANY
    await owner.press("Store 045")
    assert "Store 045" in owner.chat()[-1].shown


async def test_every_note_can_be_removed_by_staff_and_by_the_member(town: Town, stores: list[int]) -> None:
    owner, ann = await town.owner(), await town.newcomer("Ann")
    member = await town.write(add_member, "Ann", PHONE, ann.id)
    await ann.opens()
    await town.write(_note_much, await town.write(people.meet, owner.id, "en"), member.id)
    await owner.types(PHONE)
    await owner.press("📒 All notes")
    assert "note 045" in owner.hears()
    assert "note 001" not in owner.hears()
    for _ in range(3):
        await owner.press("▶")
    assert "note 001" in owner.chat()[-1].shown
    await ann.types("/privacy")
    await ann.press("📝 What staff noted")
    for _ in range(3):
        await ann.press("▶")
    await ann.press("🗑 9")
    assert await town.db.read(_notes_left) == MANY - 1


async def test_every_purchase_can_be_refunded(town: Town, stores: list[int]) -> None:
    owner = await town.owner()
    member = await town.write(add_member, "Ann", PHONE)
    await owner.types("/desk")
    await owner.press("🏬 Store 001")
    await town.write(_sell_much, await town.write(people.meet, owner.id, "en"), member.id)
    await owner.types(f"/refund {PHONE}")
    await owner.press("▶")
    assert "¥101.00" in owner.chat()[-1].shown
    await owner.press("1")
    assert "¥10" in owner.hears()


async def test_every_campaign_can_be_looked_at(town: Town) -> None:
    owner = await town.owner()
    await town.write(_write_much, await town.write(people.meet, owner.id, "en"))
    await owner.types("/campaign")
    assert len(await reached(owner, "📝 News")) == MANY


@pytest.mark.parametrize("data", ["turn:x:1", "turn:1:1", "turn", "turn::1"])
async def test_a_question_that_does_not_stand_has_no_pages(town: Town, stores: list[int], data: str) -> None:
    ann = await town.newcomer("Ann")
    await town.write(add_member, "Ann", PHONE, ann.id)
    await ann.opens()
    await ann.types("/feedback")
    await ann.press("💡 Suggestion")
    await ann.press("✖ Never mind")
    await ann.does(lambda: ann.person.replay(town.bot, ann.chat()[-1].id, data))
    assert "◀" not in ann.buttons()


def _store_of_case(tx: Tx) -> int:
    return int(tx.value("SELECT store_id FROM service_case"))


def _note_much(tx: Tx, owner: Person, member_id: int) -> None:
    for number in range(1, MANY + 1):
        notes.note(tx, owner, member_id, "other", f"note {number:03d}")


def _notes_left(tx: Tx) -> int:
    return int(tx.value("SELECT COUNT(*) FROM member_note"))


def _sell_much(tx: Tx, owner: Person, member_id: int) -> None:
    for number in range(1, 13):
        record_for(tx, owner, member_id, f"{100 + number}", f"key:{number}")


def _write_much(tx: Tx, owner: Person) -> None:
    for number in range(1, MANY + 1):
        campaigns.create(tx, owner, Draft(dict.fromkeys(LOCALES, f"News {number:03d}"), 0, "", 0, tx.now))


def _sold_out(tx: Tx, gift_id: int, stores: list[int]) -> None:
    for store_id in stores:
        stocks.take_away(tx, gift_id, store_id, 1)


def _make_coupons(tx: Tx, owner: Person) -> None:
    for number in range(1, MANY + 1):
        names = dict.fromkeys(LOCALES, f"Off {number:03d}")
        coupon_book.create(tx, owner, coupons.Terms(names, "amount", off=number * 100, days=30), Limits())


def _complain(tx: Tx, ann: Person, store_id: int) -> None:
    feedback.open_own(tx, ann, "complaint", store_id, Said("cold soup", "", "", "21:1"))
