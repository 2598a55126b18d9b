"""Last week's report comes by itself on Mondays, to whom it is of use and who want it."""

from __future__ import annotations

from datetime import date

import pytest

from actions import job_status, jobs, reports_weekly
from bot.jobs.reports import JOB
from db import people, recommendations
from db.database import Database, Tx
from db.jobs import list_runs
from db.recommendations import Due
from loyalty.jobs import Run
from loyalty.roles import Role
from tests.actions.complainers import opened, resolves
from tests.actions.shops import MANAGER, OWNER, Shop, amended, hire, open_shop
from tests.actions.test_case_times import told
from tests.conftest import Clock

MONDAY = Run("report_weekly", 1_741_568_400_000, date(2025, 3, 10), "")  # 9:00 in Xi'an


@pytest.fixture
async def shop(db: Database) -> Shop:
    """With a case that was opened in the week before."""
    shop = await open_shop(db)
    await opened(db, shop)
    return shop


async def test_on_monday_managers_and_owners_are_sent_last_week_once(db: Database, shop: Shop) -> None:
    for _ in range(2):
        await db.write(reports_weekly.page, MONDAY)
    assert await told(db, "report_service") == [MANAGER, OWNER]


async def test_started_by_hand_it_is_sent_at_any_hour_of_any_day(db: Database, shop: Shop, clock: Clock) -> None:
    clock.move(days=2, hours=3)
    run = await db.read(job_status.run_by_hand, JOB)
    assert (await db.write(reports_weekly.page, run)).reached == 2
    assert await told(db, "report_service") == [MANAGER, OWNER]


@pytest.mark.parametrize("hour", [9, 17])
async def test_it_falls_due_once_a_week_at_the_charters_hour(db: Database, clock: Clock, hour: int) -> None:
    await open_shop(db, amended(("on Mondays\nhour = 9", f"on Mondays\nhour = {hour}")))
    clock.move(days=1)
    for _ in range(7 * 24):
        await db.write(jobs.note, await db.read(jobs.look, (JOB,)))
        clock.move(hours=1)
    runs = await db.read(list_runs, JOB.name, 100)
    assert [run.due_local for run in runs] == [f"2025-03-10T{hour:02}:00"]


async def test_an_outage_over_a_monday_morning_loses_nothing(db: Database, clock: Clock) -> None:
    await open_shop(db)
    await db.write(jobs.note, await db.read(jobs.look, (JOB,)))
    clock.move(days=7, hours=8)
    await db.write(jobs.note, await db.read(jobs.look, (JOB,)))
    assert await told(db, "jobs_skipped") == []
    assert [run.state for run in await db.read(list_runs, JOB.name, 100)] == ["waiting"]


async def test_who_switched_it_off_is_left_alone(db: Database, shop: Shop) -> None:
    await db.write(people.choose_topic, MANAGER, reports_weekly.TOPIC, False)
    await db.write(reports_weekly.page, MONDAY)
    assert await told(db, "report_service") == [OWNER]


async def test_where_nothing_happened_nothing_is_sent(db: Database) -> None:
    await open_shop(db)
    assert (await db.write(reports_weekly.page, MONDAY)).reached == 0


async def test_where_members_were_only_asked_whether_they_would_recommend_it_is_sent(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(_recommended, shop)
    assert (await db.write(reports_weekly.page, MONDAY)).reached == 2


async def test_where_only_something_was_given_it_is_sent(db: Database, clock: Clock) -> None:
    shop = await open_shop(db)
    case_id = await opened(db, shop)
    await resolves(db, shop.manager, case_id, 100)
    await db.write(lambda tx: tx.run("UPDATE service_case SET merged_into = 9, resolved_at = 0, state = 'merged'"))
    assert (await db.write(reports_weekly.page, MONDAY)).reached == 2


def _recommended(tx: Tx, shop: Shop) -> None:
    """Not at all, this week."""
    asked = recommendations.add(tx, Due(shop.member.id, shop.store_id), date(2025, 1, 1))
    assert asked
    recommendations.score(tx, asked, 0)


async def test_many_managers_are_gone_through_in_pages(db: Database, shop: Shop) -> None:
    for user_id in range(100, 125):
        await db.write(hire, user_id, shop.store_id, Role.MANAGER)
    cursor, reached = "", 0
    while True:
        page = await db.write(reports_weekly.page, Run("report_weekly", MONDAY.due_at, MONDAY.day, cursor))
        cursor, reached = page.cursor, reached + page.reached
        if not cursor:
            break
    assert reached == 27
