"""Whether a push is welcome: topic, frequency, quiet hours, one a day, and its own end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from loyalty import days
from loyalty.lots import NEVER
from loyalty.pushes import SEND, Wishes, judge
from tests.loyalty.charters import DEFAULT

WISHES = Wishes(active=True, frequency="each", wanted=True, quiet_from="", quiet_until="", told_at=0)
HOUR = 3_600_000


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


NOON = at("2025-03-03T12:00")


def test_at_noon_a_push_to_who_wants_it_is_sent() -> None:
    assert judge("offers", 0, WISHES, DEFAULT, NOON) == SEND


@pytest.mark.parametrize("wishes", [{"wanted": False}, {"frequency": "none"}, {"frequency": "own"}])
def test_what_is_not_wanted_is_dropped(wishes: dict[str, object]) -> None:
    assert judge("offers", 0, replace(WISHES, **wishes), DEFAULT, NOON).why == "unwanted"  # type: ignore[arg-type]


@pytest.mark.parametrize("frequency", ["each", "weekly", "own"])
def test_own_matters_come_whatever_the_frequency(frequency: str) -> None:
    assert judge("points", 0, replace(WISHES, frequency=frequency, told_at=NOON), DEFAULT, NOON) == SEND


def test_none_is_none_also_of_own_matters() -> None:
    assert judge("points", 0, replace(WISHES, frequency="none"), DEFAULT, NOON).what == "drop"


def test_who_left_is_not_written_to() -> None:
    assert judge("points", 0, replace(WISHES, active=False), DEFAULT, NOON).why == "inactive"


def test_what_has_expired_is_dropped() -> None:
    assert judge("offers", NOON, WISHES, DEFAULT, NOON).why == "expired"


def test_weekly_waits_for_the_digest() -> None:
    verdict = judge("offers", 0, replace(WISHES, frequency="weekly"), DEFAULT, NOON)
    assert (verdict.why, verdict.due_at) == ("weekly", NEVER)


def test_a_birthday_comes_on_the_day_to_who_wants_the_rest_weekly() -> None:
    assert judge("birthday", 0, replace(WISHES, frequency="weekly"), DEFAULT, NOON) == SEND


def test_the_digest_itself_comes_to_who_wants_it_weekly() -> None:
    assert judge("digest", 0, replace(WISHES, frequency="weekly", told_at=NOON), DEFAULT, NOON) == SEND


@pytest.mark.parametrize(("now", "due"), [("03T23:30", "04T09:00"), ("04T00:00", "04T09:00"), ("04T08:59", "04T09:00")])
def test_in_quiet_hours_it_waits_for_their_end(now: str, due: str) -> None:
    verdict = judge("points", 0, WISHES, DEFAULT, at(f"2025-03-{now}"))
    assert (verdict.why, verdict.due_at) == ("quiet", at(f"2025-03-{due}"))


def test_the_members_own_quiet_hours_take_the_place_of_the_charters() -> None:
    mine = replace(WISHES, quiet_from="11:00", quiet_until="13:30")
    assert judge("points", 0, mine, DEFAULT, NOON).due_at == at("2025-03-03T13:30")
    assert judge("points", 0, mine, DEFAULT, at("2025-03-03T23:00")) == SEND


def test_equal_times_are_no_quiet_hours() -> None:
    none = replace(WISHES, quiet_from="00:00", quiet_until="00:00")
    assert judge("points", 0, none, DEFAULT, at("2025-03-03T03:00")) == SEND


def test_what_expires_before_quiet_hours_end_is_dropped_at_once() -> None:
    assert judge("offers", at("2025-03-04T08:00"), WISHES, DEFAULT, at("2025-03-03T22:00")).why == "expired"


def test_a_second_one_that_day_waits_for_tomorrow_after_quiet_hours() -> None:
    told = replace(WISHES, told_at=at("2025-03-03T09:01"))
    verdict = judge("tips", 0, told, DEFAULT, NOON)
    assert (verdict.why, verdict.due_at) == ("daily", at("2025-03-04T09:00"))
    assert judge("tips", 0, told, DEFAULT, at("2025-03-04T09:00")) == SEND


def test_a_birthday_does_not_wait_for_tomorrow_because_of_what_else_came() -> None:
    assert judge("birthday", 0, replace(WISHES, told_at=at("2025-03-03T09:01")), DEFAULT, NOON) == SEND


@given(now=st.integers(at("2025-10-25T00:00", "Europe/Berlin"), at("2025-10-27T00:00", "Europe/Berlin")))
def test_where_clocks_go_back_a_push_waits_but_not_for_ever(now: int) -> None:
    berlin = DEFAULT.model_copy(
        update={"programme": DEFAULT.programme.model_copy(update={"time_zone": "Europe/Berlin"})}
    )
    nights = replace(WISHES, quiet_from="22:00", quiet_until="02:30")
    verdict, looks = judge("points", 0, nights, berlin, now), 0
    while verdict.what == "hold":
        assert verdict.due_at > now
        looks, now = looks + 1, verdict.due_at
        verdict = judge("points", 0, nights, berlin, now)
    assert looks <= 62
    assert days.local_time(now, berlin.zone).astimezone(UTC)
