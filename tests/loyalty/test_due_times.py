"""Due times on the wall clock: each once, or skipped in sight, whatever clocks and zones do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from loyalty.due_times import Due, Passed, following, here, on_day, passed
from loyalty.jobs import DAY_MS, HOUR_MS, Task

BERLIN, NEW_YORK, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
MINUTE_MS = 60_000
NIGHTLY = Task(name="nightly", cron="30 2 * * *", catch_up_ms=36 * HOUR_MS)
HOURLY = Task(name="hourly", cron="0 * * * *", catch_up_ms=6 * HOUR_MS, sweep=True)


def at(text: str) -> int:
    """Epoch ms of an ISO time with its offset."""
    return int(datetime.fromisoformat(text).timestamp()) * 1000


def ticks(task: Task, zone: ZoneInfo, begin: int, end: int, step: int = 10 * MINUTE_MS) -> list[str]:
    """What falls due while the clock goes on from begin to end."""
    seen, due = here(begin, zone), []
    for now in range(begin, end + 1, step):
        found = passed(task, seen, now, zone)
        assert found.skipped is None
        due += [one.local for one in found.due]
        seen = found.seen or seen
    return due


@pytest.mark.parametrize(
    ("zone", "begin"),
    [
        (BERLIN, "2026-03-28T12:00+01:00"),
        (BERLIN, "2026-10-24T12:00+02:00"),
        (NEW_YORK, "2026-03-07T12:00-05:00"),
        (NEW_YORK, "2026-10-31T12:00-04:00"),
        (SHANGHAI, "2026-03-28T12:00+08:00"),
    ],
)
def test_a_night_s_due_time_comes_once_a_night_when_clocks_change(zone: ZoneInfo, begin: str) -> None:
    due = ticks(NIGHTLY, zone, at(begin), at(begin) + 3 * DAY_MS)
    assert len(due) == len(set(due)) == 3


def test_what_the_clock_jumps_over_in_spring_is_due_right_after_the_gap() -> None:
    seen, gap_ends = "2026-03-28T02:30", at("2026-03-29T03:00+02:00")
    assert passed(NIGHTLY, seen, gap_ends - MINUTE_MS, BERLIN).due == ()
    assert [due.local for due in passed(NIGHTLY, seen, gap_ends, BERLIN).due] == ["2026-03-29T02:30"]


def test_what_comes_twice_in_autumn_is_due_the_first_time() -> None:
    found = passed(NIGHTLY, "2026-10-24T02:30", at("2026-10-25T02:30+02:00"), BERLIN)
    assert [due.at for due in found.due] == [at("2026-10-25T02:30+02:00")]
    assert passed(NIGHTLY, found.seen, at("2026-10-25T02:30+01:00"), BERLIN) == Passed()


def test_an_hourly_one_comes_once_an_hour_of_the_wall_clock() -> None:
    autumn = ticks(HOURLY, BERLIN, at("2026-10-25T00:30+02:00"), at("2026-10-25T05:30+01:00"))
    assert autumn == [f"2026-10-25T0{hour}:00" for hour in range(1, 6)]
    spring = ticks(HOURLY, BERLIN, at("2026-03-29T00:30+01:00"), at("2026-03-29T05:30+02:00"))
    assert spring == ["2026-03-29T01:00", "2026-03-29T03:00", "2026-03-29T04:00", "2026-03-29T05:00"]


def test_each_day_missed_within_the_window_is_due_in_order() -> None:
    found = passed(NIGHTLY, "2026-05-01T02:30", at("2026-05-03T10:00+02:00"), BERLIN)
    assert [due.local for due in found.due] == ["2026-05-02T02:30", "2026-05-03T02:30"]
    assert found.skipped is None


def test_what_is_later_than_the_window_is_skipped_in_one_piece() -> None:
    found = passed(NIGHTLY, "2026-05-01T02:30", at("2026-05-09T10:00+02:00"), BERLIN)
    assert [due.local for due in found.due] == ["2026-05-08T02:30", "2026-05-09T02:30"]
    assert found.skipped == Due("2026-05-07T02:30", at("2026-05-07T02:30+02:00"), "2026-05-02T02:30", 6)


def test_a_sweep_is_run_once_for_all_that_passed() -> None:
    found = passed(HOURLY, "2026-05-01T00:00", at("2026-05-09T10:20+02:00"), BERLIN)
    assert found.due == (Due("2026-05-09T10:00", at("2026-05-09T10:00+02:00"), "2026-05-01T01:00"),)
    assert found.skipped is None


def test_a_sweep_that_is_too_late_is_skipped() -> None:
    weekly = replace(HOURLY, cron="30 4 * * sun")
    found = passed(weekly, "2026-05-01T00:00", at("2026-05-09T10:20+02:00"), BERLIN)
    assert found.due == ()
    assert found.skipped is not None
    assert (found.skipped.local, found.skipped.times) == ("2026-05-03T04:30", 1)


def test_a_clock_put_back_two_hours_brings_nothing_again() -> None:
    found = passed(NIGHTLY, "2026-05-01T02:30", at("2026-05-02T03:00+02:00"), BERLIN)
    assert passed(NIGHTLY, found.seen, at("2026-05-02T01:00+02:00"), BERLIN).due == ()
    assert passed(NIGHTLY, found.seen, at("2026-05-02T02:59+02:00"), BERLIN).due == ()
    assert [due.local for due in passed(NIGHTLY, found.seen, at("2026-05-03T02:30+02:00"), BERLIN).due] == [
        "2026-05-03T02:30"
    ]


def test_a_clock_that_was_a_month_ahead_goes_on_from_where_it_is_right() -> None:
    found = passed(NIGHTLY, "2026-06-01T02:30", at("2026-05-01T12:00+02:00"), BERLIN)
    assert found == Passed(seen="2026-05-01T12:00")


@pytest.mark.parametrize(("before", "after"), [(BERLIN, SHANGHAI), (SHANGHAI, BERLIN), (SHANGHAI, NEW_YORK)])
@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_new_zone_brings_no_wall_clock_time_twice_and_leaves_none_out(
    before: ZoneInfo, after: ZoneInfo, hour: int
) -> None:
    begin = at("2026-05-01T00:00+00:00")
    moved, end = begin + DAY_MS + hour * HOUR_MS, begin + 4 * DAY_MS
    seen, due = here(begin, before), []
    for now in range(begin, end, 20 * MINUTE_MS):
        found = passed(NIGHTLY, seen, now, before if now < moved else after)
        seen, due = found.seen or seen, [*due, *(one.local for one in found.due)]
    wanted = [f"2026-05-{day:02}T02:30" for day in range(1, 6)]
    assert due == [time for time in wanted if due[0] <= time <= here(now, after)]


def test_the_next_due_time_is_on_the_wall_clock() -> None:
    assert following("30 2 * * *", "2026-05-01T02:30", at("2026-05-01T12:00+02:00"), BERLIN) == at(
        "2026-05-02T02:30+02:00"
    )


def test_a_day_without_a_due_time_is_taken_at_noon() -> None:
    assert on_day("30 4 * * sun", "2026-05-02", BERLIN) == at("2026-05-02T12:00+02:00")
    assert on_day("30 4 * * sun", "2026-05-03", BERLIN) == at("2026-05-03T04:30+02:00")


def test_weekdays_are_given_by_name() -> None:
    with pytest.raises(ValueError, match="name the days"):
        on_day("30 4 * * 0", "2026-05-02", BERLIN)
