"""Granting coupons: under the terms in force, once a key, within limits and budget, also when many come at once."""

from __future__ import annotations

import asyncio

from db import coupon_definitions as definitions
from db.database import Database
from loyalty.lots import NEVER
from tests.actions import coupon_shops
from tests.actions.coupon_shops import TEN, coupon, definition, grant, granted, publish, with_coupons
from tests.actions.shops import add_member, open_shop
from tests.conftest import Clock

DAY_MS = 86_400_000


async def test_a_granted_coupon_is_held_until_the_end_of_its_last_day(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\ndays = 7"))
    found = await coupon(db, await granted(db, shop, "ten"))
    assert (found.state, found.usable_from, found.member_id) == ("held", clock.now, shop.member.id)
    # Noon in Xi'an: seven days later ends twelve hours after that noon.
    assert found.usable_until == clock.now + 7 * DAY_MS + DAY_MS // 2 - 1


async def test_an_unknown_code_grants_nothing(db: Database) -> None:
    shop = await open_shop(db)
    assert await grant(db, shop, "no-such") is None


async def test_the_same_key_grants_once(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    assert await grant(db, shop, "ten", "birthday:1:2025") is not None
    assert await grant(db, shop, "ten", "birthday:1:2025") is None
    assert (await definition(db, "ten")).granted == 1


async def test_a_stopped_coupon_is_granted_no_more(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    await granted(db, shop, "ten")
    await db.write(definitions.set_active, (await definition(db, "ten")).id, False)
    assert await grant(db, shop, "ten") is None


async def test_a_coupon_that_the_charter_dropped_is_granted_no_more(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    await granted(db, shop, "ten")
    await publish(db, with_coupons())
    assert await grant(db, shop, "ten") is None


async def test_no_member_gets_more_than_the_limit(db: Database) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nper_member = 2"))
    got = [await grant(db, shop, "ten") for _ in range(4)]
    assert [one is not None for one in got] == [True, True, False, False]
    assert (await definition(db, "ten")).granted == 2


async def test_200_grants_at_once_stop_at_the_limit(db: Database) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nin_total = 70"))
    people = [await db.write(add_member, f"Member {n}", f"139{n:08d}") for n in range(20)]
    got = await asyncio.gather(*(grant(db, shop, "ten", f"k{n}", people[n % 20].id) for n in range(200)))
    assert sum(one is not None for one in got) == 70
    assert (await definition(db, "ten")).granted == 70


async def test_200_grants_at_once_give_one_member_no_more_than_the_limit(db: Database) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nper_member = 3"))
    got = await asyncio.gather(*(grant(db, shop, "ten", f"k{n}") for n in range(200)))
    assert sum(one is not None for one in got) == 3


async def test_who_has_a_coupon_keeps_the_terms_it_was_granted_under(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    before = await granted(db, shop, "ten")
    await publish(db, with_coupons(TEN.replace("off = 10", "off = 5")))
    after = await granted(db, shop, "ten")
    assert [(await coupon(db, one)).terms.off for one in (before, after)] == [1000, 500]


async def test_a_coupon_with_fixed_dates_cannot_be_used_before_them(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nbegins = 2025-04-01\nends = 2025-04-30"))
    found = await coupon(db, await granted(db, shop, "ten"))
    assert found.usable_from > clock.now
    assert found.usable_until < NEVER


async def test_a_coupon_whose_dates_are_over_is_not_granted(db: Database) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nends = 2025-03-02"))
    assert await grant(db, shop, "ten") is None


async def test_codes_are_read_however_they_are_typed(db: Database) -> None:
    shop = await open_shop(db, with_coupons(TEN))
    coupon_id = await granted(db, shop, "ten")
    code = await coupon_shops.code_of(db, coupon_id)
    typed = f" {code[:4].lower()}-{code[4:].lower()} "
    found = await db.read(coupon_shops.rows.get_by_code, typed)
    assert found is not None
    assert found.id == coupon_id
