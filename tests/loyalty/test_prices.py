"""Member prices and coupons on a basket: what is legal, what it comes to, and that the best one is the best one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, strategies as st

from loyalty import prices
from loyalty.charter import DEFAULT_CHARTER, Charter, load
from loyalty.coupons import Terms
from loyalty.prices import Basket, Candidate, Part, Saved

NAMES = {"zh_Hans": "券", "zh_Hant": "券", "en": "Coupon"}
CHARTER = load(DEFAULT_CHARTER.replace("highest_percent = 50 ", "highest_percent = 100 "))
HALF = load(DEFAULT_CHARTER)


def terms(**told: Any) -> Terms:
    return Terms(**{"names": NAMES, "kind": "amount", "days": 30, "group": "g", **told})


def basket(*parts: tuple[str, int], tier: str = "classic", store: str = "ximen") -> Basket:
    return Basket(tuple(Part(*part) for part in parts), store, tier)


def candidates(*told: Terms) -> list[Candidate]:
    return [Candidate(number, one, 1000 + number) for number, one in enumerate(told, start=1)]


def saved(*told: Terms, parts: tuple[tuple[str, int], ...] = (("", 10_000),), charter: Charter = CHARTER) -> int:
    """By just these coupons together; -1 if that is not legal."""
    found = prices.quote(charter, basket(*parts), candidates(*told))
    return found.saved if found else -1


def test_an_amount_is_taken_off() -> None:
    assert saved(terms(off=1_000)) == 1_000


def test_the_smallest_coin_is_left_to_pay() -> None:
    assert saved(terms(off=20_000)) == 9_999


def test_a_per_cent_is_rounded_down_and_has_its_ceiling() -> None:
    assert saved(terms(kind="percent", percent=1_550), parts=(("", 9_999),)) == 1_549
    assert saved(terms(kind="percent", percent=1_500, most=500)) == 500


@pytest.mark.parametrize(("spent", "off"), [(19_999, -1), (20_000, 3_000), (49_999, 3_000), (50_000, 10_000)])
def test_of_spend_and_save_the_highest_step_that_is_reached_counts(spent: int, off: int) -> None:
    steps = terms(kind="steps", steps=((20_000, 3_000), (50_000, 10_000)))
    assert saved(steps, parts=(("", spent),)) == off


def test_a_coupon_for_a_category_looks_at_nothing_else() -> None:
    dairy = terms(kind="percent", percent=5_000, categories=("dairy",))
    assert saved(dairy, parts=(("dairy", 1_000), ("fresh", 9_000))) == 500
    assert saved(dairy) == -1


def test_the_minimum_is_that_of_its_categories() -> None:
    dairy = terms(off=100, categories=("dairy",), minimum=1_001)
    assert saved(dairy, parts=(("dairy", 1_000), ("fresh", 9_000))) == -1


def test_two_of_a_group_are_not_used_together() -> None:
    assert saved(terms(off=100), terms(off=200)) == -1


def test_of_different_groups_each_is_used() -> None:
    assert saved(terms(off=100), terms(off=200, group="h")) == 300


def test_one_without_a_group_is_used_alone() -> None:
    assert saved(terms(off=100, group="")) == 100
    assert saved(terms(off=100, group=""), terms(off=200)) == -1


def test_there_are_no_more_than_the_charter_allows() -> None:
    four = [terms(off=100, group=f"g{number}") for number in range(4)]
    assert saved(*four[:3]) == 300
    assert saved(*four) == -1


def test_per_cents_are_of_what_amounts_have_left() -> None:
    assert saved(terms(kind="percent", percent=5_000), terms(off=4_000, group="h")) == 4_000 + 3_000


def test_no_more_is_saved_than_the_highest_per_cent() -> None:
    assert saved(terms(off=8_000), charter=HALF) == 5_000


def test_a_coupon_that_would_save_nothing_more_is_not_used_up() -> None:
    assert saved(terms(off=8_000), terms(off=100, group="h"), charter=HALF) == -1


def test_what_is_taken_off_is_spread_over_the_lines_in_proportion() -> None:
    found = prices.quote(CHARTER, basket(("dairy", 1_000), ("fresh", 3_000)), candidates(terms(off=401)))
    assert found
    assert found.parts == (900, 2_699)


def test_the_member_price_of_a_tier_holds_for_its_categories() -> None:
    found = prices.best(CHARTER, basket(("household", 10_000), ("food", 10_000), tier="gold"), [])
    assert found.parts == (9_500, 10_000)
    assert found.prices == (Saved("gold", 500),)


def test_other_tiers_have_no_member_price() -> None:
    assert prices.best(CHARTER, basket(("household", 10_000)), []).saved == 0


def test_the_minimum_is_looked_at_after_member_prices_unless_that_costs_more() -> None:
    """Gold pays 190 of 200 and would miss the step at 200: then the full price with its 30 off is the better one."""
    steps = candidates(terms(kind="steps", steps=((20_000, 3_000),)))
    found = prices.best(CHARTER, basket(("household", 20_000), tier="gold"), steps)
    assert (found.saved, found.prices) == (3_000, ())


def test_a_coupon_may_exclude_member_prices() -> None:
    small = candidates(terms(off=400, with_member_prices=False))
    found = prices.best(CHARTER, basket(("household", 10_000), tier="gold"), small)
    assert (found.saved, found.coupons) == (500, ())


def test_a_coupon_for_a_tier_is_none_for_those_below() -> None:
    gold = terms(off=100, tier="gold")
    assert prices.obstacle(CHARTER, basket(("", 1_000), tier="silver"), gold) == "tier"
    assert prices.obstacle(CHARTER, basket(("", 1_000), tier="gold"), gold) == ""


def test_a_coupon_for_a_store_is_none_elsewhere() -> None:
    assert prices.obstacle(CHARTER, basket(("", 1_000)), terms(off=100, stores=("nanhu",))) == "store"


def test_of_equal_coupons_the_one_that_lapses_first_is_proposed() -> None:
    late, soon = Candidate(1, terms(off=100), 2000), Candidate(2, terms(off=100), 1000)
    found = prices.best(CHARTER, basket(("", 1_000)), [late, soon])
    assert found.coupons == (Saved(2, 100),)


def test_a_gift_comes_on_top_where_it_costs_nothing() -> None:
    gift = terms(kind="gift", gift=NAMES, group="present", minimum=500)
    found = prices.best(CHARTER, basket(("", 1_000)), candidates(terms(off=100), gift))
    assert found.coupons == (Saved(1, 100), Saved(2, 0))


CATEGORIES = ("household", "beauty", "dairy", "")
a_coupon = st.builds(
    terms,
    kind=st.sampled_from(("amount", "percent", "steps", "gift")),
    off=st.integers(1, 6_000),
    percent=st.integers(1, 10_000),
    most=st.sampled_from((0, 50, 1_000)),
    steps=st.sampled_from((((5_000, 700), (9_000, 1_500)), ((1_000, 999),))),
    gift=st.just(NAMES),
    categories=st.sampled_from(((), ("household",), ("beauty", "dairy"))),
    minimum=st.sampled_from((0, 500, 4_000)),
    group=st.sampled_from(("", "a", "b", "c", "d")),
    tier=st.sampled_from(("", "gold")),
    with_member_prices=st.booleans(),
).map(lambda told: told if told.kind == "steps" else replace(told, steps=()))
a_basket = st.builds(
    basket,
    st.tuples(st.sampled_from(CATEGORIES), st.integers(1, 9_000)),
    st.tuples(st.sampled_from(CATEGORIES), st.integers(1, 9_000)),
    tier=st.sampled_from(("classic", "gold")),
)


@given(a_basket, st.lists(a_coupon, max_size=7))
def test_the_best_combination_is_what_trying_all_of_them_finds(goods: Basket, told: list[Terms]) -> None:
    offered = candidates(*told)
    every = (chosen for size in range(5) for chosen in combinations(offered, size))
    tried = [found.saved for chosen in every if (found := prices.quote(HALF, goods, chosen))]
    assert prices.best(HALF, goods, offered).saved == max(tried)


@given(a_basket, st.lists(a_coupon, max_size=5), st.booleans())
def test_nothing_gives_more_than_the_charter_allows(goods: Basket, told: list[Terms], half: bool) -> None:
    charter = HALF if half else CHARTER
    found = prices.quote(charter, goods, candidates(*told))
    if found is None:
        return
    highest, by_coupons = charter.coupon_rules.highest_percent, sum(one.amount for one in found.coupons)
    assert by_coupons * 100 <= found.full * highest
    assert found.due >= 1
    assert min(found.parts) >= 0
    assert all(paid <= part.amount for paid, part in zip(found.parts, goods.parts, strict=True))
    assert found.saved == by_coupons + sum(one.amount for one in found.prices)
    for one, by in zip(sorted(found.coupons, key=lambda one: str(one.by)), told, strict=True):
        fitting = sum(part.amount for part in goods.parts if not by.categories or part.category in by.categories)
        assert one.amount <= _most(by, fitting)
        assert fitting >= by.minimum


def _most(told: Terms, fitting: int) -> int:
    """What a coupon gives at the very most, worked out by itself."""
    if told.kind == "percent":
        return min(fitting * told.percent // 10_000, told.most or fitting)
    if told.kind == "steps":
        return min(fitting, max((off for spend, off in told.steps if fitting >= spend), default=0))
    return {"amount": min(told.off, fitting), "gift": 0}[told.kind]
