"""One's own figures beside one's own; and whom a team thanks, so that nobody is shamed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from loyalty.scores import MERITS, NAMES, Figures, bests, is_best, months_until, read_month, thanked

_figures = st.builds(Figures, **{name: st.integers(0, 50) for name in NAMES})
TODAY = date(2025, 3, 3)


def test_a_mean_of_two_ratings_is_not_shown() -> None:
    assert Figures(ratings=2, stars=10).shown["mean"] == 0


def test_a_mean_of_three_is_shown_in_tenths() -> None:
    assert Figures(ratings=3, stars=14).shown["mean"] == 47


def test_single_ratings_are_never_shown() -> None:
    assert not {"ratings", "stars"} & set(Figures(ratings=3, stars=14).shown)


def test_a_teams_mean_is_of_all_ratings() -> None:
    total = Figures(ratings=2, stars=10) + Figures(ratings=2, stars=6)
    assert total.mean == 40


def test_ones_best_is_by_figure() -> None:
    best = bests([Figures(purchases=3, gifts=1), Figures(purchases=1, gifts=2)])
    assert (best["purchases"], best["gifts"]) == (3, 2)


def test_each_of_three_is_thanked_for_what_they_did_best() -> None:
    team = {1: Figures(purchases=90), 2: Figures(purchases=80, care=9), 3: Figures(gifts=4), 4: Figures(purchases=1)}
    assert {(merit.person, merit.what) for merit in thanked(team)} == {(1, "purchases"), (2, "care"), (3, "gifts")}


def test_who_works_alone_is_not_ranked() -> None:
    assert thanked({1: Figures(purchases=90)}) == []


def test_a_mean_is_dearer_than_a_count_where_both_lead() -> None:
    team = {1: Figures(purchases=90, ratings=3, stars=15), 2: Figures()}
    assert [merit.what for merit in thanked(team)] == ["mean"]


@given(st.dictionaries(st.integers(1, 20), _figures, max_size=8))
def test_never_the_last_never_more_than_three_and_nobody_for_nothing(team: dict[int, Figures]) -> None:
    first = thanked(team)
    assert len(first) <= min(3, max(0, len(team) - 1))
    assert all(merit.value > 0 for merit in first)
    assert all(merit.value == team[merit.person].shown[merit.what] for merit in first)


@pytest.mark.parametrize(("gifts", "is_best_of_two"), [(4, False), (5, True), (6, True), (0, False)])
def test_a_month_is_the_best_in_what_no_other_was_better_in(gifts: int, is_best_of_two: bool) -> None:
    before, now = Figures(gifts=5), Figures(gifts=gifts)
    assert is_best(now.shown, bests([before, now])) == is_best_of_two


@given(st.dictionaries(st.integers(1, 20), _figures, min_size=2, max_size=8))
def test_the_order_is_the_same_whoever_is_looked_at_first(team: dict[int, Figures]) -> None:
    assert thanked(team) == thanked(dict(reversed(team.items())))


def test_what_can_be_thanked_for_is_all_shown() -> None:
    assert set(MERITS) <= set(Figures().shown)


@pytest.mark.parametrize(
    ("told", "month"),
    [
        ("", date(2025, 3, 1)),
        ("202503", date(2025, 3, 1)),
        ("202303", date(2023, 3, 1)),
        ("202504", None),
        ("202302", None),
        ("202513", None),
        ("000001", None),
        ("2025", None),
        ("２０２５０３", None),
        ("abcdef", None),
    ],
)
def test_only_months_of_the_last_two_years_can_be_asked_for(told: str, month: date | None) -> None:
    assert read_month(told, TODAY) == month


def test_ones_best_is_looked_for_in_twelve_months() -> None:
    months = months_until(date(2025, 3, 1))
    assert (months[0], months[-1], len(months)) == (date(2024, 4, 1), date(2025, 3, 1), 12)
