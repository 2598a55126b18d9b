from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from loyalty.errors import AmountInvalid, AmountTooLarge
from loyalty.money import parse_amount, to_major, to_minor, within


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("86.50", 8650),
        ("86.5", 8650),
        ("86,5", 8650),
        ("86", 8600),
        ("¥86.5", 8650),
        ("￥86.5", 8650),
        ("８６．５", 8650),
        ("86。5", 8650),
        ("86元5角", 8650),
        ("86块5", 8650),
        ("86元5角2分", 8652),
        ("86.5元", 8650),
        ("86 元", 8600),
        ("5角", 50),
        ("5分", 5),
        ("1,234.50", 123_450),
        ("1,234", 123_400),
        ("RMB 5", 500),
        ("5 CNY", 500),
        ("0.01", 1),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, minor: int) -> None:
    assert parse_amount(typed, "CNY") == minor


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "0.00",
        "-5",
        "+5",
        "86.505",
        "$5",
        "1,23,4",
        "86 50",
        "1e5",
        "NaN",
        "元",
        "角",
        "abc",
        "1.2.3",
        "9" * 14,
        ".5",
        "5.",
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(AmountInvalid):
        parse_amount(typed, "CNY")


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("HK$5.5", "HKD", 550),
        ("$5.5", "HKD", 550),
        ("NT$500", "TWD", 50_000),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
    ],
)
def test_other_currencies_have_their_own_signs_and_decimals(typed: str, currency: str, minor: int) -> None:
    assert parse_amount(typed, currency) == minor


def test_a_currency_without_decimals_takes_none() -> None:
    with pytest.raises(AmountInvalid):
        parse_amount("500.5", "JPY")


@given(st.integers(1, 10**12))
def test_a_plain_amount_is_read_back(minor: int) -> None:
    assert parse_amount(f"{minor // 100}.{minor % 100:02}", "CNY") == minor


@given(st.integers(1, 10**12))
def test_a_grouped_amount_is_read_back(minor: int) -> None:
    assert parse_amount(f"¥{minor // 100:,}.{minor % 100:02}", "CNY") == minor


@given(st.text() | st.text("0123456789.,元角分¥ -块", max_size=12), st.sampled_from(["CNY", "JPY", "KWD", "EUR"]))
def test_any_text_is_an_amount_above_zero_or_refused(text: str, currency: str) -> None:
    with suppress(AmountInvalid):
        assert parse_amount(text, currency) > 0


def test_above_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(AmountTooLarge) as caught:
        within(101, 100)
    assert caught.value.limit == 100


def test_the_limit_itself_is_within() -> None:
    assert within(100, 100) == 100


def test_major_units_become_minor_units_and_back() -> None:
    assert to_major(to_minor(Decimal("86.5"), "CNY"), "CNY") == Decimal("86.5")
