"""The counter's actions, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import customers, desk, purchases
from actions.customers import MemberView
from actions.desk import Hits, InDoubt, Lapsed, Missed
from actions.purchases import Asked, Recorded
from db import audit, people, staff as posts
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import CardUnreadable, MemberNotFound, NotAllowed, OwnPurchase, StaleButton, StoreNotFound
from loyalty.roles import Role
from tests.actions.shops import ANN, STRANGER, Shop, add_member, add_store, at_desk, open_shop
from tests.conftest import Clock


async def shop_with_two(db: Database) -> Shop:
    shop = await open_shop(db)
    await db.write(add_member, "Bert", "13900138000")
    return shop


async def test_an_open_member_gets_the_amount(db: Database) -> None:
    shop = await open_shop(db)
    opened = await db.write(desk.quick, shop.clerk, "13800138000", "k1")
    recorded = await db.write(desk.quick, shop.clerk, "86.50", "k2")
    assert isinstance(opened, MemberView)
    assert isinstance(recorded, Recorded)
    assert (recorded.member_id, recorded.amount) == (shop.member.id, 8650)


async def test_the_same_message_again_is_one_purchase(db: Database) -> None:
    shop = await open_shop(db)
    for _ in range(2):
        await db.write(desk.open_member, shop.clerk, shop.member.id)
        await db.write(desk.quick, shop.clerk, "86.50", "k1")
    assert (await db.read(desk.home, shop.clerk)).recorded == 1


async def test_half_an_hour_later_nobody_is_open(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    clock.move(minutes=30, ms=1)
    assert await db.write(desk.quick, shop.clerk, "86.50", "k1") == Lapsed(30)
    assert not await db.read(desk.has_open, shop.clerk)


async def test_within_half_an_hour_the_member_is_open(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    clock.move(minutes=30)
    assert isinstance(await db.write(desk.quick, shop.clerk, "86.50", "k1"), Recorded)


@pytest.mark.parametrize(("text", "kind"), [("0077", "tail"), ("Nobody 86.50", "pinyin")])
async def test_a_miss_that_means_somebody_else_closes_the_member(db: Database, text: str, kind: str) -> None:
    shop = await open_shop(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    assert await db.write(desk.quick, shop.clerk, text, "k1") == Missed(MemberNotFound(kind))
    assert not await db.read(desk.has_open, shop.clerk)


@pytest.mark.parametrize(("text", "kind"), [("86.5o", "pinyin"), ("赵钱孙", "name")])
async def test_a_slip_that_is_nobodys_name_leaves_the_member_open(db: Database, text: str, kind: str) -> None:
    shop = await open_shop(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    assert await db.write(desk.quick, shop.clerk, text, "k1") == Missed(MemberNotFound(kind), still_open="Ann")
    recorded = await db.write(desk.quick, shop.clerk, "86.50", "k2")
    assert isinstance(recorded, Recorded)


async def test_who_was_open_half_an_hour_ago_is_not_held_open_by_a_slip(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    clock.move(minutes=31)
    assert await db.write(desk.quick, shop.clerk, "86.5o", "k1") == Missed(MemberNotFound("pinyin"))
    assert not await db.read(desk.has_open, shop.clerk)


async def test_a_phone_nobody_has_is_kept_until_the_next_customer(db: Database) -> None:
    shop = await open_shop(db)
    missed = await db.write(desk.quick, shop.clerk, "13911112222 86.50", "k1")
    assert isinstance(missed, Missed)
    assert await db.read(desk.phone_offered, shop.clerk, missed.offer) == "+8613911112222"
    await db.write(desk.quick, shop.clerk, "13800138000", "k2")
    assert await db.read(desk.phone_offered, shop.clerk, missed.offer) == ""


async def test_several_hits_are_listed(db: Database) -> None:
    shop = await shop_with_two(db)
    hits = await db.write(desk.quick, shop.clerk, "8000", "k1")
    assert isinstance(hits, Hits)
    assert [(hit.name, hit.phone) for hit in hits.hits] == [("Bert", "139****8000"), ("Ann", "138****8000")]


async def test_several_hits_close_the_member(db: Database) -> None:
    shop = await open_shop(db)
    for phone in ("13900138001", "13900138002"):
        await db.write(add_member, "Bert", phone)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    assert isinstance(await db.write(desk.quick, shop.clerk, "Bert", "k1"), Hits)
    assert not await db.read(desk.has_open, shop.clerk)


async def test_four_digits_that_may_be_the_next_phone_credit_nobody(db: Database) -> None:
    shop = await shop_with_two(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    assert await db.write(desk.quick, shop.clerk, "８０００", "k1") == InDoubt("Ann", 800_000, "8000")
    assert (await db.read(desk.home, shop.clerk)).recorded == 0


async def test_four_digits_are_what_the_clerk_says_they_are(db: Database) -> None:
    shop = await shop_with_two(db)
    for is_amount, outcome in ((True, Recorded), (False, Hits)):
        await db.write(desk.open_member, shop.clerk, shop.member.id)
        await db.write(desk.quick, shop.clerk, "8000", "k1")
        assert isinstance(await db.write(desk.settle_doubt, shop.clerk, is_amount, "k2"), outcome)
        with pytest.raises(StaleButton):
            await db.write(desk.settle_doubt, shop.clerk, is_amount, "k3")


@pytest.mark.parametrize("text", ["1234", "8000.00", "8000元", "¥8000"])
async def test_what_can_only_be_an_amount_is_recorded_at_once(db: Database, text: str) -> None:
    shop = await shop_with_two(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    assert isinstance(await db.write(desk.quick, shop.clerk, text, "k1"), Recorded)


async def test_half_an_hour_later_four_digits_are_the_next_phone(db: Database, clock: Clock) -> None:
    shop = await shop_with_two(db)
    await db.write(desk.open_member, shop.clerk, shop.member.id)
    clock.move(minutes=31)
    assert isinstance(await db.write(desk.quick, shop.clerk, "8000", "k1"), Hits)


async def test_several_hits_with_an_amount_wait_for_the_choice(db: Database) -> None:
    shop = await shop_with_two(db)
    asked = await db.write(desk.quick, shop.clerk, "8000 86.50", "k1")
    assert isinstance(asked, Asked)
    assert len(asked.member_ids) == 2


async def test_a_strangers_text_means_nothing_at_the_counter(db: Database) -> None:
    await open_shop(db)
    stranger = await db.write(people.meet, STRANGER, "en")
    assert await db.write(desk.quick, stranger, "13800138000", "k1") is None


async def test_clerks_do_not_credit_themselves(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(posts.appoint, ANN, shop.store_id, Role.CLERK, "Ann", 1)
    await db.write(desk.open_member, shop.ann, shop.member.id)
    with pytest.raises(OwnPurchase):
        await db.write(desk.quick, shop.ann, "86.50", "k1")


async def test_the_view_shows_the_newest_purchases_that_stand(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    for number in range(5):
        clock.move(minutes=1)
        await db.write(_record, shop, number)
    await db.write(purchases.undo, shop.clerk, 5)
    view = await db.write(desk.open_member, shop.clerk, shop.member.id)
    assert [visit.amount for visit in view.visits] == [400, 300]


def _record(tx: Tx, shop: Shop, number: int) -> None:
    asked = purchases.understand(tx, shop.clerk, f"13800138000 {number + 1}")
    purchases.record(tx, shop.clerk, asked.member_ids[0], asked.sale, f"k{number}")


async def test_pages_of_purchases_leave_none_out(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    for number in range(10):
        clock.move(minutes=1)
        await db.write(_record, shop, number)
    first = await db.write(customers.visits, shop.clerk, shop.member.id, 0)
    last = await db.write(customers.visits, shop.clerk, shop.member.id, 1)
    assert [visit.amount // 100 for visit in (*first.visits, *last.visits)] == list(range(10, 0, -1))
    assert (first.has_more, last.has_more) == (True, False)


async def test_todays_figures_are_the_clerks_own_and_todays(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    await db.write(_record, shop, 0)
    clock.move(days=1)
    await db.write(_record, shop, 1)
    home = await db.read(desk.home, shop.clerk)
    assert (home.recorded, home.amount) == (1, 200)
    assert (await db.read(desk.home, shop.manager)).recorded == 0


@pytest.mark.parametrize("chosen", [0, 99])
async def test_the_record_of_a_look_says_at_which_store(db: Database, chosen: int) -> None:
    shop = await open_shop(db)
    clerk = replace(shop.clerk, desk_store_id=chosen)
    await db.write(desk.quick, clerk, "13800138000", "k1")
    await db.write(customers.reveal, clerk, shop.member.id)
    assert [record.store_id for record in await db.read(audit.list_latest, 2)] == [shop.store_id] * 2


async def test_opening_and_revealing_are_noted_without_personal_data(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(desk.quick, shop.clerk, "13800138000", "k1")
    await db.write(customers.reveal, shop.clerk, shop.member.id)
    records = await db.read(audit.list_latest, 2)
    assert [(record.action, record.member_id) for record in records] == [
        ("member_revealed", shop.member.id),
        ("member_opened", shop.member.id),
    ]
    assert "8000" not in str(records)


@pytest.mark.parametrize("texts", [[], ["https://example.com"], ["6901234567892"], ["13800138000"]])
async def test_a_photo_of_something_else_is_no_card(db: Database, texts: list[str]) -> None:
    shop = await open_shop(db)
    assert await db.write(desk.open_photo, shop.clerk, texts, "", "k1") == Missed(CardUnreadable())


async def test_a_photo_of_a_card_among_other_codes_opens_the_member(db: Database) -> None:
    shop = await open_shop(db)
    opened = await db.write(desk.open_photo, shop.clerk, ["6901234567892", shop.member.number], "", "k1")
    assert isinstance(opened, MemberView)


async def test_words_below_a_photo_are_no_amount(db: Database) -> None:
    shop = await open_shop(db)
    assert isinstance(await db.write(desk.open_photo, shop.clerk, [shop.member.number], "her card", "k1"), MemberView)


async def test_nobody_works_at_a_closed_or_foreign_store(db: Database) -> None:
    shop = await open_shop(db)
    foreign = await db.write(add_store, "nanhu", "Nanhu")
    with pytest.raises(NotAllowed):
        await db.write(desk.choose_store, shop.clerk, foreign)
    with pytest.raises(StoreNotFound):
        await db.write(desk.choose_store, shop.owner, 999)


async def test_the_chosen_store_is_where_purchases_go(db: Database) -> None:
    shop = await open_shop(db)
    second = await db.write(add_store, "nanhu", "Nanhu")
    home = await db.write(desk.choose_store, shop.owner, second)
    assert home.store == "Nanhu"
    owner = at_desk(shop.owner, second)
    await db.write(desk.open_member, owner, shop.member.id)
    recorded = await db.write(desk.quick, owner, "5", "k1")
    assert isinstance(recorded, Recorded)
    assert recorded.store == "Nanhu"


ACTIONS = {
    "home": lambda tx, who, shop: desk.home(tx, who),
    "choose_store": lambda tx, who, shop: desk.choose_store(tx, who, shop.store_id),
    "open_member": lambda tx, who, shop: desk.open_member(tx, who, shop.member.id),
    "open_photo": lambda tx, who, shop: desk.open_photo(tx, who, [shop.member.number], "", "k"),
    "search": lambda tx, who, shop: desk.search(tx, who, "13800138000"),
    "settle_doubt": lambda tx, who, shop: desk.settle_doubt(tx, who, True, "k"),
    "ask_amount": lambda tx, who, shop: desk.ask_amount(tx, who, shop.member.id),
    "visits": lambda tx, who, shop: customers.visits(tx, who, shop.member.id, 0),
    "reveal": lambda tx, who, shop: customers.reveal(tx, who, shop.member.id),
}


@pytest.mark.parametrize("name", ACTIONS)
async def test_members_and_removed_clerks_are_refused(db: Database, name: str) -> None:
    shop = await open_shop(db)

    def removed(tx: Tx) -> Person:
        posts.remove(tx, posts.list_posts(tx, shop.clerk.user_id)[0].id, 1)
        return shop.clerk

    for who in (shop.ann, await db.write(removed)):
        with pytest.raises(NotAllowed):
            await db.write(ACTIONS[name], who, shop)
