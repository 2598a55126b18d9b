"""Managers keep the kinds of coupons: make, change and stop them, see what became of them, and give them to members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from actions import charters, coupon_terms, coupons, members as member_search, staff, wallets
from actions.coupons import NewGrant
from actions.pushes import push
from db import audit, coupon_definitions as definitions, coupons as held, members, stores
from db.coupon_definitions import Definition
from db.database import Tx
from db.people import Person
from db.staff import CHAIN
from loyalty import coupon_texts, coupons as rules, days, paging
from loyalty.charter import Charter
from loyalty.coupon_errors import CouponInCharter, CouponNotFound, CouponNotGranted, OwnCoupon
from loyalty.coupons import Limits, Terms
from loyalty.errors import MemberNotFound
from loyalty.messages import Say
from loyalty.roles import Role

FIELDS = ("name", "value", "minimum", "until", "limits", "where", "tier", "group")


@dataclass(frozen=True, slots=True)
class Listed:
    """One kind in the managers' list."""

    definition_id: int
    name: dict[str, str]
    active: bool
    granted: int
    used: int


def list_kinds(tx: Tx, person: Person, page: int = 0) -> Say:
    """A page of all kinds, those of the charter too. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    charter = charters.current(tx)
    for defined in charter.coupons:
        coupons.find(tx, charter, defined.code)
    shown = paging.cut(definitions.list_all(tx), page)
    listed = [asdict(_listed(charter, kind)) for kind in shown.rows]
    return Say("coupon_list", {"kinds": listed, "page": shown.page, "pages": shown.pages})


def look(tx: Tx, person: Person, definition_id: int) -> Say:
    """One kind and what became of it. Refuses NotAllowed and CouponNotFound."""
    staff.require(tx, person.user_id, Role.MANAGER)
    kind = _require(tx, definition_id)
    return Say("coupon_kind", _life(tx, person, kind))


def create(tx: Tx, person: Person, terms: Terms, limits: Limits) -> Say:
    """Make a kind of coupon, to be granted from now on. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    tx.serialise("coupons")
    code = definitions.next_code(tx)
    definition_id = definitions.add(tx, code, _digest(terms), terms, limits, person.user_id)
    audit.add(tx, person.user_id, "coupon_created", coupon=definition_id)
    return look(tx, person, definition_id)


def change(tx: Tx, person: Person, definition_id: int, changed: Mapping[str, Any]) -> Say:
    """Set terms, or limits; coupons that were granted keep theirs. Refuses as `require_changeable`."""
    kind, told = require_changeable(tx, person, definition_id), dict(changed)
    limits = Limits(**told.pop("limits")) if "limits" in told else kind.limits
    terms = replace(kind.terms, **told)
    definitions.change(tx, kind.id, _digest(terms), terms, limits)
    audit.add(tx, person.user_id, "coupon_changed", coupon=kind.id, fields=sorted(changed))
    return look(tx, person, kind.id)


def stop(tx: Tx, person: Person, definition_id: int) -> Say:
    """Grant no more of it; what members have they can use. Refuses NotAllowed and CouponNotFound."""
    kind = _require_theirs(tx, person, definition_id)
    if definitions.set_active(tx, kind.id, active=False):
        audit.add(tx, person.user_id, "coupon_stopped", coupon=kind.id)
    return look(tx, person, kind.id)


def resume(tx: Tx, person: Person, definition_id: int) -> Say:
    """Refuses as `stop`."""
    kind = _require_theirs(tx, person, definition_id)
    if definitions.set_active(tx, kind.id, active=True):
        audit.add(tx, person.user_id, "coupon_resumed", coupon=kind.id)
    return look(tx, person, kind.id)


def require_changeable(tx: Tx, person: Person, definition_id: int) -> Definition:
    """Refuses NotAllowed, CouponNotFound, and CouponInCharter for what is changed there."""
    kind = _require_theirs(tx, person, definition_id)
    if kind.in_charter:
        raise CouponInCharter
    return kind


def choose_field(tx: Tx, person: Person, definition_id: int) -> Say:
    """What to change. Refuses as `require_changeable`."""
    kind = require_changeable(tx, person, definition_id)
    return Say("coupon_fields", {"definition_id": kind.id, "name": dict(kind.terms.names)})


def read(tx: Tx, field: str, text: str) -> dict[str, Any]:
    """What one of FIELDS is to be, as typed, as terms; limits under `limits`. Refuses CouponTextUnreadable."""
    charter = charters.current(tx)
    if field == "name":
        return {"names": coupon_texts.parse_names(text)}
    if field == "value":
        return coupon_texts.parse_value(text, charter.currency)
    if field == "minimum":
        return {"minimum": coupon_texts.parse_amount(text, charter.currency, "minimum")}
    if field == "limits":
        return {"limits": asdict(coupon_texts.parse_limits(text, charter.currency))}
    return _read_condition(tx, charter, field, text)


def understand(tx: Tx, person: Person, text: str) -> list[int]:
    """The members who may be meant, by card, phone or name. Refuses as `members.find`, and OwnCoupon."""
    staff.require(tx, person.user_id, Role.MANAGER)
    found = [hit.member_id for hit in member_search.find(tx, person, text)]
    if len(found) == 1:
        require_receiver(tx, person, found[0])
    return found


def require_receiver(tx: Tx, person: Person, member_id: int) -> int:
    """The member's id, if this person may give them a coupon. Refuses MemberNotFound and OwnCoupon."""
    member = members.get(tx, member_id)
    if member is None or member.status != "active":
        raise MemberNotFound("card")
    if member.user_id == person.user_id:
        raise OwnCoupon
    return member_id


def give(tx: Tx, person: Person, definition_id: int, member_id: int, key: str) -> Say:
    """Grant one by hand; the member is told. Refuses NotAllowed, CouponNotFound, OwnCoupon and CouponNotGranted."""
    staff.require(tx, person.user_id, Role.MANAGER)
    require_receiver(tx, person, member_id)
    kind, charter = _require(tx, definition_id), charters.current(tx)
    if kind.in_charter and charter.coupon(kind.code) is None:
        raise CouponNotGranted("stopped")
    coupon_id = coupons.give(tx, charter, kind, NewGrant(member_id, "manual", f"manual:{key}", person.user_id))
    if coupon_id is None:
        raise CouponNotGranted(coupons.why_not(tx, charter, kind, member_id))
    _tell(tx, member_id, coupon_id)
    audit.add(tx, person.user_id, "coupon_given", member_id=member_id, coupon=kind.id, granted=coupon_id)
    told = {"name": dict(kind.terms.names), "member": members.name_of(tx, member_id), "definition_id": kind.id}
    return Say("coupon_given", told)


def _tell(tx: Tx, member_id: int, coupon_id: int) -> None:
    coupon = held.get(tx, coupon_id)
    assert coupon is not None
    say = Say("coupon_granted", {"coupon": wallets.shown(tx, coupon)})
    push(tx, member_id, "coupons", say, f"coupon:{coupon.id}", coupon.usable_until)


def _read_condition(tx: Tx, charter: Charter, field: str, text: str) -> dict[str, Any]:
    if field == "until":
        return coupon_texts.parse_until(text, days.local_date(tx.now, charter.zone))
    if field == "where":
        return coupon_texts.parse_where(text, charter, {store.code: store.name for store in stores.list_active(tx)})
    if field == "group":
        return {"group": coupon_texts.parse_group(text)}
    return {"tier": coupon_texts.parse_tier(text, charter)}


def _digest(terms: Terms) -> str:
    return sha256(rules.as_json(terms).encode()).hexdigest()


def _require(tx: Tx, definition_id: int) -> Definition:
    """As the charter has it now, if it is the charter's."""
    kind = definitions.get(tx, definition_id)
    if kind is None:
        raise CouponNotFound
    return coupons.find(tx, charters.current(tx), kind.code) or kind


def _require_theirs(tx: Tx, person: Person, definition_id: int) -> Definition:
    """Of who made it, or of who manages the whole chain."""
    staff.require(tx, person.user_id, Role.MANAGER)
    kind = _require(tx, definition_id)
    if kind.created_by != person.user_id:
        staff.require(tx, person.user_id, Role.MANAGER, CHAIN)
    return kind


def _may_change(tx: Tx, person: Person, kind: Definition) -> bool:
    place = None if kind.created_by == person.user_id else CHAIN
    return staff.is_allowed(tx, person.user_id, Role.MANAGER, place)


def _listed(charter: Charter, kind: Definition) -> Listed:
    return Listed(kind.id, dict(kind.terms.names), _is_active(charter, kind), kind.granted, kind.used)


def _is_active(charter: Charter, kind: Definition) -> bool:
    """Not stopped, nor dropped from the charter."""
    return kind.active and not (kind.in_charter and charter.coupon(kind.code) is None)


def _life(tx: Tx, person: Person, kind: Definition) -> dict[str, Any]:
    limits, terms = kind.limits, kind.terms
    return {
        "coupon": asdict(coupon_terms.describe(tx, terms)),
        "definition_id": kind.id,
        "active": _is_active(charters.current(tx), kind),
        "in_charter": kind.in_charter,
        "begins": terms.begins,
        "ends": terms.ends,
        "days": terms.days,
        "granted": kind.granted,
        "used": kind.used,
        "saved": kind.saved,
        "per_member": limits.per_member,
        "in_total": limits.in_total,
        "left": max(0, limits.in_total - kind.granted),
        "budget": limits.budget,
        "budget_left": max(0, limits.budget - kind.saved),
        "may_change": _may_change(tx, person, kind),
    }
