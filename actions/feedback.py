"""What members say of their own accord: cases they open, follow, confirm and open again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from actions import case_files, case_hands, case_people, cases, charters
from actions.cases import Opening
from actions.members import require_member
from actions.one_by_one import each
from db import cases as rows, dialogues, members, outbox, people, purchases, stores
from db.cases import Case, Line, NewLine
from db.database import Tx
from db.people import Person
from loyalty.cases import OPEN, Kind
from loyalty.errors import CaseNotFound, CaseSettled, StaleButton
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say, params_of
from loyalty.surveys import Scored

NEW, MORE = "feedback", "case_more"
# What came with the picture that answered a question is kept under this name until all of them are answered.
ALBUM = "album"
PAGE = 8
_SHOWN_LINES = 12
_MINUTE_MS = 60_000
# What is sent so soon after the member's last word belongs to it: the other pictures of an album, a second thought.
_WARM_MS = 10 * _MINUTE_MS
# What the member sends within a day of an answer is about that.
_ANSWERED_MS = DAY_MS
_LOOKED_AT = 20  # lines: what was done in between is among them
_VISIT_MS = 7 * DAY_MS
_FORGOTTEN_MS = 30 * _MINUTE_MS
_PAGE_OF_FORGOTTEN = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One message: words, and what came with them."""

    words: str
    file_kind: str  # photo, voice, …; '' for none
    file_id: str
    source: str  # chat:message
    album: str = ""  # Telegram's number of the pictures it came with; '' for none

    def line(self, side: Any, author: int) -> NewLine:
        return NewLine(side, author, self.words, self.file_kind, self.file_id, self.source, self.album)


@dataclass(frozen=True, slots=True)
class Told:
    """What member and staff read of a fresh case."""

    case_id: int
    kind: Kind
    store: str  # '' for none in particular
    severity: dict[str, str]
    answer_due: int  # epoch ms UTC
    words: str
    file_kind: str
    disputed: bool = False  # a purchase that is not theirs
    low: Scored | None = None  # the score that opened it


@dataclass(frozen=True, slots=True)
class ListedCase:
    case_id: int
    kind: Kind
    state: str
    opened_at: int  # epoch ms UTC
    store: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its member sees it: without notes, and with the store in place of colleagues' names."""

    case_id: int
    kind: Kind
    state: str
    store: str
    opened_at: int
    answer_due: int  # 0: answered
    score: int
    lines: list[dict[str, Any]]  # side, words, file_kind, at
    earlier: int  # lines before these
    is_open: bool
    logged: bool  # by the store, of what the member said there
    more: bool  # files, or texts too long to be shown by themselves


def stores_to_name(tx: Tx, person: Person) -> dict[str, Any]:
    """Open stores, the member's own first. Refuses NotAMember."""
    member = require_member(tx, person)
    listed = sorted(stores.list_active(tx), key=lambda store: store.id != member.home_store_id)
    return {"stores": [{"id": store.id, "name": store.name} for store in listed]}


def open_own(tx: Tx, person: Person, kind: Kind, store_id: int, said: Said) -> Told:
    """The member's own case; the store's managers are told. Refuses NotAMember."""
    member = require_member(tx, person)
    visit = purchases.latest_of_member(tx, member.id, store_id, tx.now - _VISIT_MS) if kind == "complaint" else 0
    opening = Opening(
        kind=kind, category="", severity="normal" if kind == "complaint" else "low", member_id=member.id,
        store_id=store_id, opened_by=person.user_id, source="member", key=f"case:{said.source}", purchase_id=visit,
        lines=[said.line("member", person.user_id)],
    )  # fmt: skip
    case, is_new = cases.begin(tx, opening)
    if is_new:
        tell_managers(tx, case, said)
    return _told(tx, case, said)


def open_said(tx: Tx, person: Person, answers: Mapping[str, Any]) -> Told:
    """A case of what was answered: words, kind, store, more words and pictures, where these were told. Refuses as
    `open_own`."""
    kind, store_id = answers.get("kind", "complaint"), answers.get("store", 0)
    told = open_own(tx, person, kind, store_id, Said(**answers["words"]))
    for more in [*answers.get("more", []), *answers.get(ALBUM, [])]:
        add(tx, person, told.case_id, Said(**more))
    return told


def is_kept(answers: Mapping[str, Any]) -> bool:
    """Whether it is a case with a question left open: not where nothing was said, or what was offered is not wanted."""
    return "words" in answers and ("kind" in answers or "offered" not in answers)


def open_kept(tx: Tx, person: Person, answers: Mapping[str, Any]) -> Told | None:
    """The same where a question was left open; None where there is nothing to keep."""
    return open_said(tx, person, answers) if is_kept(answers) and members.get_by_user(tx, person.user_id) else None


def open_forgotten(tx: Tx, run: Run) -> Page:
    """Whoever said something and has not answered the question about it for half an hour reads that it is a case."""
    idle = dialogues.list_kept(tx, NEW, tx.now - _FORGOTTEN_MS, int(run.cursor or 0), _PAGE_OF_FORGOTTEN)
    opened = each(tx, idle, lambda user_id: _open_forgotten(tx, user_id), lambda user_id: _member_id(tx, user_id))
    more = len(idle) == _PAGE_OF_FORGOTTEN
    return Page(str(idle[-1]) if more else "", len(idle), sum(opened.answers), opened.left_out)


def _member_id(tx: Tx, user_id: int) -> int:
    """0 for who is none."""
    member = members.get_by_user(tx, user_id)
    return member.id if member else 0


def _open_forgotten(tx: Tx, user_id: int) -> bool:
    person, place = people.get(tx, user_id), dialogues.get(tx, user_id, user_id)
    told = open_kept(tx, person, place.answers) if person and place else None
    if told is None:
        return False
    dialogues.leave(tx, user_id, user_id)
    outbox.post(tx, Say("feedback_taken", asdict(told), to=user_id, kind="notice"))
    return True


def dispute(tx: Tx, person: Person, purchase_id: int) -> Told:
    """“Not my purchase”, by the receipt's button: an urgent case, once; pressed again, where that goes on.

    Refuses NotAMember, StaleButton, and CaseSettled once it has ended.
    """
    member, purchase = require_member(tx, person), purchases.get(tx, purchase_id)
    if purchase is None or purchase.member_id != member.id:
        raise StaleButton
    said = Said("", "", "", "")
    urgent = charters.current(tx).service.severities[-1].code
    opening = Opening(
        kind="complaint", category="points", severity=urgent, member_id=member.id, store_id=purchase.store_id,
        opened_by=person.user_id, source="receipt", key=f"dispute:{purchase_id}", purchase_id=purchase_id, lines=[],
    )  # fmt: skip
    case, is_new = cases.begin(tx, opening)
    if is_new:
        tell_managers(tx, case, said)
    return _told(tx, case if is_new else _own_going_on(tx, person, case.id), said)


def add(tx: Tx, person: Person, case_id: int, said: Said) -> CaseView:
    """One more message of the member's. To one that was resolved it says that it is not. Refuses NotAMember,
    CaseNotFound, and CaseSettled once it has ended."""
    case = _own_going_on(tx, person, case_id)
    if rows.add_line(tx, case, said.line("member", person.user_id)) is not None:
        case = _woken(tx, person, case)
        tell_of_words(tx, case, said)
    return _view(tx, case)


def asked_lately(tx: Tx, user_id: int) -> int:
    """The case of which the member was asked within a day whether it is solved, and has not said; 0 for none."""
    member = members.get_by_user(tx, user_id)
    found = rows.list_of_member(tx, member.id, 0, PAGE) if member else []
    open_still = (case for case in found if case.state == "resolved" and tx.now - case.resolved_at < _ANSWERED_MS)
    return next((case.id for case in open_still), 0)


def mention(tx: Tx, person: Person, case_id: int, said: Said) -> CaseView:
    """Words on what is resolved that say neither that it is solved nor that it is not. Refuses as `add`."""
    case = _own_going_on(tx, person, case_id)
    if rows.add_line(tx, case, said.line("member", person.user_id)) is not None:
        tell_of_words(tx, case, said)
    return _view(tx, case)


def follow(tx: Tx, person: Person, said: Said) -> CaseView | None:
    """Take a message that answers nothing else for the case the member was just writing in, or was asked in."""
    member = members.get_by_user(tx, person.user_id)
    found = rows.list_of_member(tx, member.id, 0, PAGE) if member else []
    case = next((case for case in found if case.state in OPEN and _is_warm(tx, case, person)), None)
    return add(tx, person, case.id, said) if case else None


def list_own(tx: Tx, person: Person, before: int = 0) -> dict[str, Any]:
    """The member's cases, newest first. Refuses NotAMember."""
    found = rows.list_of_member(tx, require_member(tx, person).id, before, PAGE + 1)
    listed = [params_of(_listed(tx, case)) for case in found[:PAGE]]
    return {"cases": listed, "older": found[PAGE - 1].id if len(found) > PAGE else 0}


def look(tx: Tx, person: Person, case_id: int) -> CaseView:
    """Refuses NotAMember and CaseNotFound."""
    return _view(tx, own(tx, person, case_id))


def whole(tx: Tx, person: Person, case_id: int) -> list[Say]:
    """The files and long texts of the thread. Refuses as `look`."""
    case = own(tx, person, case_id)
    return case_files.whole(case.id, (line for line in rows.list_lines(tx, case) if line.side in ("member", "staff")))


def confirm(tx: Tx, person: Person, case_id: int) -> CaseView:
    """It is solved, says the member, who is then asked how it was dealt with.

    Refuses NotAMember, CaseNotFound and CaseSettled.
    """
    case = own(tx, person, case_id)
    confirmed = cases.move(tx, case, "confirm", person.user_id, case.holder)
    rows.mark_score_asked(tx, confirmed)
    _tell(tx, confirmed, "case_confirmed", {})
    return _view(tx, confirmed)


def reopen(tx: Tx, person: Person, case_id: int) -> CaseView:
    """It is not solved, says the member: back to whoever had it, or to all if they have left. Refuses as `confirm`."""
    case = _woken(tx, person, own(tx, person, case_id), insists=True)
    _tell(tx, case, "case_reopened", {"yours": bool(case.holder)})
    return _view(tx, case)


def own(tx: Tx, person: Person, case_id: int) -> Case:
    """The member's case, or where that goes on, locked. Refuses NotAMember and CaseNotFound."""
    case = cases.lock_current(tx, case_id)
    if case.member_id != require_member(tx, person).id:
        raise CaseNotFound
    return case


def _own_going_on(tx: Tx, person: Person, case_id: int) -> Case:
    """As `own`; refuses CaseSettled once the member has had the last word."""
    case = own(tx, person, case_id)
    if case.state not in (*OPEN, "resolved", "unanswered"):
        raise CaseSettled(case.id, case.state)
    return case


def tell_managers(tx: Tx, case: Case, said: Said, low: Scored | None = None) -> None:
    """Of a fresh case; not who opened it."""
    for user_id in [one for one in case_people.managers(tx, case) if one != case.opened_by]:
        outbox.post(tx, Say("case_opened", params_of(_told(tx, case, said, low)), to=user_id, kind="notice"))
        case_files.send(tx, user_id, case.id, said.file_kind, said.file_id)


def tell_of_words(tx: Tx, case: Case, said: Said) -> None:
    """What the member adds, for `_readers`."""
    for user_id in _tell(tx, case, "case_heard", {"words": said.words, "file_kind": said.file_kind}):
        case_files.send(tx, user_id, case.id, said.file_kind, said.file_id)


def _woken(tx: Tx, person: Person, case: Case, insists: bool = False) -> Case:
    """Back in hands if it waited for the member, or if they are not content; to all if who had it has left."""
    if insists or case.state in ("resolved", "unanswered"):
        again = cases.move(tx, case, "reopen", person.user_id, case.holder)
        still_here = case_hands.may_hold(tx, case.holder, case)
        return again if still_here else cases.move(tx, again, "give_back", 0, 0)
    if case.state == "waiting":
        return cases.move(tx, case, "heard", person.user_id, case.holder)
    return case


def _is_warm(tx: Tx, case: Case, person: Person) -> bool:
    said = [line for line in rows.list_lines(tx, case, limit=_LOOKED_AT) if line.side in ("member", "staff")]
    if case.state == "waiting" or not said:
        return case.state == "waiting"
    return tx.now - said[-1].at < (_WARM_MS if said[-1].author == person.user_id else _ANSWERED_MS)


def _readers(tx: Tx, case: Case) -> list[int]:
    """Who has it and still works there; the store's managers, and if it was opened again all who may take it."""
    if case.holder and case_hands.may_hold(tx, case.holder, case):
        return [case.holder]
    return case_people.hands(tx, case) if case.reopened and not case.holder else case_people.managers(tx, case)


def _tell(tx: Tx, case: Case, template: str, told: dict[str, Any]) -> list[int]:
    """Whom; see `_readers`."""
    params, readers = {"case_id": case.id, "store": stores.name_of(tx, case.store_id)} | told, _readers(tx, case)
    for user_id in readers:
        outbox.post(tx, Say(template, params, to=user_id, kind="notice"))
    return readers


def _told(tx: Tx, case: Case, said: Said, low: Scored | None = None) -> Told:
    return Told(
        case_id=case.id, kind=case.kind, store=stores.name_of(tx, case.store_id),
        severity=charters.current(tx).service.severity(case.severity).names, answer_due=case.answer_due,
        words=said.words, file_kind=said.file_kind, disputed=case.source == "receipt", low=low,
    )  # fmt: skip


def _listed(tx: Tx, case: Case) -> ListedCase:
    return ListedCase(case.id, case.kind, case.state, case.opened_at, stores.name_of(tx, case.store_id))


def _view(tx: Tx, case: Case) -> CaseView:
    said = [line for line in rows.list_lines(tx, case) if line.side in ("member", "staff")]
    return CaseView(
        case_id=case.id, kind=case.kind, state=case.state, store=stores.name_of(tx, case.store_id),
        opened_at=case.opened_at,
        answer_due=case.answer_due, score=case.score, lines=[_shown(line) for line in said[-_SHOWN_LINES:]],
        earlier=max(0, len(said) - _SHOWN_LINES), is_open=case.state in OPEN,
        logged=case.source == "staff", more=case_files.has_more(said),
    )  # fmt: skip


def _shown(line: Line) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if name in ("side", "words", "file_kind", "at")}
