"""A case that staff logged for one member and that turns out to be another's: who logged it edits their message."""

from __future__ import annotations

from dataclasses import dataclass

from actions import case_access, cases, complaints, counter_lines, customers
from db import accounts, case_compensations, cases as rows, outbox, staff as posts
from db.cases import Case, NewLine
from db.database import Tx
from db.members import Member
from db.people import Person
from loyalty.errors import CaseAnswered, OwnCase, WhoseUnclear
from loyalty.messages import Say

CORRECTED = "✏️ "


@dataclass(frozen=True, slots=True)
class Corrected:
    """What an edited line says now: whose it is, and the words, '' where nothing but that has changed."""

    member_id: int
    words: str


def read(tx: Tx, person: Person, case: Case, text: str) -> Corrected:
    """Refuses WhoseUnclear if it may name somebody else, and as `counter_lines.read`."""
    line = counter_lines.read(tx, person, text)
    if not line.member_ids or case.member_id in line.member_ids:
        return Corrected(case.member_id, complaints.words_of(text))
    logged = [one.words.removeprefix(CORRECTED) for one in rows.list_lines(tx, case) if one.side == "logged"]
    words = "" if line.words in logged else line.words
    # A word in Latin letters is surely a name where it is all that has changed.
    if len(line.member_ids) > 1 or (words and not line.is_sure):
        raise WhoseUnclear(case.id)
    return Corrected(line.member_ids[0], words)


def move(tx: Tx, person: Person, case_id: int, member_id: int) -> Case:
    """The case and all its lines to this member, sealed under their key; who has it is told.

    Refuses NotAllowed, CaseElsewhere, MemberNotFound, OwnCase, and CaseAnswered once the member it was logged for has
    heard of it, or it has ended.
    """
    accounts.lock(tx, member_id)
    member, case = customers.require(tx, member_id), case_access.require(tx, person, case_id)
    if member.user_id == person.user_id:
        raise OwnCase
    if not _is_untouched(tx, case):
        raise CaseAnswered(case.id)
    rows.give_to(tx, case, member.id)
    moved = _out_of_own_hands(tx, person, cases.require(tx, case.id), member)
    rows.add_line(tx, moved, NewLine("event", person.user_id, "move"))
    if moved.holder not in (0, person.user_id):
        told = {"case_id": moved.id, "by": posts.name_of(tx, person.user_id)}
        outbox.post(tx, Say("case_moved", told, to=moved.holder, kind="notice"))
    # Not to whom: the member it was logged for may read what was done about them.
    cases.record(tx, person, "case_moved", case)
    cases.record(tx, person, "case_logged", moved)
    return moved


def _is_untouched(tx: Tx, case: Case) -> bool:
    """Whether nothing but what staff said among themselves is in it."""
    is_quiet = case.state in ("new", "taken") and not case.answered_at and not rows.list_merged(tx, case.id)
    said = {line.side for line in rows.list_lines(tx, case)}
    return is_quiet and not said & {"member", "staff"} and not case_compensations.list_of_case(tx, case.id)


def _out_of_own_hands(tx: Tx, person: Person, case: Case, member: Member) -> Case:
    """Nobody deals with a case of their own."""
    if case.holder and case.holder == member.user_id:
        return cases.move(tx, case, "give_back", person.user_id, 0)
    return case
