"""What lapsed gets its entry: the balance and the lots say what members could see already (docs/decisions/0004)."""

from __future__ import annotations

import structlog

from db import accounts, reversals
from db.database import Database, Tx

log = structlog.get_logger()

_PAGE = 500
_BEGINNING = (0, 0)


async def expire(db: Database) -> int:
    """Enter the end of everything that has lapsed by now, in pages; how many points that were.

    A page is a transaction, and what is entered is no more found: run twice, or broken off, it goes on where it was.
    """
    total = 0
    cursor: tuple[int, int] | None = _BEGINNING
    while cursor:
        expired, cursor = await db.write(_expire_page, cursor)
        total += expired
    if total:
        log.info("points_expired", points=total)
    return total


def _expire_page(tx: Tx, after: tuple[int, int]) -> tuple[int, tuple[int, int] | None]:
    """How many points lapsed, and where the next page begins; None after the last one."""
    due = accounts.list_lapsed(tx, after, _PAGE)
    entries = [reversals.expire(tx, member_id, expires_at) for expires_at, member_id in due]
    return -sum(entry.points for entry in entries if entry), due[-1] if len(due) == _PAGE else None
