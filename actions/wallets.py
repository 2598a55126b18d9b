"""A member's coupons: what there is, what has been used where, and the code to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import charters, coupon_terms
from actions.members import require_member
from db import coupons, members, stores
from db.coupons import Coupon
from db.database import Tx
from db.people import Person
from loyalty import cards, codes
from loyalty.cards import StartLink
from loyalty.coupon_errors import CouponEnded, CouponNotFound
from loyalty.messages import Picture, Say, params_of

PAGE = 5


@dataclass(frozen=True, slots=True)
class Wallet:
    """One page of the coupons that can be used now or later. prices: see `coupon_terms.member_prices`."""

    coupons: list[dict[str, Any]]  # as `shown`
    page: int  # from 0
    pages: int
    total: int
    ended: bool  # whether there are used or lapsed ones
    prices: list[dict[str, Any]]
    tier: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """One page of those used or lapsed, the latest first."""

    coupons: list[dict[str, Any]]  # name, state, at (epoch ms), store, saving
    page: int
    more: bool


def wallet(tx: Tx, person: Person, page: int = 0) -> Wallet:
    """Refuses NotAMember."""
    member, charter = require_member(tx, person), charters.current(tx)
    held = coupons.list_held(tx, member.id)
    pages = max(1, -(-len(held) // PAGE))
    page = min(page, pages - 1)
    return Wallet(
        coupons=[shown(tx, coupon) for coupon in held[page * PAGE : (page + 1) * PAGE]],
        page=page,
        pages=pages,
        total=len(held),
        ended=bool(coupons.list_ended(tx, member.id, 1, 0)),
        prices=coupon_terms.member_prices(charter, member.tier),
        tier=charter.tier(member.tier).names,
    )


def ended(tx: Tx, person: Person, page: int = 0) -> Ended:
    """Refuses NotAMember."""
    member = require_member(tx, person)
    found = coupons.list_ended(tx, member.id, PAGE + 1, page * PAGE)
    return Ended([_told(tx, coupon) for coupon in found[:PAGE]], page, len(found) > PAGE)


def show(tx: Tx, person: Person, coupon_id: int) -> Say:
    """A coupon with its code to show at the counter. Refuses NotAMember, CouponNotFound and CouponEnded."""
    coupon = _own(tx, person, coupon_id)
    told, code = shown(tx, coupon), coupons.code_of(tx, coupon)
    return Say("coupon_shown", {"coupon": told, "code": codes.grouped(code)}, picture=_picture(tx, told, code))


def show_by_code(tx: Tx, person: Person, code: str) -> Say | None:
    """The person's own coupon with this code; None for all else, so that nobody learns which codes there are.

    Refuses CouponEnded.
    """
    member, found = members.get_by_user(tx, person.user_id), coupons.get_by_code(tx, code)
    return show(tx, person, found.id) if member and found and found.member_id == member.id else None


def shown(tx: Tx, coupon: Coupon) -> dict[str, Any]:
    """As `coupon_terms.describe`, with coupon_id, from (epoch ms, 0: now) and until."""
    return dated(tx, coupon, params_of(coupon_terms.describe(tx, coupon.terms)))


def dated(tx: Tx, coupon: Coupon, described: dict[str, Any]) -> dict[str, Any]:
    """As `shown`, of one whose terms were described already."""
    return described | {
        "coupon_id": coupon.id,
        "from": coupon.usable_from if coupon.usable_from > tx.now else 0,
        "until": coupon.usable_until,
    }


def _own(tx: Tx, person: Person, coupon_id: int) -> Coupon:
    member, coupon = require_member(tx, person), coupons.get(tx, coupon_id)
    if coupon is None or coupon.member_id != member.id:
        raise CouponNotFound
    if coupon.state != "held" or coupon.usable_until < tx.now:
        raise gone(tx, coupon)
    return coupon


def gone(tx: Tx, coupon: Coupon) -> CouponEnded:
    """What to refuse with for one that was used, or whose time is over."""
    if coupon.state == "used":
        return CouponEnded("used", coupon.ended_at, stores.name_of(tx, coupon.store_id))
    return CouponEnded("lapsed", coupon.usable_until, "")


def _told(tx: Tx, coupon: Coupon) -> dict[str, Any]:
    return {
        "name": dict(coupon.terms.names),
        "state": coupon.state,
        "at": coupon.ended_at if coupon.state == "used" else coupon.usable_until,
        "store": stores.name_of(tx, coupon.store_id),
        "saving": coupon.saving,
        "gift": dict(coupon.terms.gift),
    }


def _picture(tx: Tx, told: dict[str, Any], code: str) -> Picture:
    programme = charters.current(tx).programme
    place = " · ".join(told["stores"][:3])
    face = {
        "programme": programme.names,
        "colour": programme.colour,
        "title": told["name"],
        "place": place,
        "code": code,
        "start": cards.start_payload(StartLink("gift", code)),
    }
    return Picture("code", face)
