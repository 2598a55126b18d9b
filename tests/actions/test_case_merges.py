"""Two cases about the same thing become one: all that was said is in it, and the stricter promise holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import case_desk, case_merges, case_replies, case_times, case_transfers, complaints, feedback
from actions.case_replies import Place
from actions.complaints import Heard
from actions.feedback import Said
from db import cases as rows
from db.database import Database, Tx
from loyalty.errors import CaseHeld, CaseNotFound, CaseSettled, OwnCase
from loyalty.lots import NEVER
from loyalty.roles import Role
from tests.actions.complainers import opened, refused, stands, told
from tests.actions.job_runs import works
from tests.actions.shops import ANN, CLERK, Shop, add_member, add_store, at_desk, buys, hire, open_shop
from tests.conftest import Clock

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def says(db: Database, shop: Shop, case_id: int, way: case_desk.Way, words: str = "sorry") -> None:
    await db.write(case_desk.say, shop.clerk, case_id, way, Said(words, "", "", f"11:{case_id}{words}"))


async def two(db: Database, shop: Shop) -> tuple[int, int]:
    return await opened(db, shop), await opened(db, shop, "21:2")


async def words_of(db: Database, case_id: int) -> list[str]:
    lines = await db.read(rows.list_lines, await stands(db, case_id))
    return [line.words for line in lines if line.side != "event"]


async def test_the_thread_goes_on_with_all_that_was_said_when_it_was_said(
    db: Database, shop: Shop, clock: Clock
) -> None:
    first, second = await two(db, shop)
    await says(db, shop, second, "answer", "which soup?")
    await says(db, shop, second, "note", "third time")
    before = [line.at for line in await db.read(rows.list_lines, await stands(db, second)) if line.side != "event"]
    clock.move(hours=1)
    await db.write(case_merges.merge, shop.clerk, second, first)
    lines = [line for line in await db.read(rows.list_lines, await stands(db, first)) if line.side != "event"]
    assert [line.words for line in lines] == ["cold soup", "cold soup", "which soup?", "third time"]
    assert [line.at for line in lines][1:] == before


async def test_the_member_is_told_once_where_it_goes_on(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await db.write(case_merges.merge, shop.clerk, second, first)
    assert await db.read(told, ANN) == 1


async def test_who_has_the_other_case_is_told(db: Database, shop: Shop) -> None:
    other = await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    first, second = await two(db, shop)
    await db.write(case_desk.take, other, first)
    await db.write(case_merges.merge, shop.clerk, second, first)
    assert await db.read(told, OTHER) == 1
    assert (await stands(db, first)).holder == OTHER


async def test_a_reply_to_the_merged_case_goes_where_it_goes_on(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    third = await opened(db, shop, "21:3")
    await db.write(case_merges.merge, shop.clerk, third, second)
    await db.write(case_merges.merge, shop.clerk, second, first)
    await db.write(case_replies.take, shop.ann, Place(third), Said("and cold tea", "", "", "21:9"))
    assert (await words_of(db, first))[-1] == "and cold tea"
    assert (await stands(db, third)).merged_into == first


async def test_the_sooner_due_times_and_the_higher_severity_hold(db: Database, shop: Shop) -> None:
    first = await opened(db, shop)
    bought = await buys(db, shop)
    urgent = (await db.write(feedback.dispute, shop.ann, bought.purchase_id)).case_id
    before = await stands(db, urgent)
    await db.write(case_merges.merge, shop.clerk, urgent, first)
    case = await stands(db, first)
    assert (case.answer_due, case.resolve_due, case.severity) == (before.answer_due, before.resolve_due, "urgent")
    assert case.purchase_id == bought.purchase_id


async def test_answered_in_either_it_is_answered(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await says(db, shop, second, "answer")
    await db.write(case_merges.merge, shop.clerk, second, first)
    case = await stands(db, first)
    assert (case.answered_at, case.answer_due) == ((await stands(db, second)).answered_at, 0)


async def test_what_was_in_hand_is_in_hand_still(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await db.write(case_desk.take, shop.clerk, second)
    await db.write(case_merges.merge, shop.clerk, second, first)
    case = await stands(db, first)
    assert (case.state, case.holder) == ("taken", CLERK)


async def test_what_waited_has_been_heard(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await says(db, shop, first, "ask")
    await db.write(case_merges.merge, shop.clerk, second, first)
    case = await stands(db, first)
    assert (case.state, case.resolve_due < NEVER) == ("taken", True)


async def test_both_waiting_it_waits_with_the_less_time_left(db: Database, shop: Shop, clock: Clock) -> None:
    first, second = await two(db, shop)
    await says(db, shop, first, "ask")
    clock.move(hours=3)
    await says(db, shop, second, "ask")
    left = (await stands(db, second)).left_ms
    await db.write(case_merges.merge, shop.clerk, second, first)
    case = await stands(db, first)
    assert (case.state, case.resolve_due, case.left_ms) == ("waiting", NEVER, left)


async def test_nobody_is_called_again_for_what_they_were_called_for(db: Database, shop: Shop, clock: Clock) -> None:
    first, second = await two(db, shop)
    clock.move(days=30)
    await works(db, case_times.watch)
    before = (await stands(db, first)).escalated
    await db.write(case_merges.merge, shop.clerk, second, first)
    told_before = await db.read(told, shop.manager.user_id)
    await works(db, case_times.watch)
    assert ((await stands(db, first)).escalated, await db.read(told, shop.manager.user_id)) == (before, told_before)


@pytest.mark.parametrize("state", ["itself", "anothers", "nobodys", "resolved"])
async def test_only_open_cases_of_one_member_are_merged(db: Database, shop: Shop, state: str) -> None:
    clerk, first = at_desk(shop.clerk, shop.store_id), await opened(db, shop)
    bea = await db.write(add_member, "Bea", "13800138009")
    others = {
        "itself": lambda: first,
        "anothers": lambda: _logged(db, clerk, bea.id),
        "nobodys": lambda: _logged(db, clerk, 0),
        "resolved": lambda: _resolved(db, shop),
    }
    other = others[state]()
    with pytest.raises(CaseSettled if state == "resolved" else CaseNotFound):
        await db.write(case_merges.merge, shop.clerk, first, other if isinstance(other, int) else await other)


async def _logged(db: Database, clerk: object, member_id: int) -> int:
    said = Said("cold soup", "", "", f"11:{member_id}")
    return (await db.write(complaints.log, clerk, Heard(member_id, "complaint", "low"), said)).case_id


async def _resolved(db: Database, shop: Shop) -> int:
    case_id = await opened(db, shop, "21:2")
    await says(db, shop, case_id, "resolve")
    return case_id


async def test_two_of_nobody_in_particular_are_not_the_same_members(db: Database, shop: Shop) -> None:
    clerk = at_desk(shop.clerk, shop.store_id)
    first = await _logged(db, clerk, 0)
    second = (await db.write(complaints.log, clerk, Heard(0, "praise", "low"), Said("nice", "", "", "11:9"))).case_id
    with pytest.raises(CaseNotFound):
        await db.write(case_merges.merge, shop.clerk, first, second)


async def test_what_another_has_is_not_merged_away(db: Database, shop: Shop) -> None:
    other = await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    first, second = await two(db, shop)
    await db.write(case_desk.take, other, second)
    with pytest.raises(CaseHeld):
        await db.write(case_merges.merge, shop.clerk, second, first)


async def test_nobody_merges_their_own(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    ann = await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    with pytest.raises(OwnCase):
        await db.write(case_merges.merge, ann, second, first)


async def test_merged_into_each_other_at_once_one_of_them_is_left(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    pairs = [(first, second), (second, first)] * 5
    assert await refused(*(db.write(case_merges.merge, shop.clerk, *pair) for pair in pairs)) == 9
    assert sorted([(await stands(db, one)).state for one in (first, second)]) == ["merged", "new"]


async def test_two_about_one_purchase_are_offered_first_and_only_what_one_may_see(db: Database, shop: Shop) -> None:
    elsewhere = await db.write(add_store, "dongmen", "东门店")
    bought = await buys(db, shop)
    far = (await db.write(feedback.open_own, shop.ann, "complaint", elsewhere, Said("far", "", "", "21:7"))).case_id
    first, second = await two(db, shop)
    assert (await stands(db, first)).purchase_id == bought.purchase_id
    related = (await db.write(case_desk.look, shop.clerk, second)).related
    assert [(one.case_id, one.mergeable, one.same_purchase) for one in related] == [(first, True, True)]
    seen = (await db.write(case_desk.look, shop.owner, second)).related
    assert [one.case_id for one in seen] == [first, far]


async def test_a_case_shows_what_it_is_about(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop)
    case_id = (await db.write(feedback.dispute, shop.ann, bought.purchase_id)).case_id
    (about,) = (await db.write(case_desk.look, shop.clerk, case_id)).about
    assert (about.store, about.amount) == ("西门店", 8650)


async def test_merged_and_handed_on_at_once_it_is_one_of_them(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await db.write(case_desk.take, shop.clerk, second)
    (post_id,) = await db.read(_posts, shop.manager.user_id)
    await refused(
        db.write(case_merges.merge, shop.clerk, second, first),
        db.write(case_transfers.assign, shop.clerk, second, post_id),
    )
    case = await stands(db, second)
    assert (case.state, case.holder) in (("merged", CLERK), ("taken", shop.manager.user_id))


def _posts(tx: Tx, user_id: int) -> list[int]:
    return [row[0] for row in tx.all("SELECT id FROM staff WHERE user_id = :id", id=user_id)]


async def test_words_for_the_merged_case_go_where_it_goes_on(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await db.write(case_merges.merge, shop.clerk, first, second)
    view = await db.write(feedback.add, shop.ann, first, Said("still cold", "", "", "21:9"))
    assert view.case_id == second
    assert "still cold" in await words_of(db, second)


async def test_an_answer_to_the_merged_case_is_one_to_what_it_goes_on_in(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await db.write(case_merges.merge, shop.clerk, first, second)
    await says(db, shop, first, "answer")
    assert (await stands(db, second)).answered_at


async def test_not_solved_says_the_member_of_the_merged_case(db: Database, shop: Shop) -> None:
    first, second = await two(db, shop)
    await db.write(case_merges.merge, shop.clerk, first, second)
    await says(db, shop, second, "resolve")
    assert (await db.write(feedback.reopen, shop.ann, first)).state == "taken"


async def test_what_is_said_while_cases_are_merged_is_in_one_of_them(db: Database, shop: Shop) -> None:
    for number in range(5):
        pair = await opened(db, shop, f"21:{number}1"), await opened(db, shop, f"21:{number}2")
        heard = Said(f"mine {number}", "", "", f"21:{number}3")
        lost = await refused(
            *(db.write(feedback.add, shop.ann, case_id, replace(heard, source=f"21:{number}3{case_id}"))
              for case_id in pair),
            db.write(case_merges.merge, shop.manager, *pair),
        )  # fmt: skip
        assert lost == 0
        assert (await words_of(db, pair[1])).count(f"mine {number}") == 2
