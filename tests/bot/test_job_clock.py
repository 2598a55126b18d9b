"""The clock of jobs as processes have it: several at once, failing jobs beside sound ones, ends in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions.jobs import MOST_CLAIMS
from bot.jobs import upkeep
from bot.jobs.clock import JobClock
from bot.jobs.table import all_jobs
from bot.jobs.upkeep import Chore, Upkeep
from bot.jobs.working import AnyJob
from db import jobs as runs
from db.database import Database, Tx, open_database
from db.jobs import Record
from loyalty.due_times import following
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.vault import Vault
from tests.actions.shops import open_shop
from tests.bot.people import settings_for
from tests.chores import gifts, give, given, prepare
from tests.conftest import Clock

JOB = gifts()
XIAN = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def kept(db: Database, database_url: str, tmp_path: Path) -> Upkeep:
    """Eight members; the time is 12:00."""
    await open_shop(db)
    await db.write(prepare, 7)
    return await upkeep.begin(settings_for(tmp_path, "http://127.0.0.1:1", database_url), db)


@pytest.fixture
async def sibling(
    kept: Upkeep, database_url: str, vault: Vault, clock: Clock, random: Callable[[int], bytes]
) -> AsyncIterator[Upkeep]:
    """Another process: on PostgreSQL with its own connections; SQLite has one process only."""
    if database_url.startswith("sqlite"):
        yield kept
        return
    db = await open_database(database_url, vault=vault, clock=clock, random=random)
    yield replace(kept, db=db)
    await db.close()


def clock_of(kept: Upkeep, *jobs: AnyJob, holder: int = 1) -> JobClock:
    return JobClock(kept, {job.name: job for job in jobs}, holder)


async def until_quiet(*clocks: JobClock) -> None:
    await asyncio.gather(*(clock.tick() for clock in clocks))
    await asyncio.gather(*(clock.settle() for clock in clocks))


def records(tx: Tx, job: str = JOB.name) -> list[Record]:
    return runs.list_runs(tx, job, 1_000)[::-1]


async def states(db: Database, job: str = JOB.name) -> list[str]:
    return [run.state for run in await db.read(records, job)]


async def test_what_falls_due_is_worked_on_to_the_end(kept: Upkeep, clock: Clock) -> None:
    mine = clock_of(kept, JOB)
    await until_quiet(mine)
    clock.move(hours=22)
    await until_quiet(mine)
    assert await states(kept.db) == ["done"]
    assert (await given(kept.db)).total() == 8


async def test_processes_that_tick_at_once_work_once(kept: Upkeep, sibling: Upkeep, clock: Clock) -> None:
    clocks = [clock_of(which, JOB, holder=holder) for holder, which in enumerate((kept, sibling, kept, sibling), 1)]
    await until_quiet(*clocks)
    for _ in range(4):
        clock.move(hours=22)
        await until_quiet(*clocks)
    assert await states(kept.db) == ["done"] * 3
    assert set((await given(kept.db)).values()) == {1}
    assert (await given(kept.db)).total() == 3 * 8


async def test_a_leap_of_the_clock_brings_what_is_due_in_order(kept: Upkeep, clock: Clock) -> None:
    order = []

    def note(tx: Tx, run: Run) -> Page:
        order.append((run.job, run.day.isoformat()))
        return Page("", 0, 0)

    early, late = replace(JOB, page=note), replace(JOB, name="late", cron="0 20 * * *", page=note)
    mine = clock_of(kept, late, early)
    await until_quiet(mine)
    clock.move(days=2)
    await until_quiet(mine)
    mornings, evenings = [day for job, day in order if job == "gifts"], [day for job, day in order if job == "late"]
    assert (mornings, evenings) == (["2025-03-04", "2025-03-05"], ["2025-03-04"])


async def test_a_failing_job_does_not_keep_the_others(kept: Upkeep, clock: Clock) -> None:
    def fail(tx: Tx, run: Run) -> Page:
        give(tx, run)
        raise ValueError("nobody's fault")

    bad = replace(JOB, name="bad", page=fail)
    mine = clock_of(kept, bad, JOB)
    await until_quiet(mine)
    clock.move(hours=22)
    for _ in range(12):
        await until_quiet(mine)
        clock.move(minutes=20)
    assert (await states(kept.db), await states(kept.db, "bad")) == (["done"], ["failed"])
    assert (await given(kept.db)).total() == 8, "a failed page leaves nothing"


async def test_an_end_in_the_middle_hands_the_rest_over(kept: Upkeep, sibling: Upkeep, clock: Clock) -> None:
    mine, theirs = clock_of(kept, JOB), clock_of(sibling, JOB, holder=2)
    await until_quiet(mine)
    clock.move(hours=22)
    await mine.tick()
    while not (await given(kept.db)).total():  # noqa: ASYNC110 - pages are worked on the database's thread
        await asyncio.sleep(0.001)
    await mine.close()
    await until_quiet(theirs)
    assert await states(kept.db) == ["done"]
    assert (await given(kept.db)).total() == len(await given(kept.db)) == 8


async def test_who_was_killed_is_followed_when_the_lease_is_over(kept: Upkeep, sibling: Upkeep, clock: Clock) -> None:
    theirs = clock_of(sibling, JOB, holder=2)
    await until_quiet(theirs)
    clock.move(hours=22)
    await kept.db.write(runs.add, JOB.name, _due(clock), "2025-03-04")
    assert await kept.db.write(runs.claim, 1, {JOB.name}) is not None
    await until_quiet(theirs)
    assert await states(kept.db) == ["waiting"]
    clock.move(ms=runs.LEASE_MS + 1)
    await until_quiet(theirs)
    assert await states(kept.db) == ["done"]


def _due(clock: Clock) -> runs.Due:
    return runs.Due("2025-03-04T09:00", clock.now, "2025-03-04T09:00")


async def test_a_run_that_kills_whoever_takes_it_up_is_given_up(kept: Upkeep, clock: Clock) -> None:
    mine = clock_of(kept, JOB)
    await kept.db.write(runs.add, JOB.name, _due(clock), "2025-03-04")
    for _ in range(MOST_CLAIMS):
        assert await kept.db.write(runs.claim, 9, {JOB.name}) is not None
        clock.move(ms=runs.LEASE_MS + 1)
    await until_quiet(mine)
    assert await states(kept.db) == ["failed"]


async def test_a_chore_is_done_by_one_process(kept: Upkeep, sibling: Upkeep, clock: Clock) -> None:
    done = []

    async def sweep(_kept: Upkeep) -> Page:
        done.append(clock.now)
        await asyncio.sleep(0)
        return Page("", 5, 2)

    chore = Chore(name="sweep", cron="30 3 * * *", catch_up_ms=DAY_MS, sweep=True, work=sweep)
    clocks = [clock_of(which, chore, holder=holder) for holder, which in enumerate((kept, sibling), 1)]
    await until_quiet(*clocks)
    clock.move(days=1)
    await until_quiet(*clocks)
    (run,) = await kept.db.read(records, "sweep")
    assert (len(done), run.state, run.looked_at, run.reached) == (1, "done", 5, 2)


async def test_a_leap_of_the_clock_does_not_have_a_chore_done_twice_at_a_time(kept: Upkeep, clock: Clock) -> None:
    at_work, most, go_on = 0, 0, asyncio.Event()

    async def wait(_kept: Upkeep) -> Page:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await go_on.wait()
        at_work -= 1
        return Page("", 0, 0)

    mine = clock_of(kept, Chore(name="slow", cron="30 3 * * *", catch_up_ms=DAY_MS, sweep=True, work=wait))
    await until_quiet(mine)
    for _ in range(3):
        clock.move(days=1)
        await mine.tick()
        await asyncio.sleep(0.01)
    go_on.set()
    await until_quiet(mine)
    assert most == 1
    assert (await states(kept.db, "slow"))[-1] == "done"


# The table


def test_names_are_told_apart_and_fit_into_a_button() -> None:
    assert all(job.name.replace("_", "").isalpha() and len(job.name) <= 40 for job in all_jobs().values())


def test_every_job_falls_due_again() -> None:
    assert [job.name for job in all_jobs().values() if not following(job.cron, "2025-03-03T12:00", 0, XIAN)] == []


def test_what_runs_more_often_than_hourly_is_a_sweep() -> None:
    often = [job for job in all_jobs().values() if not job.cron.split()[0].isdigit()]
    assert [job.name for job in often if not job.sweep] == []
