import re

import pytest
import zxingcpp
from hypothesis import given, strategies as st

from loyalty.cards import StartLink, is_valid, looks_like_card, new_number, parse_start, start_payload

SEQUENCES = st.integers(0, 10**10 - 1)


@given(SEQUENCES)
def test_a_new_number_is_valid(sequence: int) -> None:
    assert is_valid(new_number(sequence))


@given(SEQUENCES, st.integers(1, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(sequence: int, place: int, change: int) -> None:
    number = new_number(sequence)
    wrong = str((int(number[place]) + change) % 10)
    assert not is_valid(number[:place] + wrong + number[place + 1 :])


def test_numbers_of_other_cards_differ() -> None:
    assert len({new_number(sequence) for sequence in range(1000)}) == 1000


def test_a_barcode_library_agrees_on_the_check_digit() -> None:
    number = new_number(4711)
    assert zxingcpp.create_barcode(number[:12], zxingcpp.BarcodeFormat.EAN13).text == number


@pytest.mark.parametrize(("sequence", "prefix"), [(10**10, "29"), (1, "30"), (-1, "29"), (1, "2x")])
def test_a_number_outside_the_range_is_a_mistake(sequence: int, prefix: str) -> None:
    with pytest.raises(ValueError, match="no card number"):
        new_number(sequence, prefix)


def test_a_phone_with_country_code_does_not_look_like_a_card() -> None:
    assert not looks_like_card("8613800138000")


@pytest.mark.parametrize(
    ("payload", "link"),
    [
        ("s_ximen", StartLink("store", "ximen")),
        ("r_7K2M9QXA", StartLink("referral", "7K2M9QXA")),
        ("m_a-b_c", StartLink("card", "a-b_c")),
        ("staff_abc", StartLink("staff", "abc")),
    ],
)
def test_a_link_says_what_it_is_for(payload: str, link: StartLink) -> None:
    assert parse_start(payload) == link


@pytest.mark.parametrize(
    "payload", ["", "s_", "x_abc", "s_西门", "m_a b", "m_" + "a" * 63, "S_ximen", "s_a\n", "staff_", "s_<b>"]
)
def test_a_malformed_link_is_for_nothing(payload: str) -> None:
    assert parse_start(payload) == StartLink("none", "")


@given(st.text())
def test_any_payload_is_read_without_error(payload: str) -> None:
    link = parse_start(payload)
    assert link.kind == "none" or re.fullmatch(r"[A-Za-z0-9_-]{1,62}", link.value)


@given(st.sampled_from(["store", "referral", "card", "staff"]), st.from_regex(r"[A-Za-z0-9_-]{1,58}", fullmatch=True))
def test_a_link_is_read_back_as_it_was_made(kind: str, value: str) -> None:
    link = StartLink(kind, value)  # type: ignore[arg-type]
    assert parse_start(start_payload(link)) == link


def test_a_link_that_would_not_be_read_back_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="start payload"):
        start_payload(StartLink("store", "西门"))
