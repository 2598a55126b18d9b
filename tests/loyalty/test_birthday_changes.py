"""A birthday that was changed brings nothing new: not within its window, not twice in a year."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from loyalty.birthday_changes import APART, Told, counts_from, same, window_begins
from loyalty.birthdays import Birthday, kept_on
from loyalty.charter import Charter
from tests.loyalty.charters import bare, base, multiplier

PLAIN = bare(base())
TEN_BEFORE = bare(base(), "[birthdays]", "offer_days_before = 10")
LONG_AGO = date(2020, 1, 1)
TODAY = date(2026, 5, 20)


def next_day(charter: Charter, old: Birthday, new: Birthday, today: date = TODAY, told_on: date = LONG_AGO) -> date:
    """On which the new one is kept for the first time."""
    since = counts_from(charter, Told(old, told_on), new, today)
    days = sorted(kept_on(new, year, charter.birthdays) for year in range(2024, 2032))
    return next(day for day in days if window_begins(charter, day) >= since)


def test_the_same_day_told_again_counts_as_before() -> None:
    assert counts_from(PLAIN, Told(Birthday(5, 20), LONG_AGO), Birthday(5, 20, 1990), TODAY) == date.min


def test_a_day_later_this_year_counts_if_the_old_one_is_still_to_come() -> None:
    assert next_day(PLAIN, Birthday(12, 1), Birthday(10, 1)) == date(2026, 10, 1)


def test_after_this_years_was_given_the_next_one_is_next_years() -> None:
    assert next_day(PLAIN, Birthday(3, 1), Birthday(10, 1)) == date(2027, 10, 1)


def test_today_told_today_counts_next_year() -> None:
    assert next_day(PLAIN, Birthday(12, 1), Birthday(5, 20)) == date(2027, 5, 20)


def test_a_day_whose_offer_would_have_begun_counts_next_year() -> None:
    told_on = date(2026, 1, 7)
    assert next_day(TEN_BEFORE, Birthday(12, 1), Birthday(5, 30), told_on=told_on) == date(2027, 5, 30)
    assert next_day(TEN_BEFORE, Birthday(12, 1), Birthday(5, 31), told_on=told_on) == date(2026, 5, 31)


def test_once_the_old_ones_offer_has_begun_it_was_this_years() -> None:
    assert next_day(TEN_BEFORE, Birthday(5, 28), Birthday(9, 1)) == date(2027, 9, 1)


def test_a_day_too_soon_after_last_years_counts_next_year() -> None:
    assert next_day(PLAIN, Birthday(12, 1), Birthday(5, 31)) == date(2027, 5, 31)


def test_from_december_to_january_there_are_no_two_within_weeks() -> None:
    assert next_day(PLAIN, Birthday(12, 20), Birthday(1, 15), today=date(2026, 12, 27)) == date(2028, 1, 15)


def test_an_old_one_that_was_told_after_its_day_was_never_had() -> None:
    assert next_day(PLAIN, Birthday(3, 1), Birthday(10, 1), told_on=date(2026, 4, 1)) == date(2026, 10, 1)


def test_forgetting_it_and_telling_it_anew_is_a_change() -> None:
    forgotten = counts_from(PLAIN, Told(Birthday(5, 1), LONG_AGO), None, TODAY)
    told = Told(None, LONG_AGO, forgotten)
    assert counts_from(PLAIN, told, Birthday(6, 1), TODAY + timedelta(days=1)) > date(2026, 6, 1)


def test_a_birthday_months_window_begins_with_the_month() -> None:
    charter = bare(base(), multiplier("birthday", 2, birthday_month="true"))
    assert next_day(charter, Birthday(12, 1), Birthday(5, 31)) == date(2027, 5, 31)


@pytest.mark.parametrize("before", [0, 3, 10])
def test_the_window_begins_with_the_earliest_of_what_a_birthday_brings(before: int) -> None:
    charter = bare(base(), multiplier("birthday", 2, birthday_before=5), "[birthdays]", f"offer_days_before = {before}")
    assert window_begins(charter, date(2026, 5, 20)) == date(2026, 5, 20 - max(5, before))


birthdays = st.builds(Birthday, st.integers(1, 12), st.integers(1, 28)) | st.builds(
    Birthday, st.integers(1, 12), st.integers(1, 30), lunar=st.just(True)
)
changes = st.lists(st.tuples(st.integers(1, 500), st.none() | birthdays), min_size=1, max_size=5)


@given(first=birthdays, changes=changes, charter=st.sampled_from([PLAIN, TEN_BEFORE]))
def test_however_often_it_is_changed_no_two_are_within_a_year(
    first: Birthday, changes: list[tuple[int, Birthday | None]], charter: Charter
) -> None:
    given_on, told = [], Told(first, LONG_AGO)
    begins = LONG_AGO
    for gap, new in [*changes, (900, None)]:
        ends = begins + timedelta(days=gap)
        given_on += given_between(charter, told, begins, ends)
        again = told.birthday is not None and new is not None and same(told.birthday, new)
        told, begins = Told(new, told.on if again else ends, counts_from(charter, told, new, ends)), ends
    assert all((later - earlier).days >= APART for earlier, later in pairwise(given_on))


def given_between(charter: Charter, told: Told, begins: date, ends: date) -> list[date]:
    """As the job gives: whose window begins in that time, told before it did."""
    if told.birthday is None:
        return []
    days = sorted(kept_on(told.birthday, year, charter.birthdays) for year in range(2018, 2033))
    windows = [(window_begins(charter, day), day) for day in days]
    return [day for window, day in windows if begins < window <= ends and window >= told.counts_from]
