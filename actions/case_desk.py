"""The service desk: staff take cases, answer, ask, note, hand on, resolve, and log what they hear at the counter."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from actions import case_board, case_files, cases, charters, compensations, customers, purchases, staff
from actions.cases import Opening
from actions.feedback import Said
from db import audit, members, outbox, stores
from db import cases as rows
from db import staff as posts
from db.cases import Case, Line, NewLine
from db.database import Tx
from db.people import Person
from loyalty.cases import MOST_AT_ONCE, OPEN, Kind
from loyalty.errors import (
    CaseNotFound,
    CaseSettled,
    OwnCase,
    SeveralMembers,
    StoreNotFound,
)
from loyalty.lots import NEVER
from loyalty.messages import Say
from loyalty.roles import Role

SAY = "case_say"
PAGE = 10
_SHOWN_LINES = 10

Way = Literal["answer", "ask", "note", "resolve"]


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """One line of the queue. due: what comes next, epoch ms UTC; 0 while the member is asked."""

    case_id: int
    kind: Kind
    severity: dict[str, str]
    store: str
    state: str
    due: int
    late: bool
    yours: bool


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
    reopened: int
    score: int
    lines: list[dict[str, Any]]
    earlier: int
    more: bool  # files, or texts too long to be shown by themselves


def queue(tx: Tx, person: Person, after: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    """Open cases the person may see, the most pressing first. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.CLERK)
    found = rows.list_open(tx, _visible(tx, person), after, PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return {
        "cases": [asdict(_queued(tx, person, case)) for case in found[:PAGE]],
        "next": f"{last.resolve_due}:{last.id}" if last else "",
    }


def look(tx: Tx, person: Person, case_id: int) -> Desk:
    """Refuses NotAllowed and CaseNotFound."""
    return _desk(tx, person, _require(tx, person, case_id))


def whole(tx: Tx, person: Person, case_id: int) -> list[Say]:
    """The files and long texts of the thread. Refuses as `look`."""
    case = _require(tx, person, case_id)
    return case_files.whole(case.id, rows.list_lines(tx, case))


def take(tx: Tx, person: Person, case_id: int) -> Desk:
    """It is this person's from now on. Refuses as `look`, OwnCase, and CaseSettled if somebody was faster."""
    case = _require(tx, person, case_id)
    _not_own(tx, person, case)
    taken = cases.move(tx, case, "take", person.user_id, person.user_id)
    _audit(tx, person, "case_taken", taken)
    return _desk(tx, person, taken)


def give_back(tx: Tx, person: Person, case_id: int) -> Desk:
    """Anybody's again: by who has it, or a manager. Refuses as `take`."""
    case = _in_hand(tx, person, case_id)
    free = cases.move(tx, case, "give_back", person.user_id, 0)
    _audit(tx, person, "case_given_back", free)
    return _desk(tx, person, free)


def transfer(tx: Tx, person: Person, case_id: int, store_id: int) -> Desk:
    """To another store, whose managers are told. Refuses as `take`, and StoreNotFound."""
    case = _in_hand(tx, person, case_id)
    if all(store.id != store_id for store in stores.list_active(tx)):
        raise StoreNotFound
    if case.state != "new":
        case = cases.move(tx, case, "give_back", person.user_id, 0)
    rows.change(tx, case.id, store_id=store_id)
    left, case = case.store_id, cases.require(tx, case.id)
    case_board.show(tx, case, left)
    rows.add_line(tx, case, NewLine("event", person.user_id, f"transfer {store_id}"))
    told = {"case_id": case.id, "store": stores.name_of(tx, store_id), "by": posts.name_of(tx, person.user_id)}
    for user_id in set(posts.list_users(tx, Role.MANAGER, store_id)) - {person.user_id}:
        outbox.post(tx, Say("case_transferred", told, to=user_id, kind="notice"))
    _audit(tx, person, "case_transferred", case)
    return _desk(tx, person, case)


def say(tx: Tx, person: Person, case_id: int, way: Way, said: Said, points: int = 0) -> Desk:
    """Answer, ask, note or resolve; answering what nobody has takes it. points: compensation, with resolving only.

    Refuses as `take`; CompensationTooHigh, and as `adjustments.adjust` for the points.
    """
    case = _require(tx, person, case_id)
    _not_own(tx, person, case)
    if case.state not in OPEN:
        raise CaseSettled(case.id, case.state)
    if way == "note":
        rows.add_line(tx, case, said.line("note", person.user_id))
        return _desk(tx, person, case)
    if case.state == "new":
        case = cases.move(tx, case, "take", person.user_id, person.user_id)
    elif case.holder != person.user_id:
        staff.require(tx, person.user_id, Role.MANAGER, case.store_id or None)
    return _desk(tx, person, _spoken(tx, person, case, way, said, points))


def classify(tx: Tx, person: Person, case_id: int, severity: str = "", category: str = "") -> Desk:
    """Another severity or category, by the charter's codes; due times stay as promised. Refuses as `look`."""
    case, rules = _require(tx, person, case_id), charters.current(tx).service
    changed = {"severity": rules.severity(severity).code} if severity else {}
    changed |= {"category": rules.category(category).code} if category else {}
    rows.change(tx, case.id, **changed)
    case_board.show(tx, cases.require(tx, case.id))
    return _desk(tx, person, cases.require(tx, case.id))


def merge(tx: Tx, person: Person, case_id: int, into_id: int) -> Desk:
    """It goes on in another open case of the same member. Refuses as `take`, and CaseNotFound if that is none."""
    case, into = _require(tx, person, case_id), _require(tx, person, into_id)
    if case.id == into.id or case.member_id != into.member_id or into.state not in OPEN:
        raise CaseNotFound
    merged = cases.move(tx, case, "merge", person.user_id, case.holder)
    rows.change(tx, case.id, merged_into=into.id)
    for line in rows.list_lines(tx, case):
        if line.side in ("member", "staff", "note"):
            rows.add_line(tx, into, NewLine(line.side, line.author, line.words, line.file_kind, line.file_id))
    _audit(tx, person, "case_merged", merged)
    return _desk(tx, person, cases.require(tx, into.id))


def log(tx: Tx, person: Person, member_id: int, kind: Kind, severity: str, said: Said) -> Desk:
    """What was heard at the counter, of a member or (0) of nobody in particular; whoever logs it has it.

    Refuses NotAllowed, StoreNeeded, MemberNotFound and OwnCase.
    """
    store = purchases.counter(tx, person)
    if member_id and customers.require(tx, member_id).user_id == person.user_id:
        raise OwnCase
    opening = Opening(
        kind=kind, category="", severity=severity, member_id=member_id, store_id=store.id, opened_by=person.user_id,
        source="staff", key=f"case:{said.source}", lines=[said.line("staff", person.user_id)],
    )  # fmt: skip
    case, is_new = cases.begin(tx, opening)
    if is_new:
        _audit(tx, person, "case_logged", case)
    return _desk(tx, person, case)


def log_line(tx: Tx, person: Person, text: str, said: Said) -> Desk:
    """`<card, phone or name> <text>`. Refuses as `log`, MemberNotFound, and SeveralMembers if it may be several."""
    query, _, words = text.strip().partition(" ")
    found = purchases.identify(tx, person, query)
    if len(found) != 1:
        raise SeveralMembers(len(found))
    severity = charters.current(tx).service.severity("normal").code
    return log(
        tx, person, found[0], "complaint", severity, Said(words.strip(), said.file_kind, said.file_id, said.source)
    )


def _spoken(tx: Tx, person: Person, case: Case, way: Way, said: Said, points: int) -> Case:
    if rows.add_line(tx, case, said.line("staff", person.user_id)) is None:
        return case
    cases.answered(tx, case)
    given = compensations.give(tx, person, case, points) if points else 0
    if way == "ask" and case.state == "taken":
        case = cases.move(tx, case, "ask", person.user_id, case.holder)
    elif way == "resolve":
        case = cases.move(tx, case, "resolve", person.user_id, case.holder, f"{points}" if points else "")
        _audit(tx, person, "case_resolved", case)
    _tell_member(tx, case, way, said, given)
    return cases.require(tx, case.id)


def _tell_member(tx: Tx, case: Case, way: Way, said: Said, points: int) -> None:
    member = members.get(tx, case.member_id) if case.member_id else None
    if member is None or not member.user_id:
        return
    told = {"case_id": case.id, "store": stores.name_of(tx, case.store_id), "words": said.words[:MOST_AT_ONCE]}
    if way == "resolve":
        outbox.post(tx, Say("case_resolved", told | {"points": points}, to=member.user_id, kind="notice"))
    else:
        outbox.post(tx, Say("case_answer", told | {"asks": way == "ask"}, to=member.user_id, kind="notice"))
    case_files.send_rest(tx, member.user_id, case.id, said.words)
    case_files.send(tx, member.user_id, case.id, said.file_kind, said.file_id)


def _require(tx: Tx, person: Person, case_id: int) -> Case:
    """A case the person may see, locked. Refuses NotAllowed and CaseNotFound."""
    staff.require(tx, person.user_id, Role.CLERK)
    rows.lock(tx, case_id)
    case, visible = cases.require(tx, case_id), _visible(tx, person)
    if visible is not None and case.store_id not in visible and case.holder != person.user_id:
        raise CaseNotFound
    return case


def _in_hand(tx: Tx, person: Person, case_id: int) -> Case:
    """A case the person has, or that they manage. Refuses as `_require`."""
    case = _require(tx, person, case_id)
    if case.holder != person.user_id:
        staff.require(tx, person.user_id, Role.MANAGER, case.store_id or None)
    return case


def _visible(tx: Tx, person: Person) -> list[int] | None:
    """Stores whose cases the person may see; None for all. What is about no store is for managers."""
    managed = {post.store_id for post in posts.list_posts(tx, person.user_id) if post.role is not Role.CLERK}
    if posts.CHAIN in managed or charters.current(tx).service.everywhere:
        return None
    own = [store.id for store in staff.stores_of(tx, person.user_id, Role.CLERK)]
    return [0, *own] if managed else own


def _not_own(tx: Tx, person: Person, case: Case) -> None:
    """Nobody deals with what they said themselves as a member."""
    member = members.get(tx, case.member_id) if case.member_id else None
    if member and member.user_id == person.user_id:
        raise OwnCase


def _queued(tx: Tx, person: Person, case: Case) -> QueuedCase:
    due = case.answer_due or (case.resolve_due if case.resolve_due < NEVER else 0)
    return QueuedCase(
        case_id=case.id, kind=case.kind,
        severity=charters.current(tx).service.severity(case.severity).name.model_dump(),
        store=stores.name_of(tx, case.store_id), state=case.state, due=due, late=0 < due < tx.now,
        yours=case.holder == person.user_id,
    )  # fmt: skip


def _desk(tx: Tx, person: Person, case: Case) -> Desk:
    rules, lines = charters.current(tx).service, rows.list_lines(tx, case)
    due = case.answer_due or case.resolve_due
    return Desk(
        case_id=case.id, kind=case.kind, state=case.state,
        severity=rules.severity(case.severity).name.model_dump(),
        category=rules.category(case.category).name.model_dump(), store=stores.name_of(tx, case.store_id),
        member_id=case.member_id, member=_member(tx, case.member_id), opened_at=case.opened_at,
        answer_due=case.answer_due, resolve_due=case.resolve_due if case.resolve_due < NEVER else 0,
        late=case.state in OPEN and due < tx.now, holder=posts.name_of(tx, case.holder),
        yours=case.holder == person.user_id, may_hand_on=_may_hand_on(tx, person, case), reopened=case.reopened,
        score=case.score, lines=[_shown(tx, line) for line in lines[-_SHOWN_LINES:]],
        earlier=max(0, len(lines) - _SHOWN_LINES), more=case_files.has_more(lines),
    )  # fmt: skip


def _may_hand_on(tx: Tx, person: Person, case: Case) -> bool:
    manages = any(
        post.role is not Role.CLERK and post.store_id in (posts.CHAIN, case.store_id)
        for post in posts.list_posts(tx, person.user_id)
    )
    return case.holder == person.user_id or manages


def _shown(tx: Tx, line: Line) -> dict[str, Any]:
    """Colleagues read each other's names; the member is the member."""
    by = "" if line.side == "member" else posts.name_of(tx, line.author)
    return {"side": line.side, "by": by, "words": line.words, "file_kind": line.file_kind, "at": line.at}


def _member(tx: Tx, member_id: int) -> str:
    member = members.get(tx, member_id) if member_id else None
    return members.name_of(tx, member_id) if member and member.status != "erased" else ""


def _audit(tx: Tx, person: Person, action: str, case: Case) -> None:
    audit.add(tx, person.user_id, action, store_id=case.store_id, member_id=case.member_id, case=case.id)
