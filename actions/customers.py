"""What staff see of a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions import charters, glances, looks, purchases, staff
from actions.glances import Glance
from db import accounts, audit, desk, members, profiles, stores
from db.database import Tx
from db.desk import Visit
from db.members import Member
from db.people import Person
from loyalty import birthdays, days, phones
from loyalty.charter import Charter
from loyalty.errors import MemberNotFound
from loyalty.roles import Role, may

_SHOWN_VISITS = 2
_VISITS_ON_A_PAGE = 8
_BIRTHDAY_SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class MemberView:
    """What a clerk sees of the member who is open now; the phone is masked. Points as in `points.Overview`."""

    member_id: int
    name: str
    number_tail: str
    tier: dict[str, str]  # by locale
    available: int
    pending: int
    deficit: int
    phone: str
    home_store: str  # '' for none
    joined_at: int  # epoch ms UTC
    visits: list[Visit]
    allergies: str
    likes: str  # as the member told, like the allergies
    birthday: str  # ISO date if it comes within 14 days, else ''
    birthday_in: int  # days
    adjustable: bool  # whether the reader may adjust the points
    glance: Glance


@dataclass(frozen=True, slots=True)
class Hit:
    """Enough to tell people apart at the counter, without whole phones."""

    member_id: int
    name: str
    phone: str  # masked
    tier: dict[str, str]
    home_store: str
    joined_at: int  # epoch ms UTC
    visited_at: int  # 0: never


@dataclass(frozen=True, slots=True)
class Visits:
    """One page of a member's purchases, newest first."""

    member_id: int
    name: str
    visits: list[Visit]
    page: int  # from 0
    has_more: bool


@dataclass(frozen=True, slots=True)
class Revealed:
    name: str
    phone: str  # E.164


def require(tx: Tx, member_id: int) -> Member:
    """The active member with this id. Refuses MemberNotFound."""
    member = members.get(tx, member_id)
    if member is None or member.status != "active":
        raise MemberNotFound("card")
    return member


def hit(tx: Tx, member: Member) -> Hit:
    identity = members.reveal(tx, member.id)
    return Hit(
        member_id=member.id,
        name=identity.name,
        phone=phones.mask(identity.phone),
        tier=charters.current(tx).tier(member.tier).names,
        home_store=stores.name_of(tx, member.home_store_id),
        joined_at=member.joined_at,
        visited_at=desk.last_visit(tx, member.id),
    )


def view(tx: Tx, person: Person, member: Member) -> MemberView:
    """As this member of staff sees it."""
    charter, identity = charters.current(tx), members.reveal(tx, member.id)
    account, told = accounts.get(tx, member.id), profiles.list_filled(tx, member.id)
    birthday = _birthday_soon(tx, charter, member)
    return MemberView(
        member_id=member.id,
        name=identity.name,
        number_tail=member.number[-4:],
        tier=charter.tier(member.tier).names,
        available=account.available,
        pending=account.pending,
        deficit=account.deficit,
        phone=phones.mask(identity.phone),
        home_store=stores.name_of(tx, member.home_store_id),
        joined_at=member.joined_at,
        visits=desk.list_visits(tx, member.id, _SHOWN_VISITS),
        allergies=told.get("allergies", ""),
        likes=told.get("likes", ""),
        birthday=birthday.isoformat() if birthday else "",
        birthday_in=(birthday - days.local_date(tx.now, charter.zone)).days if birthday else 0,
        adjustable=may(staff.strongest_role(tx, person.user_id), Role.MANAGER) and member.user_id != person.user_id,
        glance=glances.of(tx, member, told.get("allergies", ""), account.available, birthday),
    )


def visits(tx: Tx, person: Person, member_id: int, page: int) -> Visits:
    """The look is recorded. Refuses NotAllowed and MemberNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    member = require(tx, member_id)
    looks.note(tx, person, "purchases_read", member.id, purchases.place_of(tx, person))
    page = min(max(page, 0), 1_000_000)
    rows = desk.list_visits(tx, member.id, _VISITS_ON_A_PAGE + 1, page * _VISITS_ON_A_PAGE)
    shown, more = rows[:_VISITS_ON_A_PAGE], len(rows) > _VISITS_ON_A_PAGE
    return Visits(member.id, members.name_of(tx, member.id), shown, page, more)


def reveal(tx: Tx, person: Person, member_id: int) -> Revealed:
    """The whole phone; the look is recorded, and the member can see it. Refuses NotAllowed and MemberNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    member = require(tx, member_id)
    identity = members.reveal(tx, member.id)
    place = purchases.place_of(tx, person)
    audit.add(tx, person.user_id, "member_revealed", store_id=place, member_id=member.id, field="phone")
    return Revealed(identity.name, identity.phone)


def _birthday_soon(tx: Tx, charter: Charter, member: Member) -> date | None:
    if member.birthday is None:
        return None
    today = days.local_date(tx.now, charter.zone)
    kept = birthdays.next_on(member.birthday, today, charter.birthdays)
    return kept if kept <= days.add_days(today, _BIRTHDAY_SOON_DAYS) else None
