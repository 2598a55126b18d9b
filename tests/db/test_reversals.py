"""Taking back: once, never more than was given, and what has lapsed is not owed."""

import asyncio

import pytest

from db import accounts, ledger, ledger_checks, reversals
from db.database import Database, Tx
from db.ledger import Entry, Posting
from loyalty.errors import AlreadyReversed, IdempotencyConflict, NotReversible
from tests.actions.shops import open_shop
from tests.db.test_holds import attempt, hold, left, posting
from tests.db.test_ledger import DAY, earn, in_order


@pytest.fixture
async def member_id(db: Database) -> int:
    return (await open_shop(db)).member.id


def adjust(tx: Tx, member_id: int, points: int, key: str) -> Entry:
    order = Posting(
        member_id=member_id, kind="adjust", points=points, reason="correction", key=key, actor=0, occurred_at=tx.now
    )
    return ledger.spend(tx, order)


def claw_back(tx: Tx, earned: Entry, points: int, key: str) -> Entry:
    return reversals.claw_back(
        tx, earned, points,
        Posting(member_id=earned.member_id, kind="claw_back", reason="refund", key=key, actor=0, occurred_at=tx.now),
    )  # fmt: skip


async def test_each_entry_is_reversed_once_by_twenty_racers(db: Database, member_id: int) -> None:
    entries = [await db.write(earn, member_id, 10, f"k{n}") for n in range(5)]
    outcomes = await asyncio.gather(
        *(
            attempt(db, reversals.reverse, entry, "undo", 0, f"{entry.id}:{racer}")
            for entry in entries
            for racer in range(20)
        )
    )
    assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, AlreadyReversed) for outcome in outcomes) == 95
    assert (await db.read(accounts.get, member_id)).balance == 0
    assert await in_order(db)


async def test_of_twenty_racers_who_reverse_ten_entries_twice_half_are_refused(db: Database, member_id: int) -> None:
    entries = [await db.write(earn, member_id, 10, f"k{n}") for n in range(10)]
    outcomes = await asyncio.gather(
        *(attempt(db, reversals.reverse, entries[racer % 10], "undo", 0, f"racer {racer}") for racer in range(20))
    )
    assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 10
    assert sum(isinstance(outcome, AlreadyReversed) for outcome in outcomes) == 10
    assert (await db.read(accounts.get, member_id)).balance == 0
    assert await in_order(db)


async def test_a_key_used_for_something_else_reverses_nothing(db: Database, member_id: int) -> None:
    entry = await db.write(earn, member_id, 10, "a")
    with pytest.raises(IdempotencyConflict):
        await db.write(reversals.reverse, entry, "undo", 0, "a")


async def test_points_taken_by_hand_return_to_their_lots(db: Database, member_id: int, clock) -> None:
    await db.write(earn, member_id, 50, "late", expires_at=clock() + 9 * DAY)
    await db.write(earn, member_id, 50, "soon", expires_at=clock() + 3 * DAY)
    taken = await db.write(adjust, member_id, -70, "adjust")
    assert await db.read(left) == [30, 0]
    await db.write(reversals.reverse, taken, "mistake", 0, "back")
    assert await db.read(left) == [50, 50]
    assert await in_order(db)


async def test_a_hold_under_way_is_released_not_reversed(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 50, "a")
    held = await hold(db, member_id, 20)
    with pytest.raises(NotReversible):
        await db.write(reversals.reverse, held, "mistake", 0, "back")


async def test_a_reversal_is_not_reversed(db: Database, member_id: int) -> None:
    entry = await db.write(earn, member_id, 50, "a")
    undone = await db.write(reversals.reverse, entry, "undo", 0, "undo")
    with pytest.raises(NotReversible):
        await db.write(reversals.reverse, undone, "redo", 0, "redo")


async def test_what_lapsed_unused_is_not_owed(db: Database, member_id: int, clock) -> None:
    lapses = clock() + DAY
    earned = await db.write(earn, member_id, 100, "a", expires_at=lapses)
    await hold(db, member_id, 40)
    clock.move(days=2)
    await db.write(reversals.expire, member_id, lapses)
    first = await db.write(claw_back, earned, 50, "half")
    second = await db.write(claw_back, earned, 50, "other half")
    account = await db.read(accounts.get, member_id)
    assert (first.points, second.points, account.deficit, account.balance) == (0, -40, 40, -40)
    assert await in_order(db)


async def test_what_lapses_settles_what_is_owed_first(db: Database, member_id: int, clock) -> None:
    sold = await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 60)
    await db.write(ledger.capture, held.id, posting(member_id, "capture"))
    lapses = clock() + DAY
    await db.write(reversals.reverse, sold, "undo", 0, "undo")
    await db.write(earn, member_id, 0, "nothing")
    await db.write(earn, member_id, 50, "b", expires_at=lapses)
    assert (await db.read(accounts.get, member_id)).deficit == 10
    clock.move(days=2)
    await db.write(reversals.expire, member_id, lapses)
    assert (await db.read(accounts.get, member_id)).balance == -10
    assert await in_order(db)


async def test_a_debt_beside_open_lots_is_settled_when_they_lapse(db: Database, member_id: int, clock) -> None:
    lapses = clock() + 5 * DAY
    sold = await db.write(earn, member_id, 60, "a", expires_at=clock() + 4 * DAY)
    await db.write(earn, member_id, 100, "b", expires_at=lapses)
    held = await hold(db, member_id, 60)
    await db.write(ledger.capture, held.id, posting(member_id, "capture"))
    await db.write(reversals.reverse, sold, "undo", 0, "undo")
    assert (await db.read(accounts.get, member_id)).available == 40
    clock.move(days=6)
    entry = await db.write(reversals.expire, member_id, lapses)
    account = await db.read(accounts.get, member_id)
    assert entry is not None
    assert (entry.points, account.balance, account.deficit) == (-40, 0, 0)
    assert await in_order(db)


async def test_expiring_again_enters_nothing(db: Database, member_id: int, clock) -> None:
    lapses = clock() + DAY
    await db.write(earn, member_id, 60, "a", expires_at=lapses)
    clock.move(days=2)
    outcomes = await asyncio.gather(*(db.write(reversals.expire, member_id, lapses) for _ in range(8)))
    assert sum(entry is not None for entry in outcomes) == 1
    assert (await db.read(accounts.get, member_id)).balance == 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE account SET balance = balance + 1",
        "UPDATE account SET deficit = deficit + 1",
        "UPDATE account SET entries = entries + 1",
        "UPDATE entry SET points = points + 1",
        "UPDATE entry SET balance_after = balance_after - 1",
        "UPDATE lot SET remaining = remaining - 1 WHERE remaining > 0",
        "UPDATE allocation SET points = points - 1",
        "UPDATE account_expiry SET points = points + 1",
        "DELETE FROM account_expiry",
        "UPDATE hold SET state = 'released'",
        "DELETE FROM entry WHERE kind = 'capture'",
    ],
)
async def test_damage_of_each_kind_is_found(db: Database, member_id: int, damage: str) -> None:
    await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 20)
    await db.write(ledger.capture, held.id, posting(member_id, "capture"))
    assert await in_order(db)
    await db.write(lambda tx: tx.run(damage))
    assert {found.member_id for found in await db.read(ledger_checks.discrepancies)} == {member_id}
