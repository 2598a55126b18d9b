"""Whose turn it is in which quarter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from loyalty import days
from loyalty.recommendations import is_sampled, quarter_of

quarters = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(quarter_of)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2025, 3, 31), date(2025, 1, 1)),
        (date(2025, 4, 1), date(2025, 4, 1)),
        (date(2025, 12, 31), date(2025, 10, 1)),
    ],
)
def test_a_quarter_begins_in_january_april_july_and_october(day: date, first: date) -> None:
    assert quarter_of(day) == first


@given(st.integers(0, 100), quarters, st.integers(0, 10**9))
def test_of_a_hundred_members_so_many_belong_to_the_share(percent: int, quarter: date, first: int) -> None:
    assert sum(is_sampled(percent, quarter, member_id) for member_id in range(first, first + 100)) == percent


@given(st.sampled_from([1, 5, 10, 20, 25, 50]), quarters, st.integers(1, 10**9))
def test_nobodys_turn_comes_again_before_all_have_had_theirs(percent: int, quarter: date, member_id: int) -> None:
    round_of = [days.add_months(quarter, 3 * later) for later in range(100 // percent)]
    assert sum(is_sampled(percent, one, member_id) for one in round_of) == 1
