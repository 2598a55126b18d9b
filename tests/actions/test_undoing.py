"""A slip of the finger is taken back: the points, the spending, and the tier it lifted to."""

import asyncio

import pytest

from actions import purchases
from db import audit
from db.database import Database
from loyalty.errors import AlreadyUndone, NotAllowed, PurchaseNotFound, UndoTooLate
from loyalty.roles import Role
from tests.actions.shops import Shop, add_store, balance, buys, hire, in_order, notices, open_shop, tier


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def test_undoing_takes_points_and_spending_back(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    undone = await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    assert (undone.before, undone.after, undone.owed) == (86, 0, 0)
    assert await balance(db, shop) == 0
    assert await in_order(db)


async def test_the_member_is_told_of_an_undone_purchase(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    assert await db.read(notices) == 2


async def test_undoing_is_in_the_audit(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    await db.write(purchases.undo, shop.manager, recorded.purchase_id)
    record = (await db.read(audit.list_latest, 1))[0]
    assert (record.actor, record.action) == (shop.manager.user_id, "purchase_undone")
    assert (record.detail["amount"], record.detail["points"]) == (-recorded.amount, -recorded.points)


async def test_twenty_undo_at_once_and_one_does(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    await buys(db, shop, "10", "other")
    tries = (db.write(purchases.undo, shop.clerk, recorded.purchase_id) for _ in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, AlreadyUndone) for outcome in outcomes) == 19
    assert await balance(db, shop) == 10
    assert await in_order(db)


@pytest.mark.parametrize("who", ["clerk", "manager", "owner"])
async def test_who_recorded_it_the_manager_and_the_owner_may_undo(db: Database, shop: Shop, who: str) -> None:
    recorded = await buys(db, shop)
    await db.write(purchases.undo, getattr(shop, who), recorded.purchase_id)
    assert await balance(db, shop) == 0


async def test_another_clerk_may_not_undo(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    colleague = await db.write(hire, 99, shop.store_id, Role.CLERK)
    with pytest.raises(NotAllowed):
        await db.write(purchases.undo, colleague, recorded.purchase_id)


async def test_a_manager_of_another_store_may_not_undo(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    second = await db.write(add_store, "dongmen", "东门店")
    other = await db.write(hire, 99, second, Role.MANAGER)
    with pytest.raises(NotAllowed):
        await db.write(purchases.undo, other, recorded.purchase_id)


async def test_the_member_may_not_undo(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop)
    with pytest.raises(NotAllowed):
        await db.write(purchases.undo, shop.ann, recorded.purchase_id)


async def test_what_never_was_cannot_be_undone(db: Database, shop: Shop) -> None:
    with pytest.raises(PurchaseNotFound):
        await db.write(purchases.undo, shop.clerk, 999)


async def test_after_its_minutes_a_purchase_stands(db: Database, shop: Shop, clock) -> None:
    recorded = await buys(db, shop)
    clock.move(minutes=15, ms=1)
    with pytest.raises(UndoTooLate):
        await db.write(purchases.undo, shop.clerk, recorded.purchase_id)


async def test_a_retry_of_an_undone_purchase_does_not_bring_it_back(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "86.50", "k")
    await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    await buys(db, shop, "86.50", "k")
    assert await balance(db, shop) == 0


async def test_a_tier_goes_back_with_the_purchase_that_lifted_to_it(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "2000")
    undone = await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    assert undone.lowered["en"] == "Classic"
    assert await tier(db, shop) == "classic"


async def test_a_tier_goes_back_with_an_earlier_purchase_it_rested_on(db: Database, shop: Shop) -> None:
    first = await buys(db, shop, "1500", "a")
    await buys(db, shop, "600", "b")
    await db.write(purchases.undo, shop.clerk, first.purchase_id)
    assert await tier(db, shop) == "classic"


async def test_a_tier_stays_if_the_rest_reaches_it(db: Database, shop: Shop) -> None:
    first = await buys(db, shop, "2000", "a")
    await buys(db, shop, "2000", "b")
    undone = await db.write(purchases.undo, shop.clerk, first.purchase_id)
    assert undone.lowered == {}
    assert await tier(db, shop) == "silver"


async def test_a_tier_held_before_is_not_lost_by_undoing(db: Database, shop: Shop, clock) -> None:
    await buys(db, shop, "2000", "a")
    clock.move(days=500)
    recorded = await buys(db, shop, "10", "b")
    await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    assert await tier(db, shop) == "silver"


async def test_two_steps_up_go_back_one_by_one(db: Database, shop: Shop) -> None:
    await buys(db, shop, "2000", "a")
    recorded = await buys(db, shop, "6000", "b")
    assert await tier(db, shop) == "gold"
    await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    assert await tier(db, shop) == "silver"


async def test_a_lifted_member_is_lifted_again_after_an_undo(db: Database, shop: Shop) -> None:
    recorded = await buys(db, shop, "2000", "a")
    await db.write(purchases.undo, shop.clerk, recorded.purchase_id)
    assert (await buys(db, shop, "2000", "b")).lifted["en"] == "Silver"
