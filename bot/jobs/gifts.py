"""What nobody collected or decided about in time is released; those who slept are told in the morning. Every minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from actions import reservations, waiting
from db import reservations as reservation_rows, verifying, waiting as waiting_rows
from db.database import Database, DatabaseTrouble, Tx

log = structlog.get_logger()

_PAGE = 100
# Longer than any lock counts.
_FORGET_MISSES_MS = 24 * 3_600_000

ListDue = Callable[[Tx, int, int], list[int]]
Settle = Callable[[Tx, int], bool]

_SWEEPS: tuple[tuple[str, ListDue, Settle], ...] = (
    ("reservations_lapsed", reservation_rows.list_overdue, reservations.lapse),
    ("offers_lapsed", waiting_rows.list_undecided, waiting.lapse),
    ("reservations_told", reservation_rows.list_untold, reservations.tell_lapsed),
    ("offers_told", waiting_rows.list_untold, waiting.tell),
)


async def sweep(db: Database) -> dict[str, int]:
    """How many of each were settled. Each is a transaction of its own that looks again, so any number of processes may
    sweep at once, and a crash leaves the rest for the next time."""
    try:
        done = {name: await _sweep(db, list_due, settle) for name, list_due, settle in _SWEEPS}
        await db.write(_forget_misses)
    except DatabaseTrouble as trouble:
        log.warning("gifts_not_swept", trouble=type(trouble).__name__)
        return {}
    if any(done.values()):
        log.info("gifts_swept", **done)
    return done


async def _sweep(db: Database, list_due: ListDue, settle: Settle) -> int:
    """Page after page. What cannot be settled now is passed, not waited for."""
    done = after = 0
    while page := await db.read(list_due, after, _PAGE):
        done += sum(await asyncio.gather(*(db.write(settle, row_id) for row_id in page)))
        after = page[-1]
    return done


def _forget_misses(tx: Tx) -> int:
    return verifying.forget(tx, tx.now - _FORGET_MISSES_MS)
