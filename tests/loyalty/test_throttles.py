"""What guessing gets: the throttle, its bound, and a day of an attacker who keeps to it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, strategies as st

from loyalty.codes import LENGTH
from loyalty.throttles import VERIFYING

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
CODES = 32**LENGTH
LIVE = 10_000


def tries(pause: int, ends: int = DAY) -> int:
    """How many wrong tries somebody gets who tries every so often (ms), whenever the throttle lets them."""
    misses: list[int] = []
    for now in range(0, ends, pause):
        if not VERIFYING.locked_until(misses[-20:], now):
            misses.append(now)
    return len(misses)


def test_the_fifth_miss_within_ten_minutes_locks_for_ten() -> None:
    misses = [0, 1, 2, 3, 9 * MINUTE]
    assert VERIFYING.locked_until(misses[:4], 4) == 0
    assert VERIFYING.locked_until(misses, 9 * MINUTE) == 19 * MINUTE
    assert VERIFYING.locked_until(misses, 19 * MINUTE) == 0


def test_five_misses_over_more_than_ten_minutes_do_not() -> None:
    assert VERIFYING.locked_until([0, 1, 2, 3, 10 * MINUTE], 10 * MINUTE) == 0


def test_after_the_lock_there_are_five_again() -> None:
    assert VERIFYING.left([0, 0, 0, 0, 0], 10 * MINUTE) == 5


@pytest.mark.parametrize("pause", [500, 1_000, 30_000, 2 * MINUTE, 2 * MINUTE + 30_001, 3 * MINUTE])
def test_no_pace_gets_more_than_the_bound(pause: int) -> None:
    assert tries(pause) <= VERIFYING.most_a_day


def test_the_bound_is_reached_and_not_generous() -> None:
    assert VERIFYING.most_a_day == 725
    assert tries(1_000) >= 700


@given(st.lists(st.integers(0, 90 * MINUTE), min_size=1, max_size=200).map(sorted))
def test_no_ten_minutes_hold_more_than_five_misses(asked: list[int]) -> None:
    misses: list[int] = []
    for now in asked:
        if not VERIFYING.locked_until(misses, now):
            misses.append(now)
    assert all(later - first >= VERIFYING.window_ms for first, later in zip(misses, misses[5:], strict=False))


def test_a_million_guesses_are_cut_to_what_the_clerks_there_are_can_make() -> None:
    """10⁶ guesses a day against 10⁴ live codes: unhindered one chance in 110, with 20 clerks' accounts 1 in 7,500."""
    unhindered = 1_000_000 * LIVE / CODES
    hindered = 20 * VERIFYING.most_a_day * LIVE / CODES
    assert 1 / 120 < unhindered < 1 / 100
    assert hindered < 1 / 7_500


def test_an_attackers_day_simulated_agrees_with_the_bound() -> None:
    """Codes of a thousandth of the space, so that hits can be counted: the hits are the tries' share of the codes."""
    chance, space = random.Random(20250303), CODES // 1_000_000
    live = set(chance.sample(range(space), LIVE))
    made = [chance.randrange(space) for _ in range(20 * tries(1_000))]
    hits = sum(guess in live for guess in made)
    expected = len(made) * LIVE / space
    assert expected - 5 * expected**0.5 <= hits <= expected + 5 * expected**0.5
    assert len(made) <= 20 * VERIFYING.most_a_day
