"""What was deleted is left in none of SQLite's files once they are scrubbed; readers do not make writers wait."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event

import pytest

from db import people
from db.database import Database, Tx

SECRET = "remember-me-not"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    path = tmp_path / "regulars.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


def _write_and_delete(tx: Tx) -> None:
    people.meet(tx, 5, SECRET)
    tx.run("DELETE FROM person WHERE user_id = 5")


def holding(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if SECRET.encode() in path.read_bytes()]


async def test_what_was_deleted_is_gone_from_every_file(db: Database, tmp_path: Path) -> None:
    await db.write(people.meet, 5, SECRET)
    await db.write(_write_and_delete)
    assert holding(tmp_path) == ["regulars.db-wal"]
    assert await db.scrub()
    assert holding(tmp_path) == []


async def test_a_reader_in_the_way_is_not_waited_for(db: Database) -> None:
    begun, go_on = Event(), Event()

    def read(tx: Tx) -> None:
        tx.all("SELECT * FROM person")
        begun.set()
        go_on.wait(20)

    reading = asyncio.create_task(db.read(read))
    await asyncio.to_thread(begun.wait, 20)
    await db.write(people.meet, 5, SECRET)
    assert not await db.scrub()
    await db.write(people.meet, 6, SECRET)
    go_on.set()
    await reading
    assert await db.scrub()
