from datetime import date, datetime
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from loyalty.birthdays import Birthday
from loyalty.charter import Charter
from loyalty.days import local_date
from loyalty.earning import Earned, Line, MemberFacts, Purchase, earn
from loyalty.lots import NEVER
from tests.loyalty.charters import DEFAULT, bare, base, multiplier

ZONE = ZoneInfo("Asia/Shanghai")
NOBODY = MemberFacts(tier="classic", birthday=None, earned_today=0, earned_this_month=0)


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=ZONE).timestamp() * 1000)  # type: ignore[arg-type, misc]


TUESDAY = at(2026, 3, 10, 15)


def buy(
    charter: Charter, amount: int, *lines: Line, member: MemberFacts = NOBODY, when: int = TUESDAY, **at_: str
) -> Earned:
    place = {"store": "ximen", "payment": ""} | at_
    return earn(charter, Purchase(amount, lines, place["store"], place["payment"], when), member)


def line(category: str, amount: int) -> Line:
    return Line("thing", category, 1000, amount)


def points_by_rule(earned: Earned) -> dict[str, int]:
    return {part.rule: part.points for part in earned.parts}


def test_one_point_for_each_unit_rounded_down() -> None:
    assert buy(bare(base()), 8699).points == 86


def test_what_rounding_dropped_is_told() -> None:
    assert buy(bare(base()), 8650).lost == Fraction(1, 2)


def test_points_are_in_proportion_to_a_larger_step() -> None:
    assert buy(bare(base(points=3, per="10.00")), 1500).points == 4


def test_base_rules_add_up() -> None:
    charter = bare(base(), base("cash", payments='["cash"]'))
    assert points_by_rule(buy(charter, 1000, payment="cash")) == {"base": 10, "cash": 10}


def test_rounding_happens_once_at_the_end() -> None:
    charter = bare(base("one"), base("two"))
    assert buy(charter, 150).points == 3


def test_a_rule_for_another_store_does_not_fit() -> None:
    assert buy(bare(base(stores='["dongmen"]')), 1000).points == 0


def test_a_rule_for_another_weekday_does_not_fit() -> None:
    charter = bare(base(), base("weekend", weekdays='["sat", "sun"]'))
    assert points_by_rule(buy(charter, 1000)) == {"base": 10}


def test_the_weekday_is_the_one_in_the_charters_zone() -> None:
    charter = bare(base(weekdays='["wed"]'))
    assert buy(charter, 1000, when=at(2026, 3, 11, 0, 30)).points == 10


def test_a_rule_that_is_not_stackable_stands_alone_by_priority() -> None:
    charter = bare(base(), base("triple", points=3, stackable="false", priority=5))
    assert points_by_rule(buy(charter, 1000)) == {"triple": 30}


def test_of_two_rules_that_exclude_each_other_the_higher_priority_wins() -> None:
    charter = bare(
        base("low", points=9, stackable="false", priority=1), base("high", points=2, stackable="false", priority=2)
    )
    assert points_by_rule(buy(charter, 1000)) == {"high": 20}


def test_stackable_rules_of_higher_priority_keep_out_one_that_is_not() -> None:
    charter = bare(base(priority=9), base("more", priority=1), base("alone", points=7, stackable="false", priority=5))
    assert points_by_rule(buy(charter, 1000)) == {"base": 10, "more": 10}


def test_an_excluding_category_rule_leaves_other_goods_to_the_base_rule() -> None:
    charter = bare(base(), base("fresh", points=3, stackable="false", priority=1, categories='["fresh"]'))
    earned = buy(charter, 3000, line("fresh", 1000), line("beauty", 2000))
    assert points_by_rule(earned) == {"base": 20, "fresh": 30}


def test_a_category_rule_needs_lines() -> None:
    charter = bare(base(), base("fresh", categories='["fresh"]'))
    assert points_by_rule(buy(charter, 1000)) == {"base": 10}


def test_a_base_rule_notes_the_amount_it_counted() -> None:
    charter = bare(base("fresh", categories='["fresh"]'))
    earned = buy(charter, 3000, line("fresh", 1000), line("beauty", 2000))
    assert [part.note for part in earned.parts] == ["1000"]


def test_multipliers_multiply_each_other() -> None:
    charter = bare(base(), multiplier("gold", 1.5, tiers='["gold"]'), multiplier("double", 2))
    member = MemberFacts("gold", None, 0, 0)
    assert points_by_rule(buy(charter, 1000, member=member)) == {"base": 10, "gold": 5, "double": 15}


def test_a_tier_multiplier_is_for_that_tier() -> None:
    charter = bare(base(), multiplier("gold", 1.5, tiers='["gold"]'))
    assert buy(charter, 1000).multipliers == ()


def test_a_category_multiplier_lifts_those_lines_only() -> None:
    charter = bare(base(), multiplier("double", 2, categories='["beauty"]'))
    earned = buy(charter, 3000, line("fresh", 1000), line("beauty", 2000))
    assert points_by_rule(earned) == {"base": 30, "double": 20}


@pytest.mark.parametrize(("day", "points"), [(1, 20), (31, 20)])
def test_a_window_includes_its_first_and_last_day(day: int, points: int) -> None:
    charter = bare(base(), multiplier("spring", 2, begins="2026-03-01", ends="2026-03-31"))
    assert buy(charter, 1000, when=at(2026, 3, day, 23, 59)).points == points


def test_a_window_is_over_on_the_next_day() -> None:
    charter = bare(base(), multiplier("spring", 2, begins="2026-03-01", ends="2026-03-31"))
    assert buy(charter, 1000, when=at(2026, 4, 1)).points == 10


def test_a_birthday_month_doubles() -> None:
    charter = bare(base(), multiplier("birthday", 2, birthday_month="true"))
    assert buy(charter, 1000, member=MemberFacts("classic", Birthday(3, 31), 0, 0)).points == 20


def test_without_a_birthday_there_is_no_birthday_month() -> None:
    charter = bare(base(), multiplier("birthday", 2, birthday_month="true"))
    assert buy(charter, 1000).points == 10


def test_a_purchase_cap_says_what_it_cut() -> None:
    earned = buy(bare(base(), "[earning.caps]", "per_purchase = 15"), 2000)
    assert points_by_rule(earned) == {"base": 20, "per_purchase": -5}


def test_a_day_cap_leaves_what_is_left_of_the_day() -> None:
    charter = bare(base(), "[earning.caps]", "per_day = 50")
    assert buy(charter, 2000, member=MemberFacts("classic", None, 40, 40)).points == 10


def test_a_month_cap_that_is_used_up_leaves_nothing() -> None:
    charter = bare(base(), "[earning.caps]", "per_month = 50")
    assert buy(charter, 2000, member=MemberFacts("classic", None, 0, 60)).points == 0


def test_every_cap_that_cut_is_told() -> None:
    charter = bare(base(), "[earning.caps]", "per_purchase = 15", "per_day = 10")
    cut = [part for part in buy(charter, 2000).parts if part.kind == "cap"]
    assert [(part.rule, part.points, part.note) for part in cut] == [
        ("per_purchase", -5, "15"),
        ("per_day", -5, "10"),
    ]


def test_points_are_usable_at_once_without_pending_days() -> None:
    assert buy(bare(base()), 1000).active_at == TUESDAY


def test_points_pend_until_the_end_of_the_last_pending_day() -> None:
    earned = buy(bare(base(), "[earning]", "pending_days = 7"), 1000)
    assert earned.active_at == at(2026, 3, 18) - 1


def test_rolling_points_lapse_at_the_end_of_a_month() -> None:
    earned = buy(bare(base(), "[expiry]", 'kind = "rolling"', "months = 12"), 1000)
    assert earned.expires_at == at(2027, 4, 1) - 1


def test_points_of_a_calendar_year_lapse_after_the_grace_months() -> None:
    earned = buy(bare(base(), "[expiry]", 'kind = "calendar"', "grace_months = 3"), 1000)
    assert earned.expires_at == at(2027, 4, 1) - 1


def test_calendar_points_without_grace_lapse_with_the_year() -> None:
    earned = buy(bare(base(), "[expiry]", 'kind = "calendar"', "grace_months = 0"), 1000)
    assert earned.expires_at == at(2027, 1, 1) - 1


def test_points_may_never_lapse() -> None:
    assert buy(bare(base(), "[expiry]", 'kind = "never"'), 1000).expires_at == NEVER


def test_the_year_of_earning_is_the_local_one() -> None:
    earned = buy(bare(base(), "[expiry]", 'kind = "calendar"', "grace_months = 0"), 1000, when=at(2027, 1, 1, 1))
    assert local_date(earned.expires_at, ZONE) == date(2027, 12, 31)


amounts = st.integers(1, 5_000_000)
lines = st.lists(st.builds(line, st.sampled_from(["", "fresh", "beauty", "food"]), st.integers(1, 99_999)), max_size=6)
birthdays = st.none() | st.builds(Birthday, st.integers(1, 12), st.integers(1, 28), lunar=st.booleans())
members = st.builds(
    MemberFacts,
    st.sampled_from(["classic", "silver", "gold"]),
    birthdays,
    st.integers(0, 12_000),
    st.integers(0, 60_000),
)


@given(amount=amounts, lines=lines, member=members)
def test_the_parts_always_add_up_to_the_points(amount: int, lines: list[Line], member: MemberFacts) -> None:
    earned = buy(DEFAULT, sum(item.amount for item in lines) or amount, *lines, member=member)
    assert sum(part.points for part in earned.parts) == earned.points


@given(amount=amounts, lines=lines, member=members)
def test_points_are_never_negative_and_never_above_the_cap(amount: int, lines: list[Line], member: MemberFacts) -> None:
    earned = buy(DEFAULT, sum(item.amount for item in lines) or amount, *lines, member=member)
    assert 0 <= earned.points <= 5000


@given(amount=amounts, factors=st.lists(st.decimals("0.01", "9.99", places=2), max_size=4))
def test_every_part_is_within_one_point_of_its_exact_share(amount: int, factors: list[object]) -> None:
    charter = bare(base(), *(multiplier(f"m{place}", factor) for place, factor in enumerate(factors)))
    exact = Fraction(amount, 100)
    for factor in factors:
        exact *= Fraction(str(factor))
    assert buy(charter, amount).points == floor(exact)
