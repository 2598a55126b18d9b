"""After an erasure: the person's account is forgotten, the engine's files and the backups' keys are cleaned."""

from __future__ import annotations

import asyncio

import structlog

from bot import backups
from bot.backups import BackupBusy
from bot.jobs.upkeep import Upkeep
from db import erasure
from db.database import Tx
from db.erasure import Erasure

log = structlog.get_logger()

_PAGE = 100


async def settle(upkeep: Upkeep) -> int:
    """How many erasures left their last trace now. What cannot be cleaned at the moment is tried again next time."""
    waiting = await upkeep.db.read(erasure.list_unsettled, _PAGE)
    forgotten = [erased for erased in waiting if await upkeep.db.write(erasure.forget_person, erased)]
    if not forgotten or not await upkeep.db.scrub():
        return 0
    try:
        await asyncio.to_thread(backups.rewrite_keys, upkeep.backups, upkeep.url, await upkeep.now())
    except BackupBusy:
        return 0
    await upkeep.db.write(_settled, forgotten)
    log.info("erasures_settled", members=len(forgotten))
    return len(forgotten)


def _settled(tx: Tx, forgotten: list[Erasure]) -> None:
    for erased in forgotten:
        erasure.mark_settled(tx, erased.member_id)
