"""How was a case dealt with? Asked once it has ended; a low score opens a case about that."""

from __future__ import annotations

from actions import asking, case_files, feedback, low_scores, pushes, rating_words
from actions.feedback import Said
from actions.low_scores import Cause, Rated
from db import cases as rows, staff, stores
from db.cases import Case
from db.database import Tx
from db.people import Person
from loyalty.errors import AnswerUnclear, CaseSettled
from loyalty.jobs import DAY_MS
from loyalty.messages import Say
from loyalty.surveys import SCORES, scored

_GOOD_FOR_MS = 7 * DAY_MS


def ask(tx: Tx, case: Case) -> None:
    """Of a case that was closed without a word: once, and only who takes questions."""
    if asking.is_wanted(tx, case.member_id) and rows.mark_score_asked(tx, case):
        told = {"case_id": case.id, "store": stores.name_of(tx, case.store_id)}
        say, expires_at = Say("case_unanswered", told), tx.now + _GOOD_FOR_MS
        pushes.push(tx, case.member_id, "surveys", say, f"case_score:{case.id}", expires_at)


def rate(tx: Tx, person: Person, case_id: int, score: int) -> Rated:
    """1 to 5, once, after the end. Refuses NotAMember, CaseNotFound, AnswerUnclear and CaseSettled."""
    case = feedback.own(tx, person, case_id)
    if score not in SCORES:
        raise AnswerUnclear
    if case.state not in ("confirmed", "unanswered") or case.score:
        raise CaseSettled(case.id, case.state)
    rows.change(tx, case.id, score=score)
    rows.mark_score_asked(tx, case)
    cause = Cause(
        case.member_id, case.store_id, case.purchase_id, case.reservation_id, rates=case.id, category=case.category
    )
    return low_scores.settle(tx, person, "case", case.id, score, cause)


def add_words(tx: Tx, person: Person, case_id: int, said: Said) -> None:
    """What the member adds to a score, although the case has ended; who had it reads it, if they still work there.

    Refuses NotAMember and CaseNotFound.
    """
    case = feedback.own(tx, person, case_id)
    if low_scores.add_words(tx, person, "case", case.id, said):
        return
    rows.add_line(tx, case, said.line("member", person.user_id))
    if any(post.store_id in (staff.CHAIN, case.store_id) for post in staff.list_posts(tx, case.holder)):
        rating_words.tell(tx, [case.holder], scored("case", case.score, case.id), case.store_id, said.words)
        case_files.send(tx, case.holder, case.id, said.file_kind, said.file_id)
