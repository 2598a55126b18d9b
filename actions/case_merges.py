"""Cases about the same thing become one: what was said, bought and given there, and the stricter of the promises."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions import case_access, case_people, case_views, cases, charters
from actions.case_views import Desk
from db import case_compensations, cases as rows, outbox, staff as posts, stores
from db.cases import Case
from db.database import Tx
from db.people import Person
from loyalty import service_hours
from loyalty.cases import OPEN
from loyalty.errors import CaseNotFound, CaseSettled
from loyalty.lots import NEVER
from loyalty.messages import Say


def choices(tx: Tx, person: Person, case_id: int) -> dict[str, Any]:
    """The member's other open cases. Refuses NotAllowed and CaseNotFound."""
    case = case_access.require(tx, person, case_id)
    found = [asdict(one) for one in case_views.related(tx, person, case) if one.mergeable]
    return {"case_id": case.id, "cases": found}


def merge(tx: Tx, person: Person, case_id: int, into_id: int) -> Desk:
    """It goes on in another open case of the same member, who is told, and so is who has that one.

    Refuses NotAllowed, also for a case in other hands, CaseNotFound if it is not the same member's, OwnCase, and
    CaseSettled if one of them has ended.
    """
    case, into = _require(tx, person, case_id, into_id)
    rows.redirect(tx, case.id, into.id)  # first: groups are shown where it goes on
    merged = cases.move(tx, case, "merge", person.user_id, case.holder)
    into = _woken(tx, person, case, into)
    rows.copy_lines(tx, case.id, into.id)
    case_compensations.move_all(tx, case.id, into.id)
    if case.answered_at:
        cases.answered(tx, into, case.answered_at, case.answer_ms, case.answer_late)
    joined = cases.change(tx, into, **_stricter(tx, case, cases.require(tx, into.id)))
    _tell(tx, person, merged, joined)
    cases.record(tx, person, "case_merged", merged, into=joined.id)
    return case_views.desk(tx, person, joined)


def _require(tx: Tx, person: Person, case_id: int, into_id: int) -> tuple[Case, Case]:
    """Both locked, in the order of their ids: two may be merging them into each other."""
    found = {one: case_access.require(tx, person, one) for one in sorted({case_id, into_id})}
    case, into = found[case_id], found[into_id]
    if case.id == into.id or not case_views.are_alike(case, into):
        raise CaseNotFound
    if case.state != "new":
        case_access.check_in_hand(tx, person, case)
    if into.state not in OPEN:
        raise CaseSettled(into.id, into.state)
    return case, into


def _woken(tx: Tx, person: Person, case: Case, into: Case) -> Case:
    """In the hands of who had the other one, if it was nobody's; and heard, if it waited for what was said there."""
    if into.state == "new" and case.holder == person.user_id:
        return cases.move(tx, into, "take", person.user_id, person.user_id)
    if into.state == "waiting" and case.state != "waiting":
        return cases.move(tx, into, "heard", person.user_id, into.holder)
    return into


def _stricter(tx: Tx, case: Case, into: Case) -> dict[str, int | str]:
    """What was promised sooner holds, and a clock that was called for is not called for again."""
    codes = [one.code for one in charters.current(tx).service.severities]
    changed: dict[str, int | str] = {
        "severity": max(case.severity, into.severity, key=lambda code: codes.index(code) if code in codes else -1),
        "answer_due": 0 if into.answered_at else min(case.answer_due, into.answer_due),
        "resolve_late": max(case.resolve_late, into.resolve_late),
        "warned": case.warned | into.warned,
        "escalated": case.escalated | into.escalated,
        "purchase_id": into.purchase_id or case.purchase_id,
        "reservation_id": into.reservation_id or case.reservation_id,
    }
    return changed | _stricter_solution(tx, case, into)


def _stricter_solution(tx: Tx, case: Case, into: Case) -> dict[str, int | str]:
    """The sooner of the due times; while the member is asked, the less of the working time that is left."""
    if into.resolve_due < NEVER:
        code = cases.store_code(tx, into.store_id)
        waited = service_hours.add(charters.current(tx), code, tx.now, case.left_ms)
        return {"resolve_due": min(into.resolve_due, case.resolve_due if case.resolve_due < NEVER else waited)}
    return {"left_ms": min(case.left_ms, into.left_ms)}


def _tell(tx: Tx, person: Person, merged: Case, into: Case) -> None:
    told = {"case_id": merged.id, "into": into.id, "store": stores.name_of(tx, into.store_id)}
    member = case_people.member(tx, merged)
    if member:
        outbox.post(tx, Say("case_merged", told, to=member, kind="notice"))
    for user_id in sorted({merged.holder, into.holder} - {person.user_id, 0}):
        joined = told | {"by": posts.name_of(tx, person.user_id)}
        outbox.post(tx, Say("case_joined", joined, to=user_id, kind="notice"))
