"""Birthdays: greeted and given once a year, on the right day, whatever is changed."""

from __future__ import annotations

from datetime import date

import pytest

from actions import birthdays, profiles as profile
from db import members, people
from db.database import Database, Tx
from loyalty.birthdays import Birthday
from tests.actions.celebrations import at, coupons_of, pushed, templates, works
from tests.actions.shops import ANN, Shop, add_member, amended, open_shop, record_for
from tests.conftest import Clock

TODAY = date(2025, 3, 3)
DAY = 24 * 3_600_000


@pytest.fixture
async def shop(db: Database, clock: Clock) -> Shop:
    clock.now = at(TODAY)
    return await open_shop(db)


async def born(db: Database, shop: Shop, birthday: Birthday) -> None:
    """Ann's, told when she joined."""
    await db.write(members.set_birthday, shop.member.id, birthday)


async def goes_on(db: Database, clock: Clock, day: date) -> int:
    """It is ten o'clock of that day."""
    clock.now = at(day)
    return await works(db, birthdays.page, day)


async def test_who_was_born_today_is_greeted_with_a_present(db: Database, shop: Shop) -> None:
    await born(db, shop, Birthday(3, 3))
    assert await works(db, birthdays.page, TODAY) == 1
    ((template, told),) = await db.read(pushed)
    assert (template, told["name"]) == ("birthday_greeting", "Ann")
    assert told["present"]["name"]["en"] == "Birthday: 20 off"  # type: ignore[index]
    assert told["multipliers"] == [{"factor": "2", "begins": "", "ends": "2025-03-31"}]


async def test_nobody_else_is(db: Database, shop: Shop) -> None:
    await born(db, shop, Birthday(3, 4))
    assert await works(db, birthdays.page, TODAY) == 0


async def test_a_lunar_birthday_is_kept_by_the_lunar_calendar(db: Database, shop: Shop) -> None:
    await born(db, shop, Birthday(2, 4, lunar=True))  # 3 March 2025
    assert await works(db, birthdays.page, TODAY) == 1


async def test_29_february_is_greeted_on_the_28th_of_other_years(db: Database, shop: Shop, clock: Clock) -> None:
    await born(db, shop, Birthday(2, 29))
    assert await goes_on(db, clock, date(2026, 2, 28)) == 1
    assert await goes_on(db, clock, date(2026, 3, 1)) == 0


async def test_ten_runs_greet_once(db: Database, shop: Shop) -> None:
    await born(db, shop, Birthday(3, 3))
    assert sum([await works(db, birthdays.page, TODAY) for _ in range(10)]) == 1
    assert await db.read(coupons_of, shop.member.id) == 1


async def test_next_year_there_is_another_one(db: Database, shop: Shop, clock: Clock) -> None:
    await born(db, shop, Birthday(3, 3))
    await works(db, birthdays.page, TODAY)
    assert await goes_on(db, clock, date(2026, 3, 3)) == 1
    assert await db.read(coupons_of, shop.member.id) == 2


async def test_who_is_not_on_telegram_has_the_present_all_the_same(db: Database, shop: Shop) -> None:
    member = await db.write(add_member, "Carl", "13800138777", 0, Birthday(3, 3))
    assert await works(db, birthdays.page, TODAY) == 0
    assert await db.read(coupons_of, member.id) == 1


async def test_a_late_run_says_that_it_is_late(db: Database, shop: Shop, clock: Clock) -> None:
    await born(db, shop, Birthday(3, 3))
    clock.move(days=2)
    assert await works(db, birthdays.page, TODAY) == 1
    assert (await db.read(pushed))[0][1]["late"] is True


async def test_pages_go_through_everybody(db: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(birthdays, "_PAGE", 2)
    told = [Birthday(3, 3), Birthday(2, 4, lunar=True)]
    for number in range(7):
        await db.write(guest, number, told[number % 2])
    assert await works(db, birthdays.page, TODAY) == 7


def guest(tx: Tx, number: int, birthday: Birthday | None) -> int:
    people.meet(tx, 500 + number, "en")
    return add_member(tx, f"Guest {number}", f"138001381{number:02}", 500 + number, birthday).id


# Told beforehand

BEFOREHAND = amended(("offer_days_before = 0", "offer_days_before = 7"))


async def test_the_present_comes_beforehand_and_the_greeting_on_the_day(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY)
    shop = await open_shop(db, BEFOREHAND)
    await born(db, shop, Birthday(3, 10))
    assert await works(db, birthdays.page, TODAY) == 1
    assert await goes_on(db, clock, date(2025, 3, 10)) == 1
    (_, soon), (_, greeting) = await db.read(pushed)
    assert await db.read(templates) == ["birthday_soon", "birthday_greeting"]
    assert soon["ahead"] == 7
    assert soon["present"] == greeting["present"] != {}
    assert await db.read(coupons_of, shop.member.id) == 1


async def test_days_that_are_still_to_come_are_told_from_the_first(db: Database, clock: Clock) -> None:
    clock.now = at(date(2025, 2, 24))
    shop = await open_shop(db, BEFOREHAND)
    await born(db, shop, Birthday(3, 3))
    await works(db, birthdays.page, date(2025, 2, 24))
    ((_, soon),) = await db.read(pushed)
    assert soon["multipliers"] == [{"factor": "2", "begins": "2025-03-01", "ends": "2025-03-31"}]


async def test_who_joins_in_between_has_both_on_the_day(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY)
    shop = await open_shop(db, BEFOREHAND)
    await born(db, shop, Birthday(3, 5))
    assert await goes_on(db, clock, date(2025, 3, 5)) == 1
    assert await db.read(coupons_of, shop.member.id) == 1


async def test_a_run_after_the_day_announces_nothing(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, BEFOREHAND)
    await born(db, shop, Birthday(3, 10))
    clock.now = at(date(2025, 3, 11))
    assert await works(db, birthdays.page, TODAY) == 0


# By tier


async def test_the_tiers_own_present_goes_before_the_one_for_all(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY)
    own = '[[birthdays.presents]]\ncoupon = "more"\ntiers = ["classic"]\n\n[greetings]'
    shop = await open_shop(db, amended(("[greetings]", own)))
    await born(db, shop, Birthday(3, 3))
    await works(db, birthdays.page, TODAY)
    assert (await db.read(pushed))[0][1]["present"]["name"]["en"] == "Spend and save"  # type: ignore[index]


async def test_without_a_present_there_is_a_greeting(db: Database, clock: Clock) -> None:
    clock.now = at(TODAY)
    shop = await open_shop(db, amended(('coupon = "birthday"\ntiers = []', 'coupon = "birthday"\ntiers = ["gold"]')))
    await born(db, shop, Birthday(3, 3))
    assert await works(db, birthdays.page, TODAY) == 1
    assert (await db.read(pushed))[0][1]["present"] == {}


# Changes


async def test_today_told_today_brings_nothing(db: Database, shop: Shop, clock: Clock) -> None:
    await born(db, shop, Birthday(8, 8))
    clock.move(days=1)
    await db.write(profile.change_birthday, shop.ann, Birthday(3, 4))
    assert await goes_on(db, clock, date(2025, 3, 4)) == 0
    assert await db.read(coupons_of, shop.member.id) == 0


async def test_a_change_after_the_birthday_brings_no_second_one(db: Database, shop: Shop, clock: Clock) -> None:
    await born(db, shop, Birthday(3, 3))
    await works(db, birthdays.page, TODAY)
    await db.write(profile.change_birthday, shop.ann, Birthday(6, 1))
    assert await goes_on(db, clock, date(2025, 6, 1)) == 0
    assert await goes_on(db, clock, date(2026, 6, 1)) == 1


async def test_the_first_birthday_told_counts_at_once(db: Database, shop: Shop) -> None:
    await db.write(profile.change_birthday, shop.ann, Birthday(3, 3))
    assert await works(db, birthdays.page, TODAY) == 1


async def test_forgetting_and_telling_again_brings_nothing(db: Database, shop: Shop, clock: Clock) -> None:
    await born(db, shop, Birthday(3, 3))
    await works(db, birthdays.page, TODAY)
    await db.write(profile.change_birthday, shop.ann, None)
    await db.write(profile.change_birthday, shop.ann, Birthday(3, 20))
    assert await goes_on(db, clock, date(2025, 3, 20)) == 0


async def test_the_profile_says_from_when_a_changed_one_counts(db: Database, shop: Shop) -> None:
    await born(db, shop, Birthday(8, 8))
    assert (await db.read(profile.show, shop.ann)).birthday_from == ""
    await db.write(profile.change_birthday, shop.ann, Birthday(3, 20))
    assert (await db.read(profile.show, shop.ann)).birthday_from == "2026-03-20"


async def test_purchases_in_the_month_of_a_birthday_told_today_are_not_multiplied(
    db: Database, shop: Shop, clock: Clock
) -> None:
    await born(db, shop, Birthday(8, 8))
    assert await earns(db, shop, "a") == 100
    await db.write(profile.change_birthday, shop.ann, Birthday(3, 20))
    assert await earns(db, shop, "b") == 100
    clock.now = at(date(2026, 3, 20))
    assert await earns(db, shop, "c") == 200


async def test_purchases_around_the_birthday_are_multiplied_as_the_charter_says(db: Database, clock: Clock) -> None:
    around = "birthday_before = 2\nbirthday_after = 1\n"
    shop = await open_shop(db, amended(("birthday_month = true", around)))
    await born(db, shop, Birthday(2, 4, lunar=True))  # 3 March 2025
    found = []
    for day in range(28, 34):
        clock.now = at(date(2025, 2, 28)) + (day - 28) * DAY
        found.append(await earns(db, shop, str(day)))
    assert found == [100, 200, 200, 200, 200, 100]


async def earns(db: Database, shop: Shop, key: str) -> int:
    return (await db.write(record_for, shop.clerk, shop.member.id, "100", key)).points


async def test_a_birthday_noted_at_the_counter_is_changed_by_joining(db: Database, shop: Shop, clock: Clock) -> None:
    member = await db.write(add_member, "Dora", "13800138555", 0, Birthday(9, 9))
    clock.move(days=1)
    await db.write(birthdays.tell, member, Birthday(3, 4))
    await works(db, birthdays.page, date(2025, 3, 4))
    assert await db.read(coupons_of, member.id) == 0


async def test_the_greeting_is_of_no_use_after_the_day(db: Database, shop: Shop) -> None:
    await born(db, shop, Birthday(3, 3))
    await works(db, birthdays.page, TODAY)
    expires = await db.read(lambda tx: tx.value("SELECT expires_at FROM outbox WHERE chat_id = :ann", ann=ANN))
    assert expires == at(date(2025, 3, 4)) - 10 * 3_600_000 - 1
