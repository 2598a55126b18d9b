"""Points set aside: captured or released, once, whoever comes at the same time."""

import asyncio
from dataclasses import replace

import pytest

from db import accounts, ledger, ledger_checks, reversals
from db.database import Database, Tx
from db.ledger import Entry, Posting
from loyalty.errors import HoldResolved, IdempotencyConflict, NotEnoughPoints, RedemptionsFrozen, Refusal
from loyalty.lots import NEVER
from tests.actions.shops import open_shop
from tests.db.test_ledger import DAY, earn, in_order


@pytest.fixture
async def member_id(db: Database) -> int:
    return (await open_shop(db)).member.id


def posting(member_id: int, key: str) -> Posting:
    return Posting(member_id=member_id, reason="gift", key=key, actor=0, occurred_at=1_740_974_400_000)


async def hold(db: Database, member_id: int, points: int, key: str = "hold") -> Entry:
    return await db.write(ledger.hold, posting(member_id, key), points)


def left(tx: Tx) -> list[int]:
    return [row[0] for row in tx.all("SELECT remaining FROM lot ORDER BY id")]


def allocations(tx: Tx, entry_id: int) -> list[tuple[int, ...]]:
    return [
        tuple(row) for row in tx.all("SELECT points FROM allocation WHERE entry_id = :id ORDER BY lot_id", id=entry_id)
    ]


async def test_what_is_held_is_off_the_balance(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 100, "a")
    entry = await hold(db, member_id, 60)
    assert (entry.kind, entry.points, entry.balance_after) == ("hold", -60, 40)
    assert (await db.read(accounts.get, member_id)).available == 40
    assert await in_order(db)


async def test_the_soonest_to_lapse_goes_first_and_never_goes_last(db: Database, member_id: int, clock) -> None:
    await db.write(earn, member_id, 50, "never", expires_at=NEVER)
    await db.write(earn, member_id, 50, "late", expires_at=clock() + 9 * DAY)
    await db.write(earn, member_id, 50, "soon", expires_at=clock() + 3 * DAY)
    await db.write(earn, member_id, 50, "late, too", expires_at=clock() + 9 * DAY)
    await hold(db, member_id, 120)
    assert await db.read(left) == [50, 0, 0, 30]


async def test_pending_and_lapsed_points_are_not_held(db: Database, member_id: int, clock) -> None:
    await db.write(earn, member_id, 50, "lapsed", expires_at=clock() + DAY)
    await db.write(earn, member_id, 50, "pending", pending=9 * DAY)
    await db.write(earn, member_id, 10, "usable")
    clock.move(days=2)
    with pytest.raises(NotEnoughPoints) as refusal:
        await hold(db, member_id, 11)
    assert (refusal.value.required, refusal.value.available) == (11, 10)


async def test_what_is_owed_cannot_be_held(db: Database, member_id: int) -> None:
    sold = await db.write(earn, member_id, 100, "a")
    await db.write(earn, member_id, 50, "b")
    await hold(db, member_id, 90)
    await db.write(reversals.reverse, sold, "undo", 0, "undo")
    account = await db.read(accounts.get, member_id)
    assert (account.deficit, account.available) == (90, 0)
    with pytest.raises(NotEnoughPoints):
        await hold(db, member_id, 1, "another")


async def test_more_lots_than_are_read_at_once_can_be_held(db: Database, member_id: int) -> None:
    for number in range(70):
        await db.write(earn, member_id, 1, f"k{number}", NEVER - number % 3)
    await hold(db, member_id, 69)
    assert sum(await db.read(left)) == 1
    assert await in_order(db)


async def test_a_second_tap_on_a_success_never_says_not_enough(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    first = await hold(db, member_id, 60)
    assert await hold(db, member_id, 60) == first
    assert (await db.read(accounts.get, member_id)).balance == 0


async def test_the_same_key_for_other_points_is_refused(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    await hold(db, member_id, 10)
    with pytest.raises(IdempotencyConflict):
        await hold(db, member_id, 11)


async def test_capturing_makes_it_final(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 60)
    entry = await db.write(ledger.capture, held.id, posting(member_id, "capture"))
    assert (entry.kind, entry.points, entry.reverses) == ("capture", 0, held.id)
    with pytest.raises(HoldResolved) as refusal:
        await db.write(ledger.release, held.id, posting(member_id, "release"))
    assert refusal.value.state == "captured"
    assert await in_order(db)


async def test_releasing_returns_points_to_their_lots_with_their_expiry(db: Database, member_id: int, clock) -> None:
    await db.write(earn, member_id, 50, "late", expires_at=clock() + 9 * DAY)
    await db.write(earn, member_id, 50, "soon", expires_at=clock() + 3 * DAY)
    held = await hold(db, member_id, 80)
    await db.write(ledger.release, held.id, posting(member_id, "release"))
    assert await db.read(left) == [50, 50]
    assert await db.read(accounts.next_expiry, member_id) == accounts.Expiry(clock() + 3 * DAY, 50)
    assert await in_order(db)


async def test_a_resolution_repeated_under_its_key_is_the_same(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 60)
    first = await db.write(ledger.release, held.id, posting(member_id, "release"))
    assert await db.write(ledger.release, held.id, posting(member_id, "release")) == first
    assert (await db.read(accounts.get, member_id)).balance == 60


async def test_what_lapsed_while_it_was_held_lapses_after_its_release(db: Database, member_id: int, clock) -> None:
    lapses = clock() + DAY
    await db.write(earn, member_id, 60, "a", expires_at=lapses)
    held = await hold(db, member_id, 60)
    clock.move(days=2)
    assert await db.write(reversals.expire, member_id, lapses) is None
    await db.write(ledger.release, held.id, posting(member_id, "release"))
    assert (await db.read(accounts.get, member_id)).available == 0
    assert await db.read(accounts.list_lapsed, (0, 0), 10) == [(lapses, member_id)]
    entry = await db.write(reversals.expire, member_id, lapses)
    assert entry is not None
    assert (entry.points, entry.balance_after) == (-60, 0)
    assert await in_order(db)


async def test_nothing_is_held_from_books_in_doubt(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 10)
    await db.write(accounts.freeze, member_id)
    with pytest.raises(RedemptionsFrozen):
        await hold(db, member_id, 10, "another")
    assert await hold(db, member_id, 10) == held


async def test_nobody_elses_hold_can_be_resolved(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 10)
    with pytest.raises(LookupError):
        await db.write(ledger.capture, held.id, posting(member_id + 1, "capture"))


async def attempt(db: Database, action, *args) -> Entry | Refusal:
    try:
        return await db.write(action, *args)
    except Refusal as refusal:
        return refusal


async def test_of_twenty_who_capture_or_release_at_once_one_wins(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 60)
    actions = [ledger.capture, ledger.release] * 10
    outcomes = await asyncio.gather(
        *(attempt(db, action, held.id, posting(member_id, f"k{n}")) for n, action in enumerate(actions))
    )
    assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 1
    assert await in_order(db)


async def test_many_holds_at_once_never_take_more_than_there_is(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 50, "a")
    await db.write(earn, member_id, 55, "b")
    outcomes = await asyncio.gather(*(attempt(db, ledger.hold, posting(member_id, f"k{n}"), 10) for n in range(32)))
    assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 10
    assert (await db.read(accounts.get, member_id)).available == 5
    assert await in_order(db)


async def test_a_hundred_keys_raced_by_five_are_a_hundred_effects(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 1_000, "a")
    await asyncio.gather(*(attempt(db, ledger.hold, posting(member_id, f"k{n % 100}"), 3) for n in range(500)))
    assert (await db.read(accounts.get, member_id)).balance == 700


@pytest.mark.long
async def test_a_thousand_keys_raced_by_five_are_a_thousand_effects(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 10_000, "a")
    outcomes = await asyncio.gather(
        *(attempt(db, ledger.hold, posting(member_id, f"k{n % 1_000}"), 3) for n in range(5_000))
    )
    assert all(isinstance(outcome, Entry) for outcome in outcomes)
    assert (await db.read(accounts.get, member_id)).balance == 7_000
    other = await attempt(db, ledger.hold, posting(member_id, "k7"), 4)
    assert isinstance(other, IdempotencyConflict)


async def test_a_hold_takes_from_no_more_lots_than_it_needs(db: Database, member_id: int) -> None:
    for number in range(200):
        await db.write(earn, member_id, 10, f"k{number}", NEVER - number % 3)
    held = await hold(db, member_id, 45)
    assert len(await db.read(allocations, held.id)) == 5


def test_a_posting_says_what_must_agree_when_its_key_comes_again() -> None:
    told = posting(1, "a")
    assert told.content == replace(told, actor=7, occurred_at=1).content
    assert told.content != replace(told, member_id=2).content


async def test_a_gift_that_was_handed_over_can_be_returned(db: Database, member_id: int) -> None:
    await db.write(earn, member_id, 60, "a")
    held = await hold(db, member_id, 60)
    await db.write(ledger.capture, held.id, posting(member_id, "capture"))
    entry = await db.write(reversals.reverse, held, "gift_returned", 0, "return")
    assert (entry.points, entry.balance_after) == (60, 60)
    assert await db.read(ledger_checks.discrepancies) == []
