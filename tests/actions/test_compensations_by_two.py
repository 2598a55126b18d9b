"""What is more than one may give for a case is agreed by two; never for one's own, nor what one sold."""

from __future__ import annotations

import pytest

from actions import adjustments, case_desk, case_merges, compensations, complaints, erasure, feedback
from actions.adjustments import Order
from actions.complaints import Heard
from db import case_compensations, holdings
from db.database import Database
from loyalty.case_errors import CompensationWaits, OwnSale
from loyalty.errors import (
    CompensationTooHigh,
    MemberNotFound,
    NobodyToAgree,
    NotAllowed,
    OwnCase,
    SecondPersonNeeded,
    StaleButton,
)
from loyalty.jobs import DAY_MS
from loyalty.roles import Role
from tests.actions.complainers import asked, opened, refused, resolves, said, told
from tests.actions.shops import (
    ANN,
    MANAGER,
    OWNER,
    Shop,
    add_store,
    at_desk,
    balance,
    buys,
    hire,
    open_shop,
)
from tests.conftest import Clock

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def test_a_clerks_larger_wish_asks_the_managers_and_the_case_is_resolved_meanwhile(
    db: Database, shop: Shop
) -> None:
    before = await db.read(told, MANAGER)
    case_id = await opened(db, shop)
    desk = await resolves(db, shop.clerk, case_id, 200)
    assert (desk.state, desk.compensations[0].state, await balance(db, shop)) == ("resolved", "waiting", 0)
    assert await db.read(told, MANAGER) == before + 2
    assert await db.read(told, OWNER) == 1


async def test_agreed_the_member_has_it_and_all_are_told(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    before = [await db.read(told, user_id) for user_id in (ANN, shop.clerk.user_id)]
    outcome = await db.write(compensations.decide, shop.manager, await asked(db, case_id), True)
    assert (outcome.state, outcome.decided_by, await balance(db, shop)) == ("given", "staff 12", 200)
    assert [await db.read(told, user_id) for user_id in (ANN, shop.clerk.user_id)] == [one + 1 for one in before]


async def test_declined_nothing_is_given_and_the_member_hears_nothing(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    before = await db.read(told, ANN)
    outcome = await db.write(compensations.decide, shop.manager, await asked(db, case_id), False)
    assert (outcome.state, await balance(db, shop), await db.read(told, ANN)) == ("declined", 0, before)


async def test_agreed_by_twenty_at_once_it_is_given_once(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    wish = await asked(db, case_id)
    deciders = [(who, agree) for who in (shop.manager, shop.owner) for agree in (True, False) for _ in range(5)]
    assert await refused(*(db.write(compensations.decide, who, wish, agree) for who, agree in deciders)) == 19
    (outcome,) = await db.read(case_compensations.list_of_case, case_id)
    assert await balance(db, shop) == (200 if outcome.state == "given" else 0)


async def test_whoever_asked_does_not_agree_and_neither_does_a_clerk(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.manager, case_id, 600)
    wish = await asked(db, case_id)
    with pytest.raises(SecondPersonNeeded):
        await db.write(compensations.decide, shop.manager, wish, True)
    with pytest.raises(NotAllowed):
        await db.write(compensations.decide, shop.clerk, wish, True)
    await db.write(compensations.decide, shop.owner, wish, True)
    assert await balance(db, shop) == 600


async def test_a_managers_limit_counts_what_they_adjusted_by_hand_that_day(db: Database, shop: Shop) -> None:
    order = Order(shop.member.id, 400, "goodwill", "cold soup")
    await db.write(adjustments.adjust, shop.manager, order, "one")
    await resolves(db, shop.manager, await opened(db, shop), 200)
    assert await balance(db, shop) == 400


async def test_and_by_hand_what_they_gave_for_cases(db: Database, shop: Shop) -> None:
    await resolves(db, shop.manager, await opened(db, shop), 400)
    order = Order(shop.member.id, 200, "goodwill", "cold soup")
    assert (await db.write(adjustments.adjust, shop.manager, order, "one")).state == "waiting"


async def test_a_manager_elsewhere_is_a_clerk_here(db: Database, shop: Shop) -> None:
    elsewhere = await db.write(add_store, "dongmen", "东门店")
    await db.write(hire, shop.clerk.user_id, elsewhere, Role.MANAGER)
    desk = await resolves(db, shop.clerk, await opened(db, shop), 51)
    assert desk.compensations[0].state == "waiting"


async def test_a_clerk_asks_for_no_more_than_a_manager_may_give(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.manager, case_id, 100)
    await db.write(feedback.reopen, shop.ann, case_id)
    await db.write(case_desk.give_back, shop.manager, case_id)
    with pytest.raises(CompensationTooHigh) as error:
        await resolves(db, shop.clerk, case_id, 401)
    assert error.value.limit == 400


async def test_what_was_given_meanwhile_counts_when_a_manager_agrees(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 400)
    await db.write(feedback.reopen, shop.ann, case_id)
    wish = await asked(db, case_id)
    # The manager's own wish is settled first: nothing else may wait beside the clerk's.
    with pytest.raises(CompensationWaits):
        await resolves(db, shop.manager, case_id, 200)
    await db.write(lambda tx: tx.run("UPDATE case_compensation SET asked_at = asked_at - :week", week=8 * DAY_MS))
    await resolves(db, shop.manager, case_id, 200)
    await db.write(lambda tx: tx.run("UPDATE case_compensation SET asked_at = :now", now=tx.now))
    with pytest.raises(CompensationTooHigh):
        await db.write(compensations.decide, shop.owner, wish, True)
    assert await balance(db, shop) == 200


async def test_after_a_week_nobody_agrees_any_more(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    wish = await asked(db, case_id)
    clock.move(days=8)
    with pytest.raises(StaleButton):
        await db.write(compensations.decide, shop.manager, wish, True)
    assert (await db.write(case_desk.look, shop.manager, case_id)).compensations == []


async def test_with_nobody_to_agree_it_is_said_at_once_and_nothing_is_resolved(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE role <> 'clerk'"))
    case_id = await opened(db, shop)
    with pytest.raises(NobodyToAgree):
        await resolves(db, shop.clerk, case_id, 200)
    assert (await db.write(case_desk.look, shop.clerk, case_id)).state == "new"


async def test_of_the_erased_a_wish_is_declined_but_not_agreed_to(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    wish = await asked(db, case_id)
    await db.write(erasure.erase_own, shop.ann)
    with pytest.raises(MemberNotFound):
        await db.write(compensations.decide, shop.manager, wish, True)
    outcome = await db.write(compensations.decide, shop.manager, wish, False)
    assert (outcome.state, outcome.member) == ("declined", "")


async def test_nobody_compensates_themselves(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    ann = await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    with pytest.raises(OwnCase):
        await db.write(compensations.decide, ann, await asked(db, case_id), True)
    await db.write(feedback.reopen, shop.ann, case_id)
    with pytest.raises(OwnCase):
        await resolves(db, ann, case_id, 10)


async def test_nor_is_a_manager_asked_about_their_own_case(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    await resolves(db, shop.clerk, case_id, 200)
    assert (await db.read(told, ANN), await db.read(told, OWNER)) == (1, 1)  # Ann: of the solution


async def test_who_recorded_the_purchase_it_is_about_asks_somebody_else(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    case_id, before = await opened(db, shop), await balance(db, shop)
    assert (await db.read(compensations.offer, shop.clerk, case_id)).left == 0
    desk = await resolves(db, shop.clerk, case_id, 10)
    assert (desk.compensations[0].state, await balance(db, shop)) == ("waiting", before)


async def test_and_does_not_agree_to_what_another_asked_for(db: Database, shop: Shop) -> None:
    await db.write(hire, shop.clerk.user_id, shop.store_id, Role.MANAGER)
    bought = await buys(db, shop)
    case_id = (await db.write(feedback.dispute, shop.ann, bought.purchase_id)).case_id
    await resolves(db, shop.manager, case_id, 600)
    with pytest.raises(OwnSale):
        await db.write(compensations.decide, shop.clerk, await asked(db, case_id), True)


async def test_the_purchase_of_a_case_that_was_merged_in_counts_too(db: Database, shop: Shop) -> None:
    bought = await buys(db, shop)
    first = (await db.write(feedback.dispute, shop.ann, bought.purchase_id)).case_id
    clerk = at_desk(shop.clerk, shop.store_id)
    second = await db.write(complaints.log, clerk, Heard(shop.member.id, "complaint", "low"), said("cold", "11:1"))
    await db.write(case_merges.merge, shop.clerk, first, second.case_id)
    assert (await db.read(compensations.offer, shop.clerk, second.case_id)).left == 0


async def test_who_asked_and_does_not_work_there_any_more_hears_nothing_of_it(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    wish = await asked(db, case_id)
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=shop.clerk.user_id))
    before = await db.read(told, shop.clerk.user_id)
    await db.write(compensations.decide, shop.manager, wish, True)
    assert (await db.read(told, shop.clerk.user_id), await balance(db, shop)) == (before, 200)


async def test_the_members_export_has_what_was_given_and_nothing_that_waits_or_was_declined(
    db: Database, shop: Shop
) -> None:
    for number, agreed in enumerate((True, False)):
        case_id = await opened(db, shop, f"21:{number}")
        await resolves(db, shop.clerk, case_id, 200 + number)
        await db.write(compensations.decide, shop.manager, await asked(db, case_id), agreed)
    await resolves(db, shop.clerk, await opened(db, shop, "21:9"), 300)
    held = await db.read(holdings.list_held, shop.member.id)
    assert [one["points"] for one in held["case_compensation"]] == [200]
    assert {200, 201, 300} & {one["detail"].get("points", 0) for one in held["audit"]} == {200}
