"""Runs of jobs: due once, worked on under a lease, resumed at their cursor, given up with a word to owners."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions import charters, job_status, jobs, rehearsals
from actions.jobs import ATTEMPTS, CursorStuck, LeaseLost
from actions.rehearsals import Rehearsed
from db import audit, jobs as runs, outbox, rehearsals as queued
from db.database import Database, Tx
from db.jobs import COMMAND_LINE, Record
from loyalty import days
from loyalty.due_times import Due
from loyalty.errors import NotAllowed, StaleButton
from loyalty.jobs import HOUR_MS, Page
from loyalty.messages import Say
from loyalty.roles import Role
from tests.actions.shops import MANAGER, OWNER, Shop, amended, hire, open_shop
from tests.chores import gifts, given, prepare
from tests.conftest import Clock

ME, SIBLING = 1, 2
JOB = gifts()
HOURLY = replace(JOB, name="hourly", cron="0 * * * *", catch_up_ms=6 * HOUR_MS, sweep=True)


@pytest.fixture
async def shop(db: Database) -> Shop:
    """Eight members; the time is 12:00."""
    shop = await open_shop(db)
    await db.write(prepare, 7)
    await tick(db)
    return shop


async def tick(db: Database) -> int:
    found = await db.read(jobs.look, (JOB, HOURLY))
    return await db.write(jobs.note, found)


def records(tx: Tx, job: str = JOB.name) -> list[Record]:
    return runs.list_runs(tx, job, 1_000)[::-1]


def told(tx: Tx, user_id: int) -> list[Any]:
    return [message for message in queued.list_since(tx, 0) if message.chat_id == user_id]


async def work(db: Database, holder: int = ME) -> None:
    while held := await db.write(runs.claim, holder, {JOB.name}):
        while held:
            held = await db.write(jobs.turn, JOB, held)


# Due times


async def test_a_new_job_is_due_from_now_on(db: Database, shop: Shop) -> None:
    assert await db.read(records) == []
    assert await tick(db) == 0


async def test_a_due_time_makes_one_run_however_often_is_looked(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    found = await db.read(jobs.look, (JOB, HOURLY))
    assert sum([await db.write(jobs.note, found) for _ in range(3)]) == 2
    assert await tick(db) == 0
    assert [(run.due_local, run.state) for run in await db.read(records)] == [("2025-03-04T09:00", "waiting")]


@pytest.mark.parametrize(("hours", "missed"), [(1, 0), (36, 1), (8 * 24, 8)], ids=["an hour", "36 hours", "8 days"])
async def test_after_an_outage_each_due_time_is_run_once_or_skipped_in_sight(
    db: Database, shop: Shop, clock: Clock, hours: int, missed: int
) -> None:
    clock.move(hours=hours)
    await tick(db)
    await work(db)
    found = await db.read(records)
    assert sum(run.times for run in found) == missed
    done = [run for run in found if run.state == "done"]
    assert all(clock.now - run.due_at <= JOB.catch_up_ms for run in done)
    assert len(done) == min(missed, 2)
    assert set((await given(db)).values()) <= {1}


async def test_an_interrupted_run_is_not_gone_on_with_when_it_is_too_late(
    db: Database, shop: Shop, clock: Clock
) -> None:
    clock.move(hours=22)
    await tick(db)
    held = await db.write(runs.claim, ME, {JOB.name})
    assert held is not None
    await db.write(jobs.turn, JOB, held)
    clock.move(days=8)
    await tick(db)
    await work(db)
    first, *_ = await db.read(records)
    assert (first.state, first.looked_at) == ("skipped", 3)
    assert not any(day == first.day for _, day in list(await given(db))[3:])
    (message,) = await db.read(told, OWNER)
    assert sum(job["times"] for job in message.body["params"]["jobs"]) == 7


async def test_managers_are_told_once_of_what_was_skipped(db: Database, shop: Shop, clock: Clock) -> None:
    await db.write(hire, MANAGER, 0, Role.MANAGER)
    clock.move(days=8)
    await tick(db)
    await tick(db)
    (message,) = await db.read(told, OWNER)
    assert message.body["params"]["jobs"] == [
        {"job": JOB.name, "times": 6, "first_day": "2025-03-04", "day": "2025-03-09"}
    ]
    assert len(await db.read(told, MANAGER)) == 1


async def test_a_sweep_makes_up_for_all_at_once(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(days=8, minutes=20)
    await tick(db)
    (run,) = await db.read(records, HOURLY.name)
    assert (run.first_local, run.due_local, run.state) == ("2025-03-03T13:00", "2025-03-11T12:00", "waiting")


@pytest.mark.parametrize("hours", [2, -2])
async def test_a_clock_set_two_hours_off_and_back_brings_nothing_twice(
    db: Database, shop: Shop, clock: Clock, hours: int
) -> None:
    clock.move(hours=20)  # 08:00
    for step in (0, hours, 0.5, -hours, 0.5, 1, 1, 1, 22):
        clock.move(hours=step)
        await tick(db)
        await work(db)
    times = [run.due_local for run in await db.read(records)]
    assert times == ["2025-03-04T09:00", "2025-03-05T09:00"]
    assert set((await given(db)).values()) == {1}


async def test_a_clock_that_was_a_month_ahead_stops_nothing(db: Database, shop: Shop, clock: Clock) -> None:
    for step in (30, -30, 1, 1):
        clock.move(days=step)
        await tick(db)
        await work(db)
    assert [run.due_local[:10] for run in await db.read(records) if run.state == "done"][-2:] == [
        "2025-03-04", "2025-03-05",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Asia/Shanghai", "2026-03-29"),
    ],
)
async def test_the_night_of_a_change_of_clocks_has_one_run(db: Database, clock: Clock, zone: str, day: str) -> None:
    await open_shop(db, amended(("Asia/Shanghai", zone)))
    nightly, begin = replace(JOB, cron="30 2 * * *"), days.start_of_day(date.fromisoformat(day), ZoneInfo(zone))
    for half_hours in range(-24, 72):
        clock.now = begin + half_hours * HOUR_MS // 2
        await db.write(jobs.note, await db.read(jobs.look, [nightly]))
    nights = [day, (date.fromisoformat(day) + timedelta(days=1)).isoformat()]
    assert [run.due_local for run in await db.read(records)] == [f"{night}T02:30" for night in nights]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
async def test_with_another_zone_in_the_charter_each_day_comes_once(
    db: Database, shop: Shop, clock: Clock, zone: str
) -> None:
    for hour in range(96):
        if hour == 22:  # 10:00 in Xi'an
            await db.write(charters.publish, amended(("Asia/Shanghai", zone)), OWNER)
        await tick(db)
        clock.move(hours=1)
    found = [run.due_local for run in await db.read(records)]
    first = date(2025, 3, 4)
    assert found == [f"{first + timedelta(days=day)}T09:00" for day in range(len(found))]
    assert len(found) == 3


# Leases and cursors


async def test_two_processes_take_different_runs(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    await tick(db)
    claimed = await asyncio.gather(*(db.write(runs.claim, holder, {JOB.name}) for holder in (ME, SIBLING)))
    assert sum(held is not None for held in claimed) == 1


async def test_a_later_day_waits_for_the_one_before(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=46)
    await tick(db)
    held = await db.write(runs.claim, ME, {JOB.name})
    assert held is not None
    assert held.day == "2025-03-04"
    assert await db.write(runs.claim, SIBLING, {JOB.name}) is None


async def test_a_run_goes_on_in_other_hands_where_a_crash_left_it(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    await tick(db)
    held = await db.write(runs.claim, ME, {JOB.name})
    assert held is not None
    await db.write(jobs.turn, JOB, held)
    await work(db, SIBLING)
    assert len(await given(db)) == 3, "the lease holds"
    clock.move(ms=runs.LEASE_MS + 1)
    await work(db, SIBLING)
    assert (await given(db)).total() == len(await given(db)) == 8
    (run,) = await db.read(records)
    assert (run.state, run.looked_at, run.reached) == ("done", 8, 8)


async def test_who_lost_the_lease_does_nothing_more(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    await tick(db)
    late = await db.write(runs.claim, ME, {JOB.name})
    assert late is not None
    clock.move(ms=runs.LEASE_MS + 1)
    await work(db, SIBLING)
    with pytest.raises(LeaseLost):
        await db.write(jobs.turn, JOB, late)
    assert (await given(db)).total() == 8


async def test_the_same_page_does_not_come_twice_in_the_same_hands(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    await tick(db)
    held = await db.write(runs.claim, ME, {JOB.name})
    assert held is not None
    await db.write(jobs.turn, JOB, held)
    with pytest.raises(LeaseLost):
        await db.write(jobs.turn, JOB, held)


async def test_a_lease_from_a_wrong_clock_holds_nobody_up(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    await tick(db)
    clock.move(days=300)
    await db.write(runs.claim, ME, {JOB.name})
    clock.move(days=-300)
    assert await db.write(runs.claim, SIBLING, {JOB.name}) is not None


# Failures


async def test_a_page_that_does_not_move_on_is_an_error(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    await tick(db)
    held = await db.write(runs.claim, ME, {JOB.name})
    assert held is not None
    stuck = replace(JOB, page=lambda tx, run: Page("3", 0, 0))
    held = await db.write(jobs.turn, stuck, held)
    assert held is not None
    with pytest.raises(CursorStuck):
        await db.write(jobs.turn, stuck, held)


async def test_a_run_is_tried_again_then_given_up_and_owners_are_told_once(
    db: Database, shop: Shop, clock: Clock
) -> None:
    clock.move(hours=22)
    await tick(db)
    tries = 0
    for _ in range(100):
        clock.move(minutes=1)
        if held := await db.write(runs.claim, ME, {JOB.name}):
            tries += 1
            await db.write(jobs.stumble, JOB, held, "ValueError")
    assert tries == ATTEMPTS
    (run,) = await db.read(records)
    assert (run.state, run.error) == ("failed", "ValueError")
    assert [message.body["template"] for message in await db.read(told, OWNER)] == ["job_failed"]


async def test_progress_counts_attempts_anew(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(hours=22)
    await tick(db)
    for _ in range(ATTEMPTS - 1):
        held = await db.write(runs.claim, ME, {JOB.name})
        clock.move(ms=runs.LEASE_MS + 1)
    held = await db.write(runs.claim, ME, {JOB.name})
    assert held is not None
    held = await db.write(jobs.turn, JOB, held)
    assert held is not None
    assert await db.write(jobs.stumble, JOB, held, "ValueError")


# By hand


async def test_pressed_twice_it_runs_once_and_is_in_the_audit(db: Database, shop: Shop) -> None:
    await db.write(job_status.start, shop.owner, JOB, True)
    with pytest.raises(StaleButton):
        await db.write(job_status.start, shop.owner, JOB, True)
    await work(db)
    assert set((await given(db)).values()) == {1}
    (deed, *_) = await db.read(audit.list_latest, 1)
    assert (deed.action, deed.actor, deed.detail["job"]) == ("job_started", OWNER, JOB.name)
    assert [message.body["template"] for message in await db.read(told, OWNER)] == ["job_done"]


async def test_only_who_manages_the_chain_starts_jobs(db: Database, shop: Shop) -> None:
    assert not (await db.read(job_status.look_at, shop.manager, JOB, True)).may_start
    with pytest.raises(NotAllowed):
        await db.write(job_status.start, shop.manager, JOB, True)
    with pytest.raises(NotAllowed):
        await db.read(job_status.overview, shop.clerk, [JOB])


async def test_a_run_for_another_day_is_about_that_day_s_due_time(db: Database, shop: Shop) -> None:
    await db.write(job_status.add_by_hand, JOB, COMMAND_LINE, date(2025, 3, 1))
    (run,) = await db.read(records)
    assert (run.day, run.due_at) == ("2025-03-01", 1_740_790_800_000)


async def test_troubles_are_counted(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(days=8)
    await tick(db)
    status = {one.name: one for one in await db.read(job_status.status, (JOB, HOURLY))}
    assert (status[JOB.name].skipped, status[HOURLY.name].skipped) == (6, 0)
    assert status[JOB.name].next_at == 1_741_741_200_000  # 2025-03-12 09:00


async def test_what_needs_somebody_stands_first(db: Database, shop: Shop, clock: Clock) -> None:
    others = [replace(JOB, name=name) for name in ("skipped", "late", "failed", "new")]
    due = Due("2025-03-03T09:00", clock.now - 3 * HOUR_MS, "2025-03-03T09:00")
    await db.write(runs.add_skipped, "skipped", due)
    await db.write(runs.add, "late", due, "2025-03-03")
    await db.write(runs.add, "failed", due, "2025-03-03")
    failed = await db.write(runs.claim, ME, {"failed"})
    assert failed is not None
    await db.write(runs.end, failed, "failed")
    brief = await db.read(job_status.brief, shop.manager, [HOURLY, *others])
    assert [one.name for one in brief.troubled] == ["failed", "late", "skipped"]
    assert [one.name for one in brief.soon] == ["new"]
    assert (brief.total, brief.more, brief.before) == (5, 0, [])


async def test_what_is_well_again_is_still_said(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(days=8)
    await tick(db)
    await work(db)
    brief = await db.read(job_status.brief, shop.manager, [JOB, HOURLY])
    assert ([one.name for one in brief.before], brief.troubled) == ([JOB.name], [])


# Dry runs


async def rehearsed(db: Database, meanwhile: Callable[[], Any] | None = None) -> tuple[Page, list[Any]]:
    run = await db.read(job_status.prepare_rehearsal, OWNER, JOB)
    with pytest.raises(Rehearsed) as caught:
        await db.write(rehearsals.rehearse, JOB, run)
    told = caught.value.told
    _, lines = await db.read(rehearsals.lines, told, 100)
    return caught.value.page, lines


async def test_a_dry_run_says_who_would_get_what_and_leaves_nothing(db: Database, shop: Shop) -> None:
    page, lines = await rehearsed(db)
    assert (page.looked_at, [line.name for line in lines]) == (3, ["A…", "M…", "M…"])
    assert lines[0].params == {"name": "A…"}
    assert (await given(db)).total() == 0
    assert await db.read(queued.list_since, 0) == []


async def test_what_others_queue_meanwhile_is_not_part_of_a_dry_run(db: Database, shop: Shop) -> None:
    await db.write(outbox.post, Say("thanks", {}, to=shop.ann.user_id))
    theirs = await db.read(queued.list_since, 0)
    count, lines = await db.read(rehearsals.lines, theirs, 100)
    assert (count.total(), lines) == (0, [])


async def test_what_is_old_is_forgotten_but_never_the_newest(db: Database, shop: Shop, clock: Clock) -> None:
    for _ in range(3):
        clock.move(days=1)
        await tick(db)
        await work(db)
    await db.write(runs.forget, 0, clock.now + 1, 100)
    assert [run.due_local for run in await db.read(records)] == ["2025-03-06T09:00"]
