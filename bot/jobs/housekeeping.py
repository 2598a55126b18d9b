"""What nobody needs any more is deleted, in small pages, once an hour."""

from __future__ import annotations

import structlog

from actions import charters
from bot.jobs.upkeep import Chore, Upkeep
from db import dialogues, inbox, jobs, outbox, presses
from db.database import Database, Tx
from loyalty.jobs import DAY_MS, Page

log = structlog.get_logger()

_PAGE = 1_000
# An answer after a week is told that the question has lapsed; after a month nobody remembers it.
_DIALOGUE_DAYS = 30
# What found nobody is of no interest soon; a year on, one may want to know of last year's.
_IDLE_RUN_DAYS, _RUN_DAYS = 7, 400


async def tidy(db: Database) -> int:
    """Forget what has ended after the charter's retention, and old presses, dialogues and runs; how many rows."""
    total = 0
    for forget in (_updates, _messages, _presses, _dialogues, _runs):
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
    return presses.forget(tx, tx.now - DAY_MS, _PAGE)


def _dialogues(tx: Tx) -> int:
    return dialogues.forget_idle(tx, tx.now - _DIALOGUE_DAYS * DAY_MS, _PAGE)


def _runs(tx: Tx) -> int:
    return jobs.forget(tx, tx.now - _IDLE_RUN_DAYS * DAY_MS, tx.now - _RUN_DAYS * DAY_MS, _PAGE)


def _end_of_retention(tx: Tx) -> int:
    return tx.now - charters.current(tx).retention.chat_days * DAY_MS


async def _work(upkeep: Upkeep) -> Page:
    rows = await tidy(upkeep.db)
    return Page("", rows, rows)


JOB = Chore(name="housekeeping", cron="7 * * * *", catch_up_ms=DAY_MS, sweep=True, work=_work)
