"""How was it? Asked after some visits and gifts; managers hear of what was bad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from actions import charters, pushes
from actions.members import require_member
from actions.one_by_one import each
from db import members, outbox, staff, stores, surveys
from db.database import Tx
from db.people import Person
from db.surveys import Subject, Survey
from loyalty import surveys as rules
from loyalty.charter import Charter
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.jobs import DAY_MS, HOUR_MS, Page, Run
from loyalty.messages import Say, params_of
from loyalty.roles import Role
from loyalty.surveys import About

DIALOGUE = "survey"

_PAGE = 200
_GOOD_FOR_MS = 2 * DAY_MS
_SOURCES = {"visit": surveys.list_visits, "gift": surveys.list_gifts}


@dataclass(frozen=True, slots=True)
class Bad:
    """What a manager reads of a low score."""

    member_id: int
    member: str  # name
    about: About
    store: str
    score: int
    words: str  # '' if none were added, or not yet


def page(tx: Tx, run: Run) -> Page:
    """Ask about what was bought, then about gifts handed over, in the two hours that ended `after_hours` before.

    Two, for the night in which clocks go back has one hour more than it has due times; nothing is asked about twice.
    """
    charter = charters.current(tx)
    about, at, subject_id = _place(run.cursor)
    ends = run.due_at - charter.surveys.after_hours * HOUR_MS
    found = _SOURCES[about](tx, ends - 2 * HOUR_MS, ends, (at, subject_id), _PAGE)
    asked = each(tx, found, lambda subject: _ask(tx, charter, about, subject), lambda subject: subject.member_id)
    reached = sum(asked.answers)
    if len(found) == _PAGE:
        return Page(f"{about}:{found[-1].at}:{found[-1].id}", len(found), reached, asked.left_out)
    return Page("gift:0:0" if about == "visit" else "", len(found), reached, asked.left_out)


def _place(cursor: str) -> tuple[About, int, int]:
    told, at, subject_id = (cursor or "visit:0:0").split(":")
    about: About = next(one for one in get_args(About) if one == told)
    return about, int(at), int(subject_id)


def _ask(tx: Tx, charter: Charter, about: About, subject: Subject) -> bool:
    if not rules.is_sampled(charter.surveys, about, subject.id):
        return False
    survey_id = surveys.add(tx, about, subject, tx.now - charter.surveys.pause_days * DAY_MS)
    if survey_id is None:
        return False
    told = {"survey_id": survey_id, "about": about, "store": stores.name_of(tx, subject.store_id), "at": subject.at}
    return pushes.push(
        tx, subject.member_id, "surveys", Say("survey", told), f"survey:{survey_id}", tx.now + _GOOD_FOR_MS
    )


def rate(tx: Tx, person: Person, survey_id: int, score: int) -> Survey:
    """The member's own answer, once. Refuses NotAMember, AnswerUnclear and StaleButton."""
    if score not in rules.SCORES:
        raise AnswerUnclear
    survey = _own(tx, person, survey_id)
    if not surveys.score(tx, survey.id, score):
        raise StaleButton
    rated = _own(tx, person, survey_id)
    _tell_if_bad(tx, rated, "")
    return rated


def add_words(tx: Tx, person: Person, survey_id: int, words: str) -> Survey:
    """What the member adds to a score. Refuses NotAMember and StaleButton."""
    survey = _own(tx, person, survey_id)
    surveys.keep_words(tx, survey, words)
    _tell_if_bad(tx, survey, words)
    return survey


def is_low(tx: Tx, survey: Survey) -> bool:
    """Whether managers hear of the score."""
    return 0 < survey.score <= charters.current(tx).surveys.low


def _own(tx: Tx, person: Person, survey_id: int) -> Survey:
    survey = surveys.get(tx, survey_id)
    if survey is None or survey.member_id != require_member(tx, person).id:
        raise StaleButton
    return survey


def _tell_if_bad(tx: Tx, survey: Survey, words: str) -> None:
    """The store's managers, or the owners where there is none; never the member, should they be one."""
    if not is_low(tx, survey):
        return
    member = members.get(tx, survey.member_id)
    assert member is not None
    bad = Bad(
        survey.member_id,
        members.name_of(tx, member.id),
        survey.about,
        stores.name_of(tx, survey.store_id),
        survey.score,
        words,
    )
    managers = staff.list_users(tx, Role.MANAGER, survey.store_id) or staff.list_users(tx, Role.OWNER)
    for user_id in sorted(set(managers) - {member.user_id}):
        outbox.post(tx, Say("survey_low", params_of(bad), to=user_id, kind="notice"))
