"""What nobody needs any more is deleted, in small pages, once an hour."""

from __future__ import annotations

import structlog

from actions import charters
from db import dialogues, inbox, outbox, presses
from db.database import Database, Tx

log = structlog.get_logger()

_PAGE = 1_000
_DAY_MS = 24 * 3_600_000
# An answer after a week is told that the question has lapsed; after a month nobody remembers it.
_DIALOGUE_DAYS = 30


async def tidy(db: Database) -> int:
    """Forget finished updates and messages after the charter's retention, old presses and dialogues; how many rows."""
    gone = total = await db.write(_tidy_page)
    while gone >= _PAGE:
        gone = await db.write(_tidy_page)
        total += gone
    log.info("tidied", rows=total)
    return total


def _tidy_page(tx: Tx) -> int:
    before = tx.now - charters.current(tx).retention.chat_days * _DAY_MS
    return (
        inbox.forget_done(tx, before, _PAGE)
        + outbox.forget_finished(tx, before, _PAGE)
        + presses.forget(tx, tx.now - _DAY_MS)
        + dialogues.forget_idle(tx, tx.now - _DIALOGUE_DAYS * _DAY_MS)
    )
