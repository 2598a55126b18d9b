from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.lots import NEVER
from loyalty.tiers import Period, holding_period, progress, qualifying_period, tier_for
from tests.loyalty.charters import DEFAULT, bare, base

ZONE = ZoneInfo("Asia/Shanghai")


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=ZONE).timestamp() * 1000)  # type: ignore[arg-type, misc]


YEAR = Period(at(2026, 1, 1), at(2027, 1, 2) - 1)


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
    charter = bare(base(), "[tier_review]", 'metric = "points"')
    assert tier_for(charter, 1000).code == "gold"


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_spending_never_lowers_a_tier(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert tier_for(DEFAULT, low).threshold <= tier_for(DEFAULT, high).threshold


def test_what_lifts_and_what_keeps_is_told() -> None:
    where = progress(DEFAULT, "silver", qualifying=250_000, kept=50_000, holding=YEAR)
    assert (where.next, where.needed_for_next, where.needed_to_keep, where.period_ends) == (
        DEFAULT.tier("gold"),
        550_000,
        150_000,
        YEAR.ends_at,
    )


def test_above_the_highest_tier_there_is_nothing() -> None:
    where = progress(DEFAULT, "gold", qualifying=900_000, kept=900_000, holding=YEAR)
    assert (where.next, where.needed_for_next, where.needed_to_keep) == (None, 0, 0)


def test_nobody_loses_the_lowest_tier() -> None:
    where = progress(DEFAULT, "classic", qualifying=0, kept=0, holding=YEAR)
    assert (where.needed_to_keep, where.period_ends) == (0, NEVER)


def test_the_qualifying_period_reaches_twelve_months_back() -> None:
    assert qualifying_period(DEFAULT, at(2026, 3, 10, 15)) == Period(at(2025, 3, 10), at(2026, 3, 10, 15))


def test_a_tier_is_held_for_a_whole_period() -> None:
    assert holding_period(DEFAULT, at(2026, 3, 10, 15), at(2026, 5, 1)) == Period(at(2026, 3, 10), at(2027, 3, 11) - 1)


def test_after_a_period_the_next_one_counts() -> None:
    held = holding_period(DEFAULT, at(2024, 3, 10, 15), at(2026, 5, 1))
    assert held == Period(at(2026, 3, 10), at(2027, 3, 11) - 1)


def test_the_last_day_of_a_period_belongs_to_it() -> None:
    assert holding_period(DEFAULT, at(2024, 3, 10), at(2025, 3, 10, 23, 59)).ends_at == at(2025, 3, 11) - 1
