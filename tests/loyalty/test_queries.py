from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from loyalty.cards import new_number
from loyalty.errors import CardNumberInvalid, PhoneInvalid, QueryUnclear
from loyalty.queries import Query, parse_query

CARD = new_number(42)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        (CARD, Query("card", CARD)),
        (f"{CARD[:7]} {CARD[7:]}", Query("card", CARD)),
        ("13800138000", Query("phone", "+8613800138000")),
        ("138-0013-8000", Query("phone", "+8613800138000")),
        ("+852 5123 4567", Query("phone", "+85251234567")),
        ("8613800138000", Query("phone", "+8613800138000")),
        ("８０００", Query("tail", "8000")),
        ("陈伟", Query("name", "陈伟")),
        ("chen wei", Query("pinyin", "chen wei")),
        ("CW", Query("pinyin", "CW")),
        ("m_a-B_c", Query("token", "a-B_c")),
        ("https://t.me/regulars_bot?start=m_abc", Query("token", "abc")),
        ("http://127.0.0.1:8080/bot?x=1&start=m_abc", Query("token", "abc")),
    ],
)
def test_what_a_clerk_types_is_told_apart(typed: str, query: Query) -> None:
    assert parse_query(typed, "CN") == query


def test_a_mistyped_card_number_is_refused_as_such() -> None:
    wrong = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)
    with pytest.raises(CardNumberInvalid):
        parse_query(wrong, "CN")


@pytest.mark.parametrize("typed", ["123", "12345", "1380013800", "99999999999999999999"])
def test_other_numbers_are_wrong_phones(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        parse_query(typed, "CN")


@pytest.mark.parametrize("typed", ["", "  ", "???", "...", "\u200b"])
def test_signs_alone_are_unclear(typed: str) -> None:
    with pytest.raises(QueryUnclear):
        parse_query(typed, "CN")


@given(st.text())
def test_any_text_is_a_query_or_refused(text: str) -> None:
    with suppress(CardNumberInvalid, PhoneInvalid, QueryUnclear):
        assert parse_query(text, "CN").value
