"""Whoever leaves for good leaves no case behind that somebody would have to deal with, and none that stops the rest."""

from __future__ import annotations

import pytest

from actions import case_desk, case_times, compensations, erasure, feedback, staff
from actions.complaints import Heard, log
from db import cases as rows, people, staff as posts
from db.cases import Case, NewLine
from db.database import Database, Tx
from db.erasure import Erasure
from loyalty.cases import State
from loyalty.errors import CaseSettled, MemberNotFound
from loyalty.jobs import DAY_MS
from tests.actions.complainers import asked, opened, resolves, said, stands, told
from tests.actions.job_runs import works
from tests.actions.shops import CLERK, MANAGER, Shop, add_member, at_desk, balance, open_shop
from tests.conftest import Clock

BOB = 22


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def bobs_case(db: Database, shop: Shop) -> int:
    await db.write(add_member, "Bob", "13800138001", BOB)
    bob = await db.write(people.meet, BOB, "en")
    hot = await db.write(feedback.open_own, bob, "complaint", shop.store_id, said("hot soup", "22:1"))
    return hot.case_id


def survives(tx: Tx, member_id: int) -> int:
    return int(
        tx.value(
            "SELECT COUNT(*) FROM case_line WHERE member_id = :id AND (LENGTH(words_sealed) > 0 OR source <> '')",
            id=member_id,
        )
    )


@pytest.mark.parametrize("way", ["new", "taken", "waiting", "resolved"])
async def test_an_erased_members_case_ends(db: Database, shop: Shop, way: State) -> None:
    case_id = await opened(db, shop)
    doing: dict[State, case_desk.Way] = {"taken": "answer", "waiting": "ask", "resolved": "resolve"}
    if way in doing:
        await db.write(case_desk.say, shop.clerk, case_id, doing[way], said("sorry", "11:1"))
    assert (await stands(db, case_id)).state == way
    await db.write(erasure.erase_own, shop.ann)
    assert (await stands(db, case_id)).state == "unanswered"
    assert await db.read(survives, shop.member.id) == 0


async def test_what_had_ended_stays_as_it_was(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 0)
    await db.write(feedback.confirm, shop.ann, case_id)
    before = await stands(db, case_id)
    clock.move(days=1)
    await db.write(erasure.erase_own, shop.ann)
    after = await stands(db, case_id)
    assert (after.state, after.ended_at) == ("confirmed", before.ended_at)


async def test_who_has_it_hears_that_there_is_nobody_left_to_answer(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    before = [await db.read(told, user_id) for user_id in (CLERK, MANAGER)]
    await db.write(erasure.erase_own, shop.ann)
    after = [await db.read(told, user_id) for user_id in (CLERK, MANAGER)]
    assert [later - sooner for later, sooner in zip(after, before, strict=True)] == [1, 0]


async def test_staff_are_told_that_it_is_closed(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await db.write(erasure.erase_own, shop.ann)
    with pytest.raises(CaseSettled):
        await db.write(case_desk.say, shop.clerk, case_id, "answer", said("sorry", "11:2"))


async def test_the_case_can_still_be_looked_at_and_says_nothing_of_the_member(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(erasure.erase_own, shop.ann)
    desk = await db.write(case_desk.look, shop.clerk, case_id)
    assert desk.member == ""
    assert {line["words"] for line in desk.lines} == {""}


async def test_what_waits_for_agreement_goes_to_nobody(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    await db.write(erasure.erase_own, shop.ann)
    with pytest.raises(MemberNotFound):
        await db.write(compensations.decide, shop.manager, await asked(db, case_id), True)
    assert await balance(db, shop) == 0


async def test_who_leaves_the_staff_can_be_removed(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await db.write(erasure.erase_own, shop.ann)
    post = (await db.read(posts.list_posts, CLERK))[0]
    await db.write(staff.remove, shop.manager, post.id)
    assert await db.read(posts.list_posts, CLERK) == []


async def test_erased_again_after_a_restore_their_case_ends_and_who_has_it_is_told(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    before = await db.read(told, CLERK)
    assert await db.write(erasure.replay, Erasure(shop.member.id, "asked", 1, 0))
    assert (await stands(db, case_id)).state == "unanswered"
    assert await db.read(told, CLERK) == before + 1


def _as_before(tx: Tx, case_id: int, state: State) -> None:
    """As an older version brought it back from a backup: the member is erased, and their case goes on."""
    tx.run("UPDATE service_case SET state = :state, ended_at = 0 WHERE id = :id", state=state, id=case_id)


@pytest.mark.parametrize("way", ["note", "answer", "ask", "resolve", "give back"])
async def test_one_that_goes_on_nevertheless_can_be_dealt_with(db: Database, shop: Shop, way: case_desk.Way) -> None:
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await db.write(erasure.erase_own, shop.ann)
    await db.write(_as_before, case_id, "taken")
    if way not in ("note", "answer", "ask", "resolve"):
        desk = await db.write(case_desk.give_back, shop.clerk, case_id)
    else:
        desk = await db.write(case_desk.say, shop.clerk, case_id, way, said("sorry", "11:3"))
    expected = {"note": "taken", "answer": "taken", "ask": "waiting", "resolve": "resolved"}
    assert desk.state == expected.get(way, "new")
    assert {line["words"] for line in desk.lines} == {""}


async def test_one_that_goes_on_nevertheless_is_closed_in_time(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 0)
    await db.write(erasure.erase_own, shop.ann)
    await db.write(_as_before, case_id, "resolved")
    for days in (3, 5):
        clock.move(days=days)
        await works(db, case_times.close)
    assert (await stands(db, case_id)).state == "unanswered"


@pytest.mark.parametrize("job", [case_times.close, case_times.watch])
async def test_one_case_that_fails_holds_up_no_other(
    db: Database, shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch, job: object
) -> None:
    broken, fine = await opened(db, shop), await bobs_case(db, shop)
    if job is case_times.close:
        await resolves(db, shop.clerk, broken, 0)
        await resolves(db, shop.clerk, fine, 0)
    clock.now += 30 * DAY_MS
    name = "_settle" if job is case_times.close else "_look"
    whole = getattr(case_times, name)

    def failing(tx: Tx, *given: object) -> object:
        if any(isinstance(one, Case) and one.id == broken for one in given):
            raise LookupError("something nobody foresaw")
        return whole(tx, *given)

    monkeypatch.setattr(case_times, name, failing)
    await works(db, case_times.close if job is case_times.close else case_times.watch)
    case = await stands(db, fine)
    assert case.reminded_at if job is case_times.close else case.escalated


async def test_logged_for_somebody_who_is_gone_it_is_refused(db: Database, shop: Shop) -> None:
    await db.write(erasure.erase_own, shop.ann)
    with pytest.raises(MemberNotFound):
        await db.write(
            log, at_desk(shop.clerk, shop.store_id), Heard(shop.member.id, "complaint", "normal"), said("x", "11:4")
        )


async def test_a_line_of_an_erased_member_is_kept_empty(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(erasure.erase_own, shop.ann)
    case = await stands(db, case_id)
    assert await db.write(rows.add_line, case, NewLine("note", CLERK, "words", source="11:9"))
    assert [line.words for line in await db.read(rows.list_lines, case)][-1] == ""
