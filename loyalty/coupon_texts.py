"""What managers type to describe a coupon."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from loyalty import gifts, money
from loyalty.charter import Charter
from loyalty.coupon_errors import CouponTextUnreadable
from loyalty.coupons import Limits
from loyalty.digits import fold
from loyalty.errors import AmountInvalid, GiftTextUnreadable, NameInvalid
from loyalty.variants import comparable

_GIFT = re.compile(
    r"(?:gift|free|送|赠|贈|赠送|贈送|礼品|禮品)[\s:]+(?P<name>\S.*)|[送赠贈](?P<short>\S.*)", re.IGNORECASE
)
_MOST = r"(?:[\s,]*(?:max|most|up to|最多|最高|封顶|封頂)\s*(?P<most>\S+))?"
_PERCENT = re.compile(rf"(?P<percent>\d{{1,3}}(?:\.\d{{1,2}})?)\s*%(?:\s*off)?{_MOST}", re.IGNORECASE)
_TENTHS = re.compile(rf"(?P<tenths>\d(?:\.\d|\d)?)\s*折{_MOST}")
_ONE_STEP = r"[满滿]?\s*\d+(?:\.\d+)?\s*(?:减|減|-|–|:)\s*\d+(?:\.\d+)?"
_STEPS = re.compile(rf"{_ONE_STEP}(?:[\s,;，；、/]+{_ONE_STEP})*", re.ASCII)
_STEP = re.compile(r"(?P<spend>[\d.]+)\D+?(?P<off>[\d.]+)", re.ASCII)
_SPAN = re.compile(r"(?P<begins>\S+)\s*(?:–|~|至|到|\bto\b|\s-\s|—)\s*(?P<ends>\S+)")
_DAYS = re.compile(r"(?P<days>\d{1,4})\s*(?:days?|天|日)?", re.ASCII | re.IGNORECASE)
_GROUP = re.compile(r"[a-z0-9_-]{1,32}")
_MOST_STEPS = 5
_MOST_DAYS = 3660
_MOST_COUPONS = 10**9
_NONE = ("-", "0", "")


def parse_value(text: str, currency: str) -> dict[str, Any]:
    """What it gives, as fields of `coupons.Terms`: `10`, `15% max 50`, `85折`, `满200减30 满500减100`, `送 帆布袋`.

    Refuses CouponTextUnreadable.
    """
    told = fold(text).strip()
    plain: dict[str, Any] = {"kind": "", "off": 0, "percent": 0, "most": 0, "steps": (), "gift": {}}
    if gift := _GIFT.fullmatch(told):
        return plain | {"kind": "gift", "gift": parse_names(gift["name"] or gift["short"], "value")}
    if found := _PERCENT.fullmatch(told) or _TENTHS.fullmatch(told):
        return plain | _per_cent(found.groupdict(), currency)
    if _STEPS.fullmatch(told):
        return plain | {"kind": "steps", "steps": _steps(told, currency)}
    return plain | {"kind": "amount", "off": _amount(told, currency, "value")}


def parse_names(text: str, what: str = "name") -> dict[str, str]:
    """A name for each language, of one line or of one per language. Refuses CouponTextUnreadable."""
    try:
        return gifts.in_all_languages(gifts.parse_names(text))
    except (GiftTextUnreadable, NameInvalid):
        raise CouponTextUnreadable(what) from None


def parse_amount(text: str, currency: str, what: str) -> int:
    """Minor units; 0 for `-` or `0`. Refuses CouponTextUnreadable(what)."""
    told = fold(text).strip()
    return 0 if told in _NONE else _amount(told, currency, what)


def parse_until(text: str, today: date) -> dict[str, Any]:
    """Until when, as fields of Terms: `30`, `30天`, `12-31`, `12-01 – 12-31`. Refuses CouponTextUnreadable."""
    told = fold(text).strip()
    if (days := _DAYS.fullmatch(told)) and 0 < int(days["days"]) <= _MOST_DAYS:
        return {"begins": "", "ends": "", "days": int(days["days"])}
    try:
        if span := _SPAN.fullmatch(told):
            begins = gifts.parse_day(span["begins"], today)
            ends = gifts.parse_day(span["ends"], begins)
            return {"begins": begins.isoformat(), "ends": ends.isoformat(), "days": 0}
        return {"begins": "", "ends": gifts.parse_day(told, today).isoformat(), "days": 0}
    except GiftTextUnreadable:
        raise CouponTextUnreadable("until") from None


def parse_limits(text: str, currency: str) -> Limits:
    """`1 500 5000`: for one member, in all, and the budget; what is left out, or 0, is no limit.

    Refuses CouponTextUnreadable.
    """
    told = [word for word in re.split(r"[\s,;，；、/]+", fold(text).strip()) if word]
    if told in (["-"], []):
        return Limits()
    if len(told) > 3:
        raise CouponTextUnreadable("limits")
    counts = [_count(word) for word in told[:2]] + [0, 0]
    return Limits(counts[0], counts[1], parse_amount(told[2], currency, "limits") if len(told) == 3 else 0)


def parse_where(text: str, charter: Charter, stores: Mapping[str, str]) -> dict[str, Any]:
    """Categories and stores (names by code), by name or code; `-` is everywhere. Refuses CouponTextUnreadable."""
    told = text.strip()
    if fold(told) in _NONE:
        return {"categories": (), "stores": ()}
    by_word = {comparable(word): code for code, name in stores.items() for word in (code, name)}
    categories, places = [], []
    for word in (part for part in re.split(r"[,;，；、\n]+", told) if part.strip()):
        category, store = charter.category_for(word.strip()), by_word.get(comparable(word.strip()))
        if category is None and store is None:
            raise CouponTextUnreadable("where")
        if category:
            categories.append(category.code)
        elif store:
            places.append(store)
    return {"categories": tuple(categories), "stores": tuple(places)}


def parse_tier(text: str, charter: Charter) -> str:
    """A tier's code of its code or name; '' for `-`, which is everybody. Refuses CouponTextUnreadable."""
    if fold(text).strip() in _NONE:
        return ""
    for tier in charter.tiers:
        if comparable(text) in map(comparable, (tier.code, tier.name.zh_Hans, tier.name.zh_Hant, tier.name.en)):
            return tier.code
    raise CouponTextUnreadable("tier")


def parse_group(text: str) -> str:
    """Small letters, digits and hyphens; '' for `-`. Refuses CouponTextUnreadable."""
    told = fold(text).strip().lower()
    if told == "-":
        return ""
    if not _GROUP.fullmatch(told):
        raise CouponTextUnreadable("group")
    return told


def _per_cent(told: Mapping[str, str | None], currency: str) -> dict[str, Any]:
    most = parse_amount(told["most"], currency, "value") if told["most"] else 0
    if "percent" in told:
        percent = round(float(told["percent"] or 0) * 100)
    else:
        # 85折 is 15 per cent off, and so is 8.5折; 9折 is 10 per cent off.
        tenths = float(told["tenths"] or 0)
        percent = 10_000 - round(tenths * (100 if tenths > 10 else 1_000))
    if not 0 < percent <= 10_000:
        raise CouponTextUnreadable("value")
    return {"kind": "percent", "percent": percent, "most": most}


def _steps(told: str, currency: str) -> tuple[tuple[int, int], ...]:
    found = [_step(step.groupdict(), currency) for step in _STEP.finditer(told)]
    rising = all(low[0] < high[0] and low[1] < high[1] for low, high in pairwise(found))
    if not rising or len(found) > _MOST_STEPS or any(off > spend for spend, off in found):
        raise CouponTextUnreadable("value")
    return tuple(found)


def _step(told: Mapping[str, str], currency: str) -> tuple[int, int]:
    return _amount(told["spend"], currency, "value"), _amount(told["off"], currency, "value")


def _amount(text: str, currency: str, what: str) -> int:
    try:
        return money.parse_amount(text, currency)
    except AmountInvalid:
        raise CouponTextUnreadable(what) from None


def _count(word: str) -> int:
    told = "0" if word == "-" else word
    if not told.isdecimal() or int(told) > _MOST_COUPONS:
        raise CouponTextUnreadable("limits")
    return int(told)
