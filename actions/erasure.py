"""Leaving for good: what a member would lose, and being forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions import case_ends, charters, reservations, waiting
from actions.members import lock_member, require_member
from db import accounts, audit, coupons, erasure, members, reservations as held, staff as posts
from db.database import Tx
from db.erasure import Erasure, Reason
from db.members import Member
from db.people import Person


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes with the membership. Points count whether usable or pending; names by locale."""

    points: int
    tier: dict[str, str]
    lowest_tier: bool
    gifts: int  # reserved, to be collected
    coupons: int  # not used yet


@dataclass(frozen=True, slots=True)
class Erased:
    """The last that is said to somebody."""

    programme: dict[str, str]  # by locale
    reason: Reason
    works_here: bool


def preview(tx: Tx, person: Person) -> Loss:
    """Refuses NotAMember."""
    return loss_of(tx, require_member(tx, person))


def loss_of(tx: Tx, member: Member) -> Loss:
    charter, account = charters.current(tx), accounts.get(tx, member.id)
    tier = charter.tier(member.tier)
    return Loss(
        points=max(0, account.standing),
        tier=tier.names,
        lowest_tier=tier == charter.tiers[0],
        gifts=len(held.list_held(tx, member.id)),
        coupons=len(coupons.list_held(tx, member.id)),
    )


def erase_own(tx: Tx, person: Person) -> Erased:
    """At the member's own wish. Refuses NotAMember."""
    return erase(tx, lock_member(tx, person), "asked")


def erase(tx: Tx, member: Member, reason: Reason) -> Erased:
    """Destroy the member's key and all that says who they are; once. The caller has taken `accounts.lock`.

    Reserved gifts go back to their stores first, so that the ledger has nothing open; the points stay in it as
    nobody's. Their cases end. What was still to be sent to the member never is.
    """
    _carry_out(tx, member, Erasure(member.id, reason, tx.now, member.user_id))
    audit.add(tx, 0, "member_erased", member_id=member.id, reason=reason)
    works_here = bool(member.user_id) and bool(posts.list_posts(tx, member.user_id))
    return Erased(charters.current(tx).programme.names, reason, works_here)


def replay(tx: Tx, erased: Erasure) -> bool:
    """Carry out an erasure that a restored backup does not know of; False if it does, or never knew the member."""
    accounts.lock(tx, erased.member_id)
    member = members.get(tx, erased.member_id)
    if member is None or member.status == "erased":
        return False
    # The backup knows the account, whatever the list has forgotten of it by now.
    _carry_out(tx, member, replace(erased, user_id=member.user_id))
    return True


def _carry_out(tx: Tx, member: Member, erased: Erasure) -> None:
    waiting.leave_all(tx, member.id)
    reservations.give_up_all(tx, member.id)
    case_ends.end_all(tx, member.id)
    erasure.add(tx, erased)
    erasure.destroy(tx, member.id)
    if member.user_id:
        erasure.drop_messages(tx, member.user_id)
