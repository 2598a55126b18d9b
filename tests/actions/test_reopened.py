"""A case that the member opens again is in somebody's hands, or those who may take it hear of it."""

from __future__ import annotations

import pytest

from actions import case_desk, case_merges, feedback, staff
from db import staff as posts
from db.database import Database
from loyalty.errors import CaseSettled
from loyalty.jobs import DAY_MS
from loyalty.roles import Role
from tests.actions.complainers import opened, resolves, said, stands, told
from tests.actions.shops import CLERK, MANAGER, Shop, add_store, buys, hire, open_shop
from tests.conftest import Clock

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def resolved_by_a_leaver(db: Database, shop: Shop) -> int:
    """The clerk has left since; a colleague works there."""
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 0)
    post = (await db.read(posts.list_posts, CLERK))[0]
    await db.write(staff.remove, shop.manager, post.id)
    await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    return case_id


async def test_what_the_member_writes_then_reaches_all_who_may_take_it(db: Database, shop: Shop) -> None:
    case_id = await resolved_by_a_leaver(db, shop)
    before = [await db.read(told, who) for who in (CLERK, OTHER, MANAGER)]
    await db.write(feedback.add, shop.ann, case_id, said("still cold", "21:7"))
    after = [await db.read(told, who) for who in (CLERK, OTHER, MANAGER)]
    assert [later - sooner for later, sooner in zip(after, before, strict=True)] == [0, 1, 1]


async def test_not_solved_they_say_and_then_why_and_both_are_heard(db: Database, shop: Shop) -> None:
    case_id = await resolved_by_a_leaver(db, shop)
    before = await db.read(told, OTHER)
    await db.write(feedback.reopen, shop.ann, case_id)
    assert await db.read(told, OTHER) == before + 1
    await db.write(feedback.add, shop.ann, case_id, said("still cold", "21:7"))
    assert await db.read(told, OTHER) == before + 2


async def test_who_works_at_another_store_by_now_does_not_get_it_back(db: Database, shop: Shop) -> None:
    case_id = await resolved_by_a_leaver(db, shop)
    elsewhere = await db.write(add_store, "dongmen", "东门店")
    await db.write(hire, CLERK, elsewhere, Role.CLERK)
    before = await db.read(told, CLERK)
    await db.write(feedback.add, shop.ann, case_id, said("still cold", "21:7"))
    case = await stands(db, case_id)
    assert (case.state, case.holder) == ("new", 0)
    assert await db.read(told, CLERK) == before


async def test_an_old_no_not_yet_leaves_a_case_that_waits_as_it_is(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 0)
    await db.write(feedback.reopen, shop.ann, case_id)
    await db.write(case_desk.say, shop.clerk, case_id, "ask", said("which?", "11:50"))
    before = await stands(db, case_id), await db.read(told, CLERK)
    with pytest.raises(CaseSettled):
        await db.write(feedback.reopen, shop.ann, case_id)
    assert (await stands(db, case_id), await db.read(told, CLERK)) == before


async def test_a_merge_does_not_cool_the_talk(db: Database, shop: Shop, clock: Clock) -> None:
    old = await opened(db, shop)
    clock.now += DAY_MS
    case_id = await opened(db, shop, "21:2")
    clock.now += DAY_MS
    await db.write(case_desk.say, shop.clerk, case_id, "answer", said("which?", "11:1"))
    await db.write(case_merges.merge, shop.clerk, old, case_id)
    clock.move(minutes=1)
    view = await db.write(feedback.follow, shop.ann, said("the red one", "21:9"))
    assert view is not None
    assert [line["words"] for line in view.lines] == ["cold soup", "cold soup", "which?", "the red one"]
    assert [line["at"] for line in view.lines] == sorted(line["at"] for line in view.lines)


async def disputed(db: Database, shop: Shop) -> tuple[int, int]:
    """The purchase that is not Ann's, and the case of it."""
    recorded = await buys(db, shop)
    return recorded.purchase_id, (await db.write(feedback.dispute, shop.ann, recorded.purchase_id)).case_id


async def test_disputed_again_it_goes_on_where_its_case_was_merged(db: Database, shop: Shop) -> None:
    purchase_id, case_id = await disputed(db, shop)
    into = await opened(db, shop)
    await db.write(case_merges.merge, shop.manager, case_id, into)
    assert (await db.write(feedback.dispute, shop.ann, purchase_id)).case_id == into


async def test_disputed_again_after_the_last_word_they_are_told_that_it_is_closed(db: Database, shop: Shop) -> None:
    purchase_id, case_id = await disputed(db, shop)
    await resolves(db, shop.manager, case_id, 0)
    await db.write(feedback.confirm, shop.ann, case_id)
    with pytest.raises(CaseSettled):
        await db.write(feedback.dispute, shop.ann, purchase_id)


async def test_disputed_again_while_it_goes_on_it_is_the_same(db: Database, shop: Shop) -> None:
    purchase_id, case_id = await disputed(db, shop)
    await resolves(db, shop.manager, case_id, 0)
    assert (await db.write(feedback.dispute, shop.ann, purchase_id)).case_id == case_id
