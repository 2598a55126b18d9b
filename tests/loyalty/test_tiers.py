from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from loyalty.charter import Charter
from loyalty.tiers import Holding, Period, holding, lifting_period, progress, qualifying_period, tier_for
from tests.loyalty.charters import DEFAULT, bare, base

ZONE = ZoneInfo("Asia/Shanghai")


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=ZONE).timestamp() * 1000)  # type: ignore[arg-type, misc]


def reviewed(*settings: str) -> Charter:
    return bare(base(), "[tier_review]", *settings)


BY_YEARS = reviewed('period = "calendar_year"', "grace_months = 2")


@pytest.mark.parametrize(
    ("spent", "code"),
    [
        (0, "classic"),
        (199_999, "classic"),
        (200_000, "silver"),
        (799_999, "silver"),
        (800_000, "gold"),
        (10**9, "gold"),
    ],
)
def test_the_highest_tier_reached_counts(spent: int, code: str) -> None:
    assert tier_for(DEFAULT, spent).code == code


def test_points_can_be_what_counts() -> None:
    assert tier_for(reviewed('metric = "points"'), 1000).code == "gold"


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_spending_never_lowers_a_tier(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert tier_for(DEFAULT, low).threshold <= tier_for(DEFAULT, high).threshold


def test_what_lifts_and_what_keeps_is_told() -> None:
    where = progress(DEFAULT, "silver", qualifying=250_000, kept=50_000)
    assert (where.next, where.needed_for_next, where.needed_to_keep) == (DEFAULT.tier("gold"), 550_000, 150_000)


def test_above_the_highest_tier_there_is_nothing() -> None:
    where = progress(DEFAULT, "gold", qualifying=900_000, kept=900_000)
    assert (where.next, where.needed_for_next, where.needed_to_keep) == (None, 0, 0)


def test_nothing_is_needed_to_keep_the_lowest_tier() -> None:
    assert progress(DEFAULT, "classic", qualifying=0, kept=0).needed_to_keep == 0


def test_the_qualifying_period_reaches_twelve_months_back() -> None:
    assert qualifying_period(DEFAULT, at(2026, 3, 10, 15)) == Period(at(2025, 3, 10), at(2026, 3, 10, 15))


def test_the_qualifying_period_can_be_the_year_so_far() -> None:
    assert qualifying_period(BY_YEARS, at(2026, 3, 10, 15)) == Period(at(2026, 1, 1), at(2026, 3, 10, 15))


def test_a_tier_is_held_for_a_whole_period() -> None:
    held = holding(DEFAULT, at(2026, 3, 10, 15), date(2026, 5, 1))
    assert held == Holding(date(2026, 3, 10), date(2027, 3, 10), date(2027, 3, 10))


def test_after_a_period_the_next_one_counts() -> None:
    assert holding(DEFAULT, at(2024, 3, 10, 15), date(2026, 5, 1)).begins == date(2026, 3, 10)


def test_the_last_day_of_a_period_belongs_to_it() -> None:
    assert holding(DEFAULT, at(2024, 3, 10), date(2025, 3, 10)).ends == date(2025, 3, 10)


def test_a_year_is_held_to_its_end_and_through_the_grace() -> None:
    held = holding(BY_YEARS, at(2026, 3, 10), date(2026, 5, 1))
    assert held == Holding(date(2026, 1, 1), date(2026, 12, 31), date(2027, 2, 28))


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 4000), st.integers(1, 60))
def test_every_day_from_the_beginning_on_lies_in_a_whole_period(since: date, later: int, months: int) -> None:
    charter = reviewed(f"period_months = {months}")
    today = date.fromordinal(since.toordinal() + later)
    held = holding(charter, at(since.year, since.month, since.day, 12), today)
    assert since <= held.begins <= today <= held.ends


def test_in_the_grace_the_period_after_is_the_one_that_lifts() -> None:
    held = holding(BY_YEARS, at(2026, 3, 10), date(2026, 5, 1))
    assert lifting_period(BY_YEARS, held, date(2026, 12, 31)) == held
    assert lifting_period(BY_YEARS, held, date(2027, 1, 15)).begins == date(2027, 1, 1)
