"""Points given or taken by hand, with a reason; above the charter's limit a second person has to agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from actions import charters, customers, looks, purchases, staff
from db import accounts, adjustments, audit, case_compensations, ledger, members, outbox, staff as posts
from db.adjustments import Adjustment, NewAdjustment
from db.database import Tx
from db.ledger import Entry, Posting
from db.members import Member
from db.people import Person
from db.staff import Post
from loyalty import earning
from loyalty.adjustments import needs_second
from loyalty.errors import (
    AskedForThemselves,
    IdempotencyConflict,
    NobodyToAgree,
    NotEnoughPoints,
    OwnPoints,
    SecondPersonNeeded,
    StaleButton,
)
from loyalty.messages import Say
from loyalty.roles import Role

_DAY_MS = 86_400_000
_WAITS_MS = 7 * _DAY_MS


@dataclass(frozen=True, slots=True)
class Order:
    """What a manager asks for. points are signed; reason is a code of the charter; the note is for staff."""

    member_id: int
    points: int
    reason: str
    note: str

    @property
    def content(self) -> bytes:
        """A digest of what must agree when the key comes again."""
        return sha256(json.dumps(asdict(self)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an adjustment would do. reasons: code and names by locale."""

    member_id: int
    member: str  # name
    available: int
    before: int  # points, pending ones included, less what is owed
    limit: int
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What became of it, as staff read it."""

    adjustment_id: int
    member_id: int
    member: str
    points: int
    reason: dict[str, str]  # by locale
    note: str
    state: str  # waiting, entered, declined
    before: int
    after: int  # as before while it waits, or if it was declined
    asked_by: str  # names of staff
    decided_by: str  # '' if nobody has, or nobody had to


def prospect(tx: Tx, person: Person, member_id: int) -> Prospect:
    """The member's points, and what they can be adjusted for; the look is recorded.

    Refuses NotAllowed, MemberNotFound and OwnPoints.
    """
    staff.require(tx, person.user_id, Role.MANAGER)
    member, rules = _member(tx, person, member_id), charters.current(tx).adjustments
    account = accounts.get(tx, member.id)
    looks.note(tx, person, "points_read", member.id, purchases.place_of(tx, person))
    return Prospect(
        member_id=member.id,
        member=members.name_of(tx, member.id),
        available=account.available,
        before=account.standing,
        limit=rules.limit,
        reasons=[{"code": reason.code, "name": reason.names} for reason in rules.reasons],
    )


def adjust(tx: Tx, person: Person, order: Order, key: str) -> Adjusted:
    """Enter it and tell the member, or ask a second person if it is above the charter's limit.

    The same again under its key is adjusted once. Refuses NotAllowed, MemberNotFound, OwnPoints, NotEnoughPoints,
    NobodyToAgree, IdempotencyConflict, and StaleButton for a reason that a newer charter dropped.
    """
    post = staff.require(tx, person.user_id, Role.MANAGER)
    accounts.lock(tx, order.member_id)
    known = adjustments.get_by_key(tx, key)
    if known:
        return _again(tx, order, *known)
    member = _member(tx, person, order.member_id)
    _check_points(tx, member, order.points)
    alone = given_alone(tx, member.id, person.user_id)
    store_id = _store(tx, person, post)
    new = NewAdjustment(**asdict(order), store_id=store_id, asked_by=person.user_id, key=key, content=order.content)
    adjustment = adjustments.add(tx, new)
    if needs_second(order.points, alone, charters.current(tx).adjustments.limit):
        asked = _ask(tx, adjustment, member)
        _audit(tx, person, "adjustment_asked", adjustment)
        return asked
    adjustments.resolve(tx, adjustment.id, "entered", decided_by=0, since=0)
    entered = _enter(tx, adjustment)
    _audit(tx, person, "adjustment_entered", adjustment)
    return entered


def _store(tx: Tx, person: Person, post: Post) -> int:
    """Where this manager works now, if they manage that store."""
    here = purchases.place_of(tx, person)
    return here if here and staff.is_allowed(tx, person.user_id, Role.MANAGER, here) else post.store_id


def given_alone(tx: Tx, member_id: int, user_id: int) -> tuple[int, int]:
    """Points and coupons this person gave and took within a day for this member without a second one, cases included.

    Coupons are given by hand for cases only.
    """
    since = tx.now - _DAY_MS
    points, coupons = case_compensations.given_alone(tx, member_id, user_id, since)
    return adjustments.points_alone(tx, member_id, user_id, since) + points, coupons


def decide(tx: Tx, person: Person, adjustment_id: int, agree: bool) -> Adjusted:
    """The second person's word; whoever asked is told.

    Refuses NotAllowed, SecondPersonNeeded (not the one who asked), OwnPoints, AskedForThemselves, MemberNotFound,
    NotEnoughPoints, and StaleButton once it is decided or has waited for a week.
    """
    staff.require(tx, person.user_id, Role.MANAGER)
    adjustment = adjustments.get(tx, adjustment_id)
    if adjustment is None:
        raise StaleButton
    staff.require(tx, person.user_id, Role.MANAGER, adjustment.store_id or None)
    if adjustment.asked_by == person.user_id:
        raise SecondPersonNeeded
    accounts.lock(tx, adjustment.member_id)
    member = _member(tx, person, adjustment.member_id)
    if agree and member.user_id == adjustment.asked_by:
        raise AskedForThemselves
    state = "entered" if agree else "declined"
    if not adjustments.resolve(tx, adjustment.id, state, person.user_id, tx.now - _WAITS_MS):
        raise StaleButton
    _audit(tx, person, f"adjustment_{'agreed' if agree else 'declined'}", adjustment)
    outcome = _enter(tx, adjustment) if agree else _adjusted(tx, adjustment.id)
    outbox.post(tx, Say("adjustment_decided", asdict(outcome), to=adjustment.asked_by, kind="notice"))
    return outcome


def _member(tx: Tx, person: Person, member_id: int) -> Member:
    """Nobody adjusts their own points."""
    member = customers.require(tx, member_id)
    if member.user_id == person.user_id:
        raise OwnPoints
    return member


def _check_points(tx: Tx, member: Member, points: int) -> None:
    available = accounts.get(tx, member.id).available
    if -points > available:
        raise NotEnoughPoints(required=-points, available=available)


def _again(tx: Tx, order: Order, known: Adjustment, content: bytes) -> Adjusted:
    if content != order.content:
        raise IdempotencyConflict
    return _adjusted(tx, known.id)


def _ask(tx: Tx, adjustment: Adjustment, member: Member) -> Adjusted:
    """Everybody who may agree gets the question; the first answer counts. Refuses NobodyToAgree."""
    store_id = adjustment.store_id or None
    able = {*posts.list_users(tx, Role.OWNER), *posts.list_users(tx, Role.MANAGER, store_id)}
    asked = sorted(able - {adjustment.asked_by, member.user_id})
    if not asked:
        raise NobodyToAgree
    outcome = _adjusted(tx, adjustment.id)
    for user_id in asked:
        outbox.post(tx, Say("adjustment_asked", asdict(outcome), to=user_id, kind="notice"))
    return outcome


def _enter(tx: Tx, adjustment: Adjustment) -> Adjusted:
    charter = charters.current(tx)
    posting = Posting(
        member_id=adjustment.member_id, kind="adjust", points=adjustment.points, reason=adjustment.reason,
        actor=adjustment.asked_by, occurred_at=tx.now, key=f"adjustment:{adjustment.id}",
        store_id=adjustment.store_id, detail={"name": _reason(tx, adjustment)},
    )  # fmt: skip
    if adjustment.points > 0:
        entry = ledger.earn(tx, posting, tx.now, earning.expires_at(charter, tx.now))
    else:
        entry = ledger.spend(tx, posting)
    adjustments.set_entry(tx, adjustment.id, entry.id)
    outcome = _adjusted(tx, adjustment.id)
    _tell(tx, adjustment, entry, outcome)
    return outcome


def _tell(tx: Tx, adjustment: Adjustment, entry: Entry, outcome: Adjusted) -> None:
    member = members.get(tx, adjustment.member_id)
    if member and member.user_id:
        told = {"points": entry.points, "reason": outcome.reason, "after": outcome.after}
        outbox.post(tx, Say("adjustment_notice", told, to=member.user_id, kind="notice"))


def _adjusted(tx: Tx, adjustment_id: int) -> Adjusted:
    adjustment = adjustments.get(tx, adjustment_id)
    assert adjustment is not None
    standing = accounts.get(tx, adjustment.member_id).standing
    moved = adjustment.points if adjustment.entry_id else 0
    return Adjusted(
        adjustment_id=adjustment.id,
        member_id=adjustment.member_id,
        member=members.name_of(tx, adjustment.member_id),
        points=adjustment.points,
        reason=dict(_reason(tx, adjustment)),
        note=adjustments.note_of(tx, adjustment),
        state=adjustment.state,
        before=standing - moved,
        after=standing,
        asked_by=posts.name_of(tx, adjustment.asked_by),
        decided_by=posts.name_of(tx, adjustment.decided_by),
    )


def _reason(tx: Tx, adjustment: Adjustment) -> Mapping[str, str]:
    """Its names by locale; StaleButton if the charter has dropped it."""
    reason = charters.current(tx).adjustment_reason(adjustment.reason)
    if reason is None:
        raise StaleButton
    return reason.names


def _audit(tx: Tx, person: Person, action: str, adjustment: Adjustment) -> None:
    audit.add(
        tx, person.user_id, action, store_id=adjustment.store_id, member_id=adjustment.member_id,
        adjustment=adjustment.id, points=adjustment.points, reason=adjustment.reason,
    )  # fmt: skip
