"""Until when a gift is kept, until when one may decide, and when it is night; in Xi'an (UTC+8) unless said."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from loyalty import charter as charters, hours
from loyalty.charter import DEFAULT_CHARTER, Charter
from tests.loyalty.charters import DEFAULT

XIAN = ZoneInfo("Asia/Shanghai")
HOUR = 3_600_000


def at(text: str, zone: ZoneInfo = XIAN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 1000


def open_from(opens: str, closes: str, zone: str = "Asia/Shanghai") -> Charter:
    text = DEFAULT_CHARTER.replace('opens = "09:00"', f'opens = "{opens}"')
    text = text.replace('closes = "22:00"', f'closes = "{closes}"').replace("Asia/Shanghai", zone)
    return charters.load(text)


def test_it_is_kept_until_closing_time_a_week_later() -> None:
    assert hours.collect_by(DEFAULT, at("2025-03-03T12:00")) == at("2025-03-10T22:00")
    assert hours.collect_by(DEFAULT, at("2025-03-03T23:59")) == at("2025-03-10T22:00")


def test_a_shop_open_past_midnight_closes_the_next_morning() -> None:
    assert hours.collect_by(open_from("18:00", "02:00"), at("2025-03-03T19:00")) == at("2025-03-11T02:00")


@pytest.mark.parametrize(
    ("told", "until"),
    [
        ("2025-03-03T09:00", "2025-03-03T21:00"),
        ("2025-03-03T12:00", "2025-03-04T11:00"),
        ("2025-03-03T23:00", "2025-03-04T21:00"),
        ("2025-03-03T05:00", "2025-03-03T21:00"),
        ("2025-03-03T21:30", "2025-03-04T20:30"),
    ],
)
def test_twelve_shop_hours_to_decide(told: str, until: str) -> None:
    assert hours.decide_by(DEFAULT, at(told)) == at(until)


def test_yesterdays_hours_that_reach_into_today_count() -> None:
    assert hours.decide_by(open_from("18:00", "02:00"), at("2025-03-04T01:00")) == at("2025-03-05T21:00")


def test_a_shop_that_never_closes_counts_every_hour() -> None:
    assert hours.decide_by(open_from("00:00", "00:00"), at("2025-03-03T20:00")) == at("2025-03-04T08:00")


def test_a_day_of_23_hours_is_counted_as_it_was() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    around_the_clock = open_from("00:00", "00:00", "Europe/Madrid")
    told = at("2025-03-29T20:00", madrid)
    assert hours.decide_by(around_the_clock, told) == told + 12 * HOUR


@given(told=st.integers(at("2025-01-01T00:00"), at("2026-01-01T00:00")))
def test_deciding_ends_in_shop_hours_and_never_before_the_time_is_up(told: int) -> None:
    until = hours.decide_by(DEFAULT, told)
    assert until - told >= 12 * HOUR
    assert time(9) <= datetime.fromtimestamp(until / 1000, UTC).astimezone(XIAN).time() <= time(22)


@pytest.mark.parametrize(
    ("begins", "ends", "clock", "quiet"),
    [
        ("21:00", "09:00", "20:59", False),
        ("21:00", "09:00", "21:00", True),
        ("21:00", "09:00", "03:00", True),
        ("21:00", "09:00", "09:00", False),
        ("01:00", "05:00", "03:00", True),
        ("01:00", "05:00", "05:00", False),
        ("00:00", "00:00", "00:00", False),
    ],
)
def test_quiet_hours_may_span_midnight(begins: str, ends: str, clock: str, quiet: bool) -> None:
    told = hours.is_quiet(time.fromisoformat(begins), time.fromisoformat(ends), at(f"2025-03-03T{clock}"), XIAN)
    assert told is quiet
