from __future__ import annotations

import pytest

from loyalty import errors
from loyalty.charter import DEFAULT_CHARTER, load
from loyalty.desk import names_somebody, read_entry
from loyalty.digits import fold
from loyalty.errors import Refusal
from loyalty.purchases import PurchaseText, Sale, parse_sale
from loyalty.queries import Query

CHARTER = load(DEFAULT_CHARTER)


@pytest.mark.parametrize("text", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "2900000012349", "m_abc"])
@pytest.mark.parametrize("member_open", [False, True])
def test_whom_to_look_for_is_a_query(text: str, member_open: bool) -> None:
    assert isinstance(read_entry(text, CHARTER, member_open=member_open), Query)


@pytest.mark.parametrize("text", ["王芳", "Wang Fang", "王 芳", "van der Berg"])
def test_a_name_is_a_query(text: str) -> None:
    assert isinstance(read_entry(text, CHARTER, member_open=False), Query)


@pytest.mark.parametrize("text", ["13800138000 86.50", "8000 86.5", "王芳 86", "wf 86.50 微信", "2900000012349 86元"])
@pytest.mark.parametrize("member_open", [False, True])
def test_member_and_amount_are_a_purchase_of_that_member(text: str, member_open: bool) -> None:
    assert isinstance(read_entry(text, CHARTER, member_open=member_open), PurchaseText)


@pytest.mark.parametrize(
    "text", ["86.50", "８６．５", "¥86.50", "86.50 cash", "86块5", "8000", "86.50\nmilk, 2, 43.25"]
)
def test_an_amount_is_a_sale_while_a_member_is_open(text: str) -> None:
    assert isinstance(read_entry(text, CHARTER, member_open=True), Sale)


def test_four_digits_are_a_phones_tail_while_nobody_is_open() -> None:
    assert read_entry("8000", CHARTER, member_open=False) == Query("tail", "8000")


@pytest.mark.parametrize("member_open", [False, True])
@pytest.mark.parametrize("text", ["0077", "０９９９", "0000"])
def test_four_digits_that_begin_with_0_are_a_phones_tail_whoever_is_open(text: str, member_open: bool) -> None:
    assert read_entry(text, CHARTER, member_open=member_open) == Query("tail", fold(text))


def test_a_way_of_paying_makes_no_amount_of_them() -> None:
    with pytest.raises(errors.AmountInvalid):
        parse_sale("0077 微信", CHARTER)


@pytest.mark.parametrize("text", ["0.77", "00.77", "077", "0077.00", "0077元"])
def test_other_amounts_may_begin_with_0(text: str) -> None:
    assert isinstance(read_entry(text, CHARTER, member_open=True), Sale)


@pytest.mark.parametrize(
    ("text", "member_open", "refusal"),
    [
        ("86.50", False, errors.PurchaseUnreadable("member")),
        ("86", False, errors.PurchaseUnreadable("member")),
        ("86块5", False, errors.PurchaseUnreadable("member")),
        ("86.50\nmilk, 2, 43.25", False, errors.PurchaseUnreadable("member")),
        ("86.505", True, errors.AmountInvalid()),
        ("-5", True, errors.AmountInvalid()),
        ("99999999", True, errors.AmountTooLarge(5_000_000)),
        ("1,234,567.89", True, errors.AmountTooLarge(5_000_000)),
        ("2900000000361", True, errors.CardNumberInvalid()),
        ("12025550103", True, errors.PhoneInvalid()),
        ("0", True, errors.AmountInvalid()),
        ("0.001", True, errors.AmountInvalid()),
        ("10 30", True, errors.AmountInvalid()),
        ("86 . 5", True, errors.AmountInvalid()),
        ("八十六块五", True, errors.AmountInvalid()),
        ("王芳 86.505", True, errors.AmountInvalid()),
        ("13800138000 abc", False, errors.AmountInvalid()),
        ("王芳 99999999", False, errors.AmountTooLarge(5_000_000)),
        ("1380013800", False, errors.PhoneInvalid()),
        ("2900000012340", False, errors.CardNumberInvalid()),
        ("86.50\nmilk", True, errors.LineInvalid(1, "fields")),
        ("？？", False, errors.QueryUnclear()),
    ],
)
def test_what_is_neither_is_refused_by_what_it_was_nearest_to(text: str, member_open: bool, refusal: Refusal) -> None:
    with pytest.raises(type(refusal)) as refused:
        read_entry(text, CHARTER, member_open=member_open)
    assert refused.value == refusal


@pytest.mark.parametrize(
    ("text", "member_open"), [("50 比特币", True), ("王芳 50 比特币", True), ("王芳 50 比特币", False)]
)
def test_an_unknown_way_of_paying_is_called_that(text: str, member_open: bool) -> None:
    with pytest.raises(errors.PaymentUnknown) as refused:
        read_entry(text, CHARTER, member_open=member_open)
    assert refused.value.word == "比特币"


@pytest.mark.parametrize("text", ["13800138000", "138 0013 8000", "2900000012349", "m_abc", "0077", "王芳", "王芳 86"])
def test_where_an_amount_is_asked_for_the_next_customer_is_told_from_it(text: str) -> None:
    assert names_somebody(text, CHARTER)


@pytest.mark.parametrize("text", ["86.50", "9999", "8000", "4o", "86.505", "99999999", "-5", ""])
def test_an_amount_however_mistyped_is_nobody(text: str) -> None:
    assert not names_somebody(text, CHARTER)
