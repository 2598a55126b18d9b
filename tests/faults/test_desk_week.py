"""A week at the service desk played by processes that are killed with -9 again and again, on a clock that jumps: no
message of either side is missing, each call comes once, no case is in two hands, nothing is given twice (trial 1)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from actions import case_times
from db.database import open_database
from loyalty.vault import Vault
from tests import desk_weeks
from tests.actions.job_runs import works
from tests.faults.desk_worker import DEEDS_FOR_A_CASE, KEY, Notebook, now

ROOT = Path(__file__).parents[2]
PATIENCE = 900.0


@dataclass
class Week:
    """So many cases by so many members, played by several processes; SQLite lets only one in."""

    url: str
    folder: Path
    cases: int
    seed: int

    @property
    def processes(self) -> int:
        return 1 if self.url.startswith("sqlite") else 3

    async def start(self, number: int) -> asyncio.subprocess.Process:
        share = -(-self.cases // self.processes)
        told = [self.url, str(self.folder), str(number), str(self.seed), str(share)]
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.desk_worker", *told, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )

    async def play(self, kills: int) -> int:
        """How many were killed in the midst of it; then they come to the end."""
        chance, killed = random.Random(self.seed), 0
        at_work = {number: await self.start(number) for number in range(self.processes)}
        try:
            for _ in range(kills):
                number = chance.randrange(self.processes)
                killed += await self._kill(at_work[number], number, chance.random() * self._between(kills))
                at_work[number] = await self.start(number)
            async with asyncio.timeout(PATIENCE):
                assert [await process.wait() for process in at_work.values()] == [0] * self.processes
        finally:
            for process in at_work.values():
                if process.returncode is None:
                    process.kill()
        return killed

    def _between(self, kills: int) -> float:
        """Deeds of one worker between two kills: while it comes to them, the others do as many."""
        return DEEDS_FOR_A_CASE * self.cases / self.processes / (kills + 2)

    async def _kill(self, process: asyncio.subprocess.Process, number: int, deeds: float) -> bool:
        """After so many deeds more; False if it had come to its end by then."""
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        notebook = Notebook(self.folder, number)
        until = notebook.done + deeds
        async with asyncio.timeout(PATIENCE):
            await _until(lambda: process.returncode is not None or notebook.done >= until)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        return await process.wait() != 0

    def accepted(self) -> set[str]:
        return {source for path in self.folder.glob("accepted-*") for source in path.read_text().split()}


async def _until(is_so: Callable[[], bool]) -> None:
    while True:
        if is_so():
            return
        await asyncio.sleep(0.001)


async def prove(url: str, folder: Path, cases: int, members: int, kills: int) -> None:
    week = Week(url, folder, cases, random.SystemRandom().randrange(1 << 32))
    vault = Vault({1: KEY}, 1, os.urandom)

    async def opened() -> desk_weeks.Database:
        return await open_database(url, vault=vault, clock=lambda: now(folder), random=os.urandom)

    db = await opened()
    await db.write(desk_weeks.settle, members)
    await db.close()
    killed = await week.play(kills)
    db = await opened()
    await works(db, case_times.watch)
    told = await desk_weeks.check(db, week.accepted())
    print(f"seed={week.seed} killed={killed} {dict(told)}")
    assert killed >= kills // 2
    await db.close()


async def test_kills_lose_nothing_said_and_repeat_nothing(database_url: str, tmp_path: Path) -> None:
    await prove(database_url, tmp_path, cases=30, members=18, kills=5)


@pytest.mark.long
async def test_a_week_of_five_hundred_cases_with_kills(database_url: str, tmp_path: Path) -> None:
    await prove(database_url, tmp_path, cases=500, members=300, kills=40)
