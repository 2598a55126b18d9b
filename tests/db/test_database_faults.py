"""Real faults: kills, locks, full and read-only disks, a server that goes and comes back."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest

from db.database import (
    Database,
    DatabaseBusy,
    DatabaseDown,
    DatabaseFull,
    DatabaseInUse,
    DatabaseReadOnly,
    Tx,
    open_database,
)
from loyalty.vault import Vault
from tests.conftest import Clock, PostgresServer, start_postgres

ROOT = Path(__file__).parents[2]
Opened = Callable[[str], Awaitable[Database]]


@pytest.fixture
async def opened(vault: Vault, clock: Clock, random: Callable[[int], bytes]) -> AsyncIterator[Opened]:
    """Opens addresses without migrating; closes them all in the end."""
    databases: list[Database] = []

    async def open_(url: str) -> Database:
        databases.append(await open_database(url, vault=vault, clock=clock, random=random, migrate=False))
        return databases[-1]

    yield open_
    for database in databases:
        await database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Two megabytes of memory mounted as a disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    _mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk))
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _mount(*arguments: str) -> None:
    if os.geteuid() != 0 or subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode != 0:
        pytest.skip("only who may mount file systems can try this")


def _create(tx: Tx) -> None:
    tx.run("CREATE TABLE written (n BIGINT, half BIGINT, CONSTRAINT written_pk PRIMARY KEY (n, half))")


def _write(tx: Tx, n: int) -> None:
    tx.run("INSERT INTO written (n, half) VALUES (:n, 0)", n=n)


def _numbers(tx: Tx) -> list[int]:
    return [n for (n,) in tx.all("SELECT n FROM written ORDER BY n")]


async def test_what_was_answered_before_a_kill_is_there_afterwards(database_url: str, opened: Opened) -> None:
    database = await opened(database_url)
    await database.write(_create)
    await database.close()
    answered = await asyncio.to_thread(_answered_before_a_kill, database_url)
    again = await opened(database_url)
    halves = dict(await again.read(lambda tx: tx.all("SELECT n, SUM(half) FROM written GROUP BY n")))
    assert len(answered) >= 200
    assert answered <= halves.keys()
    assert set(halves.values()) == {3}


def _answered_before_a_kill(url: str) -> set[int]:
    script = [sys.executable, str(Path(__file__).with_name("writes_until_killed.py")), url]
    with subprocess.Popen(
        script,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))},
    ) as process:
        lines = [process.stdout.readline() for _ in range(200)]
        process.kill()
        lines += process.stdout.readlines()
    return {int(line) for line in lines if line.endswith("\n")}


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """Asked in another process: the files of tests are spared this."""
    asking = (
        "import pathlib, sys; from db import sqlite; "
        "print(*sqlite._connect_writer(pathlib.Path(sys.argv[1]), 100).execute('PRAGMA synchronous').fetchone())"
    )
    full = subprocess.run(
        [sys.executable, "-c", asking, str(tmp_path / "new.db")], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert full.stdout.strip() == "2"


async def test_a_second_writer_of_one_file_is_refused(tmp_path: Path, opened: Opened) -> None:
    url = f"sqlite:///{tmp_path}/regulars.db"
    first = await opened(url)
    with pytest.raises(DatabaseInUse, match=r"regulars\.db is open in another process: stop the bot first"):
        await opened(url)
    await first.close()
    assert await opened(url)


async def test_a_locked_file_is_busy_until_it_is_let_go(tmp_path: Path, opened: Opened) -> None:
    database = await opened(f"sqlite:///{tmp_path}/regulars.db?busy_timeout=20")
    await database.write(_create)
    with closing(sqlite3.connect(tmp_path / "regulars.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcomes = await asyncio.gather(*(database.write(_write, n) for n in range(50)), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {DatabaseBusy}
    await database.write(_write, 1)
    assert await database.read(_numbers) == [1]


async def test_a_locked_row_is_busy_until_it_is_let_go(postgres: PostgresServer, opened: Opened) -> None:
    url = postgres.new_database()
    database = await opened(f"{url}&lock_timeout=20")
    await database.write(_create)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE written")
        with pytest.raises(DatabaseBusy):
            await database.write(_write, 1)
    await database.write(_write, 1)
    assert await database.read(_numbers) == [1]


async def test_a_full_file_refuses_and_then_recovers(tmp_path: Path, opened: Opened) -> None:
    database = await opened(f"sqlite:///{tmp_path}/regulars.db")
    await database.write(_create)
    await database.write(lambda tx: tx.value("PRAGMA max_page_count = 20"))
    written = await _write_until_full(database)
    await database.write(lambda tx: tx.value("PRAGMA max_page_count = 100000"))
    await database.write(_write, -1)
    assert await database.read(_numbers) == [-1, *written]


async def test_a_full_disk_refuses_and_then_recovers(small_disk: Path, opened: Opened) -> None:
    database = await opened(f"sqlite:///{small_disk}/regulars.db")
    await database.write(_create)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    written = await _write_until_full(database)
    assert await database.read(_numbers) == written
    ballast.unlink()
    await database.write(_write, -1)
    assert await database.read(_numbers) == [-1, *written]


async def _write_until_full(database: Database) -> list[int]:
    """What was answered before (in groups of 50, of which the last one fails)."""
    written: list[int] = []
    for start in range(0, 1_000_000, 50):
        group = range(start, start + 50)
        outcomes = await asyncio.gather(*(database.write(_write, n) for n in group), return_exceptions=True)
        written += [n for n, outcome in zip(group, outcomes, strict=True) if outcome is None]
        if failures := [outcome for outcome in outcomes if outcome is not None]:
            assert {type(failure) for failure in failures} == {DatabaseFull}
            return written
    raise AssertionError("never full")


async def test_a_read_only_disk_is_told_at_the_start(small_disk: Path, opened: Opened) -> None:
    database = await opened(f"sqlite:///{small_disk}/regulars.db")
    await database.close()
    _mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(DatabaseReadOnly):
        await opened(f"sqlite:///{small_disk}/regulars.db")


async def test_a_read_only_server_says_so(postgres: PostgresServer, opened: Opened) -> None:
    url = postgres.new_database()
    database = await opened(f"{url}&options=-c%20default_transaction_read_only%3Don")
    with pytest.raises(DatabaseReadOnly):
        await database.write(_create)


async def test_a_file_that_is_no_database_is_told_at_the_start(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "regulars.db").write_bytes(b"no database " * 1000)
    with pytest.raises(DatabaseDown):
        await opened(f"sqlite:///{tmp_path}/regulars.db")


async def test_a_deadlock_is_tried_again(postgres: PostgresServer, opened: Opened) -> None:
    database = await opened(postgres.new_database())
    await database.write(_create)
    await database.write(lambda tx: tx.many("INSERT INTO written VALUES (:n, 0)", [{"n": 1}, {"n": 2}]))
    both_hold_one = Barrier(2)
    tried: set[int] = set()

    def update(tx: Tx, first: int, second: int) -> None:
        tx.run("UPDATE written SET half = half + 1 WHERE n = :n", n=first)
        if first not in tried:
            tried.add(first)  # a second attempt finds nobody to wait for
            both_hold_one.wait(30)
        tx.run("UPDATE written SET half = half + 1 WHERE n = :n", n=second)

    await asyncio.gather(database.write(update, 1, 2), database.write(update, 2, 1))
    assert await database.read(lambda tx: tx.all("SELECT n, half FROM written ORDER BY n")) == [(1, 2), (2, 2)]


async def test_a_server_that_went_is_down_until_it_is_back(opened: Opened) -> None:
    with start_postgres(uuid4().hex) as server:
        database = await opened(server.get_uri())
        await database.write(_create)
        await asyncio.gather(*(database.write(_write, n) for n in range(20)))
        await asyncio.to_thread(server.stop)
        with pytest.raises(DatabaseDown):
            await database.write(_write, 100)
        await asyncio.to_thread(server.ensure_postgres_running)
        await asyncio.gather(*(database.write(_write, n) for n in range(20, 40)))
        assert await database.read(_numbers) == list(range(40))
        await database.close()


async def test_a_restart_between_two_writes_goes_unnoticed(opened: Opened) -> None:
    with start_postgres(uuid4().hex) as server:
        database = await opened(server.get_uri())
        await database.write(_create)
        await asyncio.gather(*(database.write(_write, n) for n in range(20)))
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.ensure_postgres_running)
        await asyncio.gather(*(database.write(_write, n) for n in range(20, 40)))
        assert await database.read(_numbers) == list(range(40))
        await database.close()
