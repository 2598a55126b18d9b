"""Gifts: who may have one, what is said about it, and what managers type to describe it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from loyalty import days, money, names
from loyalty.charter import LOCALES, Charter
from loyalty.digits import fold
from loyalty.errors import (
    AmountInvalid,
    GiftLimitReached,
    GiftNotFound,
    GiftTextUnreadable,
    NameInvalid,
    TierTooLow,
)
from loyalty.variants import simplified

Badge = Literal["", "new", "last"]

_DAY_MS = 86_400_000
_NEW_DAYS = 14
_LAST_DAYS = 7
_LAST_PIECES = 3
_MOST_POINTS = 10_000_000
_MOST_PIECES = 100_000
_MOST_PER = 1_000
_CJK = re.compile(r"[\u3400-\u9fff]")
_PRICE = re.compile(r"(?P<points>[\d,]+)\s*(?:points?|pts|积分|積分|分)?\s*(?:\+\s*(?P<cash>.+))?", re.IGNORECASE)
_DATE = re.compile(r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?", re.ASCII)
_PIECES = re.compile(r"(?:(?P<store>\S.*?)[\s:=]+)?(?P<pieces>[\d,]{1,7})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a gift is and costs. Instants are epoch ms, both included."""

    names: Mapping[str, str]  # by locale, at least one
    points: int
    cash: int  # minor units, paid on collecting
    tier: str  # code of the lowest tier that may have it, '' for all
    per_member: int  # so many for one member, 0: no limit
    per_month: int  # so many for one member in a calendar month, 0: no limit
    starts_at: int
    ends_at: int
    collect_from: int  # 0: at once


@dataclass(frozen=True, slots=True)
class Had:
    """How many of a gift a member has or had; given up and lapsed ones do not count."""

    ever: int
    this_month: int


def in_all_languages(names: Mapping[str, str]) -> dict[str, str]:
    """A name for each locale: one that is missing is taken from the nearest language that has it."""
    nearest = {"zh_Hans": ("zh_Hans", "zh_Hant", "en"), "zh_Hant": ("zh_Hant", "zh_Hans", "en"), "en": ("en", *LOCALES)}
    return {locale: next(names[other] for other in nearest[locale] if other in names) for locale in LOCALES}


def badge(terms: Terms, free: int, wanted: bool, now: int) -> Badge:
    """What the page says beside the name: last chance goes before new. wanted: somebody has one already.

    A new gift of few pieces is no last chance before that, and what is gone is neither.
    """
    is_new = now < terms.starts_at + _NEW_DAYS * _DAY_MS
    few = free <= _LAST_PIECES and (wanted or not is_new)
    if free and (few or now > terms.ends_at - _LAST_DAYS * _DAY_MS):
        return "last"
    return "new" if free and is_new else ""


def is_open_to(terms: Terms, tier: str, charter: Charter) -> bool:
    """Whether members of this tier (its code) may have the gift."""
    return not terms.tier or charter.threshold(charter.tier(tier)) >= charter.threshold(charter.tier(terms.tier))


def require(terms: Terms, tier: str, had: Had, charter: Charter, now: int) -> None:
    """Refuses GiftNotFound outside its time, TierTooLow and GiftLimitReached."""
    if not terms.starts_at <= now <= terms.ends_at:
        raise GiftNotFound
    if not is_open_to(terms, tier, charter):
        raise TierTooLow(charter.tier(terms.tier).names)
    if reached := limit_reached(terms, had):
        raise reached


def limit_reached(terms: Terms, had: Had) -> GiftLimitReached | None:
    """What to refuse with once a member has had enough of it."""
    if terms.per_member and had.ever >= terms.per_member:
        return GiftLimitReached(terms.per_member, "member")
    if terms.per_month and had.this_month >= terms.per_month:
        return GiftLimitReached(terms.per_month, "month")
    return None


def parse_names(text: str) -> dict[str, str]:
    """One line per language: Latin letters are English, traditional characters zh_Hant, other Chinese zh_Hans and, in
    a second line, zh_Hant. Refuses GiftTextUnreadable: "name", or "names" for two lines of one language."""
    found: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name = _clean(line)
        locale = _language(name, found)
        if locale in found:
            raise GiftTextUnreadable("names")
        found[locale] = name
    if not found:
        raise GiftTextUnreadable("name")
    return found


def _clean(line: str) -> str:
    """What is asked of people's names is asked of a gift's, but said in other words."""
    try:
        return names.clean(line)
    except NameInvalid:
        raise GiftTextUnreadable("name") from None


def parse_price(text: str, currency: str) -> tuple[int, int]:
    """Points and cash in minor units of `500` or `500 + 9.90`. Refuses GiftTextUnreadable."""
    told = _PRICE.fullmatch(fold(text))
    points = int(told["points"].replace(",", "") or 0) if told else 0
    if told is None or not 0 < points <= _MOST_POINTS:
        raise GiftTextUnreadable("price")
    try:
        return points, money.parse_amount(told["cash"], currency) if told["cash"] else 0
    except AmountInvalid:
        raise GiftTextUnreadable("price") from None


def parse_day(text: str, today: date) -> date:
    """`2025-12-31`, `12-31`, `12/31`, `12月31日`: without a year, the next such day from today on.

    Refuses GiftTextUnreadable, also for days that have been.
    """
    told = _DATE.fullmatch(fold(text))
    if told is None:
        raise GiftTextUnreadable("day")
    years = [int(told["year"])] if told["year"] else range(today.year, today.year + 9)
    found = (_day(year, int(told["month"]), int(told["day"])) for year in years)
    day = next((day for day in found if day and day >= today), None)
    if day is None:
        raise GiftTextUnreadable("day")
    return day


def parse_count(text: str, what: str, least: int = 0) -> int:
    """A whole number from `least` on. Refuses GiftTextUnreadable(what)."""
    told = fold(text).replace(",", "")
    if not re.fullmatch(r"\d{1,6}", told, re.ASCII) or not least <= int(told) <= (
        _MOST_PER if what == "limit" else _MOST_PIECES
    ):
        raise GiftTextUnreadable(what)
    return int(told)


def parse_pieces(text: str, what: str) -> dict[str, int]:
    """Pieces by store as typed, a line each: `ximen 20`. A number alone has the key ''.

    Refuses GiftTextUnreadable(what).
    """
    found: dict[str, int] = {}
    for line in filter(str.strip, text.splitlines()):
        told = _PIECES.fullmatch(fold(line))
        if told is None or (told["store"] or "") in found:
            raise GiftTextUnreadable(what)
        found[told["store"] or ""] = parse_count(told["pieces"], what)
    if not found:
        raise GiftTextUnreadable(what)
    return found


def month_begins(now: int, charter: Charter) -> int:
    """The first millisecond of the local month that holds `now`."""
    return days.month_span(now, charter.zone)[0]


def _language(name: str, found: Mapping[str, str]) -> str:
    if not _CJK.search(name):
        return "en"
    if simplified(name) != name or "zh_Hans" in found:
        return "zh_Hant"
    return "zh_Hans"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
