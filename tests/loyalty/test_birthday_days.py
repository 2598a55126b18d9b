"""Everybody has one birthday a year: all days of 1930 to 2030, both calendars, all rules for days that are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest

from loyalty.birthdays import Birthday, is_near, kept_on, told_as, year_of
from loyalty.charter_greetings import Birthdays

USUAL = Birthdays()
EVERY_RULE = [
    Birthdays(feb_29=feb_29, lunar_day_30=day_30, leap_month=leap)  # type: ignore[arg-type]
    for feb_29, day_30, leap in product(("feb_28", "mar_1"), ("last_day", "next_day"), ("regular_month", "next_month"))
]
SOLAR = [Birthday(day.month, day.day) for day in (date(2000, 1, 1) + timedelta(days=n) for n in range(366))]
LUNAR = [
    Birthday(month, day, lunar=True, leap_month=leap)
    for month, day, leap in product(range(1, 13), range(1, 31), (False, True))
    if not leap or 2 <= month <= 11
]


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def kept(first: int, last: int, fallbacks: Birthdays) -> Counter[tuple[Birthday, int]]:
    """How often each birthday is found in each of these years of its own calendar, day by day as the job does."""
    found: Counter[tuple[Birthday, int]] = Counter()
    for day in days(date(first, 1, 1), date(last + 1, 3, 1)):
        found.update((told, year_of(told, day, fallbacks)) for told in told_as(day, fallbacks))
    return Counter({of: count for of, count in found.items() if first <= of[1] <= last})


def once(first: int, last: int) -> Counter[tuple[Birthday, int]]:
    return Counter(dict.fromkeys(product([*SOLAR, *LUNAR], range(first, last + 1)), 1))


def test_every_day_of_both_calendars_is_kept_once_in_every_year_of_a_hundred() -> None:
    assert kept(1930, 2030, USUAL) == once(1930, 2030)


@pytest.mark.parametrize("fallbacks", EVERY_RULE)
def test_so_it_is_by_every_rule_for_missing_days(fallbacks: Birthdays) -> None:
    assert kept(2022, 2026, fallbacks) == once(2022, 2026)


@pytest.mark.long
@pytest.mark.parametrize("fallbacks", EVERY_RULE)
def test_so_it_is_by_every_rule_in_all_hundred_years(fallbacks: Birthdays) -> None:
    assert kept(1930, 2030, fallbacks) == once(1930, 2030)


def test_what_is_found_on_a_day_is_what_is_kept_on_it() -> None:
    for told in (*SOLAR, *LUNAR):
        for year in range(2023, 2027):
            assert told in told_as(kept_on(told, year, USUAL), USUAL)


def test_on_28_february_of_a_common_year_29_february_is_kept_too() -> None:
    assert Birthday(2, 29) in told_as(date(2027, 2, 28), USUAL)
    assert Birthday(2, 29) not in told_as(date(2028, 2, 28), USUAL)


def test_the_last_day_of_a_short_lunar_month_is_that_of_its_30th_too() -> None:
    found = {(told.month, told.day) for told in told_as(date(2025, 1, 28), USUAL) if told.lunar}
    assert found == {(12, 29), (12, 30)}


@pytest.mark.parametrize(("day", "near"), [(7, False), (8, True), (10, True), (11, True), (12, False)])
def test_a_window_reaches_from_before_to_after_the_day(day: int, near: bool) -> None:
    assert is_near(Birthday(3, 10), date(2026, 3, day), 2, 1, USUAL) is near


def test_a_window_reaches_over_the_turn_of_the_year() -> None:
    assert is_near(Birthday(1, 1), date(2026, 12, 30), 3, 0, USUAL)
    assert is_near(Birthday(12, 31), date(2027, 1, 2), 0, 3, USUAL)


def test_a_lunar_birthday_has_its_window_where_it_is_kept() -> None:
    mid_autumn = Birthday(8, 15, lunar=True)  # 25 September 2026
    assert [day for day in range(20, 31) if is_near(mid_autumn, date(2026, 9, day), 2, 2, USUAL)] == [
        23,
        24,
        25,
        26,
        27,
    ]
