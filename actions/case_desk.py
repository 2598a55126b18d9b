"""The service desk: staff take cases, answer, ask, note and resolve."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Literal

from actions import (
    case_access,
    case_disputes,
    case_files,
    case_hands,
    case_people,
    case_transfers,
    case_views,
    cases,
    charters,
    compensations,
    staff,
)
from actions.case_views import Desk
from actions.feedback import Said
from db import cases as rows, outbox, staff as posts, stores
from db.case_compensations import Compensation
from db.cases import Case, NewLine
from db.database import Tx
from db.people import Person
from loyalty.case_errors import DisputedSale
from loyalty.cases import MOST_AT_ONCE, OPEN
from loyalty.compensations import Gift
from loyalty.errors import CaseSettled, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role

SAY = "case_say"
PAGE = 10

Way = Literal["answer", "ask", "note", "resolve"]
_NOTHING = Gift()


def queue(tx: Tx, person: Person, after: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    """Open cases the person may see, the most pressing first. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.CLERK)
    stores = case_access.visible(tx, person)
    found = rows.list_open(tx, stores, after, PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    seen = [case for case in found[:PAGE] if case_access.may_see(tx, person, case, stores)]
    return {
        "cases": [asdict(case_views.queued(tx, person, case)) for case in seen],
        "next": f"{last.resolve_due}:{last.id}" if last else "",
    }


def look(tx: Tx, person: Person, case_id: int) -> Desk:
    """The look is recorded. Refuses as `case_access.require`."""
    return case_views.desk(tx, person, case_access.require(tx, person, case_id))


def whole(tx: Tx, person: Person, case_id: int) -> list[Say]:
    """The files and long texts of the thread; the look is recorded. Refuses as `look`."""
    case = case_access.require(tx, person, case_id)
    case_views.look(tx, person, case)
    return case_files.whole(case.id, rows.list_lines(tx, case))


def take(tx: Tx, person: Person, case_id: int) -> Desk:
    """It is this person's from now on. Refuses as `look`, and CaseSettled if somebody was faster."""
    case = case_access.require(tx, person, case_id)
    taken = cases.move(tx, case, "take", person.user_id, person.user_id)
    cases.record(tx, person, "case_taken", taken)
    return case_views.desk(tx, person, taken)


def give_back(tx: Tx, person: Person, case_id: int) -> Desk:
    """Anybody's again: by who has it, or a manager, and then who had it is told. Refuses as `take`."""
    case = case_access.require_in_hand(tx, person, case_id)
    free = cases.move(tx, case, "give_back", person.user_id, 0)
    case_transfers.tell(tx, person, free, {case.holder} - {person.user_id})
    cases.record(tx, person, "case_given_back", free)
    return case_views.desk(tx, person, free)


def ready(tx: Tx, person: Person, case_id: int, way: str) -> Case:
    """The case, if this may be said of it: asked before anybody writes.

    Refuses as `take`, CaseSettled, CaseHeld, StaleButton for asking about praise or resolving it, and DisputedSale for
    who recorded what the member says is not theirs, and would resolve it.
    """
    case = case_access.require(tx, person, cases.lock_current(tx, case_id).id)
    if case.state not in OPEN:
        raise CaseSettled(case.id, case.state)
    if case.kind == "praise" and way in ("ask", "resolve"):
        raise StaleButton
    if way == "resolve" and not case_disputes.may_resolve(tx, case, person.user_id):
        raise DisputedSale
    if way != "note" and case.state != "new":
        case_access.check_in_hand(tx, person, case)
    return case


def say(tx: Tx, person: Person, case_id: int, way: Way, said: Said, gift: Gift = _NOTHING) -> Desk:
    """Answer, ask, note or resolve; answering what nobody has takes it. gift: compensation, with resolving only.

    Refuses as `ready`, and as `compensations.give`.
    """
    case = ready(tx, person, case_id, way)
    if way == "note":
        rows.add_line(tx, case, said.line("note", person.user_id))
        return case_views.desk(tx, person, case)
    if case.state == "new":
        case = cases.move(tx, case, "take", person.user_id, person.user_id)
    desk = case_views.desk(tx, person, _spoken(tx, person, case, way, said, gift))
    return replace(desk, sent=bool(case_people.member(tx, case)))


def classify(tx: Tx, person: Person, case_id: int, severity: str = "", category: str = "") -> Desk:
    """Another severity or category, by the charter's codes; due times stay as promised. Refuses as answering does."""
    case, rules = ready(tx, person, case_id, "answer"), charters.current(tx).service
    changed = {"severity": rules.severity(severity).code} if severity else {}
    changed |= {"category": rules.category(category).code} if category else {}
    rows.add_line(tx, case, NewLine("event", person.user_id, f"classify {' '.join(changed.values())}"))
    cases.record(tx, person, "case_classified", case, **changed)
    return case_views.desk(tx, person, cases.change(tx, case, **changed))


def _spoken(tx: Tx, person: Person, case: Case, way: Way, said: Said, gift: Gift) -> Case:
    if rows.add_line(tx, case, said.line("staff", person.user_id)) is None:
        return case
    cases.answered(tx, case, tx.now)
    given = None
    if way == "resolve":
        given = compensations.give(tx, person, case, gift) if gift else None
        case = cases.move(tx, case, "resolve", person.user_id, case.holder, _in_thread(given))
        _note_resolved(tx, person, case, given)
        _tell_holder(tx, person, case)
        if not case.member_id:
            case = cases.move(tx, case, "close", person.user_id, case.holder)
    elif way == "ask" and case.state == "taken":
        case = cases.move(tx, case, "ask", person.user_id, case.holder)
    _tell_member(tx, case, way, said, given if given and given.state == "given" else None)
    return cases.require(tx, case.id)


def _in_thread(given: Compensation | None) -> str:
    if given is None:
        return ""
    return f"{given.points or given.coupon}{'?' if given.state == 'waiting' else ''}"


def _note_resolved(tx: Tx, person: Person, case: Case, given: Compensation | None) -> None:
    told = compensations.told(given) if given else {}
    waits = given is not None and given.state == "waiting"
    cases.record(tx, person, "case_resolved", case, **({} if waits else told))
    if waits:
        cases.record(tx, person, "compensation_asked", case, **told)


def _tell_holder(tx: Tx, person: Person, case: Case) -> None:
    """Who had it, if somebody else has the last word."""
    if case.holder not in (0, person.user_id) and case_hands.may_hold(tx, case.holder, case):
        told = {"case_id": case.id, "by": posts.name_of(tx, person.user_id)}
        outbox.post(tx, Say("case_resolved_by", told, to=case.holder, kind="notice"))


def _tell_member(tx: Tx, case: Case, way: Way, said: Said, given: Compensation | None) -> None:
    user_id = case_people.member(tx, case)
    if not user_id:
        return
    told = {"case_id": case.id, "store": stores.name_of(tx, case.store_id), "words": said.words[:MOST_AT_ONCE]}
    if way == "resolve":
        gift = {
            "points": given.points if given else 0, "coupon": compensations.names_of(tx, given) if given else {},
            "coupon_id": given.coupon_id if given else 0,
        }  # fmt: skip
        outbox.post(tx, Say("case_resolved", told | gift, to=user_id, kind="notice"))
    else:
        outbox.post(tx, Say("case_answer", told | {"asks": way == "ask"}, to=user_id, kind="notice"))
    case_files.send_rest(tx, user_id, case.id, said.words)
    case_files.send(tx, user_id, case.id, said.file_kind, said.file_id)
