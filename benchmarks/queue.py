"""Claiming 200 messages and marking them sent, with a million waiting behind them; half of these for a better hour."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import postgres, shops
from benchmarks.results import Effort, Figure, Outcome, at_most
from benchmarks.telegram import FIRST_USER
from db import outbox
from db.database import Database, Tx
from loyalty.messages import Say

MANY, FEW = 1_000_000, 1_000
_ALLOWED = 1.3
_CLAIM = 200
_CLAIMS = 10
_ME = 1
_FILLED_AT_ONCE = 100_000


async def measure(effort: Effort) -> Outcome:
    many, few = effort.of(MANY, least=2 * FEW), effort.of(FEW, least=10)
    figures, targets = [], []
    with postgres.server() as server:
        for engine in ("SQLite", "PostgreSQL"):
            async with contextlib.AsyncExitStack() as stack:
                crowded, quiet = [
                    await stack.enter_async_context(_queue(count, server.new_database() if engine != "SQLite" else ""))
                    for count in (many, few)
                ]
                with_many = Figure(f"{engine}, {many:,} waiting", "µs")
                with_few = Figure(f"{engine}, {few:,} waiting", "µs")
                for db in (quiet, crowded):
                    await _claim_and_mark(db)  # pages and plans are as in a process that has been at work
                for _ in range(effort.runs):
                    with_few.samples.append(await _claim_and_mark(quiet))
                    with_many.samples.append(await _claim_and_mark(crowded))
                figures += [with_many, with_few]
                targets.append(at_most(_ALLOWED, with_many, with_few))
    return Outcome("queue", __doc__ or "", figures, targets)


@contextlib.asynccontextmanager
async def _queue(waiting: int, database_url: str) -> AsyncIterator[Database]:
    with TemporaryDirectory(prefix="bench-") as folder:
        async with shops.opened(Path(folder), database_url) as db:
            for begin in range(0, waiting, _FILLED_AT_ONCE):
                await db.write(fill, begin, min(_FILLED_AT_ONCE, waiting - begin))
            await db.write(_settle)
            yield db


def fill(tx: Tx, begin: int, count: int) -> None:
    """Pushes to as many people: every other one is put off until tomorrow. Their words are never looked at here."""
    if not count:
        return
    tx.run(
        "WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count) "
        "INSERT INTO outbox (chat_id, kind, rank, payload, topic, due_at, queued_at) "
        "SELECT :first + n, 'promotion', 3, :payload, 'offers', "
        "CASE WHEN n % 2 = 0 THEN :now ELSE :now + 86400000 END, :now FROM number",
        first=2 * FIRST_USER + begin, count=count, payload=bytes(150), now=tx.now,
    )  # fmt: skip


def _settle(tx: Tx) -> None:
    """As a database is after some time."""
    tx.run("ANALYZE")


async def _claim_and_mark(db: Database) -> float:
    """Microseconds for each message. What is claimed has waited longest."""
    await db.write(_post_first)
    began = time.perf_counter()
    for _ in range(_CLAIMS):
        claimed = await db.write(outbox.claim, _ME, _CLAIM)
        await db.write(outbox.mark_all_sent, [(message, message.id) for message in claimed])
        assert len(claimed) == _CLAIM
    return (time.perf_counter() - began) / (_CLAIMS * _CLAIM) * 1e6


def _post_first(tx: Tx) -> None:
    for number in range(_CLAIMS * _CLAIM):
        outbox.post(tx, Say("t", {"number": number}, to=FIRST_USER + number, kind="notice"))
    tx.run("UPDATE outbox SET rank = 3, kind = 'promotion', due_at = 0 WHERE rank = 1 AND state = 'queued'")
