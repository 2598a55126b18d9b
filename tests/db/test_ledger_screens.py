"""Whatever is wrong with a member's books, the screens doubt that member, and the checks then say what it is."""

from __future__ import annotations

import pytest

from actions import purchases, refunds
from actions.refunds import Wanted
from db import ledger, ledger_checks, ledger_screens
from db.database import Database, Tx
from db.ledger import Posting
from loyalty.purchases import Sale
from tests.actions.shops import Shop, add_member, at_desk, open_shop

DAY = 86_400_000


@pytest.fixture
async def shop(db: Database) -> Shop:
    shop = await open_shop(db)
    await db.write(live, shop)
    return shop


def live(tx: Tx, shop: Shop) -> None:
    """Two members bought, one of whom has everything that can be in the books."""
    clerk = at_desk(shop.clerk, shop.store_id)
    other = add_member(tx, "Bob", "13800138001")
    for member_id, key in ((shop.member.id, "a"), (other.id, "b")):
        for number in range(3):
            purchases.record(tx, clerk, member_id, Sale(20_000, "", ()), f"{key}{number}")
    purchases.undo(tx, clerk, 1)
    refunds.refund(tx, clerk, Wanted(2, 8_000), 0, "r")
    collect(tx, shop, 100)
    held = [ledger.hold(tx, posting(shop, f"h{number}"), 10).id for number in range(3)]
    ledger.capture(tx, held[0], posting(shop, "c"))
    ledger.release(tx, held[1], posting(shop, "l"))


def collect(tx: Tx, shop: Shop, points: int) -> None:
    earned = Posting(shop.member.id, "gift", "e", actor=0, occurred_at=tx.now, kind="earn", points=points)
    ledger.earn(tx, earned, tx.now, tx.now + 30 * DAY)


def posting(shop: Shop, key: str) -> Posting:
    return Posting(shop.member.id, "gift", key, actor=0, occurred_at=0)


def doubted(tx: Tx) -> set[int]:
    found: set[int] = set()
    for screen in ledger_screens.SCREENS:
        page = ledger_screens.page(tx, screen, 0)
        assert not page.last
        found.update(page.doubtful)
    return found


def wrong(tx: Tx, member_id: int) -> set[str]:
    return {discrepancy.check for discrepancy in ledger_checks.discrepancies(tx, member_id, member_id)}


async def test_nobody_whose_books_are_right_is_doubted(db: Database, shop: Shop) -> None:
    assert await db.read(doubted) == set()
    assert await db.read(ledger_checks.discrepancies) == []


DAMAGES = {
    "the balance": "UPDATE account SET balance = balance + 1 WHERE member_id = :ann",
    "the deficit": "UPDATE account SET deficit = -1 WHERE member_id = :ann",
    "a deficit for nothing": "UPDATE account SET deficit = 1 WHERE member_id = :ann",
    "balance and deficit": "UPDATE account SET balance = balance - 1, deficit = deficit + 1 WHERE member_id = :ann",
    "how many entries": "UPDATE account SET entries = entries + 1 WHERE member_id = :ann",
    "an entry's points": "UPDATE entry SET points = points + 1 WHERE purchase_id = 3",
    "what the last entry says": "UPDATE entry SET balance_after = balance_after + 1 WHERE key = 'l'",
    "an entry that is gone": "DELETE FROM entry WHERE key = 'c'",
    "an entry of another": "UPDATE entry SET member_id = :ann WHERE purchase_id = 5",
    "a lot that lost": "UPDATE lot SET remaining = remaining - 1 WHERE id = (SELECT MAX(id) FROM lot)",
    "a lot that gained": "UPDATE lot SET remaining = remaining + 1 WHERE member_id = :ann AND remaining < points",
    "two lots that make up for each other": (
        "UPDATE lot SET remaining = remaining + CASE WHEN id = (SELECT MAX(id) FROM lot) THEN -1 ELSE 1 END "
        "WHERE id IN (SELECT MAX(id) FROM lot UNION SELECT MIN(id) FROM lot WHERE member_id = :ann)"
    ),
    "a lot's size": "UPDATE lot SET points = points + 1 WHERE id = (SELECT MAX(id) FROM lot)",
    "a lot that lapses another day": "UPDATE lot SET expires_at = expires_at + 1 WHERE id = (SELECT MAX(id) FROM lot)",
    "a lot that lapsed with points in it": "UPDATE lot SET lapsed = points WHERE id = (SELECT MAX(id) FROM lot)",
    "an allocation": "UPDATE allocation SET points = points - 1 WHERE entry_id = (SELECT MAX(id) FROM entry)",
    "an allocation that is gone": "DELETE FROM allocation WHERE entry_id = (SELECT id FROM entry WHERE key = 'l')",
    "an expiry's total": "UPDATE account_expiry SET points = points + 1 WHERE member_id = :ann",
    "an expiry that is gone": "DELETE FROM account_expiry WHERE member_id = :ann",
    "an expiry of nothing": "INSERT INTO account_expiry (member_id, expires_at, points) VALUES (:ann, 7, 7)",
    "two expiries that make up for each other": (
        "INSERT INTO account_expiry (member_id, expires_at, points) VALUES (:ann, 7, 7), (:ann, 8, -7)"
    ),
    "a hold captured by nobody": "UPDATE hold SET state = 'captured' WHERE state = 'held'",
    "a hold that is held again": "UPDATE hold SET state = 'held' WHERE state = 'captured'",
    "a hold released instead": "UPDATE hold SET state = 'released' WHERE state = 'captured'",
    "a month's spending": "UPDATE account_month SET spent = spent + 1 WHERE member_id = :ann",
    "a month that is gone": "DELETE FROM account_month WHERE member_id = :ann",
    "a purchase's amount": "UPDATE purchase SET amount = amount + 1 WHERE id = 3",
    "a purchase's points": "UPDATE purchase SET points = points + 1 WHERE id = 3",
    "a purchase that earned nothing": "UPDATE entry SET purchase_id = 0 WHERE purchase_id = 3 AND kind = 'earn'",
    "a purchase undone by hand": "UPDATE purchase SET status = 'undone' WHERE id = 3",
    "a purchase that is not undone": "UPDATE purchase SET status = 'recorded' WHERE id = 1",
    "a refund's amount": "UPDATE refund SET amount = amount + 1",
    "a refund's points": "UPDATE refund SET points = points + 1",
    "a refund of nothing": "UPDATE purchase SET refunded = 5 WHERE id = 3",
    "points back for nothing": "UPDATE purchase SET points_back = 5 WHERE id = 3",
    "a purchase that forgot its refund": "UPDATE purchase SET refunded = 0, points_back = 0 WHERE id = 2",
    "points taken back twice": "UPDATE entry SET points = points - 1 WHERE purchase_id = 2 AND kind <> 'earn'",
}


@pytest.mark.parametrize("what", DAMAGES)
async def test_what_is_damaged_is_doubted_and_named(db: Database, shop: Shop, what: str) -> None:
    ann = shop.member.id

    def damage(tx: Tx) -> int:
        tx.run(DAMAGES[what].replace(":ann", str(ann)))
        return 0

    await db.write(damage)
    found = await db.read(ledger_checks.discrepancies)
    assert ann in {discrepancy.member_id for discrepancy in found}
    assert {discrepancy.member_id for discrepancy in found} <= await db.read(doubted)
    assert await db.read(wrong, ann) >= {one.check for one in found if one.member_id == ann}
