"""Whose work a low score judges stays as it was when the score was given, whatever becomes of the rated case."""

from __future__ import annotations

import pytest

from actions import case_desk, case_scores, case_times, case_transfers, compensations, feedback
from actions.feedback import Said
from db import staff as posts
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import NobodyToAgree, RatedCase
from loyalty.jobs import DAY_MS
from loyalty.roles import Role
from tests.actions.complainers import asked, opened, resolves
from tests.actions.job_runs import works
from tests.actions.shops import MANAGER, OWNER, Shop, hire, open_shop
from tests.conftest import Clock

OTHER_MANAGER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def rated_unanswered(db: Database, shop: Shop, clock: Clock, by: Person) -> tuple[int, int]:
    """A case that this person solved and nobody confirmed, and the one that Ann's low score for it has opened."""
    case_id = await opened(db, shop)
    await resolves(db, by, case_id, 0)
    for days in (2, 3):
        clock.now += days * DAY_MS
        await works(db, case_times.close)
    return case_id, (await db.write(case_scores.rate, shop.ann, case_id, 1)).case_id


async def rated(db: Database, shop: Shop, case_id: int) -> int:
    await db.write(feedback.confirm, shop.ann, case_id)
    return (await db.write(case_scores.rate, shop.ann, case_id, 1)).case_id


def told(tx: Tx, case_id: int) -> set[int]:
    rows = tx.all("SELECT DISTINCT chat_id FROM outbox WHERE case_id = :id AND kind = 'notice'", id=case_id)
    return {row[0] for row in rows}


async def test_giving_the_rated_case_back_does_not_open_the_one_about_it(
    db: Database, shop: Shop, clock: Clock
) -> None:
    await db.write(hire, OTHER_MANAGER, shop.store_id, Role.MANAGER)
    first, about = await rated_unanswered(db, shop, clock, shop.manager)
    await db.write(feedback.reopen, shop.ann, first)
    await db.write(case_desk.give_back, shop.manager, first)
    for deed in (case_desk.look, case_desk.take):
        with pytest.raises(RatedCase):
            await db.write(deed, shop.manager, about)


async def test_who_takes_the_rated_case_later_is_not_judged(db: Database, shop: Shop, clock: Clock) -> None:
    other = await db.write(hire, OTHER_MANAGER, shop.store_id, Role.MANAGER)
    first, about = await rated_unanswered(db, shop, clock, shop.manager)
    await db.write(feedback.reopen, shop.ann, first)
    (post,) = await db.read(posts.list_posts, OTHER_MANAGER)
    await db.write(case_transfers.assign, shop.manager, first, post.id)
    assert (await db.write(case_desk.take, other, about)).state == "taken"


async def test_whoever_solved_it_is_judged_though_a_clerk_had_it(db: Database, shop: Shop) -> None:
    other = await db.write(hire, OTHER_MANAGER, shop.store_id, Role.MANAGER)
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await resolves(db, shop.manager, case_id, 0)
    about = await rated(db, shop, case_id)
    assert await db.read(told, about) & {MANAGER, OTHER_MANAGER} == {OTHER_MANAGER}
    with pytest.raises(RatedCase):
        await db.write(case_desk.take, shop.manager, about)
    assert (await db.write(case_desk.take, other, about)).state == "taken"


async def test_who_only_noted_something_there_is_not_judged(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.say, shop.manager, case_id, "note", Said("hm", "", "", "12:8"))
    await resolves(db, shop.clerk, case_id, 0)
    assert (await db.write(case_desk.take, shop.manager, await rated(db, shop, case_id))).state == "taken"


async def test_who_is_judged_is_not_asked_to_agree_to_what_is_given_for_it(db: Database, shop: Shop) -> None:
    other = await db.write(hire, OTHER_MANAGER, shop.store_id, Role.MANAGER)
    case_id = await opened(db, shop)
    await resolves(db, shop.manager, case_id, 0)
    about = await rated(db, shop, case_id)
    await resolves(db, other, about, 600)
    assert MANAGER not in await db.read(told, about)
    await db.write(compensations.decide, shop.owner, await asked(db, about), True)


async def test_where_only_who_is_judged_could_agree_it_is_said_at_once(db: Database, shop: Shop) -> None:
    other = await db.write(hire, OTHER_MANAGER, shop.store_id, Role.MANAGER)
    case_id = await opened(db, shop)
    await resolves(db, shop.manager, case_id, 0)
    about = await rated(db, shop, case_id)
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=OWNER))
    with pytest.raises(NobodyToAgree):
        await resolves(db, other, about, 600)
