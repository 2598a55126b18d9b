"""A case as staff see it, and as one line of their queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import (
    case_access,
    case_disputes,
    case_files,
    case_people,
    charters,
    compensations,
    looks,
    purchases as tills,
)
from db import cases as rows, gifts, purchases, reservations, staff as posts, stores
from db.cases import Case, Line
from db.database import Tx
from db.people import Person
from loyalty import gifts as rules
from loyalty.cases import OPEN, Kind, State, is_late
from loyalty.lots import NEVER

_SHOWN_LINES = 10
_RELATED = 4
_LOOKED_AT = 12
_GOODS = 4


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """One line of the queue. answer_due and resolve_due: epoch ms UTC, 0 where nothing is due."""

    case_id: int
    kind: Kind
    severity: dict[str, str]
    store: str
    state: str
    answer_due: int
    resolve_due: int
    late: bool
    yours: bool
    holder: str  # name of who has it, '' if nobody has


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """Another case of the same member."""

    case_id: int
    kind: Kind
    state: State
    opened_at: int  # epoch ms UTC
    store: str
    mergeable: bool  # this case can go on in it
    same_purchase: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about: a purchase, or a gift. Epoch ms UTC, minor units, names by locale."""

    at: int
    store: str
    amount: int  # 0 for a gift
    what: list[str | dict[str, str]]  # as it was told, or its category
    is_guessed: bool  # the last purchase before they complained, and named by nobody


@dataclass(frozen=True, slots=True)
class Desk:
    """A case as staff see it. Names by locale, times in epoch ms UTC, 0 where there is none."""

    case_id: int
    kind: Kind
    state: str
    severity: dict[str, str]
    category: dict[str, str]
    store: str
    member_id: int
    member: str  # name; '' for nobody in particular
    opened_at: int
    answer_due: int
    resolve_due: int
    late: bool
    holder: str  # name of staff, '' for nobody
    yours: bool
    may_hand_on: bool
    held: bool  # by a colleague: all there is to do is write a note
    reopened: int
    merged_into: int
    score: int
    disputed: bool  # a purchase that is not theirs, says the member
    may_resolve: bool
    refundable: int  # the disputed purchase, while something of it can be given back; else 0
    about: list[Subject]
    compensations: list[compensations.Shown]
    related: list[RelatedCase]  # newest first
    lines: list[dict[str, Any]]  # the first one, and the last
    earlier: int  # left out between them
    more: bool  # files, or texts too long to be shown by themselves
    sent: bool = False  # what was just said went to the member


def queued(tx: Tx, person: Person, case: Case) -> QueuedCase:
    return QueuedCase(
        case_id=case.id, kind=case.kind,
        severity=charters.current(tx).service.severity(case.severity).names,
        store=stores.name_of(tx, case.store_id), state=case.state, answer_due=case.answer_due,
        resolve_due=case.resolve_due if case.resolve_due < NEVER else 0,
        late=is_late(case.state, case.answer_due, case.resolve_due, tx.now),
        yours=case.holder == person.user_id, holder=posts.name_of(tx, case.holder),
    )  # fmt: skip


def desk(tx: Tx, person: Person, case: Case) -> Desk:
    """As this person sees it; the look is recorded."""
    look(tx, person, case)
    service = charters.current(tx).service
    lines = [line for line in rows.list_lines(tx, case) if line.side != "event"]
    return Desk(
        case_id=case.id, kind=case.kind, state=case.state,
        severity=service.severity(case.severity).names,
        category=service.category(case.category).names, store=stores.name_of(tx, case.store_id),
        member_id=case.member_id, member=case_people.name(tx, case), opened_at=case.opened_at,
        answer_due=case.answer_due, resolve_due=case.resolve_due if case.resolve_due < NEVER else 0,
        late=is_late(case.state, case.answer_due, case.resolve_due, tx.now), holder=posts.name_of(tx, case.holder),
        yours=case.holder == person.user_id, may_hand_on=case_access.may_hand_on(tx, person, case),
        held=case.state in OPEN and case_access.is_held(tx, person, case),
        reopened=case.reopened, merged_into=case.merged_into, score=case.score, about=_subjects(tx, case),
        disputed=bool(case_disputes.list_of(tx, case)),
        may_resolve=case_disputes.may_resolve(tx, case, person.user_id),
        refundable=case_disputes.refundable(tx, case),
        compensations=compensations.list_of(tx, case), related=related(tx, person, case)[:_RELATED],
        lines=[_shown(tx, line) for line in [*lines[:1], *lines[1:][1 - _SHOWN_LINES :]]],
        earlier=max(0, len(lines) - _SHOWN_LINES), more=case_files.has_more(lines),
    )  # fmt: skip


def look(tx: Tx, person: Person, case: Case) -> None:
    """That they saw what the member says there."""
    looks.note(tx, person, "case_read", case.member_id, tills.place_of(tx, person))


def related(tx: Tx, person: Person, case: Case) -> list[RelatedCase]:
    """Other cases of the same member that the person may see, the newest first; what was merged is in another one."""
    if not case.member_id:
        return []
    seen, known = case_access.visible(tx, person), rows.list_of_member(tx, case.member_id, 0, _LOOKED_AT)
    others = [one for one in known if one.id != case.id and one.state != "merged"]
    return [_related(tx, case, one) for one in others if case_access.may_see(tx, person, one, seen)]


def are_alike(case: Case, other: Case) -> bool:
    """Of one member; how a case was dealt with is not said into that case, nor into another; praise goes
    with praise, which nobody waits for an answer to."""
    is_theirs = bool(case.member_id) and case.member_id == other.member_id
    return is_theirs and not case.rates and not other.rates and (case.kind == "praise") == (other.kind == "praise")


def _related(tx: Tx, case: Case, other: Case) -> RelatedCase:
    return RelatedCase(
        case_id=other.id, kind=other.kind, state=other.state, opened_at=other.opened_at,
        store=stores.name_of(tx, other.store_id),
        mergeable=case.state in OPEN and other.state in OPEN and are_alike(case, other),
        same_purchase=bool(case.purchase_id) and case.purchase_id == other.purchase_id,
    )  # fmt: skip


def _subjects(tx: Tx, case: Case) -> list[Subject]:
    """Undone or given back, it may be just what the case is about."""
    purchase = purchases.get(tx, case.purchase_id) if case.purchase_id else None
    reserved = reservations.get(tx, case.reservation_id) if case.reservation_id else None
    gift = gifts.get(tx, reserved.gift_id) if reserved else None
    found = []
    if purchase:
        goods, guessed = _goods(tx, purchase.id), case.source == "member"
        store = stores.name_of(tx, purchase.store_id)
        found.append(Subject(purchase.occurred_at, store, purchase.amount, goods, guessed))
    if reserved and gift:
        name = rules.in_all_languages(gift.terms.names)
        found.append(Subject(reserved.reserved_at, stores.name_of(tx, reserved.store_id), 0, [name], is_guessed=False))
    return found


def _goods(tx: Tx, purchase_id: int) -> list[str | dict[str, str]]:
    charter, lines = charters.current(tx), purchases.list_lines(tx, purchase_id)
    return [line.item or charter.category_names(line.category) for line in lines if line.item or line.category][:_GOODS]


def _shown(tx: Tx, line: Line) -> dict[str, Any]:
    """Colleagues read each other's names; the member is the member."""
    by = "" if line.side == "member" else posts.name_of(tx, line.author)
    return {"side": line.side, "by": by, "words": line.words, "file_kind": line.file_kind, "at": line.at}
