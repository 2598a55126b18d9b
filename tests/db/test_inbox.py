"""The inbox: stored once, done once, in each sender's order, and in one process's hands at a time."""

from __future__ import annotations

import asyncio

import pytest

from db import inbox
from db.database import Database, Tx
from db.inbox import Received
from tests.conftest import Clock

BOT, ANN, BOB = 42, 7, 8
ME, SIBLING = 1, 2


def update(number: int, sender: int = ANN) -> Received:
    return Received(number, sender, b'{"update_id": %d}' % number)


async def store(db: Database, *numbers: int, sender: int = ANN, holder: int = ME) -> set[int]:
    return await db.write(inbox.add, BOT, [update(number, sender) for number in numbers], holder)


async def finish(db: Database, number: int) -> bool:
    return await db.write(inbox.finish, BOT, number)


async def taken_over(db: Database, holder: int) -> list[int]:
    return [one.update_id for one in await db.write(inbox.take_over, BOT, holder, 100)]


async def suspect(db: Database, holder: int = ME) -> int | None:
    found = await db.write(inbox.take_over_suspect, BOT, holder)
    return found.attempts if found else None


async def test_an_update_is_new_once(db: Database) -> None:
    assert await store(db, 1, 2) == {1, 2}
    assert await store(db, 2, 3) == {3}


async def test_twice_in_one_batch_is_once(db: Database) -> None:
    await store(db, 1, 1)
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM inbox")) == 1


async def test_the_same_number_of_another_bot_is_another_update(db: Database) -> None:
    await store(db, 1)
    assert await db.write(inbox.add, BOT + 1, [update(1)], ME) == {1}


async def test_it_is_finished_once(db: Database) -> None:
    await store(db, 1)
    assert await finish(db, 1)
    assert not await finish(db, 1)


async def test_done_is_not_new(db: Database) -> None:
    await store(db, 1)
    assert await db.read(inbox.is_new, BOT, 1)
    await finish(db, 1)
    assert not await db.read(inbox.is_new, BOT, 1)


async def test_nobody_overtakes_their_own_earlier_update(db: Database) -> None:
    await store(db, 1, 2)
    assert not await finish(db, 2)
    await finish(db, 1)
    assert await finish(db, 2)


async def test_order_is_that_of_arrival_whatever_the_numbers(db: Database) -> None:
    await store(db, 900)
    await store(db, 5)
    assert not await finish(db, 5)


async def test_others_do_not_wait(db: Database) -> None:
    await store(db, 1)
    await store(db, 2, sender=BOB)
    assert await finish(db, 2)


async def test_a_dead_update_holds_up_nothing(db: Database) -> None:
    await store(db, 1, 2)
    await db.write(inbox.bury, BOT, 1, "ValueError")
    assert await finish(db, 2)


async def test_a_finished_updates_payload_is_wiped(db: Database) -> None:
    await store(db, 1)
    await finish(db, 1)
    assert await db.read(lambda tx: tx.value("SELECT payload FROM inbox")) == b""


async def test_the_payload_lies_sealed(db: Database) -> None:
    await store(db, 1)
    assert b"update_id" not in await db.read(lambda tx: tx.value("SELECT payload FROM inbox"))


async def test_what_a_process_has_in_hand_is_nobody_elses(db: Database) -> None:
    await store(db, 1)
    assert not await db.read(inbox.has_strays, BOT)
    assert await taken_over(db, SIBLING) == []


async def test_what_a_process_keeps_in_hand_stays_its_own(db: Database, clock: Clock) -> None:
    await store(db, 1)
    clock.move(ms=inbox.LEASE_MS - 1)
    await db.write(inbox.renew, BOT, [1], ME)
    clock.move(ms=inbox.LEASE_MS - 1)
    assert await taken_over(db, SIBLING) == []


async def test_what_a_dead_process_left_is_taken_over_in_order(db: Database, clock: Clock) -> None:
    await store(db, 3, 1, 2)
    clock.move(ms=inbox.LEASE_MS + 1)
    assert await db.read(inbox.has_strays, BOT)
    assert await taken_over(db, SIBLING) == [3, 1, 2]


async def test_one_of_two_siblings_takes_it_over(db: Database, clock: Clock) -> None:
    await store(db, *range(40))
    clock.move(ms=inbox.LEASE_MS + 1)
    both = await asyncio.gather(taken_over(db, SIBLING), taken_over(db, SIBLING + 1))
    assert sorted(number for taken in both for number in taken) == list(range(40))


async def test_a_lease_lost_to_a_sibling_is_not_renewed(db: Database, clock: Clock) -> None:
    await store(db, 1)
    clock.move(ms=inbox.LEASE_MS + 1)
    await taken_over(db, SIBLING)
    clock.move(ms=inbox.LEASE_MS - 1)
    await db.write(inbox.renew, BOT, [1], ME)
    clock.move(ms=2)
    assert await suspect(db, ME + 5) is not None


async def test_a_crash_counts_as_a_try(db: Database, clock: Clock) -> None:
    await store(db, 1)
    counts = []
    for _ in range(4):
        clock.move(ms=inbox.LEASE_MS + 1)
        counts += [one.attempts for one in await db.write(inbox.take_over, BOT, ME, 100)] or [await suspect(db)]
    assert counts == [1, 2, 3, 4]


async def test_a_crash_counts_against_nobody_who_waited(db: Database, clock: Clock) -> None:
    await store(db, 1, 2)
    await store(db, 3, sender=BOB)
    clock.move(ms=inbox.LEASE_MS + 1)
    taken = await db.write(inbox.take_over, BOT, SIBLING, 100)
    assert [(one.update_id, one.attempts) for one in taken] == [(1, 1), (2, 0), (3, 1)]


async def test_a_polite_end_counts_as_no_try(db: Database) -> None:
    await store(db, 1)
    await db.write(inbox.release, BOT, [1], ME)
    assert [one.attempts for one in await db.write(inbox.take_over, BOT, SIBLING, 100)] == [0]


async def test_suspects_come_one_at_a_time(db: Database, clock: Clock) -> None:
    await store(db, 1)
    await store(db, 2, sender=BOB)
    clock.move(ms=inbox.LEASE_MS + 1)
    await taken_over(db, ME)
    clock.move(ms=inbox.LEASE_MS + 1)
    assert await taken_over(db, ME) == []
    first = await db.write(inbox.take_over_suspect, BOT, ME)
    assert first is not None
    assert first.update_id == 1


async def test_at_the_start_of_the_only_process_every_lease_but_its_own_ends(db: Database) -> None:
    await store(db, 1)
    await store(db, 2, holder=SIBLING)
    await db.write(inbox.expire_all, SIBLING)
    assert await taken_over(db, SIBLING) == [1]


async def test_tries_are_counted_and_the_last_error_kept(db: Database) -> None:
    await store(db, 1)
    assert [await db.write(inbox.count_attempt, BOT, 1, name) for name in ("KeyError", "ValueError")] == [1, 2]
    await db.write(inbox.bury, BOT, 1, "ValueError")
    (dead,) = await db.read(inbox.list_dead, BOT)
    assert (dead.error, dead.attempts) == ("ValueError", 2)


async def test_no_try_is_counted_for_what_is_done(db: Database) -> None:
    await store(db, 1)
    await finish(db, 1)
    assert await db.write(inbox.count_attempt, BOT, 1, "KeyError") == 0


async def test_a_dead_update_comes_back_with_its_payload_and_no_tries(db: Database) -> None:
    await store(db, 1)
    await db.write(inbox.count_attempt, BOT, 1, "KeyError")
    await db.write(inbox.bury, BOT, 1, "KeyError")
    assert await db.write(inbox.revive, BOT, 1)
    (back,) = await db.write(inbox.take_over, BOT, ME, 100)
    assert (back.payload, back.attempts) == (update(1).payload, 0)


@pytest.mark.parametrize("end", [inbox.finish, lambda tx, bot, number: None])
async def test_only_the_dead_come_back(db: Database, end: object) -> None:
    await store(db, 1)
    await db.write(end, BOT, 1)
    assert not await db.write(inbox.revive, BOT, 1)


async def test_a_done_update_cannot_be_buried(db: Database) -> None:
    await store(db, 1)
    await finish(db, 1)
    assert not await db.write(inbox.bury, BOT, 1, "KeyError")


async def test_what_was_given_up_is_forgotten_in_time_too(db: Database, clock: Clock) -> None:
    await store(db, 1)
    await db.write(inbox.bury, BOT, 1, "KeyError")
    clock.move(days=1)
    assert await db.write(_forget, 10) == 1
    assert await db.read(inbox.list_dead, BOT) == []


async def test_done_updates_are_forgotten_in_pages_and_others_are_not(db: Database, clock: Clock) -> None:
    await store(db, 1, 2, 3, 4)
    for number in (1, 2, 3):
        await finish(db, number)
    clock.move(days=1)
    assert [await db.write(_forget, 2) for _ in range(3)] == [2, 1, 0]
    assert await db.read(inbox.is_new, BOT, 4)


def _forget(tx: Tx, limit: int) -> int:
    return inbox.forget_ended(tx, tx.now, limit)
