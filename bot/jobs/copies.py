"""The nightly backup."""

from __future__ import annotations

import asyncio

import structlog

from bot import backups
from bot.jobs.upkeep import Upkeep, tell_owners
from db.database import Tx
from loyalty.messages import Say

log = structlog.get_logger()

_DAY_MS = 86_400_000


async def back_up(upkeep: Upkeep) -> bool:
    """Whether it was made. Owners are told of a failure; the next night tries again."""
    try:
        path = await asyncio.to_thread(backups.make, upkeep.backups, upkeep.url, await upkeep.now())
    except Exception as error:
        log.error("backup_failed", exc_info=error)
        await upkeep.db.write(_failed)
        return False
    log.info("backup_made", file=path.name, bytes=path.stat().st_size)
    return True


def _failed(tx: Tx) -> None:
    tell_owners(tx, Say("backup_failed"), f"backup_failed:{tx.now // _DAY_MS}")
