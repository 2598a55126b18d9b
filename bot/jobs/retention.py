"""Once a day: who has stayed away for long is asked whether to stay, and forgotten if nothing is heard."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from actions import retention
from db.database import Database, Tx

log = structlog.get_logger()

# An erasure locks the member's account and whatever they had reserved.
_PAGE = 50


async def look_after(db: Database) -> None:
    """Warn, then erase, in pages. Broken off or run twice, it goes on: who was warned or erased is not found again."""
    await _through(db, retention.warn_page)
    await _through(db, retention.erase_page)
    log.info("retention_done")


async def _through(db: Database, page: Callable[[Tx, int, int], int]) -> None:
    last = await db.write(page, 0, _PAGE)
    while last:
        last = await db.write(page, last, _PAGE)
