import pytest
from hypothesis import given, strategies as st

from loyalty.errors import NotEnoughPoints
from loyalty.lots import NEVER, Lot, allocate, claw_back, repay

NOW = 1_000_000


def lot(number: int, remaining: int, *, active_at: int = 0, expires_at: int = NEVER, earned_at: int = 0) -> Lot:
    return Lot(number, remaining, active_at, expires_at, earned_at)


def test_what_lapses_first_is_taken_first() -> None:
    assert allocate([lot(1, 10, expires_at=300), lot(2, 10, expires_at=200)], 15) == [(2, 10), (1, 5)]


def test_of_equal_expiry_the_oldest_is_taken_first() -> None:
    assert allocate([lot(1, 10, earned_at=9), lot(2, 10, earned_at=5)], 5) == [(2, 5)]


def test_points_that_never_lapse_are_taken_last() -> None:
    assert allocate([lot(1, 10), lot(2, 10, expires_at=200, earned_at=9)], 12) == [(2, 10), (1, 2)]


def test_too_few_points_are_refused_with_both_numbers() -> None:
    with pytest.raises(NotEnoughPoints) as caught:
        allocate([lot(1, 10)], 11)
    assert caught.value == NotEnoughPoints(required=11, available=10)


def test_an_empty_lot_is_not_touched() -> None:
    assert allocate([lot(1, 0), lot(2, 5)], 5) == [(2, 5)]


def test_a_reversal_owes_what_was_spent() -> None:
    result = claw_back([lot(1, 30)], 50)
    assert (result.taken, result.deficit) == (((1, 30),), 20)


def test_later_points_repay_the_deficit_first() -> None:
    assert repay(deficit=20, earned=50) == 20


def test_a_deficit_is_repaid_with_no_more_than_is_earned() -> None:
    assert repay(deficit=80, earned=50) == 50


lots = st.lists(
    st.builds(
        Lot,
        st.integers(0, 10**6),
        st.integers(0, 500),
        st.just(0),
        st.sampled_from([100, 200, NEVER]),
        st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda item: item.id,
)


@given(lots=lots, points=st.integers(0, 3000))
def test_an_allocation_makes_exactly_the_points_or_is_refused(lots: list[Lot], points: int) -> None:
    available = sum(item.remaining for item in lots)
    if points > available:
        with pytest.raises(NotEnoughPoints):
            allocate(lots, points)
    else:
        assert sum(part for _, part in allocate(lots, points)) == points


@given(lots=lots, points=st.integers(0, 3000))
def test_no_lot_gives_more_than_it_has(lots: list[Lot], points: int) -> None:
    remaining = {item.id: item.remaining for item in lots}
    assert all(0 < part <= remaining[number] for number, part in claw_back(lots, points).taken)


@given(lots=lots, points=st.integers(0, 3000))
def test_nothing_later_is_touched_while_something_earlier_is_left(lots: list[Lot], points: int) -> None:
    taken = dict(claw_back(lots, points).taken)
    left = [item.expires_at for item in lots if item.remaining - taken.get(item.id, 0)]
    touched = [item.expires_at for item in lots if item.id in taken]
    assert max(touched, default=0) <= min(left, default=NEVER)
