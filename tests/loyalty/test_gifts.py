"""Who may have a gift, what is said about it, and what managers type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from loyalty import gifts
from loyalty.errors import GiftLimitReached, GiftNotFound, GiftTextUnreadable, TierTooLow
from loyalty.gifts import Had, Terms
from loyalty.lots import NEVER
from tests.loyalty.charters import DEFAULT

DAY = 86_400_000
NOW = 1_740_974_400_000
MUG = Terms({"en": "Mug"}, 100, 0, "", 0, 0, NOW - 30 * DAY, NEVER, 0)


def test_a_missing_language_is_taken_from_the_nearest() -> None:
    assert gifts.in_all_languages({"zh_Hans": "杯"}) == {"zh_Hans": "杯", "zh_Hant": "杯", "en": "杯"}
    assert gifts.in_all_languages({"zh_Hant": "盃", "en": "Mug"}) == {"zh_Hans": "盃", "zh_Hant": "盃", "en": "Mug"}


@pytest.mark.parametrize(
    ("changed", "free", "wanted", "badge"),
    [
        ({}, 10, True, ""),
        ({"starts_at": NOW - DAY}, 10, True, "new"),
        ({"ends_at": NOW + 3 * DAY}, 10, True, "last"),
        ({}, 2, True, "last"),
        ({}, 2, False, "last"),
        ({"starts_at": NOW - DAY}, 2, True, "last"),
        ({"starts_at": NOW - DAY}, 2, False, "new"),
        ({"starts_at": NOW - DAY}, 0, True, ""),
        ({"ends_at": NOW + 3 * DAY}, 0, True, ""),
        ({}, 0, True, ""),
    ],
)
def test_new_and_last_chance(changed: dict[str, int], free: int, wanted: bool, badge: str) -> None:
    assert gifts.badge(replace(MUG, **changed), free, wanted, NOW) == badge


@pytest.mark.parametrize(("tier", "allowed"), [("classic", False), ("silver", True), ("gold", True)])
def test_a_tier_opens_it_to_itself_and_those_above(tier: str, allowed: bool) -> None:
    assert gifts.is_open_to(replace(MUG, tier="silver"), tier, DEFAULT) is allowed


def test_a_tier_the_charter_dropped_shuts_nobody_out() -> None:
    assert gifts.is_open_to(replace(MUG, tier="platinum"), "classic", DEFAULT)


@pytest.mark.parametrize(
    ("changed", "had", "refusal"),
    [
        ({"ends_at": NOW - 1}, Had(0, 0), GiftNotFound),
        ({"starts_at": NOW + 1}, Had(0, 0), GiftNotFound),
        ({"tier": "gold"}, Had(0, 0), TierTooLow),
        ({"per_member": 2}, Had(2, 0), GiftLimitReached),
        ({"per_month": 1}, Had(5, 1), GiftLimitReached),
    ],
)
def test_what_stands_in_the_way_is_named(changed: dict[str, object], had: Had, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        gifts.require(replace(MUG, **changed), "classic", had, DEFAULT, NOW)


def test_within_all_limits_nothing_does() -> None:
    terms = replace(MUG, per_member=2, per_month=1, starts_at=NOW, ends_at=NOW)
    gifts.require(terms, "classic", Had(1, 0), DEFAULT, NOW)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mug", {"en": "Mug"}),
        ("马克杯", {"zh_Hans": "马克杯"}),
        ("馬克杯", {"zh_Hant": "馬克杯"}),
        ("马克杯\n馬克杯\n\n Mug ", {"zh_Hans": "马克杯", "zh_Hant": "馬克杯", "en": "Mug"}),
        ("雨伞\n雨傘", {"zh_Hans": "雨伞", "zh_Hant": "雨傘"}),
        ("茶包\n茶包", {"zh_Hans": "茶包", "zh_Hant": "茶包"}),
    ],
)
def test_names_are_told_apart_by_their_script(text: str, names: dict[str, str]) -> None:
    assert gifts.parse_names(text) == names


@pytest.mark.parametrize(("text", "what"), [("", "name"), ("…", "name"), ("杯" * 41, "name"), ("Mug\nCup", "names")])
def test_names_that_are_none_are_refused(text: str, what: str) -> None:
    with pytest.raises(GiftTextUnreadable) as refused:
        gifts.parse_names(text)
    assert refused.value.what == what


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("500", (500, 0)),
        ("1,200", (1200, 0)),
        ("５００", (500, 0)),
        ("500积分", (500, 0)),
        ("500 points + 9.90", (500, 990)),
        ("500分＋9元9角", (500, 990)),
        ("500+¥9.9", (500, 990)),
    ],
)
def test_a_price_is_points_and_perhaps_money(text: str, price: tuple[int, int]) -> None:
    assert gifts.parse_price(text, "CNY") == price


@pytest.mark.parametrize("text", ["", "0", "-5", "free", "500 +", "500 + 0", "500 + x", "99999999999", ","])
def test_a_price_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(GiftTextUnreadable):
        gifts.parse_price(text, "CNY")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-12-31", date(2025, 12, 31)),
        ("12-31", date(2025, 12, 31)),
        ("12/31", date(2025, 12, 31)),
        ("12月31日", date(2025, 12, 31)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("1-5", date(2026, 1, 5)),
        ("3-3", date(2025, 3, 3)),
        ("2-29", date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_next_one(text: str, day: date) -> None:
    assert gifts.parse_day(text, date(2025, 3, 3)) == day


@pytest.mark.parametrize("text", ["", "soon", "2025-02-30", "2025-03-02", "13-40"])
def test_a_day_that_is_none_or_has_been_is_refused(text: str) -> None:
    with pytest.raises(GiftTextUnreadable):
        gifts.parse_day(text, date(2025, 3, 3))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("20", {"": 20}),
        ("ximen 20", {"ximen": 20}),
        ("ximen 20\n东门店：1,000", {"ximen": 20, "东门店": 1000}),
        ("West Gate = 3", {"West Gate": 3}),
    ],
)
def test_pieces_are_a_number_or_a_line_for_each_store(text: str, pieces: dict[str, int]) -> None:
    assert gifts.parse_pieces(text, "pieces") == pieces


@pytest.mark.parametrize("text", ["", "many", "ximen", "ximen 1\nximen 2", "9999999"])
def test_pieces_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(GiftTextUnreadable):
        gifts.parse_pieces(text, "pieces")
