"""What a case is worth: within the role's limit however often it is opened again, and as the record says."""

from __future__ import annotations

import pytest

from actions import case_desk, case_merges, case_transfers, compensations, feedback
from db import audit, case_compensations, coupons
from db.database import Database
from loyalty.compensations import Gift
from loyalty.coupon_errors import CouponNotGranted
from loyalty.errors import (
    StaleButton,
)
from loyalty.roles import Role
from tests.actions.complainers import APOLOGY, asked, coupons_of, opened, refused, resolves
from tests.actions.shops import (
    Shop,
    amended,
    balance,
    hire,
    in_order,
    open_shop,
)
from tests.conftest import Clock

OTHER = 14


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def test_a_clerk_gives_points_within_their_limit_at_once(db: Database, shop: Shop) -> None:
    await resolves(db, shop.clerk, await opened(db, shop), 50)
    assert await balance(db, shop) == 50


async def test_a_clerks_limit_for_one_case_is_not_had_again_by_opening_it_again(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 50)
    await db.write(feedback.reopen, shop.ann, case_id)
    await resolves(db, shop.clerk, case_id, 50, "again")
    assert await balance(db, shop) == 50


async def test_nor_by_another_clerk(db: Database, shop: Shop) -> None:
    second = await db.write(hire, OTHER, shop.store_id, Role.CLERK)
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, 30)
    await db.write(feedback.reopen, shop.ann, case_id)
    (post,) = [
        one for one in (await db.read(case_transfers.takers, shop.clerk, case_id)).colleagues if "14" in one["name"]
    ]
    await db.write(case_transfers.assign, shop.clerk, case_id, post["post_id"])
    await resolves(db, second, case_id, 30)
    assert await balance(db, shop) == 30


async def test_nor_by_merging_it_into_a_second_case(db: Database, shop: Shop, clock: Clock) -> None:
    first = await opened(db, shop)
    await resolves(db, shop.clerk, first, 50)
    await db.write(feedback.reopen, shop.ann, first)
    clock.move(days=2)
    second = await opened(db, shop, "21:2")
    await db.write(case_merges.merge, shop.clerk, first, second)
    await resolves(db, shop.clerk, second, 50, "again")
    assert await balance(db, shop) == 50


async def test_nor_by_cutting_it_up_into_several_cases_of_one_day(db: Database, shop: Shop) -> None:
    first, second = await opened(db, shop), await opened(db, shop, "21:2")
    await resolves(db, shop.clerk, first, 40)
    await resolves(db, shop.clerk, second, 40)
    assert await balance(db, shop) == 40


async def test_on_another_day_another_case_has_the_whole_limit(db: Database, shop: Shop, clock: Clock) -> None:
    await resolves(db, shop.clerk, await opened(db, shop), 50)
    clock.move(days=2)
    await resolves(db, shop.clerk, await opened(db, shop, "21:2"), 50)
    assert await balance(db, shop) == 100


@pytest.mark.parametrize("gift", [Gift(50), APOLOGY])
async def test_resolved_twenty_times_at_once_it_is_given_once(db: Database, shop: Shop, gift: Gift) -> None:
    case_id = await opened(db, shop)
    assert await refused(*(resolves(db, shop.clerk, case_id, gift, str(n)) for n in range(20))) == 19
    assert (await balance(db, shop), await coupons_of(db, shop)) == ((50, 0) if gift.points else (0, 1))


async def test_resolved_and_opened_again_at_once_by_many_it_stays_within_the_limit(db: Database, shop: Shop) -> None:
    second = await db.write(hire, OTHER, shop.store_id, Role.MANAGER)
    case_id = await opened(db, shop)
    await refused(
        *(resolves(db, who, case_id, 20, f"{n}") for n in range(10) for who in (shop.clerk, second)),
        *(db.write(feedback.reopen, shop.ann, case_id) for _ in range(20)),
    )
    given = [one.points for one in await db.read(case_compensations.list_of_case, case_id) if one.state == "given"]
    assert sum(given) == await balance(db, shop)
    assert await in_order(db)


async def test_several_cases_resolved_by_one_clerk_at_once_stay_within_the_limit(db: Database, shop: Shop) -> None:
    cases = [await opened(db, shop, f"21:{n}") for n in range(1, 11)]
    await refused(*(resolves(db, shop.clerk, case_id, 20) for case_id in cases))
    assert await balance(db, shop) == 40


async def test_a_coupon_of_the_charters_is_given_and_told(db: Database, shop: Shop) -> None:
    desk = await resolves(db, shop.clerk, await opened(db, shop), APOLOGY)
    assert (desk.compensations[0].state, desk.compensations[0].coupon["en"]) == ("given", "With our apologies: 15 off")
    (coupon,) = await db.read(coupons.list_held, shop.member.id)
    assert coupon.why == "apology"


async def test_a_second_coupon_or_points_beside_it_need_a_second_person(db: Database, shop: Shop) -> None:
    case_id = await opened(db, shop)
    await resolves(db, shop.manager, case_id, APOLOGY)
    await db.write(feedback.reopen, shop.ann, case_id)
    offer = await db.read(compensations.offer, shop.manager, case_id)
    assert (offer.left, [one["alone"] for one in offer.coupons]) == (0, [False])
    desk = await resolves(db, shop.manager, case_id, 10, "again")
    assert [one.state for one in desk.compensations] == ["given", "waiting"]


async def test_a_coupon_that_clerks_do_not_give_alone_is_asked_for(db: Database) -> None:
    shop = await open_shop(db, amended(('clerk_coupons = ["apology"]', "clerk_coupons = []")))
    case_id = await opened(db, shop)
    await resolves(db, shop.clerk, case_id, APOLOGY)
    assert await coupons_of(db, shop) == 0
    await db.write(compensations.decide, shop.manager, await asked(db, case_id), True)
    assert await coupons_of(db, shop) == 1


async def test_a_coupon_not_meant_for_it_is_refused(db: Database, shop: Shop) -> None:
    with pytest.raises(StaleButton):
        await resolves(db, shop.manager, await opened(db, shop), Gift(coupon="birthday"))


async def test_beyond_its_budget_no_coupon_is_given_and_nothing_is_resolved(db: Database) -> None:
    shop = await open_shop(db, amended(('group = "apology"\n', 'group = "apology"\nper_member = 1\n')))
    await resolves(db, shop.clerk, await opened(db, shop), APOLOGY)
    second = await opened(db, shop, "21:2")
    with pytest.raises(CouponNotGranted):
        await resolves(db, shop.manager, second, APOLOGY)
    assert (await db.write(case_desk.look, shop.clerk, second)).state == "new"


async def test_the_record_says_what_was_given_and_what_was_asked_for(db: Database, shop: Shop) -> None:
    await resolves(db, shop.clerk, await opened(db, shop), 40)
    await resolves(db, shop.clerk, await opened(db, shop, "21:2"), 200)
    records = await db.read(audit.list_of_member, shop.member.id, ("case_resolved", "compensation_asked"), 10)
    assert [(one.action, one.detail.get("points", 0)) for one in reversed(records)] == [
        ("case_resolved", 40),
        ("case_resolved", 0),
        ("compensation_asked", 200),
    ]
