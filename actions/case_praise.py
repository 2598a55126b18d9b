"""Praise is passed on to whom it is for, and that is the end of it."""

from __future__ import annotations

from actions import case_access, case_files, case_people, case_views, cases
from actions.case_views import Desk
from db import cases as rows, outbox, stores
from db.cases import Case
from db.database import Tx
from db.people import Person
from loyalty.cases import MOST_AT_ONCE
from loyalty.errors import StaleButton
from loyalty.messages import Say


def pass_on(tx: Tx, person: Person, case_id: int) -> Desk:
    """All who work at its store read it, and the member is thanked.

    Refuses as `case_desk.look`, CaseHeld, CaseSettled, and StaleButton for anything but praise.
    """
    case = case_access.require(tx, person, case_id)
    if case.kind != "praise":
        raise StaleButton
    if case.holder:
        case = case_access.require_in_hand(tx, person, case_id)
    closed = cases.move(tx, case, "close", person.user_id, case.holder or person.user_id)
    _tell_team(tx, person, closed)
    member = case_people.member(tx, closed)
    if member:
        outbox.post(tx, Say("case_thanked", {"case_id": closed.id}, to=member, kind="notice"))
    cases.record(tx, person, "praise_passed_on", closed)
    return case_views.desk(tx, person, closed)


def _tell_team(tx: Tx, person: Person, case: Case) -> None:
    heard = [line for line in rows.list_lines(tx, case) if line.side in ("member", "logged")]
    words = "\n".join(line.words for line in heard if line.words)
    told = {"case_id": case.id, "store": stores.name_of(tx, case.store_id), "words": words[:MOST_AT_ONCE]}
    for user_id in case_people.team(tx, case):
        if user_id != person.user_id:
            outbox.post(tx, Say("case_praise", told, to=user_id, kind="notice"))
            for line in heard:
                case_files.send(tx, user_id, case.id, line.file_kind, line.file_id)
