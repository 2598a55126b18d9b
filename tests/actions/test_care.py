"""Care: whom the rules mean, once each; shared out at the home store, never too many a day; and what came of it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from actions import care, care_rules, case_desk, feedback, notes
from actions.feedback import Said
from db import care as rows, members
from db.database import Database, Tx
from loyalty import charter
from loyalty.birthdays import Birthday
from loyalty.charter import DEFAULT_CHARTER
from loyalty.errors import NotAllowed, StaleButton
from loyalty.jobs import DAY_MS
from loyalty.roles import Role
from tests.actions.job_runs import works
from tests.actions.shops import Shop, add_member, add_store, amended, at_desk, buys, hire, open_shop
from tests.conftest import Clock

TODAY = date(2025, 3, 3)


@pytest.fixture
async def shop(db: Database) -> Shop:
    shop = await open_shop(db)
    await db.write(members.set_home_store, shop.member.id, shop.store_id)
    return shop


def open_tasks(tx: Tx) -> list[tuple[int, str]]:
    return [
        (row[0], row[1]) for row in tx.all("SELECT member_id, rule FROM care_task WHERE state = 'open' ORDER BY id")
    ]


def due(tx: Tx, shop: Shop, count: int, store_id: int = 0) -> None:
    """So many members of the store to be thought of today."""
    for number in range(count):
        member = add_member(tx, f"Guest {number}", f"1370000{store_id:02d}{number:02d}")
        members.set_home_store(tx, member.id, store_id or shop.store_id)
        tx.run(
            "INSERT INTO care_task (member_id, rule, period, store_id, due_on, made_at) "
            "VALUES (:member_id, 'top', '2025', :store_id, '2025-03-03', 0)",
            member_id=member.id, store_id=store_id or shop.store_id,
        )  # fmt: skip


async def one_task(db: Database, shop: Shop) -> int:
    await db.write(due, shop, 1)
    return (await db.write(care.today, shop.clerk)).tasks[0].task_id


# Whom the rules mean


async def test_everybody_of_the_top_tier_once_in_a_quarter(db: Database, shop: Shop) -> None:
    await db.write(members.set_tier, shop.member.id, "gold")
    made = [await works(db, care_rules.page, date(2025, 1, 1) + timedelta(days=day)) for day in range(90)]
    assert sum(made) == 1


async def test_a_run_again_makes_nothing_twice(db: Database, shop: Shop) -> None:
    await db.write(members.set_tier, shop.member.id, "gold")
    await db.write(members.set_birthday, shop.member.id, Birthday(3, 4))
    for _ in range(2):
        await works(db, care_rules.page, TODAY)
    assert await db.read(open_tasks) == [(shop.member.id, "birthday")]
    (listed,) = (await db.write(care.today, shop.clerk)).tasks
    shown = await db.write(care.look, shop.clerk, listed.task_id)
    assert (shown.case_id, shown.birthday) == (0, "2025-03-04")


async def test_birthdays_of_others_than_the_best_make_no_task(db: Database, shop: Shop) -> None:
    await db.write(members.set_birthday, shop.member.id, Birthday(3, 4))
    assert await works(db, care_rules.page, TODAY) == 0


async def test_a_week_after_a_complaint_was_closed(db: Database, shop: Shop, clock: Clock) -> None:
    told = await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, Said("cold soup", "", "", "21:1"))
    await db.write(case_desk.say, shop.clerk, told.case_id, "resolve", Said("sorry", "", "", "11:1"))
    await db.write(feedback.confirm, shop.ann, told.case_id)
    assert await works(db, care_rules.page, TODAY) == 0
    clock.now += 7 * DAY_MS
    assert await works(db, care_rules.page) == 1
    assert await db.read(open_tasks) == [(shop.member.id, "appeased")]
    (listed,) = (await db.write(care.today, shop.clerk)).tasks
    shown = await db.write(care.look, shop.clerk, listed.task_id)
    assert (shown.case_id, shown.birthday, shown.category["en"]) == (told.case_id, "", "Something else")


@pytest.mark.parametrize(("spent", "meant"), [("3500", 1), ("50", 0)])
async def test_good_customers_gone_quiet_and_no_others(
    db: Database, shop: Shop, clock: Clock, spent: str, meant: int
) -> None:
    await buys(db, shop, spent)
    clock.now += 60 * DAY_MS
    assert await works(db, care_rules.page) == meant


async def test_what_nobody_came_to_lapses(db: Database, shop: Shop, clock: Clock) -> None:
    await db.write(due, shop, 1)
    await works(db, care_rules.page, TODAY + timedelta(days=15))
    assert await db.read(open_tasks) == []


@pytest.mark.parametrize(("days_on", "listed"), [(2, 1), (3, 0)])
async def test_a_birthday_leaves_the_list_a_day_after_it(
    db: Database, shop: Shop, clock: Clock, days_on: int, listed: int
) -> None:
    await birthday_task(db, shop)
    clock.move(days=days_on)
    await works(db, care_rules.page)
    assert len((await db.write(care.today, shop.clerk)).tasks) == listed


async def test_put_off_beyond_the_birthday_it_does_not_come_back_and_is_kept(
    db: Database, shop: Shop, clock: Clock
) -> None:
    await birthday_task(db, shop)
    (task,) = (await db.write(care.today, shop.clerk)).tasks
    await db.write(care.put_off, shop.clerk, task.task_id, 7)
    clock.move(days=7)
    await works(db, care_rules.page)
    assert (await db.write(care.today, shop.clerk)).tasks == []
    assert await db.read(lambda tx: tx.all("SELECT rule, state FROM care_task")) == [("birthday", "lapsed")]


async def birthday_task(db: Database, shop: Shop) -> None:
    """Made today; the birthday is tomorrow."""
    await db.write(members.set_tier, shop.member.id, "gold")
    await db.write(members.set_birthday, shop.member.id, Birthday(3, 4))
    await works(db, care_rules.page, TODAY)


async def test_what_lapses_makes_room_for_what_is_due_today(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: rows.add(tx, shop.member.id, "appeased", "1", TODAY - timedelta(days=15)))
    await db.write(members.set_tier, shop.member.id, "gold")
    await db.write(members.set_birthday, shop.member.id, Birthday(3, 4))
    assert await works(db, care_rules.page, TODAY) == 1


# Who does it


async def test_nobody_is_given_more_in_a_day_than_the_rules_say(db: Database, shop: Shop, clock: Clock) -> None:
    await db.write(due, shop, 7)
    first = await db.write(care.today, shop.clerk)
    await db.write(care.settle, shop.clerk, first.tasks[0].task_id, "done")
    left = await db.write(care.today, shop.clerk)
    assert (len(first.tasks), first.waiting, len(left.tasks), left.waiting) == (5, 2, 4, 2)
    clock.now += DAY_MS
    assert len((await db.write(care.today, shop.clerk)).tasks) == 5


async def test_two_at_once_share_what_is_due(db: Database, shop: Shop) -> None:
    await db.write(due, shop, 6)
    other = await db.write(hire, 14, shop.store_id, Role.CLERK)
    for _ in range(2):
        given = await asyncio.gather(*(db.write(care.today, who) for who in (shop.clerk, other)))
    ids = [task.task_id for one in given for task in one.tasks]
    assert (len(ids), len(set(ids))) == (6, 6)


async def test_each_store_has_its_own(db: Database, shop: Shop) -> None:
    elsewhere = await db.write(add_store, "nanhu", "南湖店")
    await db.write(due, shop, 2, elsewhere)
    other = at_desk(await db.write(hire, 14, elsewhere, Role.CLERK), elsewhere)
    assert (await db.write(care.today, shop.clerk)).tasks == []
    assert len((await db.write(care.today, other)).tasks) == 2


async def test_nobody_is_asked_to_greet_themselves(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: rows.add(tx, shop.member.id, "top", "x", TODAY))
    herself = await db.write(hire, shop.ann.user_id, shop.store_id, Role.CLERK)
    assert (await db.write(care.today, herself)).tasks == []


async def test_anothers_task_is_out_of_reach(db: Database, shop: Shop) -> None:
    task_id = await one_task(db, shop)
    other = await db.write(hire, 14, shop.store_id, Role.CLERK)
    with pytest.raises(StaleButton):
        await db.write(care.look, other, task_id)
    with pytest.raises(NotAllowed):
        await db.write(care.look, shop.ann, task_id)


# What came of it


async def test_the_phone_is_masked_and_the_look_recorded(db: Database, shop: Shop) -> None:
    seen = await db.write(care.look, shop.clerk, await one_task(db, shop))
    assert "*" in seen.phone
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM audit WHERE action = 'member_opened'")) == 1


async def test_a_word_of_it_goes_into_the_archive(db: Database, shop: Shop) -> None:
    task_id = await one_task(db, shop)
    member_id = (await db.write(care.look, shop.clerk, task_id)).member_id
    assert await db.write(care.settle, shop.clerk, task_id, "done") == member_id
    await db.write(care.remember, shop.clerk, member_id, "moves to Beijing")
    assert [one.words for one in (await db.write(notes.list_of, shop.clerk, member_id)).notes] == ["moves to Beijing"]
    with pytest.raises(StaleButton):
        await db.write(care.settle, shop.clerk, task_id, "done")


async def test_who_does_not_answer_is_tried_again_thrice_in_all(db: Database, shop: Shop, clock: Clock) -> None:
    task_id = await one_task(db, shop)
    for _ in range(3):
        await db.write(care.settle, shop.clerk, task_id, "no_answer")
        assert (await db.write(care.today, shop.clerk)).tasks == []
        clock.now += DAY_MS
        await db.write(care.today, shop.clerk)
    assert await db.read(lambda tx: tx.one("SELECT state, tries FROM care_task")) == ("no_answer", 3)


async def test_later_comes_back_on_its_day(db: Database, shop: Shop, clock: Clock) -> None:
    task_id = await one_task(db, shop)
    assert (await db.write(care.put_off, shop.clerk, task_id, 3)).tasks == []
    clock.now += 3 * DAY_MS
    assert [task.task_id for task in (await db.write(care.today, shop.clerk)).tasks] == [task_id]


async def test_of_a_rule_that_was_dropped_the_tasks_stay(db: Database, shop: Shop) -> None:
    await db.write(due, shop, 1)
    await db.write(lambda tx: tx.run("UPDATE care_task SET rule = 'gone'"))
    assert (await db.write(care.today, shop.clerk)).tasks[0].rule == {}


def test_a_tier_nobody_knows_is_told() -> None:
    with pytest.raises(charter.CharterError, match="care"):
        charter.load(amended(('kind = "tier"\ntiers = ["gold"]', 'kind = "tier"\ntiers = ["jade"]')))
    assert charter.load(DEFAULT_CHARTER).care.rules
