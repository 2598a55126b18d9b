"""`regulars job list` and `regulars job run`."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from actions import job_status
from actions.job_status import Past
from actions.jobs import Job
from bot.jobs import rehearsing, upkeep
from bot.jobs.table import all_jobs
from bot.jobs.upkeep import Upkeep
from bot.jobs.working import AnyJob, Shift
from bot.operations import open_existing
from bot.runtime import Clock
from bot.settings import DataSettings, SettingsError
from bot.words import Language, Words
from db import jobs as runs
from db.jobs import COMMAND_LINE, Record
from loyalty import days, due_times
from loyalty.charter import Charter

Tell = Callable[[str], None]

_LANGUAGE = "en"
_LOOK_AGAIN_AFTER = 1.0  # seconds
_EVERYTHING = 1 << 62
_STATES = {"waiting": "not done, the bot will try again"}


async def list_jobs(settings: DataSettings, clock: Clock) -> list[tuple[str, str, str, str]]:
    """A row for each job: its name, its last run, its next due time, its troubles of late. Times are the charter's."""
    db, charter = await open_existing(settings, clock)
    try:
        found = await db.read(job_status.status, all_jobs().values())
    finally:
        await db.close()
    zone = charter.zone
    return [
        (
            one.name,
            _last(zone, one.last),
            due_times.here(one.next_at, zone) if one.next_at else "",
            ", ".join(f"{count} {what}" for count, what in ((one.failed, "failed"), (one.skipped, "skipped")) if count),
        )
        for one in found
    ]


async def run_job(
    settings: DataSettings, clock: Clock, holder: int, name: str, day: dt.date | None
) -> tuple[bool, str]:
    """Work on it here, to the end; whether it is done, and what there is to say of it.

    holder: this process's number. day: whose matters, today's by default.
    """
    job = _find(name)
    db, charter = await open_existing(settings, clock)
    try:
        if day and day > days.local_date(clock(), charter.zone):
            raise SettingsError("That day has not come yet; try it with --dry-run.")
        record = await _work(await upkeep.begin(settings, db), holder, job, day)
    finally:
        await db.close()
    counted = f", {record.reached} of {record.looked_at} reached" if record.looked_at else ""
    why = f" ({record.error})" if record.error else ""
    return record.state == "done", f"{name}: {_STATES.get(record.state, record.state)}{counted}{why}."


async def rehearse_job(settings: DataSettings, clock: Clock, name: str, day: dt.date | None, tell: Tell) -> None:
    """Tell, a line each, who would get what; nothing of it lasts."""
    job = _find(name)
    if not isinstance(job, Job):
        raise SettingsError(f"{name} has no dry run: it works with files, or on the whole.")
    db, charter = await open_existing(settings, clock)
    try:
        run = await db.read(job_status.run_by_hand, job, day)
        found = await rehearsing.rehearse(db, job, run, _EVERYTHING, _EVERYTHING)
    finally:
        await db.close()
    language = _language(charter, clock)
    for line in found.lines:
        tell(f"{line.name or '(no member)'}\t{language.gist({'template': line.template, 'params': line.params})}")
    tell(f"{name}: {found.reached} of {found.looked_at} would be reached. Nothing was changed, nothing was sent.")


async def _work(kept: Upkeep, holder: int, job: AnyJob, day: dt.date | None) -> Record:
    """Until the run has ended, or failed here, or waits behind one that did: a job's runs are worked in order."""
    db = kept.db
    run_id = await db.write(job_status.add_by_hand, job, COMMAND_LINE, day)
    while True:
        held = await db.write(runs.claim, holder, {job.name})
        if held:
            await Shift(kept, job, held).work()
        record = await db.read(runs.get, run_id)
        assert record is not None
        if record.state != "waiting" or (held and held.id == run_id):
            return record
        if not held:
            if not await db.read(runs.is_at_work, job.name):
                return record
            await asyncio.sleep(_LOOK_AGAIN_AFTER)


def _find(name: str) -> AnyJob:
    job = all_jobs().get(name)
    if job is None:
        raise SettingsError(f"There is no job of that name; there are {', '.join(all_jobs())}.")
    return job


def _language(charter: Charter, clock: Clock) -> Language:
    return Words(charter, clock).language(_LANGUAGE)


def _last(zone: ZoneInfo, past: Past | None) -> str:
    if past is None:
        return "never"
    counted = f", {past.reached} of {past.looked_at}" if past.looked_at else ""
    skipped = f" × {past.times}" if past.state == "skipped" else ""
    return f"{past.state}{skipped} {due_times.here(past.due_at, zone)}{counted}"
