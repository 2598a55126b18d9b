"""A member's first weeks, a word to those who stay away, and what should be running out: each once, when it is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions import deals, series
from actions.deals import Deal
from db import members, stores
from db.database import Database, Tx
from loyalty.earning import Line
from loyalty.jobs import Page, Run
from loyalty.purchases import Sale
from tests.actions.celebrations import at, coupons_of, pushed, templates, works
from tests.actions.gift_shops import open_gift_shop
from tests.actions.shops import Shop, add_member, amended, open_shop, record_for
from tests.actions.test_birthdays import guest
from tests.conftest import Clock

TODAY = date(2025, 3, 3)
Work = Callable[[Tx, Run], Page]


@pytest.fixture
async def shop(db: Database, clock: Clock) -> Shop:
    """Ann joins at nine."""
    clock.now = at(TODAY, time(9))
    return await open_shop(db)


async def passes(db: Database, clock: Clock, page: Work, days: int, first: date = TODAY) -> list[date]:
    """Day after day the job falls due at eleven; on which days it reached somebody."""
    found = []
    for day in (first + timedelta(days=n) for n in range(days)):
        clock.now = at(day, time(11))
        if await works(db, page, day, clock=time(11)):
            found.append(day)
    return found


def days_after(*days: int) -> list[date]:
    return [TODAY + timedelta(days=day) for day in days]


# The first weeks


async def test_a_new_member_is_told_of_card_and_settings_when_it_is_time(
    db: Database, shop: Shop, clock: Clock
) -> None:
    assert await passes(db, clock, series.welcome_page, 30) == days_after(0, 14)
    assert await db.read(templates) == ["welcome_card", "welcome_settings"]


async def test_who_joins_in_the_evening_is_told_next_morning(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY, time(19))
    await open_shop(db)
    assert await passes(db, clock, series.welcome_page, 3, TODAY + timedelta(days=1)) == days_after(1)


async def test_who_joins_in_the_hour_that_a_long_night_adds_is_told_too(db: Database, clock: Clock) -> None:
    berlin, saturday = ZoneInfo("Europe/Berlin"), date(2025, 10, 25)
    clock.now = int(datetime.combine(saturday, time(11, 30), berlin).timestamp()) * 1000
    await open_shop(db, amended(("Asia/Shanghai", "Europe/Berlin")))
    for day in (saturday, saturday + timedelta(days=1)):
        due_at = int(datetime.combine(day, time(11), berlin).timestamp()) * 1000
        await db.write(series.welcome_page, Run("welcome", due_at, day, ""))
    assert await db.read(templates) == ["welcome_card"]


async def test_gifts_are_told_where_there_are_any(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY, time(9))
    await open_gift_shop(db)
    assert await passes(db, clock, series.welcome_page, 5) == days_after(0, 3)
    (_, told) = (await db.read(pushed))[1]
    assert [gift["points"] for gift in told["gifts"]] == [100]  # type: ignore[attr-defined]


async def test_the_card_comes_with_how_points_work(db: Database, shop: Shop, clock: Clock) -> None:
    await passes(db, clock, series.welcome_page, 1)
    ((template, told),) = await db.read(pushed)
    assert (template, told["points"], told["per"], told["balance"]) == ("welcome_card", 1, 100, 0)
    assert told["present"]["name"]["en"] == "Welcome: 10 off"  # type: ignore[index]


async def test_ten_runs_of_a_day_say_it_once(db: Database, shop: Shop, clock: Clock) -> None:
    for _ in range(10):
        await passes(db, clock, series.welcome_page, 1)
    assert await db.read(templates) == ["welcome_card"]
    assert await db.read(coupons_of, shop.member.id) == 1


async def test_a_step_that_is_left_out_is_not_said(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY, time(9))
    await open_shop(db, amended(("card_day = 0 ", "card_day = -1 ")))
    assert await passes(db, clock, series.welcome_page, 15) == days_after(14)


async def test_pages_go_through_everybody_who_joined(
    db: Database, shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "_PAGE", 2)
    for number in range(4):
        await db.write(guest, number, None)
    clock.now = at(TODAY, time(11))
    assert await works(db, series.welcome_page, TODAY, clock=time(11)) == 5


# Those who stay away


async def test_after_ninety_days_a_member_is_missed_once(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop, "a")
    assert await passes(db, clock, series.winback_page, 200) == days_after(90)
    ((_, told),) = await db.read(pushed)
    assert (told["name"], told["balance"]) == ("Ann", 100)
    assert told["present"]["name"]["en"] == "Welcome back: 15% off"  # type: ignore[index]


async def test_who_came_back_and_stays_away_again_is_missed_again(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop, "a")
    await passes(db, clock, series.winback_page, 100)
    clock.now = at(TODAY + timedelta(days=100))
    await buys(db, shop, "b")
    assert await passes(db, clock, series.winback_page, 100, TODAY + timedelta(days=101)) == days_after(190)
    assert await db.read(coupons_of, shop.member.id) == 2


async def test_who_bought_since_is_not_missed(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop, "a")
    clock.now = at(TODAY + timedelta(days=89))
    await buys(db, shop, "b")
    assert await passes(db, clock, series.winback_page, 3, TODAY + timedelta(days=89)) == []


async def test_two_purchases_of_one_moment_are_one_farewell(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop, "a")
    await buys(db, shop, "b")
    for _ in range(3):
        await passes(db, clock, series.winback_page, 1, TODAY + timedelta(days=90))
    assert await db.read(templates) == ["winback_missed"]


async def test_several_steps_are_each_said_once(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY, time(9))
    shop = await open_shop(db, amended(("[[winback]]", "[[winback]]\ndays = 30\n\n[[winback]]")))
    await buys(db, shop, "a")
    assert await passes(db, clock, series.winback_page, 120) == days_after(30, 90)


async def test_who_is_not_on_telegram_is_not_missed(db: Database, shop: Shop, clock: Clock) -> None:
    member = await db.write(add_member, "Carl", "13800138777")
    await db.write(record_for, shop.clerk, member.id, "100", "a")
    assert await passes(db, clock, series.winback_page, 2, TODAY + timedelta(days=89)) == []
    assert await db.read(coupons_of, member.id) == 0


async def buys(db: Database, shop: Shop, key: str) -> None:
    await db.write(record_for, shop.clerk, shop.member.id, "100", key)


# What should be running out


async def shops_every(db: Database, shop: Shop, clock: Clock, days: list[int], *items: str) -> None:
    """These items on these days, at nine."""
    for day in days:
        clock.now = at(TODAY + timedelta(days=day), time(9))
        await db.write(_basket, shop, items or ("Coffee beans",), clock.now)


def _basket(tx: Tx, shop: Shop, items: tuple[str, ...], now: int) -> None:
    member, store = members.get(tx, shop.member.id), stores.get(tx, shop.store_id)
    assert member is not None
    assert store is not None
    lines = tuple(Line(item, "drinks", 1000, 5000) for item in items)
    deals.enter(tx, Deal(member, store, Sale(5000 * len(items), "", lines), now, shop.clerk.user_id, f"basket:{now}"))


async def test_what_is_bought_regularly_is_told_when_it_should_be_running_out(
    db: Database, shop: Shop, clock: Clock
) -> None:
    await shops_every(db, shop, clock, [0, 14, 28, 42])
    assert await passes(db, clock, series.replenishment_page, 60, TODAY + timedelta(days=42)) == days_after(56)
    ((template, told),) = await db.read(pushed)
    assert template == "replenish_due"
    (good,) = told["goods"]  # type: ignore[misc]
    assert (good["name"]["en"], good["every_days"], good["last_on"]) == ("Coffee beans", 14, "2025-04-14")


async def test_bought_again_in_time_it_is_not_told(db: Database, shop: Shop, clock: Clock) -> None:
    await shops_every(db, shop, clock, [0, 14, 28, 42])
    assert await passes(db, clock, series.replenishment_page, 2, TODAY + timedelta(days=42)) == []
    await shops_every(db, shop, clock, [55])
    assert await passes(db, clock, series.replenishment_page, 3, TODAY + timedelta(days=55)) == []


async def test_several_things_of_a_day_are_one_message(db: Database, shop: Shop, clock: Clock) -> None:
    await shops_every(db, shop, clock, [0, 14, 28, 42], "Beans", "Filters", "Milk", "Tea")
    await passes(db, clock, series.replenishment_page, 20, TODAY + timedelta(days=42))
    ((_, told),) = await db.read(pushed)
    assert [good["name"]["en"] for good in told["goods"]] == ["Beans", "Filters", "Milk"]  # type: ignore[attr-defined]


async def test_ten_runs_of_a_day_tell_once(db: Database, shop: Shop, clock: Clock) -> None:
    await shops_every(db, shop, clock, [0, 14, 28, 42])
    await passes(db, clock, series.replenishment_page, 14, TODAY + timedelta(days=42))
    for _ in range(10):
        await passes(db, clock, series.replenishment_page, 1, TODAY + timedelta(days=56))
    assert await db.read(templates) == ["replenish_due"]


async def test_between_two_tips_there_is_a_pause(db: Database, shop: Shop, clock: Clock) -> None:
    await shops_every(db, shop, clock, [0, 14, 28, 42], "Beans")
    await shops_every(db, shop, clock, [2, 17, 32, 46], "Tea")  # due four days after the beans
    due = await passes(db, clock, series.replenishment_page, 30, TODAY + timedelta(days=43))
    assert due == days_after(56)


async def test_without_lines_there_is_nothing_to_learn(db: Database, shop: Shop, clock: Clock) -> None:
    for day in (0, 14, 28, 42):
        clock.now = at(TODAY + timedelta(days=day), time(9))
        await buys(db, shop, f"{day}")
    assert await passes(db, clock, series.replenishment_page, 30, TODAY + timedelta(days=42)) == []


async def test_switched_off_nothing_is_told(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY, time(9))
    shop = await open_shop(db, amended(("\non = true\ntimes", "\non = false\ntimes")))
    await shops_every(db, shop, clock, [0, 14, 28, 42])
    assert await passes(db, clock, series.replenishment_page, 30, TODAY + timedelta(days=42)) == []
