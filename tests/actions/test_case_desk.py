"""At the service desk: who sees what, one pair of hands, and nobody for a case of their own."""

from __future__ import annotations

import asyncio

import pytest

from actions import case_desk, case_merges, case_scores, case_transfers, complaints, feedback
from actions.case_views import Desk
from actions.complaints import Heard
from actions.feedback import Said
from db import cases as rows
from db.database import Database, Tx
from db.people import Person
from loyalty.compensations import Gift
from loyalty.errors import (
    CaseHeld,
    CaseNotFound,
    CaseSettled,
    NotAllowed,
    NotAMember,
    OwnCase,
    StaleButton,
)
from loyalty.roles import Role
from tests.actions.shops import (
    ANN,
    CLERK,
    MANAGER,
    Shop,
    add_store,
    amended,
    at_desk,
    buys,
    hire,
    open_shop,
)

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


def said(words: str, source: str) -> Said:
    return Said(words, "", "", source)


async def opened(db: Database, shop: Shop, source: str = "21:1", store_id: int = -1) -> int:
    at = shop.store_id if store_id < 0 else store_id
    return (await db.write(feedback.open_own, shop.ann, "complaint", at, said("cold soup", source))).case_id


async def speak(
    db: Database, who: Person, case_id: int, way: case_desk.Way, words: str = "sorry", points: int = 0
) -> Desk:
    spoken = said(words, f"{who.user_id}:{way}{words}")
    return await db.write(case_desk.say, who, case_id, way, spoken, Gift(points))


def told(tx: Tx, user_id: int) -> int:
    return int(tx.value("SELECT COUNT(*) FROM outbox WHERE chat_id = :id", id=user_id))


async def test_the_stores_managers_hear_of_a_new_case_once(db: Database, shop: Shop) -> None:
    await opened(db, shop)
    await opened(db, shop)
    assert await db.read(told, MANAGER) == 1
    assert await db.read(told, CLERK) == 0


async def test_answering_takes_it_and_stops_the_first_clock(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    desk = await speak(db, shop.clerk, case_id, "answer")
    assert (desk.state, desk.yours, desk.answer_due) == ("taken", True, 0)
    assert [line["words"] for line in (await db.read(feedback.look, shop.ann, case_id)).lines] == ["cold soup", "sorry"]


async def test_two_answer_at_once_and_one_of_them_has_it(db: Database, shop: Shop) -> None:
    second = await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    case_id = await opened(db, shop)
    done = await asyncio.gather(
        *(speak(db, who, case_id, "answer", str(who.user_id)) for who in (shop.clerk, second)), return_exceptions=True
    )
    assert [type(one) for one in done].count(CaseHeld) == 1


async def test_the_member_never_reads_notes_nor_names(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await speak(db, shop.clerk, case_id, "note", "third time")
    await speak(db, shop.clerk, case_id, "answer")
    shown = repr(await db.read(feedback.look, shop.ann, case_id))
    assert "third time" not in shown
    assert "staff 11" not in shown


async def test_asked_it_waits_and_the_members_word_brings_it_back(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    assert (await speak(db, shop.clerk, case_id, "ask")).state == "waiting"
    await db.write(feedback.follow, shop.ann, said("tomato", "21:9"))
    assert (await db.write(case_desk.look, shop.clerk, case_id)).state == "taken"


async def test_the_member_has_the_last_word(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await speak(db, shop.clerk, case_id, "resolve")
    assert (await db.write(feedback.reopen, shop.ann, case_id)).state == "taken"
    await speak(db, shop.clerk, case_id, "resolve", "now really")
    assert (await db.write(feedback.confirm, shop.ann, case_id)).state == "confirmed"
    assert (await db.write(case_scores.rate, shop.ann, case_id, 4)).score == 4
    with pytest.raises(CaseSettled):
        await db.write(case_scores.rate, shop.ann, case_id, 5)


async def test_reopened_after_who_had_it_left_it_is_anybodys(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await speak(db, shop.clerk, case_id, "resolve")
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=CLERK))
    assert (await db.write(feedback.reopen, shop.ann, case_id)).state == "new"


async def test_nobody_deals_with_a_case_of_their_own(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    ann = await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    for way in ("answer", "resolve", "note"):
        with pytest.raises(OwnCase):
            await speak(db, ann, case_id, way, points=10 if way == "resolve" else 0)  # type: ignore[arg-type]  # ways
    with pytest.raises(OwnCase):
        await db.write(case_desk.take, ann, case_id)


async def test_a_clerk_of_another_store_does_not_see_it(db: Database, shop: Shop) -> None:
    elsewhere = await db.write(add_store, "dongmen", "东门店")
    other = await db.write(hire, OTHER, elsewhere, Role.CLERK)
    case_id = await opened(db, shop)
    with pytest.raises(CaseNotFound):
        await db.write(case_desk.look, other, case_id)
    assert (await db.read(case_desk.queue, other))["cases"] == []


async def test_handed_on_it_is_seen_there_and_no_longer_here(db: Database, shop: Shop) -> None:
    elsewhere = await db.write(add_store, "dongmen", "东门店")
    other = await db.write(hire, OTHER, elsewhere, Role.CLERK)
    case_id = await opened(db, shop)
    await db.write(case_desk.take, shop.clerk, case_id)
    await db.write(case_transfers.transfer, shop.clerk, case_id, elsewhere)
    assert (await db.write(case_desk.look, other, case_id)).state == "new"
    assert (await db.read(case_desk.queue, shop.clerk))["cases"] == []


async def test_what_is_about_no_store_is_for_managers(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop, store_id=0)
    with pytest.raises(CaseNotFound):
        await db.write(case_desk.look, shop.clerk, case_id)
    assert (await db.write(case_desk.look, shop.manager, case_id)).store == ""


async def test_strangers_and_other_members_see_nothing(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    with pytest.raises(NotAllowed):
        await db.read(case_desk.queue, shop.ann)
    with pytest.raises(NotAMember):
        await db.read(feedback.look, shop.clerk, case_id)


async def test_a_case_is_merged_into_another_of_the_same_member(db: Database, shop: Shop) -> None:
    first, second = await opened(db, shop), await opened(db, shop, "21:2")
    merged = await db.write(case_merges.merge, shop.clerk, second, first)
    assert [line["words"] for line in merged.lines if line["side"] == "member"] == ["cold soup", "cold soup"]
    case = await db.read(rows.get, second)
    assert case is not None
    assert (case.state, case.merged_into) == ("merged", first)


async def test_what_nobody_in_particular_said_is_logged_too(db: Database, shop: Shop) -> None:
    clerk = at_desk(shop.clerk, shop.store_id)
    desk = await db.write(complaints.log, clerk, Heard(0, "suggestion", "low"), said("more chairs", "11:6"))
    assert (desk.member_id, desk.lines[0]["words"]) == (0, "more chairs")
    assert (await speak(db, clerk, desk.case_id, "resolve")).state == "closed"


async def test_a_purchase_that_was_not_theirs_is_an_urgent_case_once(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop)
    first = await db.write(feedback.dispute, shop.ann, bought.purchase_id)
    again = await db.write(feedback.dispute, shop.ann, bought.purchase_id)
    assert (first.case_id, first.severity["en"]) == (again.case_id, "Urgent")
    with pytest.raises(StaleButton):
        await db.write(feedback.dispute, shop.ann, bought.purchase_id + 1)


async def test_what_follows_at_once_belongs_to_the_case_and_later_does_not(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    assert await db.write(feedback.follow, shop.ann, Said("", "photo", "file", "21:2"))
    await db.write(lambda tx: tx.run("UPDATE case_line SET at = at - 3600000"))
    assert await db.write(feedback.follow, shop.ann, said("hello", "21:3")) is None
    assert (await db.read(feedback.look, shop.ann, case_id)).lines[-1]["file_kind"] == "photo"


async def test_the_charter_decides_whether_clerks_see_everything(db: Database) -> None:
    shop = await open_shop(db, amended(("everywhere = false", "everywhere = true")))
    elsewhere = await db.write(add_store, "dongmen", "东门店")
    other = await db.write(hire, OTHER, elsewhere, Role.CLERK)
    case_id = await opened(db, shop)
    assert (await db.write(case_desk.look, other, case_id)).case_id == case_id
