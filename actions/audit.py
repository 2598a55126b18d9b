"""Reading what was done by whom, and proving that nothing of it was changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from actions import looks, members, purchases, staff
from db import audit, gifts, members as archive, staff as posts, stores as places
from db.audit import NEWEST, Record, Wanted
from db.database import Tx
from db.members import Member
from db.people import Person
from db.staff import CHAIN, Post
from loyalty import gifts as rules, paging
from loyalty.audit import BEGINNING, Mark, Problem, against_witness, end, follow
from loyalty.errors import MemberNotFound, SeveralMembers, StaleButton
from loyalty.roles import Role, may

PAGE = 12
_VERIFIED_AT_ONCE = 2_000
# What of a record's detail is worth a manager's reading.
_SHOWN = ("role", "field", "code", "amount", "points", "reason", "version", "count", "pieces", "job")

# staff: or whoever else it was.
Doer = Literal["staff", "programme", "member", "retention"]
By = Literal["all", "person", "member", "kind"]


@dataclass(frozen=True, slots=True)
class Filter:
    """value: a staff post's id, a member's id, or a kind of action; '' for all."""

    by: By = "all"
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One deed."""

    at: int  # epoch ms UTC
    who: str  # a name; '' where nobody who works, or worked, here did it
    by: Doer
    action: str
    store: str  # name, '' for none in particular
    member_tail: str  # last four digits of the card number, '' if it is about no member, or about an erased one
    erased: bool  # the member it is about, since or by it
    gift: dict[str, str]  # names by locale, {} if it is about none
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. older and newer are what `page` takes for the pages beside it, -1 where there is none.

    about: what it is narrowed down to: a name, the end of a card number ('' for the erased), or a kind of action.
    """

    lines: list[Line]
    by: str
    value: str
    about: str
    older: int
    newer: int


@dataclass(frozen=True, slots=True)
class People:
    """One page of them, by name."""

    people: list[dict[str, int | str]]  # post_id, name
    page: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class Kinds:
    kinds: list[str]


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a verification has come, and what it found."""

    reached: Mark = BEGINNING
    problems: tuple[Problem, ...] = ()
    done: bool = False


def verify(tx: Tx, so_far: Proof = Proof(), witness: Mark = BEGINNING) -> Proof:
    """One page more of the proof, until it is `done`; each page may be a transaction of its own.

    witness: what somebody outside the database remembers of the chain. With the last page, the chain's end, what
    never was in it and the witness are looked at.
    """
    rows = audit.list_chained(tx, so_far.reached.place, _VERIFIED_AT_ONCE)
    reached, problems = follow(audit.mac_of(tx), so_far.reached, rows)
    proof = Proof(reached, (*so_far.problems, *problems))
    if len(rows) == _VERIFIED_AT_ONCE:
        return proof
    return replace(proof, problems=(*proof.problems, *_at_the_end(tx, reached, witness)), done=True)


def check_witness(tx: Tx, witness: Mark) -> list[Problem]:
    """Whether the chain still has what the witness remembers. One look-up, so it can be asked every minute."""
    return against_witness(witness, audit.mac_at(tx, witness.place), audit.head(tx))


def _at_the_end(tx: Tx, reached: Mark, witness: Mark) -> list[Problem]:
    inserted = audit.count_unchained(tx)
    return [
        *end(reached, audit.head(tx)),
        *([Problem("inserted", 0, inserted)] if inserted else []),
        *check_witness(tx, witness),
    ]


def page(tx: Tx, person: Person, narrowed: Filter = Filter(), before: int = 0) -> Page:
    """What was done where the person manages, with ids below before (0: the newest). One member's is a look at them.

    Refuses NotAllowed, and StaleButton for a filter that makes no sense.
    """
    wanted, about = _wanted(tx, narrowed)
    wanted = replace(wanted, store_ids=_reach(tx, person))
    records = audit.list_latest(tx, PAGE + 1, before or NEWEST, wanted)
    newer = audit.list_ids_from(tx, before, PAGE + 1, wanted) if before else []
    names = _names(tx)
    looks.note(tx, person, "record_read", wanted.member_id, purchases.place_of(tx, person))
    return Page(
        lines=[_line(tx, names, record) for record in records[:PAGE]],
        by=narrowed.by,
        value=narrowed.value,
        about=about,
        older=records[PAGE - 1].id if len(records) > PAGE else -1,
        newer=_newer(newer),
    )


def find_member(tx: Tx, person: Person, text: str) -> Page:
    """What was done to the member the text means. Refuses NotAllowed, SeveralMembers, and as `members.find`."""
    staff.require(tx, person.user_id, Role.MANAGER)
    found = members.find(tx, person, text)
    if len(found) > 1:
        raise SeveralMembers(len(found))
    return page(tx, person, Filter("member", str(found[0].member_id)))


def people(tx: Tx, person: Person, page: int = 0) -> People:
    """Whose deeds can be looked at: whoever works or worked where the person manages. Refuses NotAllowed."""
    reach = _reach(tx, person)
    shown = {post.user_id: post for post in posts.list_ever(tx) if reach is None or post.store_id in reach}
    found = paging.cut(sorted(shown.values(), key=lambda post: (post.name, post.id)), page)
    return People([{"post_id": post.id, "name": post.name} for post in found.rows], found.page, found.pages)


def kinds(tx: Tx, person: Person) -> Kinds:
    """Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    return Kinds(audit.list_actions(tx))


def _reach(tx: Tx, person: Person) -> tuple[int, ...] | None:
    """The stores where the person manages; None for the whole chain. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    at = {post.store_id for post in posts.list_posts(tx, person.user_id) if may(post.role, Role.MANAGER)}
    return None if CHAIN in at else tuple(sorted(at))


def _wanted(tx: Tx, narrowed: Filter) -> tuple[Wanted, str]:
    """The filter as the table knows it, and what it is called."""
    if narrowed.by == "kind":
        return Wanted(action=narrowed.value), narrowed.value
    if narrowed.by == "person":
        post = next((post for post in posts.list_ever(tx) if str(post.id) == narrowed.value), None)
        if post is None:
            raise StaleButton
        return Wanted(actor=post.user_id), post.name
    if narrowed.by == "member":
        member = archive.get(tx, int(narrowed.value))
        if member is None:
            raise MemberNotFound("card")
        return Wanted(member_id=member.id), _tail(member)
    return Wanted(), ""


def _names(tx: Tx) -> dict[int, Post]:
    return {post.user_id: post for post in posts.list_ever(tx)}


def _line(tx: Tx, names: dict[int, Post], record: Record) -> Line:
    who, member = names.get(record.actor), archive.get(tx, record.member_id)
    store, gift = places.get(tx, record.store_id), gifts.get(tx, record.detail.get("gift", 0))
    return Line(
        at=record.at,
        who=who.name if who else "",
        by=_doer(record),
        action=record.action,
        store=store.name if store else "",
        member_tail=_tail(member) if member else "",
        erased=member is not None and member.status == "erased",
        gift=rules.in_all_languages(gift.terms.names) if gift else {},
        detail={key: value for key, value in record.detail.items() if key in _SHOWN},
    )


def _doer(record: Record) -> Doer:
    """An erasure names nobody, and is the member's own wish or the rule's doing; else what nobody did is done by
    itself."""
    if record.action == "member_erased":
        return "member" if record.detail["reason"] == "asked" else "retention"
    return "staff" if record.actor else "programme"


def _tail(member: Member) -> str:
    """The end of the card number; '' once it is no number any more."""
    return "" if member.status == "erased" else member.number[-4:]


def _newer(ids: list[int]) -> int:
    """Where the page before begins: above its newest entry, or at the very top."""
    if not ids:
        return -1
    return ids[PAGE] if len(ids) > PAGE else 0
