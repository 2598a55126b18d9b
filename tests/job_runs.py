"""Runs of jobs as the bot works on them, without waiting for their time."""

from __future__ import annotations

from actions import charters, jobs
from actions.jobs import Job
from db import jobs as runs
from db.database import Database, Tx
from db.jobs import Held, Record
from loyalty import days, due_times
from loyalty.due_times import Due

HOLDER = 1


async def work(db: Database, job: Job, day: str = "") -> Record:
    """All pages of the job as of now, or of that local day; what its run counted."""
    held: Held | None = await db.write(_begin, job, day)
    assert held is not None
    run_id = held.id
    while held:
        held = await db.write(jobs.turn, job, held)
    record = await db.read(runs.get, run_id)
    assert record is not None
    return record


def _begin(tx: Tx, job: Job, day: str) -> Held | None:
    zone = charters.current(tx).zone
    at = due_times.on_day(job.cron, day, zone) if day else tx.now
    count = tx.value("SELECT COUNT(*) FROM job_run")
    runs.add(tx, job.name, Due(f"by hand {count}", at, ""), day or days.local_date(at, zone).isoformat())
    return runs.claim(tx, HOLDER, {job.name})
