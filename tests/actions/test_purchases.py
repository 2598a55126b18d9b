"""A clerk records what a member buys."""

import asyncio

import pytest

from actions import purchases
from actions.purchases import Told
from db import accounts, audit, outbox, people
from db.database import Database
from loyalty.errors import (
    AmountTooLarge,
    IdempotencyConflict,
    LinesDoNotAddUp,
    MemberNotFound,
    NoStoreYet,
    NotAllowed,
    OwnPurchase,
    SeveralMembers,
    StoreNeeded,
)
from loyalty.purchases import Sale
from loyalty.roles import Role
from tests.actions.shops import (
    CLERK,
    Shop,
    add_member,
    add_store,
    amended,
    at_desk,
    balance,
    buys,
    hire,
    in_order,
    notices,
    open_shop,
    record_for,
    tier,
)
from tests.conftest import Clock


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


# Recording


async def test_a_purchase_earns_points_by_the_charter(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "86.50 cash")
    assert (recorded.points, recorded.before, recorded.after) == (86, 0, 86)
    assert await balance(db, shop) == 86
    assert await in_order(db)


async def test_the_rules_that_gave_points_are_told_by_name(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    assert [(part["name"]["en"], part["points"]) for part in recorded.parts] == [("Purchase points", 86)]


async def test_the_cap_that_cut_is_told(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "6000")
    assert recorded.points == 5000
    assert recorded.parts[-1] == {
        "kind": "cap", "name": {}, "rule": "per_purchase", "points": -1000, "note": "5000"
    }  # fmt: skip


async def test_the_daily_cap_counts_the_days_other_purchases(db: Database, shop: Shop) -> None:
    for n in range(2):
        await buys(db, shop, "6000", f"k{n}")
    assert (await buys(db, shop, "6000", "k2")).points == 0
    assert await in_order(db)


async def test_the_next_day_the_daily_cap_is_free_again(db: Database, shop: Shop, clock) -> None:
    for n in range(2):
        await buys(db, shop, "6000", f"k{n}")
    clock.move(days=1)
    assert (await buys(db, shop, "6000", "k2")).points == 5000


async def test_lines_are_kept_with_the_purchase(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "19 wechat\nmilk, dairy, 2, 6.50\nbread, , 1, 6")
    rows = await db.read(lambda tx: tx.all("SELECT purchase_id, item, category, quantity, amount FROM purchase_line"))
    assert rows == [(recorded.purchase_id, "milk", "dairy", 2000, 1300), (recorded.purchase_id, "bread", "", 1000, 600)]


async def test_the_way_of_paying_is_kept(db: Database, shop: Shop) -> None:
    await buys(db, shop, "19 微信")
    assert await db.read(lambda tx: tx.value("SELECT payment FROM purchase")) == "wechat"


async def test_a_sum_too_small_for_a_point_is_in_the_books(db: Database, shop: Shop) -> None:
    assert (await buys(db, shop, "0.50")).points == 0
    assert await in_order(db)


async def test_pending_points_are_told_with_their_day(db: Database) -> None:
    shop = await open_shop(db, amended(("pending_days = 0", "pending_days = 7")))
    recorded = await buys(db, shop)
    account = await db.read(accounts.get, shop.member.id)
    assert recorded.pending_until == account.pending_until > 0
    assert (account.available, account.pending) == (0, 86)


async def test_receipts_are_forgotten_with_other_messages(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    await db.write(outbox.mark_all_sent, [(message, 100) for message in await db.write(outbox.claim, 1, 10)])
    await db.write(lambda tx: outbox.forget_finished(tx, tx.now + 1, 100))
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM outbox")) == 0


async def test_the_member_gets_a_receipt(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    assert await db.read(notices) == 1


async def test_a_member_without_telegram_is_credited_all_the_same(db: Database, shop: Shop) -> None:
    member = await db.write(add_member, "Bob", "13900139000")
    recorded = await db.write(record_for, shop.clerk, member.id, "10", "k")
    assert recorded.after == 10


async def test_recording_is_in_the_audit(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    record = (await db.read(audit.list_latest, 1))[0]
    assert (record.actor, record.action, record.store_id) == (CLERK, "purchase_recorded", shop.store_id)
    assert record.detail == {"purchase": recorded.purchase_id, "amount": 8650, "points": 86}


# Who may


async def test_a_member_cannot_record_purchases(db: Database, shop: Shop) -> None:
    other = await db.write(add_member, "Bob", "13900139000")
    with pytest.raises(NotAllowed):
        await db.write(record_for, shop.ann, other.id, "86.50", "k")


async def test_nobody_credits_themselves(db: Database, shop: Shop) -> None:
    own = await db.write(add_member, "Clara", "13900139000", CLERK)
    with pytest.raises(OwnPurchase):
        await db.write(record_for, shop.clerk, own.id, "86.50", "k")


async def test_not_even_the_owner_credits_themselves(db: Database, shop: Shop) -> None:
    own = await db.write(add_member, "Olivia", "13900139000", shop.owner.user_id)
    with pytest.raises(OwnPurchase):
        await db.write(record_for, shop.owner, own.id, "86.50", "k")


async def test_nobody_is_credited_who_is_no_member(db: Database, shop: Shop) -> None:
    with pytest.raises(MemberNotFound):
        await db.write(record_for, shop.clerk, 999, "86.50", "k")


async def test_an_amount_beyond_the_limit_is_refused(db: Database, shop: Shop) -> None:
    with pytest.raises(AmountTooLarge):
        await buys(db, shop, "50000.01")


async def test_lines_that_do_not_add_up_are_refused(db: Database, shop: Shop) -> None:
    with pytest.raises(LinesDoNotAddUp):
        await buys(db, shop, "20\nmilk, dairy, 2, 6.50")


async def test_a_removed_clerk_records_no_more(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=CLERK))
    person = await db.read(people.get, CLERK)
    with pytest.raises(NotAllowed):
        await db.write(record_for, person, shop.member.id, "10", "k")


# Where


async def test_a_clerk_of_one_store_works_there(db: Database, shop: Shop) -> None:
    assert (await db.read(purchases.counter, shop.clerk)).id == shop.store_id


async def test_whoever_works_at_several_stores_says_where(db: Database, shop: Shop) -> None:
    second = await db.write(add_store, "dongmen", "东门店")
    await db.write(hire, CLERK, second, Role.CLERK)
    with pytest.raises(StoreNeeded):
        await db.read(purchases.counter, shop.clerk)
    assert (await db.read(purchases.counter, at_desk(shop.clerk, second))).id == second


async def test_the_owner_says_where_once_there_are_two_stores(db: Database, shop: Shop) -> None:
    assert (await db.read(purchases.counter, shop.owner)).id == shop.store_id
    await db.write(add_store, "dongmen", "东门店")
    with pytest.raises(StoreNeeded):
        await db.read(purchases.counter, shop.owner)


async def test_nobody_works_at_a_store_of_others(db: Database, shop: Shop) -> None:
    second = await db.write(add_store, "dongmen", "东门店")
    assert (await db.read(purchases.counter, at_desk(shop.clerk, second))).id == shop.store_id


async def test_nothing_is_recorded_at_a_closed_store(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: tx.run("UPDATE store SET active = 0"))
    with pytest.raises(NoStoreYet):
        await db.read(purchases.counter, shop.clerk)


# Whose


async def test_a_purchase_in_one_message_is_understood(db: Database, shop: Shop) -> None:
    asked = await db.read(purchases.understand, shop.clerk, "13800138000 86.50 cash")
    assert (asked.member_ids, asked.sale.amount, asked.sale.payment) == ([shop.member.id], 8650, "cash")


async def test_all_whom_it_may_mean_are_candidates(db: Database, shop: Shop) -> None:
    twin = await db.write(add_member, "Bob", "13900138000")
    assert await db.read(purchases.identify, shop.clerk, "8000") == [twin.id, shop.member.id]


async def test_candidates_show_no_whole_phone(db: Database, shop: Shop) -> None:
    (found,) = await db.write(purchases.list_candidates, shop.clerk, [shop.member.id])
    assert found.name == "Ann"
    assert "13800138000" not in found.phone


async def test_too_many_candidates_are_no_list(db: Database, shop: Shop) -> None:
    for n in range(9):
        await db.write(add_member, "Ann", f"1390013{n}111")
    with pytest.raises(SeveralMembers):
        await db.read(purchases.identify, shop.clerk, "Ann")


async def test_nobody_is_looked_up_by_a_member(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.read(purchases.identify, shop.ann, "8000")


# Again


async def test_a_retried_purchase_is_one(db: Database, shop: Shop, clock) -> None:
    first = await buys(db, shop, "86.50", "chat:1:7")
    clock.move(seconds=9)
    assert await buys(db, shop, "86.50", "chat:1:7") == first
    assert await balance(db, shop) == 86
    assert await db.read(notices) == 1


async def test_the_same_purchase_under_two_keys_is_two(db: Database, shop: Shop) -> None:
    await buys(db, shop, "86.50", "chat:1:7")
    await buys(db, shop, "86.50", "chat:1:8")
    assert await balance(db, shop) == 172


@pytest.mark.parametrize("text", ["86.51", "86.50 cash"])
async def test_a_key_is_good_for_one_purchase_only(db: Database, shop: Shop, text: str) -> None:
    await buys(db, shop, "86.50", "chat:1:7")
    with pytest.raises(IdempotencyConflict):
        await buys(db, shop, text, "chat:1:7")


async def test_thirty_two_purchases_at_once_are_all_counted(db: Database, shop: Shop) -> None:
    recorded = await asyncio.gather(*(buys(db, shop, "10", f"chat:1:{n}") for n in range(32)))
    assert await balance(db, shop) == 320
    assert {told.before for told in recorded} == set(range(0, 320, 10))
    assert await in_order(db)


async def test_twenty_tries_of_one_purchase_at_once_are_one(db: Database, shop: Shop) -> None:
    told = await asyncio.gather(*(buys(db, shop, "10", "chat:1:1") for _ in range(20)))
    assert len(set(map(str, told))) == 1
    assert await balance(db, shop) == 10


async def test_one_key_for_two_members_at_once_credits_one(db: Database, shop: Shop) -> None:
    other = await db.write(add_member, "Bob", "13900139000")
    both = (db.write(record_for, shop.clerk, member, "10", "k") for member in (shop.member.id, other.id))
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IdempotencyConflict", "Recorded"]
    assert await in_order(db)


async def test_caps_hold_for_purchases_at_once(db: Database, shop: Shop) -> None:
    await asyncio.gather(*(buys(db, shop, "3000", f"k{n}") for n in range(8)))
    assert await balance(db, shop) == 10_000


# Tiers


async def test_reaching_a_threshold_lifts_at_once(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "2000")
    assert recorded.lifted["en"] == "Silver"
    assert await tier(db, shop) == "silver"


async def test_the_new_tier_counts_from_the_next_purchase(db: Database, shop: Shop) -> None:
    first = await buys(db, shop, "2000", "a")
    second = await buys(db, shop, "100", "b")
    assert (first.points, second.points) == (2000, 120)


async def test_spending_of_two_years_ago_lifts_nobody(db: Database, shop: Shop, clock) -> None:
    await buys(db, shop, "1990", "a")
    clock.move(days=730)
    assert (await buys(db, shop, "20", "b")).lifted == {}


async def test_tiers_may_go_by_points(db: Database) -> None:
    shop = await open_shop(db, amended(('metric = "spend"', 'metric = "points"')))
    assert (await buys(db, shop, "2000")).lifted["en"] == "Silver"


# What was told, and what stands


async def test_whoever_is_told_alone_leaves_the_amount_to_be_asked(db: Database, shop: Shop) -> None:
    assert await db.write(purchases.hear, shop.clerk, "13800138000") == Told([shop.member.id], None)


async def test_an_amount_told_alone_leaves_the_member_to_be_asked(db: Database, shop: Shop) -> None:
    assert await db.write(purchases.hear, shop.clerk, "86.50 cash") == Told([], Sale(8650, "cash", ()))


async def test_way_of_paying_and_goods_are_confirmed(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "19 wechat\nmilk, dairy, 2, 6.50\nham, , 0.75, 8")
    assert recorded.payment["en"] == "WeChat Pay"
    assert [(sold.item, sold.quantity, sold.amount) for sold in recorded.lines] == [
        ("milk", "2", 1300),
        ("ham", "0.75", 600),
    ]


async def test_a_purchase_is_recalled_as_it_was_confirmed(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "19 wechat\nmilk, dairy, 2, 6.50\nham, , 0.75, 8")
    assert await db.write(purchases.recall, shop.clerk, recorded.purchase_id) == recorded


async def test_once_it_is_too_late_a_recalled_purchase_cannot_be_undone(db: Database, shop: Shop, clock: Clock) -> None:
    recorded = await buys(db, shop)
    clock.move(minutes=16)
    assert (await db.write(purchases.recall, shop.clerk, recorded.purchase_id)).undo_minutes == 0


async def test_nobody_recalls_a_purchase_of_another_store(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    second = await db.write(add_store, "dongmen", "东门店")
    other = await db.write(hire, 99, second, Role.MANAGER)
    with pytest.raises(NotAllowed):
        await db.write(purchases.recall, other, recorded.purchase_id)


async def test_an_edited_message_leads_to_its_purchase_not_to_the_last(db: Database, shop: Shop) -> None:
    first = await buys(db, shop, "86.50", "chat:1:7")
    await buys(db, shop, "10", "chat:1:8")
    assert await db.write(purchases.find_edited, shop.clerk, "chat:1:7") == first


async def test_a_strangers_edited_message_leads_to_nothing(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    assert await db.write(purchases.find_edited, shop.ann, "chat:1:99") is None
