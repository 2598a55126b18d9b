"""Neither coupons, nor a second case of the same day, nor one that names no purchase get round what people may give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import adjustments, case_desk, compensations, complaints, feedback
from actions.adjustments import Order
from actions.complaints import Heard
from db.database import Database, Tx
from loyalty.case_errors import OwnSale
from loyalty.compensations import Gift
from loyalty.errors import CompensationTooHigh
from loyalty.roles import Role
from tests.actions.complainers import APOLOGY, asked, coupons_of, opened, refused, resolves, said
from tests.actions.shops import Shop, at_desk, balance, buys, hire, open_shop
from tests.conftest import Clock

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def logged(db: Database, shop: Shop, purchase_id: int = 0) -> int:
    """A case that the clerk writes down for Ann."""
    heard = Heard(shop.member.id, "complaint", "low", purchase_id=purchase_id)
    desk = await db.write(complaints.log, at_desk(shop.clerk, shop.store_id), heard, said("cold", "11:1"))
    return desk.case_id


@pytest.mark.parametrize(("first", "second"), [(APOLOGY, APOLOGY), (APOLOGY, Gift(20)), (Gift(20), APOLOGY)])
async def test_what_one_gave_today_counts_for_their_next_case_of_that_member(
    db: Database, shop: Shop, first: Gift, second: Gift
) -> None:
    await resolves(db, shop.manager, await opened(db, shop), first)
    before = await balance(db, shop), await coupons_of(db, shop)
    desk = await resolves(db, shop.manager, await opened(db, shop, "21:2"), second)
    assert desk.compensations[0].state == "waiting"
    assert (await balance(db, shop), await coupons_of(db, shop)) == before


async def test_the_next_case_of_the_day_offers_nothing_to_give_alone(db: Database, shop: Shop) -> None:
    await resolves(db, shop.manager, await opened(db, shop), APOLOGY)
    offer = await db.read(compensations.offer, shop.manager, await opened(db, shop, "21:2"))
    assert (offer.left, [one["alone"] for one in offer.coupons]) == (0, [False])


async def test_five_cases_of_one_member_are_good_for_one_coupon_of_a_clerks(db: Database, shop: Shop) -> None:
    cases = [await opened(db, shop, f"21:{n}") for n in range(1, 6)]
    await refused(*(resolves(db, shop.clerk, case_id, APOLOGY) for case_id in cases))
    assert await coupons_of(db, shop) == 1


async def test_on_another_day_there_is_another_coupon(db: Database, shop: Shop, clock: Clock) -> None:
    await resolves(db, shop.clerk, await opened(db, shop), APOLOGY)
    clock.move(days=2)
    await resolves(db, shop.clerk, await opened(db, shop, "21:2"), APOLOGY)
    assert await coupons_of(db, shop) == 2


@pytest.mark.parametrize(("points", "state"), [(20, "waiting"), (-20, "entered")])
async def test_after_a_coupon_points_by_hand_need_a_second_person_but_may_be_taken(
    db: Database, shop: Shop, points: int, state: str
) -> None:
    await buys(db, shop)
    await resolves(db, shop.manager, await opened(db, shop), APOLOGY)
    order = Order(shop.member.id, points, "goodwill", "cold soup")
    assert (await db.write(adjustments.adjust, shop.manager, order, "one")).state == state


async def test_logged_without_the_purchase_it_is_still_what_the_clerk_sold(db: Database, shop: Shop) -> None:
    await buys(db, shop)
    before = await balance(db, shop)
    desk = await resolves(db, shop.clerk, await logged(db, shop), 20)
    assert (desk.compensations[0].state, await balance(db, shop)) == ("waiting", before)


async def test_logged_by_the_seller_about_a_colleagues_sale_it_is_still_what_they_sold(
    db: Database, shop: Shop
) -> None:
    other = at_desk(await db.write(hire, OTHER, shop.store_id, Role.CLERK), shop.store_id)
    theirs = await buys(db, replace(shop, clerk=other))
    await buys(db, shop, key="chat:1:2")
    assert (await db.read(compensations.offer, shop.clerk, await logged(db, shop, theirs.purchase_id))).left == 0


async def test_of_the_members_own_complaint_only_the_purchase_it_is_about_counts(db: Database, shop: Shop) -> None:
    other = at_desk(await db.write(hire, OTHER, shop.store_id, Role.CLERK), shop.store_id)
    await buys(db, shop)
    theirs = await buys(db, replace(shop, clerk=other), key="chat:1:2")
    case_id = (await db.write(feedback.dispute, shop.ann, theirs.purchase_id)).case_id
    assert (await db.read(compensations.offer, shop.clerk, case_id)).left == 50


async def test_of_what_the_member_says_of_no_purchase_no_sale_counts(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop)
    clock.move(days=20)
    assert (await db.read(compensations.offer, shop.clerk, await opened(db, shop))).left == 50


async def test_who_sold_lately_does_not_agree_either(db: Database, shop: Shop) -> None:
    seller = await db.write(hire, shop.clerk.user_id, shop.store_id, Role.MANAGER)
    await buys(db, shop)
    case_id = await logged(db, shop)
    await resolves(db, shop.manager, case_id, 600)
    with pytest.raises(OwnSale):
        await db.write(compensations.decide, seller, await asked(db, case_id), True)


async def test_what_was_sold_a_month_before_does_not_count(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop)
    clock.move(days=31)
    assert (await db.read(compensations.offer, shop.clerk, await logged(db, shop))).left == 50


async def coupon_by_two(db: Database, shop: Shop) -> int:
    """A case for which the clerk has asked for a coupon, and the manager agreed; it is open again."""
    await buys(db, shop)
    case_id = await logged(db, shop)
    await resolves(db, shop.clerk, case_id, APOLOGY)
    await db.write(compensations.decide, shop.manager, await asked(db, case_id), True)
    await db.write(feedback.reopen, shop.ann, case_id)
    return case_id


@pytest.mark.parametrize("gift", [APOLOGY, Gift(500)])
async def test_after_a_coupon_a_clerk_and_a_manager_give_nothing_more(db: Database, shop: Shop, gift: Gift) -> None:
    case_id = await coupon_by_two(db, shop)
    with pytest.raises(CompensationTooHigh) as error:
        await resolves(db, shop.clerk, case_id, gift, "again")
    assert (error.value.limit, await coupons_of(db, shop)) == (0, 1)


async def test_nor_does_a_manager_agree_to_it_once_a_coupon_was_given(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 200)
    wish = await asked(db, case_id)
    await db.write(feedback.reopen, shop.ann, case_id)
    await db.write(_forget, wish)
    await resolves(db, shop.manager, case_id, APOLOGY)
    await db.write(lambda tx: tx.run("UPDATE case_compensation SET asked_at = :now", now=tx.now))
    with pytest.raises(CompensationTooHigh):
        await db.write(compensations.decide, shop.owner, wish, True)


def _forget(tx: Tx, compensation_id: int) -> None:
    tx.run("UPDATE case_compensation SET asked_at = 0 WHERE id = :id", id=compensation_id)


async def test_what_a_clerk_cannot_even_ask_for_is_not_offered(db: Database, shop: Shop) -> None:
    case_id = await coupon_by_two(db, shop)
    assert (await db.read(compensations.offer, shop.clerk, case_id)).coupons == []


async def test_two_who_manage_may_give_more(db: Database, shop: Shop) -> None:
    case_id = await coupon_by_two(db, shop)
    await db.write(case_desk.give_back, shop.clerk, case_id)
    await resolves(db, shop.manager, case_id, APOLOGY)
    await db.write(compensations.decide, shop.owner, await asked(db, case_id), True)
    assert await coupons_of(db, shop) == 2
