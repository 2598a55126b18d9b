"""`python -m tests.faults.desk_worker URL FOLDER NUMBER SEED CASES`: a process that plays its share of a week at the
service desk until it is done, or killed. What it was about to do is written down before, and done again after."""

from __future__ import annotations

import asyncio
import os
import pickle
import random
import sys
import time
from pathlib import Path

from actions import case_times
from actions.feedback import Said
from db.database import Database, open_database
from db.people import Person
from loyalty.errors import Refusal
from loyalty.jobs import HOUR_MS
from loyalty.vault import Vault
from tests import desk_weeks
from tests.actions.job_runs import works
from tests.desk_weeks import Deed

KEY = b"test-only-master-key-of-32-bytes"
DEEDS_FOR_A_CASE = 10
_LOOKS_ROUND = 10  # deeds
_JUMPS = (0, 0, 1, 3, 8, 26)  # hours
_TIMES_PASSED = 30


class Notebook:
    """What one worker is about to do, what it has done, and what was accepted: files outlive a kill."""

    def __init__(self, folder: Path, number: int) -> None:
        self._begun, self._done = folder / f"begun-{number}", folder / f"done-{number}"
        self._accepted, self._jumped = folder / f"accepted-{number}", folder / f"jumped-{number}"

    @property
    def done(self) -> int:
        return int(self._done.read_text() or 0) if self._done.exists() else 0

    def begins(self, deed: Deed) -> None:
        unfinished = self._begun.with_suffix(".new")
        unfinished.write_bytes(pickle.dumps(deed))
        unfinished.rename(self._begun)

    def left(self) -> Deed | None:
        """What it was killed in."""
        return pickle.loads(self._begun.read_bytes()) if self._begun.exists() else None

    def ends(self, source: str) -> None:
        if source:
            with self._accepted.open("a") as file:
                file.write(f"{source}\n")
        unfinished = self._done.with_suffix(".new")
        unfinished.write_text(str(self.done + 1))
        unfinished.rename(self._done)
        self._begun.unlink(missing_ok=True)

    def jumps(self, hours: int) -> None:
        with self._jumped.open("a") as file:
            file.write(f"{hours}\n")


def now(folder: Path) -> int:
    """The clock of all workers: all that any of them jumped."""
    told = [line for path in folder.glob("jumped-*") for line in path.read_text().split("\n") if line]
    return time.time_ns() // 1_000_000 + sum(map(int, told)) * HOUR_MS


class Worker:
    def __init__(self, db: Database, folder: Path, number: int, seed: int) -> None:
        self._db, self._number = db, number
        self._notebook = Notebook(folder, number)
        self._chance = random.Random(f"{seed}:{number}:{self._notebook.done}")
        self._spoken = 0

    async def plays(self, deeds: int) -> None:
        left = self._notebook.left()
        if left:
            await self._does(left)
        town, known = await self._db.read(desk_weeks.visit), await self._db.read(desk_weeks.look_round)
        while (done := self._notebook.done) < deeds:
            if done % _LOOKS_ROUND == 0:
                town, known = await self._db.read(desk_weeks.visit), await self._db.read(desk_weeks.look_round)
            if done % max(1, deeds // _TIMES_PASSED) == 0:
                await self._lets_time_pass()
            await self._does(self._next(town, known, done))

    def _next(self, town: desk_weeks.Town, known: desk_weeks.Known, done: int) -> Deed:
        step = done % DEEDS_FOR_A_CASE
        if step == 0 or not known.cases:
            return desk_weeks.complaint(self._chance, town, self._message)
        if step == 1:
            return desk_weeks.sale(self._chance, town, f"till:{self._number}:{done}")
        if self._number == 0 and self._chance.random() < 0.005 and len(town.clerks) > desk_weeks.CLERKS // 2:
            return desk_weeks.leaving(town, known.posts[-2])  # the last is the owner's
        return desk_weeks.deed(self._chance, town, known, self._message)

    async def _does(self, deed: Deed) -> None:
        """At least once: killed before it was noted as done, it is done again."""
        self._notebook.begins(deed)
        action, who, args = deed
        try:
            await self._db.write(action, who, *args)
            source = desk_weeks.message_of(args)
        except Refusal:
            source = ""
        self._notebook.ends(source)

    def _message(self, who: Person) -> Said:
        self._spoken += 1
        number = (self._number + 1) * 10**9 + self._notebook.done * 100 + self._spoken % 100
        return Said(f"word {number}", "", "", f"{who.user_id}:{number}")

    async def _lets_time_pass(self) -> None:
        self._notebook.jumps(self._chance.choice(_JUMPS))
        await works(self._db, case_times.watch)
        await works(self._db, case_times.close)


async def main(url: str, folder: Path, number: int, seed: int, cases: int) -> None:
    vault = Vault({1: KEY}, 1, os.urandom)
    db = await open_database(url, vault=vault, clock=lambda: now(folder), random=os.urandom, migrate=False)
    print("ready", flush=True)
    await Worker(db, folder, number, seed).plays(cases * DEEDS_FOR_A_CASE)
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:])))
