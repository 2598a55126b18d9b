"""`python -m tests.faults.job_worker URL`: a process that works on jobs until nothing is left, or it is killed."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import replace

from bot.jobs.clock import JobClock
from bot.jobs.upkeep import Upkeep
from bot.settings import DataSettings
from db import jobs as runs
from db.database import Tx, open_database
from loyalty.jobs import Page, Run
from loyalty.vault import Vault
from tests.chores import gifts, give

# Leases of the dead are waited for.
runs.LEASE_MS = 1_500
KEY = b"test-only-master-key-of-32-bytes"


def _slowly(tx: Tx, run: Run) -> Page:
    page = give(tx, run)
    time.sleep(0.01)  # for somebody to be killed in
    return page


JOB = replace(gifts(hours=80), page=_slowly)


def _is_behind(tx: Tx) -> bool:
    return any(run.state == "waiting" for run in runs.list_runs(tx, JOB.name, 100))


async def main(url: str) -> None:
    vault = Vault({1: KEY}, 1, os.urandom)
    db = await open_database(
        url, vault=vault, clock=lambda: time.time_ns() // 1_000_000, random=os.urandom, migrate=False
    )
    if url.startswith("sqlite"):
        await db.write(runs.expire_all, os.getpid())
    clock = JobClock(Upkeep(DataSettings(), db, vault, os.urandom), {JOB.name: JOB}, os.getpid())
    print("ready", flush=True)
    await clock.tick()
    while await db.read(_is_behind):
        await clock.tick()
        await asyncio.sleep(0.05)
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
