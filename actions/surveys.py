"""How was it? Asked after some visits and gifts; what was bad opens a case."""

from __future__ import annotations

from typing import get_args

from actions import asking, case_people, charters, low_scores, pushes, rating_words
from actions.feedback import Said
from actions.low_scores import Cause, Rated
from actions.members import require_member
from actions.one_by_one import each
from db import recommendations, stores, surveys
from db.database import Tx
from db.people import Person
from db.surveys import Subject, Survey
from loyalty import days, recommendations as turns, surveys as rules
from loyalty.charter import Charter
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.jobs import DAY_MS, HOUR_MS, Page, Run
from loyalty.messages import Say
from loyalty.surveys import About

_PAGE = 200
_GOOD_FOR_MS = 2 * DAY_MS
_SOURCES = {"visit": surveys.list_visits, "gift": surveys.list_gifts}


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
    if not rules.is_sampled(charter.surveys, about, subject.id) or _is_kept(tx, charter, subject.member_id):
        return False
    survey_id = surveys.add(tx, about, subject) if asking.is_welcome(tx, subject.member_id) else None
    if survey_id is None:
        return False
    told = {"survey_id": survey_id, "about": about, "store": stores.name_of(tx, subject.store_id), "at": subject.at}
    return pushes.push(
        tx, subject.member_id, "surveys", Say("survey", told), f"survey:{survey_id}", tx.now + _GOOD_FOR_MS
    )


def _is_kept(tx: Tx, charter: Charter, member_id: int) -> bool:
    """Whether the quarter's other question is this member's: who comes often would never be without a pause for it."""
    quarter = turns.quarter_of(days.local_date(tx.now, charter.zone))
    sampled = turns.is_sampled(charter.surveys.recommend_percent, quarter, member_id)
    return sampled and not recommendations.is_asked(tx, member_id, quarter)


def rate(tx: Tx, person: Person, survey_id: int, score: int) -> Rated:
    """The member's own answer, once; a low one opens a case. Refuses NotAMember, AnswerUnclear and StaleButton."""
    if score not in rules.SCORES:
        raise AnswerUnclear
    survey = _own(tx, person, survey_id)
    if not surveys.score(tx, survey.id, score):
        raise StaleButton
    bought, collected = (survey.subject_id, 0) if survey.about == "visit" else (0, survey.subject_id)
    cause = Cause(survey.member_id, survey.store_id, purchase_id=bought, reservation_id=collected)
    return low_scores.settle(tx, person, survey.about, survey.id, score, cause)


def add_words(tx: Tx, person: Person, survey_id: int, said: Said) -> None:
    """What the member adds to a score; managers read it. Refuses NotAMember, StaleButton and TextInvalid."""
    survey = _own(tx, person, survey_id)
    if low_scores.add_words(tx, person, survey.about, survey.id, said):
        return
    words, readers = rating_words.plain(said), case_people.readers(tx, survey.store_id, survey.member_id)
    surveys.keep_words(tx, survey, words)
    rating_words.tell(tx, readers, rules.scored(survey.about, survey.score), survey.store_id, words)


def _own(tx: Tx, person: Person, survey_id: int) -> Survey:
    survey = surveys.get(tx, survey_id)
    if survey is None or survey.member_id != require_member(tx, person).id:
        raise StaleButton
    return survey
