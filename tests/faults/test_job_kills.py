"""kill -9 while jobs are worked on: every due time to its end, nothing of it twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from actions import charters
from db import jobs as runs
from db.database import Database, Tx, open_database
from loyalty import days
from loyalty.jobs import DAY_MS
from loyalty.vault import Vault
from tests.actions.shops import open_shop
from tests.chores import given, prepare
from tests.faults.job_worker import JOB, KEY

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def fall_behind(tx: Tx) -> None:
    """Nothing has run for two days at least."""
    zone = charters.current(tx).zone
    runs.begin(tx, JOB.name, f"{days.local_date(tx.now - 3 * DAY_MS, zone)}T09:00")


async def start(url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.job_worker", url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), PATIENCE)


async def kill(process: asyncio.subprocess.Process) -> bool:
    """False if it had come to its end."""
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    return await process.wait() != 0


async def suffer(url: str, processes: int, kills: int) -> None:
    """Kill one after the other, starting another each time, then let them come to the end."""
    seed, killed = random.randrange(10**6), 0
    chance, alive = random.Random(seed), [await start(url) for _ in range(processes)]
    try:
        for _ in range(kills):
            await ready(alive[0])
            await asyncio.sleep(chance.random() * 0.3)
            killed += await kill(alive.pop(chance.randrange(len(alive))))
            alive.append(await start(url))
        async with asyncio.timeout(PATIENCE):
            assert [await process.wait() for process in alive] == [0] * len(alive)
    finally:
        print(f"seed={seed} killed={killed}")
        for process in alive:
            await kill(process)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """SQLite lets nobody else in meanwhile."""
    vault = Vault({1: KEY}, 1, os.urandom)
    db = await open_database(url, vault=vault, clock=lambda: time.time_ns() // 1_000_000, random=os.urandom)
    yield db
    await db.close()


async def strike(url: str, members: int, kills: int) -> None:
    async with opened(url) as db:
        await open_shop(db)
        await db.write(prepare, members - 1)
        await db.write(fall_behind)
    await suffer(url, 1 if url.startswith("sqlite") else 3, kills)
    async with opened(url) as db:
        judge(await given(db), await db.read(runs.list_runs, JOB.name, 100), members)


def judge(given_to: Counter[tuple[int, str]], records: list[runs.Record], members: int) -> None:
    assert {run.state for run in records} == {"done"}
    assert len(records) >= 2
    assert set(given_to.values()) == {1}
    assert len(given_to) == sum(run.looked_at for run in records) == members * len(records)


async def test_kills_lose_nothing_and_repeat_nothing(database_url: str) -> None:
    await strike(database_url, members=150, kills=4)


@pytest.mark.long
async def test_fifty_kills_lose_nothing_and_repeat_nothing(database_url: str) -> None:
    await strike(database_url, members=3_000, kills=50)
