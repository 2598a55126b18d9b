"""What profile fields take."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from loyalty.errors import AnswerUnclear, EmailInvalid, TextInvalid
from loyalty.lots import NEVER
from loyalty.profiles import TEXTS, birthday_free_at, read

XIAN = ZoneInfo("Asia/Shanghai")
NOON = 1_740_974_400_000  # 2025-03-03 12:00 in Xi'an
A_YEAR_LATER = 1_772_467_200_000  # 2026-03-03 00:00
DAY = 86_400_000


@pytest.mark.parametrize(
    "text", ["ann@example.com", "ａｎｎ＠example.com", " ann.li+shop@mail.example.co.uk ", "王@例子.中国"]
)
def test_addresses_people_have_are_taken(text: str) -> None:
    assert "@" in read("email", text)


@pytest.mark.parametrize(
    "text", ["ann", "ann@", "@example.com", "ann@example", "a b@example.com", "ann@example..com", "a@b@c.de"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(EmailInvalid):
        read("email", text)


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "x" * 201])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(TextInvalid):
        read("likes", text)


def test_emoji_families_stay_together() -> None:
    assert read("likes", "👨‍👩‍👧 dinners") == "👨‍👩‍👧 dinners"


def test_choices_take_only_what_is_offered() -> None:
    with pytest.raises(AnswerUnclear):
        read("gender", "Female")


@given(st.sampled_from([field for field in TEXTS if field != "email"]), st.text())
def test_what_is_taken_is_one_short_line_and_taken_again(field: str, text: str) -> None:
    try:
        value = read(field, text)
    except TextInvalid:
        return
    assert 0 < len(value) <= 200
    assert value.isprintable() or "\u200d" in value or "\u200c" in value
    assert read(field, value) == value


def test_a_birthday_never_told_is_free() -> None:
    assert birthday_free_at([], 0, NOON, XIAN) == 0


def test_a_change_locks_for_a_year() -> None:
    assert birthday_free_at([NOON - DAY, NOON], 1, NOON, XIAN) == A_YEAR_LATER


def test_of_two_allowed_changes_the_older_frees_first() -> None:
    assert birthday_free_at([NOON - 9 * DAY, NOON - DAY, NOON], 2, NOON, XIAN) == A_YEAR_LATER - DAY


def test_a_change_a_year_ago_no_longer_counts() -> None:
    assert birthday_free_at([NOON - DAY, NOON], 1, A_YEAR_LATER, XIAN) == 0


def test_no_changes_allowed_means_never() -> None:
    assert birthday_free_at([NOON], 0, NOON, XIAN) == NEVER
