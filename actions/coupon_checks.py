"""Codes of coupons at the counter: whose it is, whether it is good here and now, and if not, exactly why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import charters, coupon_terms, desk, quotes, wallets
from db import accounts, audit, coupons, members, outbox
from db.coupons import Coupon, Use
from db.database import Tx
from db.members import Member
from db.people import Person
from db.stores import Store
from loyalty import codes, prices
from loyalty.charter import Charter
from loyalty.coupon_errors import (
    CouponElsewhere,
    CouponForTier,
    CouponMinimum,
    CouponNotForGoods,
    CouponOfAnother,
    CouponSavesNothing,
    CouponTooEarly,
    OwnCoupon,
)
from loyalty.errors import CodeInvalid, MemberNotFound
from loyalty.messages import Say
from loyalty.purchases import Sale


@dataclass(frozen=True, slots=True)
class Good:
    """A coupon that can be used; its member is open at the counter now, and the amount comes next."""

    coupon_id: int
    member_id: int
    member: str
    coupon: dict[str, Any]  # as `wallets.shown`


@dataclass(frozen=True, slots=True)
class Given:
    """A gift coupon that was used just now: what is handed over to whom. Names by locale."""

    name: dict[str, str]
    gift: dict[str, str]
    member: str
    store: str


def accept(tx: Tx, person: Person, store: Store, coupon: Coupon) -> Good | Given:
    """A coupon whose code was typed. One for a gift that needs no purchase is used at once; the member is told.

    Refuses CouponEnded, CouponTooEarly, CouponElsewhere, CouponForTier, OwnCoupon and MemberNotFound.
    """
    accounts.lock(tx, coupon.member_id)
    found, member = coupons.get(tx, coupon.id), members.get(tx, coupon.member_id)
    assert found is not None
    _require_usable(tx, person, store, found, member)
    if coupon.terms.kind == "gift" and not prices.least(coupon.terms) and not coupon.terms.categories:
        return _give(tx, person, store, found)
    name = desk.ask_amount(tx, person, coupon.member_id).name
    return Good(coupon.id, coupon.member_id, name, wallets.shown(tx, coupon))


def require_fits(tx: Tx, store: Store, coupon_id: int, sale: Sale) -> None:
    """Refuses CouponMinimum, CouponNotForGoods and CouponSavesNothing for a coupon that is usable, but not on this."""
    charter, coupon = charters.current(tx), coupons.get(tx, coupon_id)
    member = members.get(tx, coupon.member_id) if coupon else None
    assert coupon is not None
    assert member is not None
    basket = quotes.basket(charter, store, member, sale)
    reason = prices.obstacle(charter, basket, coupon.terms)
    if reason == "minimum":
        spent = prices.fitting(basket, coupon.terms)
        raise CouponMinimum(prices.least(coupon.terms), max(1, prices.least(coupon.terms) - spent))
    if reason == "category":
        raise CouponNotForGoods([charter.category_names(code) for code in coupon.terms.categories])
    if reason:
        raise CouponSavesNothing


def own_by_code(tx: Tx, member_id: int, text: str) -> int:
    """The id of this member's coupon with this code. Refuses CodeInvalid and CouponOfAnother.

    Only this member's are looked at, so that nobody learns here which other codes there are.
    """
    code = codes.normalise(text)
    for coupon in coupons.list_held(tx, member_id):
        if coupons.code_of(tx, coupon) == code:
            return coupon.id
    raise CouponOfAnother


def split(text: str) -> tuple[str, str]:
    """A code, and what follows it: `7K2M-9QXA 86.50`. Refuses CodeInvalid."""
    words = text.split(" ")
    for place in range(len(words), 0, -1):
        try:
            return codes.normalise(" ".join(words[:place])), " ".join(words[place:]).strip()
        except CodeInvalid:
            continue
    raise CodeInvalid


def _require_usable(tx: Tx, person: Person, store: Store, coupon: Coupon, member: Member | None) -> None:
    charter, terms = charters.current(tx), coupon.terms
    if member is None or member.status != "active":
        raise MemberNotFound("card")
    if member.user_id == person.user_id:
        raise OwnCoupon
    if coupon.state != "held" or coupon.usable_until < tx.now:
        raise wallets.gone(tx, coupon)
    if coupon.usable_from > tx.now:
        raise CouponTooEarly(coupon.usable_from)
    if terms.stores and store.code not in terms.stores:
        raise CouponElsewhere(coupon_terms.store_names(tx, terms.stores))
    if not _reaches(charter, member.tier, terms.tier):
        raise CouponForTier(charter.tier(terms.tier).names)


def _reaches(charter: Charter, tier: str, needed: str) -> bool:
    return not needed or charter.threshold(charter.tier(tier)) >= charter.threshold(charter.tier(needed))


def _give(tx: Tx, person: Person, store: Store, coupon: Coupon) -> Given:
    quotes.use(tx, coupon, Use(store.id, 0, 0, person.user_id))
    given = Given(dict(coupon.terms.names), dict(coupon.terms.gift), members.name_of(tx, coupon.member_id), store.name)
    member = members.get(tx, coupon.member_id)
    if member and member.user_id:
        told = {"name": given.name, "gift": given.gift, "store": store.name}
        outbox.post(tx, Say("coupon_collected", told, to=member.user_id, kind="notice"))
    audit.add(tx, person.user_id, "coupon_used", store_id=store.id, member_id=coupon.member_id, coupon=coupon.id)
    return given
