"""What answers come to."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from loyalty.satisfaction import Recommending, Scores

counts_of_five = st.tuples(*[st.integers(0, 50)] * 5)
counts_of_eleven = st.tuples(*[st.integers(0, 50)] * 11)


def likely(**given: int) -> Recommending:
    """So many answers of each score, `s9=2`."""
    return Recommending(sum(given.values()), tuple(given.get(f"s{score}", 0) for score in range(11)))


def test_the_mean_is_of_those_who_answered() -> None:
    assert Scores(asked=10, counts=(1, 0, 0, 0, 3)).mean == 4.0


def test_nobody_answered_is_no_score() -> None:
    assert (Scores(asked=3).mean, Recommending(asked=3).nps) == (None, None)


def test_nine_promotes_seven_is_passive_and_six_detracts() -> None:
    told = likely(s9=1, s10=1, s7=1, s8=1, s6=1, s0=1)
    assert (told.promoters, told.passives, told.detractors) == (2, 2, 2)


@pytest.mark.parametrize(("told", "nps"), [(likely(s10=4), 100), (likely(s6=4), -100), (likely(s9=3, s8=4, s2=1), 25)])
def test_the_net_promoter_score(told: Recommending, nps: int) -> None:
    assert told.nps == nps


@given(counts_of_eleven)
def test_everybody_who_answered_is_one_of_the_three(counts: tuple[int, ...]) -> None:
    told = Recommending(1_000, counts)
    assert told.promoters + told.passives + told.detractors == told.answered
    assert told.nps is None or -100 <= told.nps <= 100


@given(counts_of_five, counts_of_five)
def test_scores_added_up_are_the_scores_of_all(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    both = Scores(300, one) + Scores(300, other)
    given = [score for counts in (one, other) for score, times in enumerate(counts, 1) for _ in range(times)]
    assert (both.asked, both.answered) == (600, len(given))
    assert both.mean == (pytest.approx(sum(given) / len(given)) if given else None)
