"""Refunds: what was granted is taken back in proportion, never twice, and everybody is told."""

import asyncio
from dataclasses import replace

import pytest

from actions import charters, purchases, refunds
from actions.refunds import Refunded, Wanted
from db import accounts, audit, ledger, members, reversals
from db.database import Database, Tx
from db.ledger import Posting
from loyalty.errors import (
    AlreadyRefunded,
    AlreadyUndone,
    IdempotencyConflict,
    NotAllowed,
    OwnPurchase,
    PartlyRefunded,
    PurchaseNotFound,
    RefundTooLarge,
    Refusal,
    StaleButton,
)
from tests.actions.shops import Shop, add_member, amended, balance, buys, in_order, notices, open_shop, tier

LINES = "30\nmilk, dairy, 2, 6\ntea, drinks, 18"


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def refund(db: Database, shop: Shop, wanted: Wanted, before: int = 0, key: str = "") -> Refunded:
    key = key or f"counter:{wanted.purchase_id}:{before}"
    return await db.write(refunds.refund, shop.clerk, wanted, before, key)


async def spend(db: Database, shop: Shop, points: int, key: str = "gift") -> int:
    def hold(tx: Tx) -> int:
        told = Posting(member_id=shop.member.id, reason="gift", key=key, actor=0, occurred_at=tx.now)
        return ledger.hold(tx, told, points).id

    return await db.write(hold)


def month(tx: Tx, member_id: int) -> tuple[int, int, int]:
    (found,) = accounts.list_months(tx, member_id, "2000-01")
    return found.spent, found.purchases, found.earned


async def test_a_whole_refund_takes_back_all_that_was_granted(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "86.50")
    done = await refund(db, shop, Wanted(bought.purchase_id))
    assert (done.amount, done.taken, done.before, done.after, done.left) == (8650, 86, 86, 0, 0)
    assert await balance(db, shop) == 0
    assert await in_order(db)


async def test_a_part_takes_back_its_share_rounded_down(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "10.99")
    done = await refund(db, shop, Wanted(bought.purchase_id, 550))
    assert done.taken == 5


async def test_many_small_refunds_take_no_more_than_one_large_one(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "10.99")
    taken = 0
    for before in range(0, 1099, 157):
        taken += (await refund(db, shop, Wanted(bought.purchase_id, 157), before)).taken
    assert taken == 10
    assert await balance(db, shop) == 0
    assert await in_order(db)


async def test_todays_rules_have_no_say(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await db.write(charters.publish, amended(("points = 1 ", "points = 7 ")), 13)
    assert (await refund(db, shop, Wanted(bought.purchase_id))).taken == 100


async def test_the_preview_says_what_will_happen_and_changes_nothing(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await spend(db, shop, 80)
    seen = await db.write(refunds.preview, shop.clerk, Wanted(bought.purchase_id))
    assert await balance(db, shop) == 20
    assert await db.read(notices) == 1
    assert seen == await refund(db, shop, Wanted(bought.purchase_id))


async def test_points_already_used_are_owed_and_repaid_by_the_next(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await spend(db, shop, 80)
    done = await refund(db, shop, Wanted(bought.purchase_id))
    assert (done.owed, done.after) == (80, -80)
    await buys(db, shop, "100", "chat:1:2")
    account = await db.read(accounts.get, shop.member.id)
    assert (account.deficit, account.available) == (0, 20)
    assert await in_order(db)


async def test_lines_are_refunded_by_what_they_cost(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, LINES)
    done = await refund(db, shop, Wanted(bought.purchase_id, lines=(1,)))
    assert (done.amount, done.items, done.taken) == (1200, ["milk"], 12)
    choice = await db.write(refunds.choose, shop.clerk, bought.purchase_id, (1, 2))
    assert (choice.chosen, choice.left) == ([2], 1800)


async def test_a_line_is_given_back_once(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, LINES)
    await refund(db, shop, Wanted(bought.purchase_id, lines=(1,)))
    with pytest.raises(StaleButton):
        await refund(db, shop, Wanted(bought.purchase_id, lines=(1,)), 1200)


async def test_no_more_is_refunded_than_was_paid(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await refund(db, shop, Wanted(bought.purchase_id, 6000))
    with pytest.raises(RefundTooLarge) as refusal:
        await refund(db, shop, Wanted(bought.purchase_id, 4001), 6000)
    assert refusal.value.left == 4000
    await refund(db, shop, Wanted(bought.purchase_id), 6000)
    with pytest.raises(AlreadyRefunded):
        await refund(db, shop, Wanted(bought.purchase_id, 1), 10_000)


async def test_the_same_press_again_refunds_once(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    first = await refund(db, shop, Wanted(bought.purchase_id, 3000))
    assert await refund(db, shop, Wanted(bought.purchase_id, 3000)) == first
    with pytest.raises(IdempotencyConflict):
        await refund(db, shop, Wanted(bought.purchase_id, 2000))
    assert await balance(db, shop) == 70


async def test_a_preview_that_is_out_of_date_refunds_nothing(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await refund(db, shop, Wanted(bought.purchase_id, 3000))
    with pytest.raises(StaleButton):
        await refund(db, shop, Wanted(bought.purchase_id, 3000), 0, "another key")


async def test_twenty_who_refund_at_once_refund_once(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")

    async def racer(number: int) -> Refunded | Refusal:
        try:
            return await refund(db, shop, Wanted(bought.purchase_id), 0, f"k{number}")
        except Refusal as refusal:
            return refusal

    outcomes = await asyncio.gather(*map(racer, range(20)))
    assert sum(isinstance(outcome, Refunded) for outcome in outcomes) == 1
    assert await balance(db, shop) == 0
    assert await in_order(db)


async def test_of_racers_with_one_key_each_hears_of_the_same_refund(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    outcomes = await asyncio.gather(*(refund(db, shop, Wanted(bought.purchase_id, 3000)) for _ in range(10)))
    assert outcomes == [outcomes[0]] * 10
    assert await balance(db, shop) == 70


async def test_one_key_for_two_purchases_at_once_refunds_one(db: Database, shop: Shop) -> None:
    sales = [await buys(db, shop, "100", "s1"), await buys(db, shop, "200", "s2")]
    outcomes = await asyncio.gather(
        *(refund(db, shop, Wanted(sale.purchase_id), 0, "one key") for sale in sales), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes].count(Refunded) == 1
    assert [type(outcome) for outcome in outcomes].count(IdempotencyConflict) == 1


async def test_an_undone_purchase_is_not_refunded(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await db.write(purchases.undo, shop.clerk, bought.purchase_id)
    with pytest.raises(AlreadyUndone):
        await refund(db, shop, Wanted(bought.purchase_id))


async def test_a_refunded_purchase_is_not_undone(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await refund(db, shop, Wanted(bought.purchase_id, 1))
    with pytest.raises(PartlyRefunded):
        await db.write(purchases.undo, shop.clerk, bought.purchase_id)


async def test_what_is_refunded_counts_no_more_for_the_tier(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "2500")
    assert await tier(db, shop) == "silver"
    assert (await refund(db, shop, Wanted(bought.purchase_id, 40_000))).lowered == {}
    done = await refund(db, shop, Wanted(bought.purchase_id, 20_000), 40_000)
    assert done.lowered["en"] == "Classic"
    assert await tier(db, shop) == "classic"
    assert await db.read(month, shop.member.id) == (190_000, 1, 1900)


async def test_a_whole_refund_is_no_visit(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await refund(db, shop, Wanted(bought.purchase_id, 5000))
    await refund(db, shop, Wanted(bought.purchase_id), 5000)
    assert await db.read(month, shop.member.id) == (0, 0, 0)


async def test_what_has_expired_is_not_taken_again(db: Database, shop: Shop, clock) -> None:
    bought = await buys(db, shop, "100")
    clock.move(days=800)
    ((lapsed, member_id),) = await db.read(accounts.list_lapsed, (0, 0), 10)
    await db.write(reversals.expire, member_id, lapsed)
    done = await refund(db, shop, Wanted(bought.purchase_id))
    assert (done.taken, done.lapsed, done.owed, done.after) == (0, 100, 0, 0)
    assert await in_order(db)


async def test_the_member_is_told_once_and_it_is_in_the_audit(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    await refund(db, shop, Wanted(bought.purchase_id))
    await refund(db, shop, Wanted(bought.purchase_id))
    assert await db.read(notices) == 2
    actions = [record.action for record in await db.read(audit.list_latest, 10)]
    assert actions.count("purchase_refunded") == 1


async def test_only_staff_refund_and_nobody_their_own(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "100")
    with pytest.raises(NotAllowed):
        await db.write(refunds.refund, shop.ann, Wanted(bought.purchase_id), 0, "k")
    await db.write(lambda tx: tx.run("UPDATE member SET user_id = 11 WHERE id = :id", id=shop.member.id))
    with pytest.raises(OwnPurchase):
        await refund(db, shop, Wanted(bought.purchase_id))


async def test_an_invented_purchase_is_not_found(db: Database, shop: Shop) -> None:
    with pytest.raises(PurchaseNotFound):
        await refund(db, shop, Wanted(4711))


async def test_only_what_can_be_refunded_is_offered(db: Database, shop: Shop, clock) -> None:
    first = await buys(db, shop, "100")
    clock.move(minutes=1)
    second = await buys(db, shop, "50", "chat:1:2")
    await refund(db, shop, Wanted(first.purchase_id, 7000))
    offered = await db.write(refunds.list_refundable, shop.clerk, shop.member.id)
    assert [(sale.purchase_id, sale.left) for sale in offered.purchases] == [
        (second.purchase_id, 5000), (first.purchase_id, 3000),
    ]  # fmt: skip
    offered = await db.write(refunds.list_refundable, shop.clerk, shop.member.id, 4000)
    assert [sale.purchase_id for sale in offered.purchases] == [second.purchase_id]


@pytest.mark.parametrize(
    ("text", "amount"), [("13800138000", 0), ("13800138000 86.50", 8650), ("Ann", 0), ("Ann 12", 1200)]
)
async def test_a_line_says_whose_and_perhaps_how_much(db: Database, shop: Shop, text: str, amount: int) -> None:
    assert await db.read(refunds.understand, shop.clerk, text) == ([shop.member.id], amount)


async def test_a_member_without_telegram_is_refunded_in_silence(db: Database, shop: Shop) -> None:
    quiet = await db.write(add_member, "Bob", "13900139000")
    bought = await buys(db, replace(shop, member=quiet), "100")
    await refund(db, shop, Wanted(bought.purchase_id))
    assert await db.read(notices) == 0
    assert await db.read(members.name_of, quiet.id) == "Bob"
