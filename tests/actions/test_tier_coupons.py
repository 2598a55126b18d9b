"""The coupon that comes with a tier goes with it, when the purchase that lifted counts no more, unless it was used."""

from __future__ import annotations

import pytest

from actions import coupons as granting, purchases, refunds
from actions.refunds import Wanted
from db import coupon_definitions as definitions, coupons
from db.coupons import Use
from db.database import Database, Tx
from tests.actions.shops import Shop, amended, buys, open_shop
from tests.conftest import Clock

HELLO = """
[[coupons]]
code = "hello"
name = { zh_Hans = "礼券", zh_Hant = "禮券", en = "Hello" }
kind = "amount"
off = 20
days = 300

[tier_review]"""


@pytest.fixture
async def shop(db: Database) -> Shop:
    """Silver, from 2,000 on, brings the coupon."""
    charter = amended(("threshold = 2000", 'threshold = 2000\ncoupon = "hello"'), ("\n[tier_review]", HELLO))
    return await open_shop(db, charter)


def held(tx: Tx, shop: Shop) -> list[str]:
    return [coupon.terms.names["en"] for coupon in coupons.list_held(tx, shop.member.id)]


def use(tx: Tx, shop: Shop) -> bool:
    (coupon,) = coupons.list_held(tx, shop.member.id)
    return coupons.use(tx, coupon.id, Use(shop.store_id, 0, 2_000, shop.clerk.user_id))


def granted(tx: Tx) -> int:
    known = definitions.get_by_code(tx, "hello")
    assert known is not None
    return int(tx.value("SELECT granted FROM coupon_definition WHERE id = :id", id=known.id))


async def test_undone_the_purchase_takes_it_along_and_both_are_told(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "2000")
    assert await db.read(held, shop) == ["Hello"]
    undone = await db.write(purchases.undo, shop.clerk, bought.purchase_id)
    assert [names["en"] for names in undone.coupons_gone] == ["Hello"]
    assert (await db.read(held, shop), await db.read(granted)) == ([], 0)


async def test_reached_again_it_is_granted_again(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "2000")
    await db.write(purchases.undo, shop.clerk, bought.purchase_id)
    await buys(db, shop, "2200", "again")
    assert (await db.read(held, shop), await db.read(granted)) == (["Hello"], 1)


async def test_what_was_used_stays_used(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "2000")
    assert await db.write(use, shop)
    undone = await db.write(purchases.undo, shop.clerk, bought.purchase_id)
    assert (undone.lowered["en"], undone.coupons_gone) == ("Classic", [])
    await buys(db, shop, "2200", "again")
    assert (await db.read(held, shop), await db.read(granted)) == ([], 1)


async def test_a_purchase_that_lifted_nobody_takes_nothing(db: Database, shop: Shop) -> None:
    await buys(db, shop, "2000")
    more = await buys(db, shop, "10", "more")
    assert (await db.write(purchases.undo, shop.clerk, more.purchase_id)).coupons_gone == []
    assert await db.read(held, shop) == ["Hello"]


async def test_a_refund_that_lowers_the_tier_takes_it_along_months_later_too(
    db: Database, shop: Shop, clock: Clock
) -> None:
    bought = await buys(db, shop, "2000")
    clock.move(days=200)
    shown = await db.write(refunds.preview, shop.clerk, Wanted(bought.purchase_id))
    assert await db.read(held, shop) == ["Hello"]
    done = await db.write(refunds.refund, shop.clerk, Wanted(bought.purchase_id), 0, "back")
    assert [names["en"] for names in done.coupons_gone] == [names["en"] for names in shown.coupons_gone] == ["Hello"]
    assert await db.read(held, shop) == []


async def test_a_refund_that_leaves_the_tier_leaves_the_coupon(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop, "2500")
    wanted = Wanted(bought.purchase_id, 40_000)
    assert (await db.write(refunds.refund, shop.clerk, wanted, 0, "back")).coupons_gone == []
    assert await db.read(held, shop) == ["Hello"]


async def test_one_that_was_granted_before_that_purchase_stays(db: Database, shop: Shop, clock: Clock) -> None:
    """As after a tier that was lost and is reached again within the year: that brought nothing."""
    await buys(db, shop, "2000")
    keys = [f"tier:{shop.member.id}:silver:{year}" for year in range(2024, 2028)]
    kept = await db.write(granting.withdraw, keys, clock.now + 1)
    assert (kept, await db.read(held, shop)) == ([], ["Hello"])
