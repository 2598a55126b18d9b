"""Service times run out: a warning before, a call after, each once; and silence closes what was resolved."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from actions import case_desk, case_times, feedback, staff
from actions.feedback import Said
from db import cases as rows, staff as posts
from db.database import Database, Tx
from loyalty.roles import Role
from tests.actions.job_runs import works
from tests.actions.shops import ANN, CLERK, MANAGER, OWNER, Shop, hire, open_shop
from tests.conftest import Clock

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def opened(db: Database, shop: Shop, source: str = "21:1") -> int:
    """A complaint on Monday at noon; open from 9 to 22: an answer is due at 20:00, a solution on Thursday at 13:00."""
    said = Said("cold soup", "", "", source)
    return (await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said)).case_id


async def says(db: Database, shop: Shop, case_id: int, way: case_desk.Way) -> None:
    await db.write(case_desk.say, shop.clerk, case_id, way, Said("sorry", "", "", f"11:{way}:{case_id}"))


def _told(tx: Tx, template: str) -> list[int]:
    rows = tx.all("SELECT chat_id, payload FROM outbox ORDER BY chat_id, id")
    bodies = [(chat, orjson.loads(tx.vault.open_system("outbox", str(chat), bytes(sealed)))) for chat, sealed in rows]
    return [chat for chat, body in bodies if body["template"] == template]


async def told(db: Database, template: str) -> list[int]:
    """Who was told by this template, once for each time."""
    return await db.read(_told, template)


async def test_before_an_answer_is_due_the_whole_store_is_warned_once(db: Database, shop: Shop, clock: Clock) -> None:
    await opened(db, shop)
    clock.move(hours=5.9)
    assert await works(db, case_times.watch) == 0
    clock.move(hours=0.2)
    for _ in range(3):
        await works(db, case_times.watch)
    assert await told(db, "case_warned") == [CLERK, MANAGER]
    assert await told(db, "case_late") == []


async def test_who_has_it_is_warned_of_the_solution(db: Database, shop: Shop, clock: Clock) -> None:
    await says(db, shop, await opened(db, shop), "answer")
    clock.move(days=2, hours=5)  # ten of forty working hours are left on Wednesday at 16:00
    await works(db, case_times.watch)
    assert await told(db, "case_warned") == [CLERK]


async def test_nights_do_not_count(db: Database, shop: Shop, clock: Clock) -> None:
    await opened(db, shop)
    clock.move(hours=8.1)
    await works(db, case_times.watch)
    assert (await told(db, "case_late")) == [MANAGER]
    clock.move(hours=12)  # the next morning at 8
    await works(db, case_times.watch)
    assert (await told(db, "case_late")) == [MANAGER]


async def test_after_as_long_again_the_owners_are_called_and_nobody_twice(
    db: Database, shop: Shop, clock: Clock
) -> None:
    await opened(db, shop)
    clock.move(days=1, hours=3.1)
    for _ in range(3):
        await works(db, case_times.watch)
    assert await told(db, "case_late") == [MANAGER, OWNER]


async def test_many_look_at_once_and_each_step_is_taken_once(db: Database, shop: Shop, clock: Clock) -> None:
    await opened(db, shop)
    clock.move(days=1, hours=3.1)
    await asyncio.gather(*(works(db, case_times.watch) for _ in range(8)))
    assert await told(db, "case_late") == [MANAGER, OWNER]
    assert await told(db, "case_warned") == [CLERK]


async def test_of_steps_that_fell_due_together_each_hears_the_gravest_and_all_are_kept(
    db: Database, shop: Shop, clock: Clock
) -> None:
    case_id = await opened(db, shop)
    clock.move(days=20)
    assert await works(db, case_times.watch) == 6
    assert (await told(db, "case_warned"), await told(db, "case_late")) == ([CLERK], [MANAGER, OWNER])
    case = await db.read(rows.get, case_id)
    assert case is not None
    assert (case.warned, case.escalated) == (0b11, 0b1111)
    assert await works(db, case_times.watch) == 0


async def test_what_falls_due_later_is_told_then(db: Database, shop: Shop, clock: Clock) -> None:
    await opened(db, shop)
    for hours in (6.1, 2):
        clock.move(hours=hours)
        await works(db, case_times.watch)
    assert (await told(db, "case_warned"), await told(db, "case_late")) == ([CLERK, MANAGER], [MANAGER])


async def test_while_the_member_is_asked_nobody_is_called(db: Database, shop: Shop, clock: Clock) -> None:
    await says(db, shop, await opened(db, shop), "ask")
    clock.move(days=20)
    assert await works(db, case_times.watch) == 0


async def test_opened_again_it_is_watched_anew(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await says(db, shop, case_id, "answer")
    clock.move(days=5)
    await works(db, case_times.watch)
    await says(db, shop, case_id, "resolve")
    await db.write(feedback.reopen, shop.ann, case_id)
    clock.move(days=5)
    await works(db, case_times.watch)
    assert (await told(db, "case_late")).count(MANAGER) == 2


async def test_a_manager_who_complains_is_not_told_of_their_own_case(db: Database, shop: Shop, clock: Clock) -> None:
    await opened(db, shop)
    await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    clock.move(days=3)
    await works(db, case_times.watch)
    assert ANN not in await told(db, "case_late")


async def test_what_was_resolved_is_asked_about_once_more_and_closed(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await says(db, shop, case_id, "resolve")
    clock.move(days=1.9)
    assert await works(db, case_times.close) == 0
    for _ in range(7):
        clock.move(hours=13)
        await works(db, case_times.close)
    assert await told(db, "case_reminder") == [ANN]
    case = await db.read(rows.get, case_id)
    assert case is not None
    assert case.state == "unanswered"


async def test_after_a_long_outage_nothing_is_closed_unasked(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await says(db, shop, case_id, "resolve")
    clock.move(days=30)
    await works(db, case_times.close)
    clock.move(days=2.9)
    await works(db, case_times.close)
    assert (await db.read(feedback.look, shop.ann, case_id)).state == "resolved"
    clock.move(days=0.2)
    await works(db, case_times.close)
    assert (await db.read(feedback.look, shop.ann, case_id)).state == "unanswered"


async def test_closed_unanswered_it_can_be_opened_again(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await says(db, shop, case_id, "resolve")
    for _ in range(2):
        clock.move(days=6)
        await works(db, case_times.close)
    assert (await db.write(feedback.reopen, shop.ann, case_id)).state == "taken"


async def removed(db: Database, shop: Shop) -> None:
    (post,) = await db.read(posts.list_posts, CLERK)
    await db.write(staff.remove, shop.owner, post.id)


async def test_who_leaves_gives_back_all_they_had_and_the_store_hears_of_it(db: Database, shop: Shop) -> None:
    await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    first, second = [await opened(db, shop, f"21:{n}") for n in range(2)]
    await says(db, shop, first, "answer")
    await says(db, shop, second, "ask")
    await removed(db, shop)
    states = [await db.read(rows.get, case_id) for case_id in (first, second)]
    assert [(case.state, case.holder) for case in states if case] == [("new", 0), ("new", 0)]
    assert await told(db, "cases_freed") == [MANAGER, OTHER]


async def test_who_leaves_one_of_two_stores_keeps_the_other_stores_cases(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await says(db, shop, case_id, "answer")
    await db.write(hire, CLERK, 0, Role.CLERK)
    (post, _chain) = await db.read(posts.list_posts, CLERK)
    await db.write(staff.remove, shop.owner, post.id)
    case = await db.read(rows.get, case_id)
    assert case is not None
    assert case.holder == CLERK


async def test_a_clerk_leaves_while_they_answer_and_nothing_hangs(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await says(db, shop, case_id, "answer")
    await asyncio.gather(removed(db, shop), says(db, shop, case_id, "resolve"), return_exceptions=True)
    case = await db.read(rows.get, case_id)
    assert case is not None
    assert (case.state, case.holder) in (("new", 0), ("resolved", CLERK))


async def test_what_somebody_took_while_they_were_removed_is_freed_at_the_next_look(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await says(db, shop, case_id, "answer")
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=CLERK))
    await works(db, case_times.watch)
    case = await db.read(rows.get, case_id)
    assert case is not None
    assert (case.state, case.holder) == ("new", 0)


async def test_a_manager_keeps_what_is_about_no_store(db: Database, shop: Shop) -> None:
    said = Said("too few shops", "", "", "21:1")
    case_id = (await db.write(feedback.open_own, shop.ann, "suggestion", 0, said)).case_id
    await db.write(case_desk.take, shop.manager, case_id)
    await works(db, case_times.watch)
    case = await db.read(rows.get, case_id)
    assert case is not None
    assert case.holder == MANAGER
