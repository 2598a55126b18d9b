"""Leases while two transactions are at the same row: who comes second takes nothing that is done or held by then."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from db import inbox, outbox
from db.database import Database, Tx
from db.inbox import Received
from loyalty.messages import Say
from tests.conftest import Clock

BOT, ANN = 42, 7
ME, SIBLING = 1, 2


async def meanwhile(db: Database, change: Callable[[Tx], object], look: Callable[[Tx], Any]) -> Any:
    """What `look` finds that begins before `change` is committed, and gets to the row after it."""
    done, commit = threading.Event(), threading.Event()

    def held(tx: Tx) -> None:
        change(tx)
        done.set()
        commit.wait(10)

    changing = asyncio.create_task(db.write(held))
    await asyncio.to_thread(done.wait, 10)
    looking = asyncio.create_task(db.write(look))
    await asyncio.sleep(0.2)  # until it waits for the row
    commit.set()
    await changing
    return await looking


async def test_what_is_sent_meanwhile_is_not_claimed(db: Database, clock: Clock) -> None:
    await db.write(outbox.post, Say("t", to=ANN))
    (held,) = await db.write(outbox.claim, ME, 10)
    clock.move(ms=outbox.LEASE_MS + 1)
    claimed = await meanwhile(
        db, lambda tx: outbox.mark_all_sent(tx, [(held, 100)]), lambda tx: outbox.claim(tx, SIBLING, 10)
    )
    assert claimed == []


async def test_what_is_renewed_meanwhile_is_not_claimed(db: Database, clock: Clock) -> None:
    await db.write(outbox.post, Say("t", to=ANN))
    held = await db.write(outbox.claim, ME, 10)
    clock.move(ms=outbox.LEASE_MS + 1)
    claimed = await meanwhile(db, lambda tx: outbox.renew(tx, held), lambda tx: outbox.claim(tx, SIBLING, 10))
    assert claimed == []


async def test_what_is_put_off_meanwhile_is_not_claimed(db: Database, clock: Clock) -> None:
    await db.write(outbox.post, Say("t", to=ANN))
    (held,) = await db.write(outbox.claim, ME, 10)
    clock.move(ms=outbox.LEASE_MS + 1)
    claimed = await meanwhile(
        db, lambda tx: outbox.postpone(tx, held, tx.now + 5_000, "429"), lambda tx: outbox.claim(tx, SIBLING, 10)
    )
    assert claimed == []


async def _store(db: Database, clock: Clock) -> None:
    await db.write(inbox.add, BOT, [Received(1, ANN, b"{}")], ME)
    clock.move(ms=inbox.LEASE_MS + 1)


async def test_what_is_done_meanwhile_is_not_taken_over(db: Database, clock: Clock) -> None:
    await _store(db, clock)
    taken = await meanwhile(db, lambda tx: inbox.finish(tx, BOT, 1), lambda tx: inbox.take_over(tx, BOT, SIBLING, 10))
    assert taken == []


async def test_what_is_renewed_meanwhile_is_not_taken_over(db: Database, clock: Clock) -> None:
    await _store(db, clock)
    taken = await meanwhile(
        db, lambda tx: inbox.renew(tx, BOT, [1], ME), lambda tx: inbox.take_over(tx, BOT, SIBLING, 10)
    )
    assert taken == []
