"""A new master key is taken over when its time comes; the data keys are wrapped in it page by page, under traffic."""

from __future__ import annotations

import structlog

from bot.jobs.upkeep import Upkeep
from bot.keys import read_keys
from bot.settings import SettingsError
from db import keys

log = structlog.get_logger()

_PAGE = 500


async def follow(upkeep: Upkeep) -> int:
    """Read the key file again, and bring what an older key wraps under the present one; how many that were."""
    try:
        told = read_keys(upkeep.settings.key_file, await upkeep.now())
        upkeep.vault.use(told.keys, told.current)
    except (SettingsError, ValueError) as error:
        log.error("key_file_unusable", error=str(error))
        return 0
    done = total = await upkeep.db.write(keys.rewrap, _PAGE)
    while done == _PAGE:
        done = await upkeep.db.write(keys.rewrap, _PAGE)
        total += done
    if total:
        log.info("keys_rewrapped", version=told.current, keys=total)
    return total
