from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from loyalty.errors import PhoneInvalid
from loyalty.phones import Phone, mask, parse, parse_contact

ANN = Phone(e164="+8613800138000", tail="8000", masked="138****8000")


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "１３８００１３８０００",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "008613800138000",
        "8613800138000",
    ],
)
def test_a_phone_is_read_as_people_write_it(typed: str) -> None:
    assert parse(typed, "CN") == ANN


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1380013800",
        "138001380000",
        "99999999999",
        "my phone is 13800138000",
        "13800138000 ext 5",
        "1-800-FLOWERS",
        "+",
        "((((((",
    ],
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        parse(typed, "CN")


def test_a_foreign_phone_needs_its_country_code() -> None:
    assert parse("+852 5123 4567", "CN").e164 == "+85251234567"


def test_a_contact_is_international_without_its_plus() -> None:
    assert parse_contact("85251234567").e164 == "+85251234567"


def test_a_contact_is_international_with_its_plus() -> None:
    assert parse_contact("+8613800138000") == ANN


@pytest.mark.parametrize(("e164", "masked"), [("+85251234567", "+852 ****4567"), ("+12025550123", "+1 20****0123")])
def test_a_masked_phone_hides_four_digits_at_least(e164: str, masked: str) -> None:
    assert mask(e164) == masked


@given(st.text() | st.from_regex(r"\+?[0-9 ()-]{0,20}", fullmatch=True))
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    with suppress(PhoneInvalid):
        assert parse(text, "CN").e164.startswith("+")
