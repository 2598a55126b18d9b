"""A database brought back from a backup, with every erasure since then carried out again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions import erasure
from bot import backups
from db import audit, keys
from db.database import Database, Tx, open_database
from db.dumps import Heading
from db.erasure import Erasure
from loyalty.vault import Vault


@dataclass(frozen=True, slots=True)
class Brought:
    """The database, open. keyless: members who joined after the keys were written, and cannot be read."""

    db: Database
    heading: Heading
    erased_again: int
    keyless: int


@dataclass(frozen=True, slots=True)
class Files:
    records: Path
    keys: Path


@asynccontextmanager
async def restored(
    place: backups.Place, files: Files, url: str, vault: Vault, now: int, random: Callable[[int], bytes]
) -> AsyncIterator[Brought]:
    """Fill the empty database at `url` and open it; the audit tells of it. now: epoch ms UTC.

    Raises SettingsError and DumpUnreadable for what cannot be restored, or not there.
    """
    out = await asyncio.to_thread(backups.restore, place, files.records, files.keys, url)
    db = await open_database(url, vault=vault, clock=lambda: now, random=random)
    try:
        erased = await db.write(_erase_again, out.erased)
        await db.write(_note, out.heading.made_at, erased)
        await db.scrub()
        yield Brought(db, out.heading, erased, await db.read(keys.count_keyless))
    finally:
        await db.close()


def _erase_again(tx: Tx, erased: list[dict[str, Any]]) -> int:
    listed = [Erasure(row["member_id"], row["reason"], row["erased_at"], row["user_id"]) for row in erased]
    return sum(erasure.replay(tx, one) for one in listed)


def _note(tx: Tx, made_at: int, erased: int) -> None:
    audit.add(tx, 0, "backup_restored", made_at=made_at, count=erased)
