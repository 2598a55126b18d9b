"""`/jobs` as managers and owners have it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.buttons.jobs import NAMES
from bot.handlers import jobs
from bot.jobs import upkeep
from bot.jobs.clock import JobClock
from bot.jobs.table import all_jobs
from loyalty import days
from loyalty.jobs import DAY_MS, HOUR_MS
from loyalty.roles import Role
from tests.actions.shops import add_store, hire
from tests.bot.people import Resident, Town
from tests.bot.test_documents import rows
from tests.chores import gifts, given, prepare

JOB = gifts("birthdays")
XIAN = ZoneInfo("Asia/Shanghai")


class Office:
    """Olivia owns the chain, Mary manages one store. Twenty members are on Telegram; the one job is JOB."""

    def __init__(self, town: Town, owner: Resident, mary: Resident, clock: JobClock) -> None:
        self.town = town
        self.owner = owner
        self.mary = mary
        self.clock = clock

    async def tick(self, days: int = 0) -> None:
        self.town.clock.forward(days * DAY_MS)
        await self.clock.tick()
        await self.clock.settle()
        await self.town.settled()


@pytest_asyncio.fixture
async def office(town: Town, monkeypatch: pytest.MonkeyPatch) -> Office:
    noon = days.start_of_day(days.local_date(town.clock.now(), XIAN), XIAN) + 36 * HOUR_MS
    town.clock.set(noon)
    table = {JOB.name: JOB, "backup": all_jobs()["backup"]}
    monkeypatch.setattr(jobs, "all_jobs", lambda: table)
    owner, mary = await town.owner(), await town.newcomer("Mary")
    await town.write(hire, mary.id, await town.write(add_store, "ximen", "West Gate"), Role.MANAGER)
    await mary.opens()
    await town.write(prepare, 20)
    kept = await upkeep.begin(town.machinery.settings, town.db)
    office = Office(town, owner, mary, JobClock(kept, {JOB.name: JOB}, 1))
    await office.tick()
    return office


async def test_managers_see_when_each_job_ran_and_runs_next(office: Office) -> None:
    await office.tick(days=1)
    await office.mary.types("/jobs")
    await office.mary.press("📋 All 2")
    assert "✅ Birthdays\n" in office.mary.reads()
    assert "20 of 20" in office.mary.reads()
    assert "Backup\nhas not run yet → in" in office.mary.reads()


async def test_they_see_first_what_needs_them_and_the_rest_in_its_place(office: Office) -> None:
    await office.mary.types("/jobs")
    first = office.mary.chat()[-1]
    assert "All is well" in first.shown
    assert "Next\n• B" in first.shown
    await office.mary.press("📋 All 2")
    await office.mary.press("‹ In brief")
    await office.tick(days=8)
    await office.mary.press("Refresh")
    assert "well since (❌ failed, ⏭ skipped): Birthdays ⏭ 6" in first.shown
    assert office.mary.chat()[-1].id == first.id


async def test_clerks_and_members_do_not(office: Office) -> None:
    ann = await office.town.newcomer("Ann")
    await ann.types("/jobs")
    assert "Birthdays" not in ann.reads()


async def test_an_owner_starts_one_and_hears_when_it_is_done(office: Office) -> None:
    await office.owner.types("/jobs")
    await office.owner.press("Birthdays")
    await office.owner.press("▶️ Run now")
    assert office.owner.sees("about to begin")
    assert "▶️ Run now" not in office.owner.buttons()
    await office.tick()
    assert office.owner.sees("Birthdays: done")
    assert office.owner.sees("20 of 20 were reached")
    assert set((await given(office.town.db)).values()) == {1}


async def test_a_manager_of_a_store_looks_but_does_not_start(office: Office) -> None:
    await office.mary.types("/jobs")
    await office.mary.press("Birthdays")
    assert office.mary.buttons() == ["‹ All jobs", "Refresh"]


async def test_a_dry_run_lists_who_would_get_what_and_changes_nothing(office: Office) -> None:
    await office.owner.types("/jobs")
    await office.owner.press("Birthdays")
    await office.owner.press("🧪 Dry run")
    assert "20 of 20 would be reached" in office.owner.hears()
    assert "20 × 💛 With pleasure!" in office.owner.hears()
    assert (await given(office.town.db)).total() == 0
    (file,) = [message.document for message in office.owner.answers() if message.document]
    lines = rows(file.file.data)
    assert lines[1] == ["'M…'", "'💛 With pleasure!'"]
    assert len(lines) == 21


async def test_what_was_skipped_is_told_with_a_way_to_make_up_for_it(office: Office) -> None:
    await office.tick(days=8)
    assert office.owner.sees("Skipped while nothing was running")
    assert office.owner.sees("Birthdays: ")
    await office.owner.press("Birthdays")
    assert office.owner.sees("6 × skipped")


async def test_what_owners_do_to_jobs_is_in_the_audit(office: Office) -> None:
    await office.owner.types("/jobs")
    await office.owner.press("Birthdays")
    await office.owner.press("🧪 Dry run")
    await office.owner.press("▶️ Run now")
    await office.owner.types("/audit")
    assert "Dry run\nBirthdays" in office.owner.hears()
    assert "Job started\nBirthdays" in office.owner.hears()


async def test_a_job_that_was_taken_away_is_a_stale_button(office: Office) -> None:
    await office.owner.types("/jobs")
    newest = office.owner.chat()[-1].id
    await office.owner.does(lambda: office.owner.person.replay(office.town.bot, newest, "job:no_more"))
    assert "button" in office.owner.hears()


def test_every_job_has_a_name_people_know() -> None:
    assert set(all_jobs()) - set(NAMES) == set()
