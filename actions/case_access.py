"""Which cases somebody may see, and what they may do to them."""

from __future__ import annotations

from actions import case_people, cases, charters, staff
from db import cases as rows, staff as posts, stores
from db.cases import Case
from db.database import Tx
from db.people import Person
from loyalty.errors import CaseElsewhere, CaseHeld, CaseNotFound, OwnCase, RatedCase
from loyalty.roles import Role


def require(tx: Tx, person: Person, case_id: int) -> Case:
    """A case the person may see, locked.

    Refuses NotAllowed, CaseNotFound, OwnCase for what they said themselves as a member (they follow it as such), and
    RatedCase if it is about their work.
    """
    staff.require(tx, person.user_id, Role.CLERK)
    rows.lock(tx, case_id)
    case = cases.require(tx, case_id)
    if not _is_in_reach(person, case, visible(tx, person)):
        raise CaseElsewhere if case.store_id else CaseNotFound
    if _is_own(tx, person, case):
        raise OwnCase
    if not case_people.may_take(tx, case, person.user_id):
        raise RatedCase(case.rates)
    return case


def require_in_hand(tx: Tx, person: Person, case_id: int) -> Case:
    """A case the person has, or that they manage. Refuses as `require`, and CaseHeld if a colleague has it."""
    case = require(tx, person, case_id)
    check_in_hand(tx, person, case)
    return case


def check_in_hand(tx: Tx, person: Person, case: Case) -> None:
    """That one they were given by `require` is in their hands, or that they manage it; refuses as `require_in_hand`."""
    if is_held(tx, person, case):
        raise CaseHeld(case.id, posts.name_of(tx, case.holder))
    if case.holder != person.user_id:
        staff.require(tx, person.user_id, Role.MANAGER, case.store_id or None)


def is_held(tx: Tx, person: Person, case: Case) -> bool:
    """Whether it is in a colleague's hands, and not for this person to take out of them."""
    return bool(case.holder) and not may_hand_on(tx, person, case)


def may_hand_on(tx: Tx, person: Person, case: Case) -> bool:
    """Whether `require_in_hand` lets them."""
    return case.holder == person.user_id or manages(tx, person.user_id, case)


def manages(tx: Tx, user_id: int, case: Case) -> bool:
    """Whether this person manages the case's store; any, where it is about none."""
    return staff.is_allowed(tx, user_id, Role.MANAGER, case.store_id or None)


def visible(tx: Tx, person: Person) -> list[int] | None:
    """Stores whose cases the person may see; None for all. What is about no store is for managers."""
    held = posts.list_posts(tx, person.user_id)
    managed = {post.store_id for post in held if post.role is not Role.CLERK}
    if posts.CHAIN in managed or charters.current(tx).service.everywhere:
        return None
    own = {post.store_id for post in held}
    # A store's cases go on when it is closed.
    everywhere = sorted(store.id for store in stores.list_all(tx)) if posts.CHAIN in own else sorted(own)
    return [0, *everywhere] if managed else everywhere


def may_see(tx: Tx, person: Person, case: Case, at: list[int] | None) -> bool:
    """Whether `require` lets them. at: stores as `visible` gives them."""
    is_in_reach = _is_in_reach(person, case, at) and not _is_own(tx, person, case)
    return is_in_reach and case_people.may_take(tx, case, person.user_id)


def _is_in_reach(person: Person, case: Case, at: list[int] | None) -> bool:
    """What somebody has is in their reach wherever it is."""
    return at is None or case.store_id in at or case.holder == person.user_id


def _is_own(tx: Tx, person: Person, case: Case) -> bool:
    """Nobody deals with what they said themselves as a member, nor reads what colleagues note there."""
    return case_people.member(tx, case) == person.user_id
