"""Would you recommend us? Asked each quarter of a share of those who buy; 0 to 10, for the net promoter score."""

from __future__ import annotations

from datetime import date

from actions import asking, case_people, charters, low_scores, pushes, rating_words
from actions.feedback import Said
from actions.low_scores import Cause, Rated
from actions.members import require_member
from actions.one_by_one import each
from db import expiring, recommendations
from db.database import Tx
from db.people import Person
from db.recommendations import Due, Recommendation
from loyalty import recommendations as rules
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say
from loyalty.surveys import scored

_PAGE = 200
_IDS = 5_000  # looked through at once, most of them of no concern
_BOUGHT_WITHIN_MS = 365 * DAY_MS
_GOOD_FOR_MS = 7 * DAY_MS


def page(tx: Tx, run: Run) -> Page:
    """Of the quarter's share, the next whose turn has begun; who has to wait is looked at again the next day."""
    percent, quarter = charters.current(tx).surveys.recommend_percent, rules.quarter_of(run.day)
    after = int(run.cursor or 0)
    ids, since = (after, after + _IDS), run.due_at - _BOUGHT_WITHIN_MS
    found = recommendations.list_due(tx, percent, quarter, run.day, since, ids, _PAGE)
    asked = each(tx, found, lambda due: _ask(tx, due, quarter), lambda due: due.member_id)
    reach = found[-1].member_id if len(found) == _PAGE else ids[1]
    cursor = str(reach) if reach < expiring.last_member(tx) else ""
    return Page(cursor, len(found), sum(asked.answers), asked.left_out)


def _ask(tx: Tx, due: Due, quarter: date) -> bool:
    asked_id = recommendations.add(tx, due, quarter) if asking.is_welcome(tx, due.member_id) else None
    if asked_id is None:
        return False
    told = {"recommendation_id": asked_id, "programme": charters.current(tx).programme.names}
    say, expires_at = Say("recommend", told), tx.now + _GOOD_FOR_MS
    return pushes.push(tx, due.member_id, "surveys", say, f"recommend:{asked_id}", expires_at)


def rate(tx: Tx, person: Person, recommendation_id: int, score: int) -> Rated:
    """The member's own answer, 0 to 10, once; a very low one opens a case.

    Refuses NotAMember, AnswerUnclear and StaleButton.
    """
    if score not in rules.LIKELY:
        raise AnswerUnclear
    asked = _own(tx, person, recommendation_id)
    if not recommendations.score(tx, asked.id, score):
        raise StaleButton
    return low_scores.settle(tx, person, "recommend", asked.id, score, Cause(asked.member_id, asked.store_id))


def add_words(tx: Tx, person: Person, recommendation_id: int, said: Said) -> None:
    """The reason the member gives; managers read it. Refuses NotAMember, StaleButton and TextInvalid."""
    asked = _own(tx, person, recommendation_id)
    if low_scores.add_words(tx, person, "recommend", asked.id, said):
        return
    words, readers = rating_words.plain(said), case_people.readers(tx, asked.store_id, asked.member_id)
    recommendations.keep_words(tx, asked, words)
    rating_words.tell(tx, readers, scored("recommend", asked.score), asked.store_id, words)


def _own(tx: Tx, person: Person, recommendation_id: int) -> Recommendation:
    asked = recommendations.get(tx, recommendation_id)
    if asked is None or asked.member_id != require_member(tx, person).id:
        raise StaleButton
    return asked
