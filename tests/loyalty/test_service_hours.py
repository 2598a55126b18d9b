"""Working time: across nights, days off, clock changes and hours that reach past midnight."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from loyalty import charter as charters, service_hours
from loyalty.charter import DEFAULT_CHARTER, Charter
from loyalty.jobs import DAY_MS, HOUR_MS

SHOPS = """
[[service.store_hours]]
store = "bar"
opens = "18:00"
closes = "02:00"
closed = ["mon"]
"""


def charter(zone: str = "Europe/Berlin", holidays: str = "", more: str = SHOPS) -> Charter:
    text = DEFAULT_CHARTER.replace('time_zone = "Asia/Shanghai"', f'time_zone = "{zone}"')
    return charters.load(text.replace("holidays = [] ", f"holidays = [{holidays}] ", 1) + more)


def at(rules: Charter, text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=rules.zone).timestamp()) * 1000


CASES = [
    ("", "2025-03-03T10:00", 2, "2025-03-03T12:00"),
    ("", "2025-03-03T21:00", 2, "2025-03-04T10:00"),  # 22 to 9 does not count
    ("", "2025-03-03T23:30", 1, "2025-03-04T10:00"),
    ("", "2025-03-03T05:00", 13, "2025-03-03T22:00"),
    ("", "2025-12-24T21:00", 2, "2025-12-26T10:00"),  # the 25th is a holiday
    ("bar", "2025-03-04T01:00", 2, "2025-03-04T20:00"),  # of Monday's night nothing: on Mondays it is shut
    ("bar", "2025-03-03T01:00", 2, "2025-03-04T19:00"),  # one hour is left of Sunday's night
    ("bar", "2025-03-30T01:00", 1, "2025-03-30T03:00"),  # clocks jump from 2 to 3
]


@pytest.mark.parametrize(("store", "since", "hours", "due"), CASES)
def test_time_passes_only_while_the_store_is_open(store: str, since: str, hours: int, due: str) -> None:
    rules = charter(holidays="2025-12-25")
    assert service_hours.add(rules, store, at(rules, since), hours * HOUR_MS) == at(rules, due)


@given(
    since=st.integers(0, 730 * 24 * 60).map(lambda minutes: 1_735_689_600_000 + minutes * 60_000),
    working=st.integers(1, 200 * 60).map(lambda minutes: minutes * 60_000),
    store=st.sampled_from(["", "bar"]),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai"]),
)
def test_what_is_added_is_what_lies_between(since: int, working: int, store: str, zone: str) -> None:
    rules = charter(zone, "2025-12-25, 2026-01-01")
    due = service_hours.add(rules, store, since, working)
    assert service_hours.between(rules, store, since, due) == working
    assert service_hours.between(rules, store, since, due - 1) == working - 1


@given(
    moments=st.lists(st.integers(0, 60 * 24 * 60), min_size=3, max_size=3).map(sorted),
    store=st.sampled_from(["", "bar"]),
)
def test_parts_add_up(moments: list[int], store: str) -> None:
    rules = charter(holidays="2025-03-05")
    first, second, third = (int(datetime(2025, 3, 1, tzinfo=UTC).timestamp() * 1000) + m * 60_000 for m in moments)
    parts = service_hours.between(rules, store, first, second) + service_hours.between(rules, store, second, third)
    assert parts == service_hours.between(rules, store, first, third)


def test_backwards_nothing_passes() -> None:
    rules = charter()
    assert service_hours.between(rules, "", at(rules, "2025-03-04T12:00"), at(rules, "2025-03-04T11:00")) == 0


def test_a_store_that_is_always_shut_still_has_due_times() -> None:
    shut = '[[service.store_hours]]\nstore = "bar"\nclosed = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
    rules = charter(more=shut)
    assert service_hours.add(rules, "bar", 0, DAY_MS) == DAY_MS
