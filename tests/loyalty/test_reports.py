"""Spans of time that reports are about, and percentiles of how long things took."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from loyalty.reports import PERIODS, Period, Span, Times, parts, span

WEDNESDAY = date(2025, 3, 5)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
MINUTES = st.lists(st.integers(0, 500), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("period", "begins", "ends"),
    [
        ("this_week", date(2025, 3, 3), date(2025, 3, 9)),
        ("last_week", date(2025, 2, 24), date(2025, 3, 2)),
        ("this_month", date(2025, 3, 1), date(2025, 3, 31)),
        ("last_month", date(2025, 2, 1), date(2025, 2, 28)),
        ("quarter", date(2025, 1, 1), date(2025, 3, 31)),
        ("year", date(2024, 4, 1), date(2025, 3, 31)),
    ],
)
def test_a_period_is_a_span_of_days(period: Period, begins: date, ends: date) -> None:
    assert span(period, WEDNESDAY) == Span(begins, ends)


@given(DAYS)
def test_the_last_week_ends_the_day_before_this_one_begins(today: date) -> None:
    this, last = span("this_week", today), span("last_week", today)
    assert last.ends + timedelta(days=1) == this.begins
    assert this.begins <= today <= this.ends


@given(st.sampled_from(PERIODS), DAYS)
def test_columns_leave_no_day_out_and_have_none_twice(period: Period, today: date) -> None:
    whole = span(period, today)
    found = parts(period, whole)
    assert (found[0].begins, found[-1].ends) == (whole.begins, whole.ends)
    assert all(after.begins - before.ends == timedelta(days=1) for before, after in pairwise(found))
    assert len(found) <= 31


def test_a_quarters_columns_are_weeks_from_monday() -> None:
    found = parts("quarter", span("quarter", WEDNESDAY))
    assert (found[0], found[1]) == (
        Span(date(2025, 1, 1), date(2025, 1, 5)),
        Span(date(2025, 1, 6), date(2025, 1, 12)),
    )


@given(MINUTES, st.integers(1, 100))
def test_a_percentile_is_the_shortest_time_in_which_so_many_were_done(took: list[int], percent: int) -> None:
    found = Times(Counter(took)).percentile(percent)
    assert found in took
    assert sum(one <= found for one in took) * 100 >= percent * len(took)
    assert all(sum(other <= one for other in took) * 100 < percent * len(took) for one in took if one < found)


@given(MINUTES, MINUTES)
def test_two_stores_added_up_are_as_one(one: list[int], other: list[int]) -> None:
    together = Times(Counter(one), 1) + Times(Counter(other), 0)
    assert together == Times(Counter(one + other), 1)


def test_of_nothing_there_is_no_percentile_and_no_share() -> None:
    assert (Times().percentile(50), Times().in_time) == (None, None)


def test_the_share_in_time_is_what_was_not_late() -> None:
    assert Times({5: 3, 9: 1}, late=1).in_time == 0.75
