"""The nightly backup."""

from __future__ import annotations

import asyncio

import structlog

from bot import backups
from bot.jobs.upkeep import Chore, Upkeep
from loyalty.jobs import HOUR_MS, Page

log = structlog.get_logger()


async def back_up(upkeep: Upkeep) -> Page:
    """Raises what prevents it."""
    path = await asyncio.to_thread(backups.make, upkeep.backups, upkeep.url, await upkeep.now())
    log.info("backup_made", file=path.name, bytes=path.stat().st_size)
    return Page("", 0, 0)


JOB = Chore(name="backup", cron="30 3 * * *", catch_up_ms=18 * HOUR_MS, sweep=True, alarm="backup_failed", work=back_up)
