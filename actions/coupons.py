"""Granting coupons, by rules and by people; each under the terms in force, within its limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db import coupon_definitions as definitions, coupons
from db.coupon_definitions import Definition
from db.coupons import NewCoupon
from db.database import Tx
from loyalty import coupons as rules
from loyalty.charter import Charter
from loyalty.coupons import Validity


@dataclass(frozen=True, slots=True)
class NewGrant:
    """To whom and why; see `grant`."""

    member_id: int
    why: str
    key: str
    granted_by: int = 0  # Telegram id, 0 for the programme
    expires_at: int = 0


def grant(tx: Tx, charter: Charter, member_id: int, code: str, why: str, key: str, expires_at: int = 0) -> int | None:
    """Give a member a coupon of this kind under the terms in force now; its id. The member is told by the caller.

    code: of the charter's [[coupons]], or of one that was made in chat. why: birthday, tier, joining, quiet, apology,
    promotion, festival, manual. key: unique for ever, `birthday:<member>:<year>`. expires_at: epoch ms UTC, earlier
    than the terms say; 0: as they say.
    None if nothing was granted: the kind is unknown, stopped or over, its limit or budget is reached, or the key was
    used before.
    """
    definition = find(tx, charter, code)
    return give(tx, charter, definition, NewGrant(member_id, why, key, 0, expires_at)) if definition else None


def find(tx: Tx, charter: Charter, code: str) -> Definition | None:
    """The kind with this code, as the charter in force has it; None if it is not in it, nor made in chat."""
    known = definitions.get_by_code(tx, code)
    defined = charter.coupon(code)
    if defined is None:
        return known if known and not known.in_charter else None
    if known and known.digest == defined.digest:
        return known
    terms, limits = rules.terms_of(defined, charter), rules.limits_of(defined, charter)
    definition_id = definitions.add(tx, code, defined.digest, terms, limits, created_by=0)
    return definitions.get(tx, definition_id)


def give(tx: Tx, charter: Charter, definition: Definition, new: NewGrant) -> int | None:
    """As `grant`, of a kind that was found."""
    valid = _validity(tx, charter, definition, new.expires_at)
    if valid is None or coupons.has_key(tx, new.key) or not definitions.count_grant(tx, definition.id):
        return None
    # Counted after `count_grant`: until this transaction ends, nobody else grants of this kind.
    allowed = definition.limits.per_member
    if allowed and coupons.count_of(tx, definition.id, new.member_id) >= allowed:
        granted = None
    else:
        granted = coupons.add(tx, _new(definition, new, valid))
    if granted is None:
        definitions.uncount_grant(tx, definition.id)
    return granted


def withdraw(tx: Tx, keys: Iterable[str], since: int) -> list[dict[str, str]]:
    """What was granted under these keys since then (epoch ms) and not used was never granted; the names by locale.

    The owner is told by the caller.
    """
    gone = [coupon for key in keys if (coupon := coupons.withdraw(tx, key, since))]
    for coupon in sorted(gone, key=lambda coupon: coupon.definition_id):
        definitions.uncount_grant(tx, coupon.definition_id)
    return [dict(coupon.terms.names) for coupon in gone]


def why_not(tx: Tx, charter: Charter, definition: Definition, member_id: int) -> str:
    """Why `give` gave nothing: stopped, over, member (has had as many as one may), budget or all_gone."""
    limits = definition.limits
    if not definition.active:
        return "stopped"
    if rules.validity(definition.terms, tx.now, charter.zone) is None:
        return "over"
    if limits.per_member and coupons.count_of(tx, definition.id, member_id) >= limits.per_member:
        return "member"
    return "budget" if limits.budget and definition.saved >= limits.budget else "all_gone"


def _validity(tx: Tx, charter: Charter, definition: Definition, expires_at: int) -> Validity | None:
    valid = rules.validity(definition.terms, tx.now, charter.zone)
    if valid is None or not expires_at:
        return valid
    return Validity(valid.begins_at, min(valid.ends_at, expires_at)) if expires_at > valid.begins_at else None


def _new(definition: Definition, new: NewGrant, valid: Validity) -> NewCoupon:
    return NewCoupon(
        definition_id=definition.id, terms_id=definition.terms_id, member_id=new.member_id, why=new.why, valid=valid,
        key=new.key, granted_by=new.granted_by,
    )  # fmt: skip
