"""One's own figures, month by month; a store's for its managers; and what a team may read of itself."""

from __future__ import annotations

from typing import Any

import pytest

from actions import case_desk, case_scores, enrolling, erasure, feedback, purchases, scores, staff, team_scores
from actions.feedback import Said
from actions.team_scores import Stores, Team
from db import audit, people, staff as posts
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import NotAllowed, StaleButton
from loyalty.roles import Role
from tests.actions.gift_shops import open_gift_shop, redeem
from tests.actions.shops import ANN, CLERK, Shop, add_member, add_store, amended, buys, hire, open_shop
from tests.conftest import Clock

FOR_TEAM = amended(('overview = "managers"', 'overview = "team"'))
FOR_NOBODY = amended(('overview = "managers"', 'overview = "off"'))


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def own(db: Database, person: Person, month: str = "") -> dict[str, int]:
    return (await db.read(scores.own, person, month)).now


def undone(tx: Tx, shop: Shop, purchase_id: int) -> None:
    purchases.undo(tx, shop.clerk, purchase_id)


def solve(tx: Tx, shop: Shop, number: int, score: int) -> None:
    """A case of a member of their own, solved by the clerk and rated (0: not)."""
    user_id = 500 + number
    add_member(tx, f"Guest {number}", f"136{number:08d}", user_id=user_id)
    guest = people.meet(tx, user_id, "en")
    told = feedback.open_own(tx, guest, "complaint", shop.store_id, Said("cold", "", "", f"{user_id}:1"))
    case_desk.say(tx, shop.clerk, told.case_id, "resolve", Said("sorry", "", "", f"{CLERK}:{number}"))
    feedback.confirm(tx, guest, told.case_id)
    if score:
        case_scores.rate(tx, guest, told.case_id, score)


def cared(tx: Tx, shop: Shop, clerk: int = CLERK) -> None:
    tx.run(
        "INSERT INTO care_task (member_id, rule, period, store_id, due_on, made_at, state, clerk, settled_at) "
        "VALUES (:member, 'top', :period, :store, '2025-03-03', 0, 'done', :clerk, :now)",
        member=shop.member.id, period=f"p{tx.random(4).hex()}", store=shop.store_id, clerk=clerk, now=tx.now,
    )  # fmt: skip


def quizzed(tx: Tx, user_id: int, correct: int) -> None:
    tx.run(
        "INSERT INTO quiz (user_id, locale, version, questions, place, correct, state, begun_at, ended_at) "
        "VALUES (:user, 'en', 'v', '[]', 5, :correct, 'done', :now, :now)",
        user=user_id, correct=correct, now=tx.now,
    )  # fmt: skip


# One's own


async def test_who_has_done_nothing_yet_sees_zeros(db: Database, shop: Shop) -> None:
    told = await db.read(scores.own, shop.clerk)
    assert set(told.now.values()) | set(told.best.values()) == {0}
    assert (told.name, told.month) == ("staff 11", "2025-03-01")


async def test_purchases_recorded_count_and_undone_ones_do_not(db: Database, shop: Shop) -> None:
    await buys(db, shop, key="chat:1:1")
    slip = await buys(db, shop, key="chat:1:2")
    await db.write(undone, shop, slip.purchase_id)
    assert (await own(db, shop.clerk))["purchases"] == 1


async def test_members_signed_up_count(db: Database, shop: Shop) -> None:
    await db.write(enrolling.enrol, shop.clerk, "13911112222", "Wang")
    assert (await own(db, shop.clerk))["enrolled"] == 1


async def test_an_erased_member_is_no_sign_up_any_more(db: Database, shop: Shop) -> None:
    enrolled = await db.write(enrolling.enrol, shop.clerk, "13911112222", "Wang")
    await db.write(lambda tx: tx.run("UPDATE member SET user_id = 77 WHERE id = :id", id=enrolled.member_id))
    await db.write(lambda tx: erasure.erase_own(tx, people.meet(tx, 77, "en")))
    assert (await own(db, shop.clerk))["enrolled"] == 0


async def test_gifts_handed_over_count_and_reserved_ones_do_not(db: Database) -> None:
    place = await open_gift_shop(db)
    await redeem(db, place)
    assert (await own(db, place.shop.clerk))["gifts"] == 0
    await db.write(
        lambda tx: tx.run(
            "UPDATE gift_reservation SET state = 'captured', resolved_by = :u, resolved_at = :now", u=CLERK, now=tx.now
        )
    )
    assert (await own(db, place.shop.clerk))["gifts"] == 1


async def test_cases_solved_are_told_with_how_many_in_time(db: Database, shop: Shop) -> None:
    for number in (1, 2):
        await db.write(solve, shop, number, 0)
    await db.write(lambda tx: tx.run("UPDATE service_case SET resolve_late = 1 WHERE id = 1"))
    told = await own(db, shop.clerk)
    assert (told["solved"], told["in_time"]) == (2, 1)


async def test_a_case_opened_again_is_not_solved(db: Database, shop: Shop) -> None:
    told = await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, Said("cold", "", "", f"{ANN}:1"))
    await db.write(case_desk.say, shop.clerk, told.case_id, "resolve", Said("sorry", "", "", f"{CLERK}:1"))
    assert (await own(db, shop.clerk))["solved"] == 1
    await db.write(feedback.reopen, shop.ann, told.case_id)
    assert (await own(db, shop.clerk))["solved"] == 0


@pytest.mark.parametrize(("given", "mean"), [((5, 4), 0), ((5, 4, 5), 47), ((5, 4, 5, 0), 47)])
async def test_a_mean_is_told_from_three_ratings_on(
    db: Database, shop: Shop, given: tuple[int, ...], mean: int
) -> None:
    for number, score in enumerate(given):
        await db.write(solve, shop, number, score)
    assert (await own(db, shop.clerk))["mean"] == mean


async def test_care_and_quizzes_count(db: Database, shop: Shop) -> None:
    await db.write(cared, shop)
    await db.write(quizzed, CLERK, 4)
    told = await own(db, shop.clerk)
    assert (told["care"], told["quizzes"], told["asked"], told["correct"]) == (1, 1, 5, 4)


async def test_what_colleagues_did_is_not_ones_own(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    await db.write(solve, shop, 1, 5)
    assert set((await own(db, shop.manager)).values()) == {0}


async def test_beside_the_month_before_and_ones_best(db: Database, shop: Shop, clock: Clock) -> None:
    for count in (3, 1, 2):
        for number in range(count):
            await buys(db, shop, key=f"chat:{clock.now}:{number}")
        clock.move(days=31)
    clock.move(days=-31)
    told = await db.read(scores.own, shop.clerk)
    assert (told.now["purchases"], told.before["purchases"], told.best["purchases"]) == (2, 1, 3)


async def test_months_end_at_midnight_of_the_charters_zone(db: Database, shop: Shop, clock: Clock) -> None:
    clock.now = 1_743_436_799_999  # 2025-03-31, a millisecond before midnight in Shanghai
    await buys(db, shop, key="chat:1:1")
    clock.now += 1
    await buys(db, shop, key="chat:1:2")
    told = await db.read(scores.own, shop.clerk)
    assert (told.month, told.now["purchases"], told.before["purchases"]) == ("2025-04-01", 1, 1)


async def test_months_are_turned_two_years_back_and_not_into_the_future(db: Database, shop: Shop) -> None:
    this, oldest = await db.read(scores.own, shop.clerk), await db.read(scores.own, shop.clerk, "202303")
    assert (this.earlier, this.later) == ("202502", "")
    assert (oldest.earlier, oldest.later) == ("", "202304")
    with pytest.raises(StaleButton):
        await db.read(scores.own, shop.clerk, "202504")


async def test_members_have_no_figures(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.read(scores.own, shop.ann)


# A store's month


async def test_a_manager_sees_totals_and_each_colleague_by_name(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    await db.write(cared, shop, shop.manager.user_id)
    told = await db.read(team_scores.list_stores, shop.manager, "")
    assert isinstance(told, Team)
    assert (told.total["purchases"], told.total["care"], told.people) == (1, 1, 2)
    assert [one["name"] for one in told.colleagues] == ["staff 11", "staff 12"]
    assert [one["figures"]["purchases"] for one in told.colleagues] == [1, 0]


async def test_what_was_done_elsewhere_counts_there(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    other_id = await db.write(add_store, "dongmen", "东门店")
    await db.write(hire, CLERK, other_id, Role.CLERK)
    told = await db.read(team_scores.team, shop.owner, other_id, "")
    assert told.colleagues[0]["figures"]["purchases"] == 0


async def test_who_has_left_is_in_the_totals_without_a_name(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    post_id = await db.read(lambda tx: tx.value("SELECT id FROM staff WHERE user_id = :u", u=CLERK))
    await db.write(staff.remove, shop.owner, post_id)
    told = await db.read(team_scores.team, shop.manager, shop.store_id, "")
    assert told.total["purchases"] == 1
    assert [one["name"] for one in told.colleagues] == ["staff 12"]


async def test_nobody_reads_a_single_rating_in_the_team_either(db: Database, shop: Shop) -> None:
    await db.write(solve, shop, 1, 1)
    told = await db.read(team_scores.team, shop.manager, shop.store_id, "")
    assert told.total["mean"] == told.colleagues[0]["figures"]["mean"] == 0


async def test_the_owner_sees_the_stores(db: Database, shop: Shop) -> None:
    await db.write(add_store, "dongmen", "东门店")
    await buys(db, shop)
    told = await db.read(team_scores.list_stores, shop.owner, "")
    assert isinstance(told, Stores)
    assert [(one["name"], one["total"]["purchases"]) for one in told.stores] == [("西门店", 1), ("东门店", 0)]


async def test_quizzes_count_no_more_where_somebody_does_not_work_any_more(db: Database, shop: Shop) -> None:
    other_id = await db.write(add_store, "dongmen", "东门店")
    await db.write(hire, 77, shop.store_id, Role.CLERK)
    await db.write(hire, 77, other_id, Role.CLERK)
    await db.write(lambda tx: posts.remove(tx, posts.list_posts(tx, 77)[0].id, 0))
    await db.write(quizzed, 77, 5)
    told = [await db.read(team_scores.team, shop.owner, store_id, "") for store_id in (shop.store_id, other_id)]
    assert [store.total["quizzes"] for store in told] == [0, 1]


async def test_many_stores_come_by_pages(db: Database, shop: Shop) -> None:
    for number in range(12):
        await db.write(add_store, f"s{number}", f"Store {number}")
    told = await db.read(team_scores.list_stores, shop.owner, "", 1)
    assert isinstance(told, Stores)
    assert (told.page, told.pages, len(told.stores)) == (1, 2, 1)


async def test_a_manager_sees_no_other_store(db: Database, shop: Shop) -> None:
    other_id = await db.write(add_store, "dongmen", "东门店")
    for query in (team_scores.team, team_scores.quizzed):
        with pytest.raises(NotAllowed):
            await db.read(query, shop.manager, other_id, "")


async def test_clerks_see_no_colleagues_figures(db: Database, shop: Shop) -> None:
    for query, asked in ((team_scores.list_stores, [""]), (team_scores.team, [shop.store_id, ""])):
        with pytest.raises(NotAllowed):
            await db.read(query, shop.clerk, *asked)


# What the charter shows


@pytest.mark.parametrize(
    ("charter", "clerk", "manager"), [(FOR_TEAM, "team", "stores"), (FOR_NOBODY, "", ""), (amended(), "", "stores")]
)
async def test_the_charter_says_who_is_offered_the_team(db: Database, charter: str, clerk: str, manager: str) -> None:
    shop = await open_shop(db, charter)
    told = [(await db.read(scores.own, person)).team for person in (shop.clerk, shop.manager)]
    assert told == [clerk, manager]


async def test_where_nobody_is_to_see_it_managers_do_not_either(db: Database) -> None:
    shop = await open_shop(db, FOR_NOBODY)
    with pytest.raises(StaleButton):
        await db.read(team_scores.team, shop.manager, shop.store_id, "")


async def test_the_team_does_not_see_what_is_for_managers(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.read(team_scores.praise, shop.clerk, "")


async def test_the_team_reads_totals_and_the_first_of_two_but_never_the_last(db: Database) -> None:
    shop = await open_shop(db, FOR_TEAM)
    await buys(db, shop)
    await db.write(cared, shop, shop.manager.user_id)
    await db.write(cared, shop)
    told = await db.read(team_scores.praise, shop.clerk, "")
    assert told.total["care"] == 2
    assert [(one["name"], one["what"]) for one in told.first] == [("staff 11", "care")]


def praised(tx: Tx) -> list[Any]:
    return [row[0] for row in tx.all("SELECT chat_id FROM outbox WHERE dedup_key LIKE 'praise:%' ORDER BY chat_id")]


async def test_a_manager_shows_the_team_once_a_day(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    for _ in range(2):
        shown = await db.write(team_scores.show, shop.manager, shop.store_id, "")
    assert shown.people == 1
    assert await db.read(praised) == [CLERK]
    assert (await db.read(audit.list_latest, 1))[0].action == "team_praised"


async def test_nobody_is_told_of_another_month_on_the_same_day(db: Database, shop: Shop) -> None:
    for month in ("202503", "202502", "202501"):
        await db.write(team_scores.show, shop.manager, shop.store_id, month)
    assert await db.read(praised) == [CLERK]


async def test_a_clerk_shows_nobody_anything(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.write(team_scores.show, shop.clerk, shop.store_id, "")
