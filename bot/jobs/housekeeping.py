"""What nobody needs any more is deleted, in small pages, once an hour."""

from __future__ import annotations

import asyncio

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from actions import charters
from db import dialogues, inbox, outbox, presses
from db.database import Database, Tx
from loyalty import names

log = structlog.get_logger()

_PAGE = 1_000
_DAY_MS = 24 * 3_600_000
# An answer after a week is told that the question has lapsed; after a month nobody remembers it.
_DIALOGUE_DAYS = 30
_WARM_UP_AFTER = 60.0  # seconds


def schedule(scheduler: AsyncIOScheduler, db: Database) -> None:
    scheduler.add_job(tidy, "interval", hours=1, args=[db], misfire_grace_time=None)
    # Not at the start, which it would slow down, and not in the transaction that happens to need it first.
    loop = asyncio.get_running_loop()
    loop.call_later(_WARM_UP_AFTER, loop.run_in_executor, None, names.warm_up)


async def tidy(db: Database) -> int:
    """Forget what has ended after the charter's retention, and old presses and dialogues; how many rows."""
    total = 0
    for forget in (_updates, _messages, _presses, _dialogues):
        gone = _PAGE
        while gone >= _PAGE:
            gone = await db.write(forget)
            total += gone
    log.info("tidied", rows=total)
    return total


def _updates(tx: Tx) -> int:
    return inbox.forget_ended(tx, _end_of_retention(tx), _PAGE)


def _messages(tx: Tx) -> int:
    return outbox.forget_finished(tx, _end_of_retention(tx), _PAGE)


def _presses(tx: Tx) -> int:
    return presses.forget(tx, tx.now - _DAY_MS, _PAGE)


def _dialogues(tx: Tx) -> int:
    return dialogues.forget_idle(tx, tx.now - _DIALOGUE_DAYS * _DAY_MS, _PAGE)


def _end_of_retention(tx: Tx) -> int:
    return tx.now - charters.current(tx).retention.chat_days * _DAY_MS
