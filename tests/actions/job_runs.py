"""Working a job's pages in a test, as the scheduler does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions import charters
from db.database import Database, Tx
from loyalty import days
from loyalty.jobs import Page, Run


async def works(db: Database, page: Callable[[Tx, Run], Page], day: date | None = None, pages: int = 0) -> int:
    """All its pages, or so many, for a day (today if none is given); how many people were reached."""
    reached, cursor, done = 0, "", 0
    while not pages or done < pages:
        worked = await db.write(_work, page, day, cursor)
        reached, cursor, done = reached + worked.reached, worked.cursor, done + 1
        if not cursor:
            break
    return reached


def _work(tx: Tx, page: Callable[[Tx, Run], Page], day: date | None, cursor: str) -> Page:
    today = days.local_date(tx.now, charters.current(tx).zone)
    return page(tx, Run("job", tx.now, day or today, cursor))


def today(tx: Tx) -> date:
    return days.local_date(tx.now, charters.current(tx).zone)


def keys(tx: Tx) -> list[str]:
    """What was queued under a key, in order."""
    return [row[0] for row in tx.all("SELECT dedup_key FROM outbox WHERE dedup_key IS NOT NULL ORDER BY id")]
