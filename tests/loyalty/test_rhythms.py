"""What counts as bought regularly, and when it should be running out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from loyalty.charter_greetings import Replenishment
from loyalty.rhythms import Bought, Rhythm, find, interval

RULES = Replenishment(on=True, times=4, min_days=7, max_days=60)
START = date(2026, 1, 5)


def bought(*gaps: int, item: str = "Coffee beans", category: str = "drinks") -> list[Bought]:
    days = [START]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return [Bought(day, item, category) for day in days]


def test_four_times_at_regular_intervals_is_a_rhythm() -> None:
    lines = bought(14, 15, 14)
    assert find(RULES, lines) == [Rhythm("item:coffee beans", "Coffee beans", "drinks", 14, lines[-1].on)]


def test_it_is_due_one_interval_after_the_last_time() -> None:
    assert find(RULES, bought(14, 15, 14))[0].due_on == START + timedelta(days=14 + 15 + 14 + 14)


def test_three_times_are_not_enough() -> None:
    assert find(RULES, bought(14, 14)) == []


def test_bought_when_it_comes_to_mind_is_no_rhythm() -> None:
    assert find(RULES, bought(3, 40, 9, 25, 58)) == []


def test_one_holiday_in_between_does_not_break_it() -> None:
    assert find(RULES, bought(14, 14, 33, 14))[0].every_days == 14


@pytest.mark.parametrize(("gap", "found"), [(6, 0), (7, 7), (60, 60), (61, 0)])
def test_intervals_too_short_or_too_long_are_left_alone(gap: int, found: int) -> None:
    assert interval(RULES, [line.on for line in bought(gap, gap, gap)]) == found


def test_twice_on_one_day_is_once() -> None:
    lines = bought(14, 14)
    assert find(RULES, [*lines, lines[-1], lines[-1]]) == []


def test_the_same_item_written_differently_is_one_item() -> None:
    lines = [*bought(14, item="鮮牛奶"), *(Bought(START + timedelta(days=n), "鲜牛奶", "dairy") for n in (28, 42))]
    assert [rhythm.item for rhythm in find(RULES, lines)] == ["鲜牛奶"]


def test_different_items_of_a_category_may_be_a_rhythm_of_the_category() -> None:
    lines = [Bought(line.on, f"Beans no. {n}", "drinks") for n, line in enumerate(bought(20, 21, 19, 20))]
    assert [(rhythm.what, rhythm.item) for rhythm in find(RULES, lines)] == [("category:drinks", "")]


def test_a_category_with_a_regular_item_is_not_told_twice() -> None:
    assert [rhythm.what for rhythm in find(RULES, bought(14, 14, 14))] == ["item:coffee beans"]


def test_only_the_charters_categories_count_if_it_names_any() -> None:
    rules = RULES.model_copy(update={"categories": ("dairy",)})
    lines = [*bought(14, 14, 14), *bought(10, 10, 10, item="Milk", category="dairy")]
    assert [rhythm.item for rhythm in find(rules, lines)] == ["Milk"]


def test_lines_without_a_category_have_none_to_be_regular_in() -> None:
    lines = [Bought(line.on, f"Thing {n}", "") for n, line in enumerate(bought(20, 20, 20, 20))]
    assert find(RULES, lines) == []


@given(st.lists(st.integers(0, 90), max_size=15))
def test_any_history_has_at_most_one_rhythm_per_item_and_it_lies_in_the_limits(gaps: list[int]) -> None:
    found = find(RULES, bought(*gaps))
    assert len(found) <= 1
    assert all(RULES.min_days <= rhythm.every_days <= RULES.max_days for rhythm in found)
