"""Coupons: the terms one was granted under, when it may be used, and what it gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from loyalty import days
from loyalty.charter import Charter
from loyalty.charter_coupons import Coupon as Defined, CouponKind
from loyalty.lots import NEVER


@dataclass(frozen=True, slots=True)
class Terms:
    """What a coupon gives, where, and until when. Amounts in minor units; an empty list means everywhere."""

    names: Mapping[str, str]  # by locale, all of them
    kind: CouponKind
    off: int = 0  # kind amount
    percent: int = 0  # kind percent, in hundredths of a percent
    most: int = 0  # kind percent gives no more than this; 0: no ceiling
    steps: tuple[tuple[int, int], ...] = ()  # kind steps: spent and off, rising
    gift: Mapping[str, str] = field(default_factory=dict)  # kind gift: what is handed over, by locale
    categories: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()  # codes
    minimum: int = 0  # to be spent on its categories, after member prices and before coupons
    tier: str = ""  # the lowest that may use it, '' for all
    group: str = ""
    with_member_prices: bool = True
    begins: str = ""  # ISO date, local, included; '' for at once
    ends: str = ""  # as above; '' for no fixed end
    days: int = 0  # after the day of granting; 0: until `ends`


@dataclass(frozen=True, slots=True)
class Limits:
    """So many in all and for one member, and the most that may be saved with them, in minor units. 0: no limit."""

    per_member: int = 0
    in_total: int = 0
    budget: int = 0


@dataclass(frozen=True, slots=True)
class Validity:
    """Both instants included, epoch ms."""

    begins_at: int
    ends_at: int


def terms_of(defined: Defined, charter: Charter) -> Terms:
    """What the charter says of a coupon, in minor units."""
    return Terms(
        names=defined.names,
        kind=defined.kind,
        off=charter.minor(defined.off),
        percent=int(defined.percent * 100) if defined.percent else 0,
        most=charter.minor(defined.most),
        steps=tuple((charter.minor(step.spend), charter.minor(step.off)) for step in defined.steps),
        gift=defined.gift.model_dump() if defined.gift else {},
        categories=defined.categories,
        stores=defined.stores,
        minimum=charter.minor(defined.minimum),
        tier=defined.tier,
        group=defined.group,
        with_member_prices=defined.with_member_prices,
        begins=defined.begins.isoformat() if defined.begins else "",
        ends=defined.ends.isoformat() if defined.ends else "",
        days=defined.days,
    )


def limits_of(defined: Defined, charter: Charter) -> Limits:
    return Limits(defined.per_member, defined.in_total, charter.minor(defined.budget))


def as_json(terms: Terms) -> str:
    """The same terms, the same text."""
    return json.dumps(asdict(terms), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=1024)  # few terms, many coupons
def from_json(text: str) -> Terms:
    told = json.loads(text)
    lists = {name: tuple(told[name]) for name in ("categories", "stores")}
    return Terms(**told | lists | {"steps": tuple((spend, off) for spend, off in told["steps"])})


def validity(terms: Terms, granted_at: int, zone: ZoneInfo) -> Validity | None:
    """When a coupon granted now can be used; None if its time is over already."""
    begins = days.start_of_day(date.fromisoformat(terms.begins), zone) if terms.begins else granted_at
    ends = days.end_of_day(date.fromisoformat(terms.ends), zone) if terms.ends else NEVER
    if terms.days:
        last_day = days.add_days(days.local_date(max(begins, granted_at), zone), terms.days)
        ends = min(ends, days.end_of_day(last_day, zone))
    return Validity(max(begins, granted_at), ends) if ends > granted_at else None


def pack(ids: Iterable[int]) -> str:
    """Ids as they fit behind a button: `3.1a`."""
    return ".".join(_to_base36(number) for number in ids)


def unpack(text: str) -> list[int]:
    """What `pack` was given; ValueError for anything else."""
    return [int(part, 36) for part in text.split(".")] if text else []


def _to_base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
