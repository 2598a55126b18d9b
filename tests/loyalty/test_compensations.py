"""What one person may give for a case alone: the rules."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from loyalty.compensations import Gift, Given, Limits

CLERK = Limits(50, ("apology",))
POINTS = st.integers(min_value=1, max_value=80)
COUPON = st.sampled_from(["apology", "gold"])
GIFTS = st.one_of(POINTS.map(Gift), COUPON.map(lambda code: Gift(coupon=code)))


@given(st.lists(GIFTS))
def test_whatever_is_given_one_after_the_other_alone_stays_within_the_limit(gifts: list[Gift]) -> None:
    points = coupons = 0
    for gift in gifts:
        if CLERK.allow(gift, Given(points, coupons, points, coupons)):
            points, coupons = points + gift.points, coupons + bool(gift.coupon)
    assert points <= CLERK.points
    assert coupons <= 1
    assert not (points and coupons)


@given(st.lists(GIFTS))
def test_and_so_does_what_is_given_in_a_new_case_each_time(gifts: list[Gift]) -> None:
    points = coupons = 0
    for gift in gifts:
        if CLERK.allow(gift, Given(0, 0, points, coupons)):
            points, coupons = points + gift.points, coupons + bool(gift.coupon)
    assert points <= CLERK.points
    assert coupons <= 1
    assert not (points and coupons)


@given(POINTS, POINTS, POINTS)
def test_what_is_left_is_what_is_allowed(points: int, had: int, today: int) -> None:
    given_before = Given(had, 0, today, 0)
    assert CLERK.allow(Gift(points), given_before) == (points <= CLERK.left(given_before))


@pytest.mark.parametrize(
    ("gift", "before", "alone"),
    [
        (Gift(50), Given(0, 0, 0, 0), True),
        (Gift(51), Given(0, 0, 0, 0), False),
        (Gift(21), Given(30, 0, 0, 0), False),
        (Gift(21), Given(0, 0, 30, 0), False),
        (Gift(20), Given(30, 0, 30, 0), True),
        (Gift(1), Given(0, 1, 0, 0), False),
        (Gift(1), Given(0, 0, 0, 1), False),
        (Gift(coupon="apology"), Given(0, 0, 0, 0), True),
        (Gift(coupon="apology"), Given(0, 0, 50, 0), False),
        (Gift(coupon="apology"), Given(0, 0, 0, 1), False),
        (Gift(coupon="apology"), Given(1, 0, 0, 0), False),
        (Gift(coupon="apology"), Given(0, 1, 0, 0), False),
        (Gift(coupon="gold"), Given(0, 0, 0, 0), False),
    ],
)
def test_examples(gift: Gift, before: Given, alone: bool) -> None:
    assert CLERK.allow(gift, before) is alone


def test_nothing_is_nothing() -> None:
    assert not Gift()
