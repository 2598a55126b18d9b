"""A case's way, whoever takes the step: opened, moved along an arrow, written to. Who may is asked by the callers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions import case_board, case_people, charters
from db import audit, cases, stores
from db.cases import Case, NewCase, NewLine
from db.database import Tx
from db.people import Person
from loyalty import service_hours
from loyalty.cases import Deed, Kind
from loyalty.charter import Charter
from loyalty.errors import CaseNotFound, CaseSettled, RatedCase
from loyalty.jobs import HOUR_MS
from loyalty.lots import NEVER


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case begins with. lines: what was said, the first one first; key: unique for ever."""

    kind: Kind
    category: str
    severity: str
    member_id: int  # 0: nobody in particular
    store_id: int  # 0: no store
    opened_by: int  # Telegram id
    source: str  # member, staff, receipt, survey
    key: str
    lines: Sequence[NewLine]
    purchase_id: int = 0
    reservation_id: int = 0
    rates: int = 0  # the case whose low score this one is about


def begin(tx: Tx, opening: Opening) -> tuple[Case, bool]:
    """The case, and whether it is new: opened again under its key it is the one that is there."""
    charter = charters.current(tx)
    severity = charter.service.severity(opening.severity)
    new = NewCase(
        kind=opening.kind, category=charter.service.category(opening.category).code, severity=severity.code,
        member_id=opening.member_id, store_id=opening.store_id, purchase_id=opening.purchase_id,
        reservation_id=opening.reservation_id, opened_by=opening.opened_by, source=opening.source, key=opening.key,
        rates=opening.rates,
        answer_due=_due(tx, charter, opening, severity.answer_hours) if opening.member_id else 0,
        resolve_due=_due(tx, charter, opening, severity.resolve_hours) or NEVER,
    )  # fmt: skip
    case_id = cases.add(tx, new)
    if case_id is None:
        return _known(tx, opening.key), False
    case = require(tx, case_id)
    for line in opening.lines:
        cases.add_line(tx, case, line)
    case_board.show(tx, case)
    return case, True


def require(tx: Tx, case_id: int) -> Case:
    """Refuses CaseNotFound."""
    case = cases.get(tx, case_id)
    if case is None:
        raise CaseNotFound
    return case


def current(tx: Tx, case_id: int) -> Case:
    """Where the case goes on, behind all merging. Refuses CaseNotFound."""
    case = require(tx, case_id)
    return current(tx, case.merged_into) if case.merged_into else case


def lock_current(tx: Tx, case_id: int) -> Case:
    """As `current`, locked: it may be merged while somebody waits for the lock. Refuses CaseNotFound."""
    known = current(tx, case_id)
    cases.lock(tx, known.id)
    case = require(tx, known.id)
    return lock_current(tx, case.merged_into) if case.merged_into else case


def move(tx: Tx, case: Case, deed: Deed, by: int, holder: int, words: str = "") -> Case:
    """Along an arrow, noted in the thread as an event; the service clock stands still while the member is asked.

    Refuses CaseSettled if the case is where that arrow does not begin, or somebody was faster, and RatedCase.
    """
    if deed in ("take", "assign") and not case_people.may_take(tx, case, holder):
        raise RatedCase(case.rates)
    moved = cases.move(tx, case, deed, holder)
    if moved is None:
        raise CaseSettled(case.id, require(tx, case.id).state)
    cases.add_line(tx, moved, NewLine("event", by, f"{deed} {words}".strip()))
    clocked = _clocked(tx, charters.current(tx), moved, deed)
    case_board.show(tx, clocked)
    return clocked


def change(tx: Tx, case: Case, **columns: int | str) -> Case:
    """The case with some of its columns set, as staff groups see it from now on, too."""
    cases.change(tx, case.id, **columns)
    changed = require(tx, case.id)
    case_board.show(tx, changed, case.store_id)
    return changed


def record(tx: Tx, person: Person, action: str, case: Case, **detail: int | str) -> None:
    """Among what staff did."""
    audit.add(tx, person.user_id, action, store_id=case.store_id, member_id=case.member_id, case=case.id, **detail)


def answered(tx: Tx, case: Case, at: int, took_ms: int = 0, late: int = 0) -> None:
    """The first answer stops the first clock; at: epoch ms. took_ms, late: what it was to a case merged into this."""
    if not case.answered_at:
        took = service_hours.between(charters.current(tx), store_code(tx, case.store_id), case.opened_at, at)
        late = max(late, int(0 < case.answer_due < at))
        change(tx, case, answered_at=at, answer_ms=max(took_ms, took), answer_late=late, answer_due=0)


def store_code(tx: Tx, store_id: int) -> str:
    """'' for no store in particular."""
    store = stores.get(tx, store_id) if store_id else None
    return store.code if store else ""


def _due(tx: Tx, charter: Charter, opening: Opening, hours: int) -> int:
    """Epoch ms; 0 for praise, of which nothing is promised but to pass it on."""
    if opening.kind == "praise":
        return 0
    return service_hours.add(charter, store_code(tx, opening.store_id), tx.now, hours * HOUR_MS)


def _known(tx: Tx, key: str) -> Case:
    known = cases.get_by_key(tx, key)
    assert known is not None
    return known


def _clocked(tx: Tx, charter: Charter, case: Case, deed: Deed) -> Case:
    """The case with its second clock stopped, started again, or wound up anew."""
    code = store_code(tx, case.store_id)
    if deed == "ask":
        left = service_hours.between(charter, code, tx.now, case.resolve_due)
        cases.change(tx, case.id, left_ms=left, resolve_due=NEVER, paused_at=tx.now)
    elif case.paused_at and deed in ("heard", "give_back"):
        due, paused = service_hours.add(charter, code, tx.now, case.left_ms), _paused(tx, charter, case)
        cases.change(tx, case.id, left_ms=0, resolve_due=due, paused_at=0, paused_ms=paused)
    elif deed == "resolve":
        _stop(tx, charter, case)
    elif deed == "reopen":
        hours = charter.service.severity(case.severity).resolve_hours
        due, paused = service_hours.add(charter, code, tx.now, hours * HOUR_MS), _paused(tx, charter, case)
        again = {"warned": 0, "escalated": 0, "resolve_ms": 0}
        cases.change(tx, case.id, resolve_due=due, paused_at=0, paused_ms=paused, **again)
    return require(tx, case.id)


def _stop(tx: Tx, charter: Charter, case: Case) -> None:
    """Note how long the solution took while staff had the case; the member has it now. Late once is late for good."""
    is_late = case.left_ms == 0 if case.paused_at else case.resolve_due < tx.now
    paused = _paused(tx, charter, case)
    took = service_hours.between(charter, store_code(tx, case.store_id), case.opened_at, tx.now) - paused
    late = max(case.resolve_late, int(is_late))
    cases.change(tx, case.id, resolve_ms=max(0, took), resolve_late=late, paused_at=tx.now, paused_ms=paused)


def _paused(tx: Tx, charter: Charter, case: Case) -> int:
    """Working time the member has had the case, until now."""
    if not case.paused_at:
        return case.paused_ms
    return case.paused_ms + service_hours.between(charter, store_code(tx, case.store_id), case.paused_at, tx.now)
