"""The ledger adds up, whatever is earned, spent and taken back."""

import asyncio
import random as randomness
from dataclasses import replace

import pytest

from db import accounts, ledger, ledger_checks, reversals
from db.database import Conflict, Database, Tx
from db.ledger import Entry, Posting, Take
from loyalty import lots
from loyalty.errors import IdempotencyConflict, NotEnoughPoints
from loyalty.lots import NEVER, Lot
from tests.actions.shops import open_shop

DAY = 86_400_000


@pytest.fixture
async def member_id(db: Database) -> int:
    return (await open_shop(db)).member.id


def gift(member_id: int, points: int, key: str) -> Posting:
    return Posting(
        member_id=member_id, kind="earn", points=points, reason="gift", key=key, actor=0, occurred_at=1_740_974_400_000
    )


def earn(tx: Tx, member_id: int, points: int, key: str, expires_at: int = NEVER, pending: int = 0) -> Entry:
    return ledger.earn(tx, gift(member_id, points, key), tx.now + pending, expires_at)


def spend(tx: Tx, member_id: int, points: int, key: str) -> Entry:
    """As a redemption will: out of the usable lots."""
    accounts.lock(tx, member_id)
    rows = tx.all("SELECT id, remaining, active_at, expires_at, id FROM lot WHERE member_id = :id", id=member_id)
    found = {row[0]: Lot(*row) for row in rows}
    usable = [lot for lot in found.values() if lot.remaining > 0 and lot.active_at <= tx.now <= lot.expires_at]
    taken = lots.allocate(usable, points)
    posting = replace(gift(member_id, -points, key), kind="redeem")
    return ledger.take(tx, posting, [Take(lot_id, found[lot_id].expires_at, part) for lot_id, part in taken])


async def in_order(db: Database) -> bool:
    return await db.read(ledger_checks.discrepancies) == []


async def test_what_is_earned_is_the_balance(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 120, "a")
    await db.write(earn, member_id, 30, "b")
    account = await db.read(accounts.get, member_id)
    assert (account.balance, account.available) == (150, 150)
    assert await in_order(db)


async def test_the_same_posting_again_earns_once(db: Database, member_id: int) -> None:
    first = await db.write(earn, member_id, 120, "a")
    assert await db.write(earn, member_id, 120, "a") == first
    assert (await db.read(accounts.get, member_id)).balance == 120
    assert await in_order(db)


async def test_the_same_key_for_something_else_is_refused(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 120, "a")
    with pytest.raises(IdempotencyConflict):
        await db.write(earn, member_id, 121, "a")
    assert await in_order(db)


async def test_twenty_racers_with_one_key_earn_once(db: Database, member_id: int) -> None:
    entries = await asyncio.gather(*(db.write(earn, member_id, 5, "a") for _ in range(20)))
    assert len({entry.id for entry in entries}) == 1
    assert (await db.read(accounts.get, member_id)).balance == 5


async def test_many_earnings_at_once_are_all_counted(db: Database, member_id: int) -> None:
    await asyncio.gather(*(db.write(earn, member_id, 7, f"k{n}") for n in range(32)))
    assert (await db.read(accounts.get, member_id)).balance == 32 * 7
    assert await in_order(db)


async def test_zero_points_are_an_entry_without_a_lot(db: Database, member_id: int) -> None:
    entry = await db.write(earn, member_id, 0, "a")
    assert await db.read(ledger.list_lots, entry.id) == []
    assert await in_order(db)


async def test_pending_points_are_told_apart(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 10, "a")
    await db.write(earn, member_id, 90, "b", pending=DAY)
    account = await db.read(accounts.get, member_id)
    assert (account.available, account.pending, account.standing) == (10, 90, 100)


async def test_lapsed_points_are_not_available(db: Database, member_id: int, clock) -> None:
    await db.write(earn, member_id, 10, "a", expires_at=clock() + DAY)
    clock.move(days=2)
    account = await db.read(accounts.get, member_id)
    assert (account.balance, account.available) == (10, 0)


async def test_the_next_expiry_is_the_soonest_with_points(db: Database, member_id: int, clock) -> None:
    await db.write(earn, member_id, 10, "late", expires_at=clock() + 9 * DAY)
    await db.write(earn, member_id, 20, "soon", expires_at=clock() + 3 * DAY)
    await db.write(spend, member_id, 20, "gone")
    assert await db.read(accounts.next_expiry, member_id) == accounts.Expiry(clock() + 9 * DAY, 10)


async def test_reversing_takes_the_lot_back(db: Database, member_id: int) -> None:
    entry = await db.write(earn, member_id, 120, "a")
    await db.write(reversals.reverse, entry, "undo", 0, f"undo:{entry.id}")
    account = await db.read(accounts.get, member_id)
    assert (account.balance, account.deficit, account.live) == (0, 0, 0)
    assert await in_order(db)


async def test_reversing_twice_takes_back_once(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 50, "other")
    entry = await db.write(earn, member_id, 120, "a")
    first = await db.write(reversals.reverse, entry, "undo", 0, f"undo:{entry.id}")
    assert await db.write(reversals.reverse, entry, "undo", 0, f"undo:{entry.id}") == first
    assert (await db.read(accounts.get, member_id)).balance == 50


async def test_points_spent_before_they_are_taken_back_are_owed(db: Database, member_id: int) -> None:
    entry = await db.write(earn, member_id, 100, "a")
    await db.write(spend, member_id, 80, "gift")
    await db.write(reversals.reverse, entry, "undo", 0, f"undo:{entry.id}")
    account = await db.read(accounts.get, member_id)
    assert (account.balance, account.deficit, account.available) == (-80, 80, 0)
    assert await in_order(db)


async def test_later_earnings_repay_what_is_owed_first(db: Database, member_id: int) -> None:
    entry = await db.write(earn, member_id, 100, "a")
    await db.write(spend, member_id, 80, "gift")
    await db.write(reversals.reverse, entry, "undo", 0, f"undo:{entry.id}")
    await db.write(earn, member_id, 100, "b")
    account = await db.read(accounts.get, member_id)
    assert (account.balance, account.deficit, account.available) == (20, 0, 20)
    assert await in_order(db)


async def test_taking_back_points_that_repaid_a_debt_brings_the_debt_back(db: Database, member_id: int) -> None:
    entry = await db.write(earn, member_id, 100, "a")
    await db.write(spend, member_id, 100, "gift")
    await db.write(reversals.reverse, entry, "undo", 0, f"undo:{entry.id}")
    repaying = await db.write(earn, member_id, 60, "b")
    await db.write(reversals.reverse, repaying, "undo", 0, f"undo:{repaying.id}")
    account = await db.read(accounts.get, member_id)
    assert (account.balance, account.deficit) == (-100, 100)
    assert await in_order(db)


async def test_no_lot_gives_more_than_it_holds(db: Database, member_id: int, clock) -> None:
    entry = await db.write(earn, member_id, 10, "a")
    (lot,) = await db.read(ledger.list_lots, entry.id)
    too_much = replace(gift(member_id, -11, "b"), kind="redeem")
    with pytest.raises(Conflict):
        await db.write(ledger.take, too_much, [Take(lot.id, lot.expires_at, 11)])
    assert await in_order(db)


async def test_a_wrong_total_is_found(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 10, "a")
    await db.write(lambda tx: tx.run("UPDATE account SET balance = balance + 1"))
    assert {found.member_id for found in await db.read(ledger_checks.discrepancies)} == {member_id}


@pytest.mark.parametrize("seed", range(4))
async def test_any_mix_of_earning_spending_and_taking_back_adds_up(db: Database, member_id: int, seed: int) -> None:
    draw = randomness.Random(seed)
    earned: list[Entry] = []
    expected = 0
    for step in range(40):
        choice = draw.choice(["earn", "earn", "spend", "reverse"])
        if choice == "earn":
            points = draw.randrange(200)
            earned.append(await db.write(earn, member_id, points, f"e{step}", NEVER - draw.randrange(3)))
            expected += points
        elif choice == "spend":
            points = draw.randrange(1, 150)
            try:
                await db.write(spend, member_id, points, f"s{step}")
                expected -= points
            except NotEnoughPoints:
                pass
        elif earned:
            entry = earned.pop(draw.randrange(len(earned)))
            await db.write(reversals.reverse, entry, "undo", 0, f"undo:{entry.id}")
            expected -= entry.points
    assert (await db.read(accounts.get, member_id)).balance == expected
    assert await in_order(db)
