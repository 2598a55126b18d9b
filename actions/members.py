"""Who the sender is as a member, and how staff find one."""

from __future__ import annotations

from dataclasses import dataclass

from actions import charters, staff
from db import accounts, members, stores
from db.database import Tx
from db.members import Member
from db.people import Person
from loyalty import names, phones
from loyalty.errors import MemberNotFound, NotAMember
from loyalty.queries import Query, parse_query
from loyalty.roles import Role

_MOST_FOUND = 10
# Names are sealed: those that share a key with the query are opened to put the most alike first.
_MOST_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Found:
    """Enough to tell people apart at the counter, without whole phones."""

    member_id: int
    name: str
    phone: str  # masked
    number_tail: str  # last four digits of the card number
    tier: str  # code
    joined_at: int  # epoch ms UTC
    home_store: str  # name, '' if none


def require_member(tx: Tx, person: Person) -> Member:
    """The person as a member. Refuses NotAMember."""
    member = members.get_by_user(tx, person.user_id)
    if member is None:
        raise NotAMember
    return member


def lock_member(tx: Tx, person: Person) -> Member:
    """The person as a member, whom nobody else erases or changes the points of from here on. Refuses NotAMember."""
    accounts.lock(tx, require_member(tx, person).id)
    return require_member(tx, person)


def find(tx: Tx, person: Person, text: str) -> list[Found]:
    """Whom a clerk may mean by a card, link, phone, tail, name, pinyin or initials; the best hit first, ten at most.

    Refuses NotAllowed, MemberNotFound, and what `queries.parse_query` refuses.
    """
    staff.require(tx, person.user_id, Role.CLERK)
    query = parse_query(text, charters.current(tx).programme.phone_region)
    hits = [_found(tx, member) for member in members.find(tx, query, _MOST_COMPARED)]
    if not hits:
        raise MemberNotFound(query.kind)
    return _best_first(hits, query)[:_MOST_FOUND]


def _best_first(hits: list[Found], query: Query) -> list[Found]:
    if query.kind not in ("name", "pinyin"):
        return hits
    return sorted(hits, key=lambda hit: -names.similarity(hit.name, query.value))


def _found(tx: Tx, member: Member) -> Found:
    identity = members.reveal(tx, member.id)
    return Found(
        member_id=member.id,
        name=identity.name,
        phone=phones.mask(identity.phone),
        number_tail=member.number[-4:],
        tier=member.tier,
        joined_at=member.joined_at,
        home_store=stores.name_of(tx, member.home_store_id),
    )
