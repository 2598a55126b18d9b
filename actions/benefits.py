"""Welcoming members to a tier: what it brings is given at once, and told."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions import coupons, pushes
from db.database import Tx
from db.members import Member
from loyalty import benefits, days
from loyalty.charter import Charter, Tier
from loyalty.messages import Say, params_of

# Later than that, it is no news any more.
_NEWS_MS = 30 * 86_400_000
# A review tells the same to many.
_known: dict[tuple[str, str, date], list[dict[str, Any]]] = {}
_MOST_KNOWN = 32


def welcome(tx: Tx, charter: Charter, member: Member, tier: Tier, key: str) -> None:
    """Grant what comes with reaching the tier, once in a calendar year, and tell the member what it brings.

    key: what lifted them, unique for ever.
    """
    granted = _grant(tx, charter, member, tier)
    told = {"tier": tier.names, "coupon": granted, "brings": brings(tx, charter, tier)}
    say = Say("tier_reached", told)
    pushes.push(tx, member.id, "tier", say, f"tier_reached:{key}", tx.now + _NEWS_MS)


def take_back(tx: Tx, charter: Charter, member_id: int, tier: Tier, since: int) -> list[dict[str, str]]:
    """Coupons for reaching a tier above this one, in which the member is again: those granted since the purchase that
    counts no more (epoch ms UTC). Used ones stay used. Their names by locale."""
    above = [one.code for one in charter.tiers if charter.threshold(one) > charter.threshold(tier)]
    years = range(_year(charter, since), _year(charter, tx.now) + 1)
    return coupons.withdraw(tx, [_key(member_id, code, year) for code in above for year in years], since)


def brings(tx: Tx, charter: Charter, tier: Tier) -> list[dict[str, Any]]:
    """What members of the tier have, as templates take it."""
    today = days.local_date(tx.now, charter.zone)
    known = (charter.digest, tier.code, today)
    if known not in _known:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[known] = [params_of(one) for one in benefits.benefits(charter, tier, today)]
    return _known[known]


def _grant(tx: Tx, charter: Charter, member: Member, tier: Tier) -> dict[str, str]:
    """The name of the coupon, by locale; {} if there was none to give."""
    coupon = charter.coupon(tier.coupon) if tier.coupon else None
    if coupon is None:
        return {}
    key = _key(member.id, tier.code, _year(charter, tx.now))
    granted = coupons.grant(tx, charter, member.id, tier.coupon, "tier", key)
    return coupon.names if granted is not None else {}


def _key(member_id: int, tier: str, year: int) -> str:
    return f"tier:{member_id}:{tier}:{year}"


def _year(charter: Charter, at: int) -> int:
    return days.local_date(at, charter.zone).year
