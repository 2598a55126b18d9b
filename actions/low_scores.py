"""What was bad becomes a case, one for each answer, and what the member adds goes into its thread."""

from __future__ import annotations

from dataclasses import dataclass

from actions import cases, charters, feedback
from actions.cases import Opening
from actions.feedback import Said
from db import cases as rows, rated_cases
from db.database import Tx
from db.people import Person
from loyalty import surveys as rules
from loyalty.surveys import Answered, Scored


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer that counts."""

    about: Answered
    id: int  # of the survey, of the case that was rated, or of the recommendation
    score: int
    most: int
    case_id: int  # opened because the score was low; 0: it was not


@dataclass(frozen=True, slots=True)
class Cause:
    """Whose answer it is, and what it is about; 0 for what it is not about. rates: a case, of that category."""

    member_id: int
    store_id: int
    purchase_id: int = 0
    reservation_id: int = 0
    rates: int = 0
    category: str = ""


def settle(tx: Tx, person: Person, about: Answered, answer_id: int, score: int, cause: Cause) -> Rated:
    """Take an answer that was just kept; a low one opens a case, urgent if a case's end was bad."""
    surveys, scored = charters.current(tx).surveys, rules.scored(about, score, cause.rates)
    is_low = score <= (surveys.recommend_low if about == "recommend" else surveys.low)
    case_id = _open(tx, person, scored, answer_id, cause) if is_low else 0
    return Rated(about, answer_id, score, scored.most, case_id)


def add_words(tx: Tx, person: Person, about: Answered, answer_id: int, said: Said) -> bool:
    """What the member adds to a low score, into the case it has opened; False if it has opened none.

    Read there as what is added to any case. Refuses as `feedback.add`.
    """
    opened = rows.get_by_key(tx, _key(about, answer_id))
    if opened is None:
        return False
    case = cases.lock_current(tx, opened.id)
    if case.state == "confirmed":
        rows.add_line(tx, case, said.line("member", person.user_id))
        feedback.tell_of_words(tx, case, said)
    else:
        feedback.add(tx, person, case.id, said)
    return True


def _open(tx: Tx, person: Person, low: Scored, answer_id: int, cause: Cause) -> int:
    severities = charters.current(tx).service.severities
    said = Said(f"⭐ {low.score}/{low.most}", "", "", "")
    opening = Opening(
        kind="complaint", category=cause.category, severity=severities[-1].code if cause.rates else "normal",
        member_id=cause.member_id, store_id=cause.store_id, opened_by=person.user_id, source="survey",
        key=_key(low.about, answer_id), lines=[said.line("member", person.user_id)], rates=cause.rates,
        purchase_id=cause.purchase_id, reservation_id=cause.reservation_id,
    )  # fmt: skip
    case, is_new = cases.begin(tx, opening)
    if is_new and cause.rates:
        rated_cases.judge(tx, case.id, cause.rates)
    if is_new:
        feedback.tell_managers(tx, case, Said("", "", "", ""), low)
    return case.id


def _key(about: Answered, answer_id: int) -> str:
    return f"low:{about}:{answer_id}"
