"""Closing the database ends what runs, whatever it waits for."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from db.database import Database, DatabaseTrouble, Tx, open_database
from loyalty.vault import Vault
from tests.conftest import Clock


def _work_long(tx: Tx) -> None:
    """A statement that takes minutes."""
    tx.value(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000000) SELECT MAX(i) FROM n"
    )


async def _closed_in(db: Database, *running: asyncio.Task[None]) -> float:
    await asyncio.sleep(0.2)
    began = time.monotonic()
    await db.close()
    assert all(isinstance(error, DatabaseTrouble) for error in await asyncio.gather(*running, return_exceptions=True))
    return time.monotonic() - began


async def test_a_long_read_does_not_hold_up_the_end(database_url: str, vault: Vault, clock: Clock) -> None:
    db = await open_database(database_url, vault=vault, clock=clock, random=bytes)
    assert await _closed_in(db, asyncio.create_task(db.read(_work_long))) < 2


async def test_a_long_write_does_not_hold_up_the_end(database_url: str, vault: Vault, clock: Clock) -> None:
    db = await open_database(database_url, vault=vault, clock=clock, random=bytes)
    assert await _closed_in(db, asyncio.create_task(db.write(_work_long))) < 2


async def test_a_lock_of_another_program_does_not_hold_up_the_end(tmp_path: Path, vault: Vault, clock: Clock) -> None:
    path = tmp_path / "regulars.db"
    db = await open_database(f"sqlite:///{path}", vault=vault, clock=clock, random=bytes)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await _closed_in(db, asyncio.create_task(db.write(_nothing))) < 2


def _nothing(_tx: Tx) -> None: ...


async def test_a_lock_that_goes_in_time_is_waited_for(tmp_path: Path, vault: Vault, clock: Clock) -> None:
    path = tmp_path / "regulars.db"
    db = await open_database(f"sqlite:///{path}", vault=vault, clock=clock, random=bytes)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(db.write(_nothing))
        await asyncio.sleep(0.5)
        other.execute("ROLLBACK")
        await writing
    await db.close()
