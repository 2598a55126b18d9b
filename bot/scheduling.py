"""What happens by the clock. Jobs fall due once for all processes (docs/pushes.md); the rest is each process's own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from actions import charters
from bot.jobs import erasures, gifts, keys, testimony, upkeep
from bot.jobs.clock import JobClock
from bot.jobs.table import all_jobs
from bot.settings import Settings
from bot.words import Words
from db.database import Database, DatabaseTrouble
from loyalty import names

# So soon after its time a job begins, and so soon after a leap of the demo's clock.
_TICK_SECONDS = 2
_WARM_UP_AFTER = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Schedule:
    scheduler: AsyncIOScheduler
    jobs: JobClock

    async def close(self) -> None:
        self.scheduler.shutdown(wait=False)
        await self.jobs.close()


async def start(settings: Settings, db: Database, words: Words, holder: int) -> Schedule:
    """Let it all run from now on. holder: this process's number."""
    kept = await upkeep.begin(settings, db)
    jobs = JobClock(kept, all_jobs(), holder)
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})
    scheduler.add_job(jobs.tick, "interval", seconds=_TICK_SECONDS, max_instances=2)
    # The key and the witness lie on each process's own machine. The two others settle row by row and look again before
    # they do, so that any number of processes may; who would read of them minute by minute?
    for own in (testimony.testify, keys.follow, erasures.settle):
        scheduler.add_job(own, "interval", minutes=1, args=[kept])
    scheduler.add_job(gifts.sweep, "interval", minutes=1, args=[db])
    scheduler.add_job(_reread_charter, "interval", minutes=1, args=[db, words])
    scheduler.start()
    # Not at the start, which it would slow down, and not in the transaction that happens to need it first.
    loop = asyncio.get_running_loop()
    loop.call_later(_WARM_UP_AFTER, loop.run_in_executor, None, names.warm_up)
    return Schedule(scheduler, jobs)


async def _reread_charter(db: Database, words: Words) -> None:
    """Another process may have published a version: actions read it anyway, dates and money follow here."""
    with suppress(DatabaseTrouble):
        words.use(await db.read(charters.current))
