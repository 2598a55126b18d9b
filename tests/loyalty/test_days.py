from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from loyalty import days

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Clocks there go forward at midnight: 00:00 does not exist on 5 September 2027.
SANTIAGO = ZoneInfo("America/Santiago")
ZONES = st.sampled_from([SHANGHAI, SANTIAGO, ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), ZoneInfo("UTC")])


def utc(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


def test_a_local_day_begins_at_local_midnight() -> None:
    assert days.start_of_day(date(2026, 3, 1), SHANGHAI) == utc(2026, 2, 28, 16)


def test_a_local_day_ends_a_millisecond_before_the_next() -> None:
    assert days.end_of_day(date(2026, 3, 1), SHANGHAI) == utc(2026, 3, 1, 16) - 1


@given(day=st.dates(date(2015, 1, 1), date(2035, 12, 31)), zone=ZONES)
def test_both_ends_of_a_day_are_on_that_day(day: date, zone: ZoneInfo) -> None:
    ends = days.start_of_day(day, zone), days.end_of_day(day, zone)
    assert {days.local_date(at, zone) for at in ends} == {day}


@given(at=st.integers(utc(2015, 1, 1), utc(2035, 1, 1)), zone=ZONES)
def test_an_instant_lies_in_its_day_and_its_month(at: int, zone: ZoneInfo) -> None:
    (day_begins, day_ends), (month_begins, month_ends) = days.day_span(at, zone), days.month_span(at, zone)
    assert month_begins <= day_begins <= at <= day_ends <= month_ends


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_are_added_within_the_calendar(day: date, months: int, later: date) -> None:
    assert days.add_months(day, months) == later
