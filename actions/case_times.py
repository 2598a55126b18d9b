"""Service times: warned before they lapse, escalated after, each once; and resolved cases nobody says a word about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from actions import case_board, case_hands, case_people, case_scores, cases, charters
from actions.one_by_one import each
from db import case_times, cases as rows, outbox, staff, stores
from db.case_times import Due, Mark, Place
from db.cases import Case
from db.database import Tx
from loyalty import service_hours
from loyalty.charter import Charter
from loyalty.jobs import DAY_MS, HOUR_MS, Page, Run
from loyalty.lots import NEVER
from loyalty.messages import Say

_PAGE = 200


@dataclass(frozen=True, slots=True)
class _Clock:
    """One of a case's two clocks, and the bits by which its steps are marked as done."""

    due: Due
    hours: str  # of the severity
    warned: int
    managers: int
    owners: int


_ANSWER = _Clock("answer_due", "answer_hours", warned=1, managers=1, owners=2)
_SOLUTION = _Clock("resolve_due", "resolve_hours", warned=2, managers=4, owners=8)


@dataclass(frozen=True, slots=True)
class _Step:
    """What is to be said to whom of one clock, and the bit by which that is marked as done."""

    clock: _Clock
    mark: Mark
    bit: int
    template: str
    whom: Callable[[Tx, Case], list[int]]


def watch(tx: Tx, run: Run) -> Page:
    """Warn of what is pressing, call for what is late, free what leavers took then. reached: steps taken."""
    charter, found = charters.current(tx), case_times.list_open(tx, _place(run.cursor), _PAGE)
    looked = each(tx, found, lambda case: _look(tx, charter, case), _member)
    held = list({case.holder: case for case in found if case.holder}.values())
    freed = each(tx, held, lambda case: _free(tx, case.holder), _member)
    last = found[-1] if len(found) == _PAGE else None
    return Page(
        f"{last.store_id}:{last.resolve_due}:{last.id}" if last else "", len(found), sum(looked.answers),
        looked.left_out + freed.left_out,
    )  # fmt: skip


def close(tx: Tx, run: Run) -> Page:
    """Ask once more after what was resolved, and close what stays without a word. reached: asked about, or closed."""
    rules = charters.current(tx).service
    at, _, last_id = (run.cursor or "0:0").partition(":")
    until = tx.now - min(rules.remind_days, rules.close_days) * DAY_MS
    found = case_times.list_resolved(tx, until, (int(at), int(last_id)), _PAGE)
    settled = each(tx, found, lambda case: _settle(tx, case), _member)
    last = found[-1] if len(found) == _PAGE else None
    return Page(f"{last.resolved_at}:{last.id}" if last else "", len(found), sum(settled.answers), settled.left_out)


def _place(cursor: str) -> Place:
    store_id, due, case_id = (cursor or "-1:0:0").split(":")
    return int(store_id), int(due), int(case_id)


def _member(case: Case) -> int:
    return case.member_id


def _free(tx: Tx, holder: int) -> None:
    """What they took and may not have any more."""
    case_hands.release(tx, holder, staff.name_of(tx, holder), by=0)


def _look(tx: Tx, charter: Charter, case: Case) -> int:
    """How many steps were taken now: all that have fallen due, however many at once."""
    steps = [step for clock in (_ANSWER, _SOLUTION) for step in _due_steps(tx, charter, case, clock)]
    taken = [step for step in steps if case_times.mark(tx, case, step.mark, step.bit, step.clock.due)]
    _tell(tx, case, taken)
    if any(step.whom is case_people.managers for step in taken):
        # What has just become late is so in the groups of staff, too.
        case_board.show(tx, cases.require(tx, case.id))
    return len(taken)


def _due_steps(tx: Tx, charter: Charter, case: Case, clock: _Clock) -> Iterator[_Step]:
    """Those whose time has come, whether they were taken or not."""
    due: int = getattr(case, clock.due)
    # Answered, or the clock stands still.
    if not due or due >= NEVER:
        return
    total = getattr(charter.service.severity(case.severity), clock.hours) * HOUR_MS
    if _is_pressing(tx, charter, case, due, total):
        yield _Step(clock, "warned", clock.warned, "case_warned", case_people.hands)
    if due <= tx.now:
        yield _Step(clock, "escalated", clock.managers, "case_late", case_people.managers)
    if due + total <= tx.now and (
        service_hours.between(charter, cases.store_code(tx, case.store_id), due, tx.now) >= total
    ):
        yield _Step(clock, "escalated", clock.owners, "case_late", _further_owners)


def _tell(tx: Tx, case: Case, taken: list[_Step]) -> None:
    """Each person the gravest of what was taken: what is late before what is pressing, what is so longest first.

    A number, a store, a time: what was said is read by opening the case.
    """
    gravest: dict[int, _Step] = {}
    for step in sorted(taken, key=lambda step: (step.mark == "warned", getattr(case, step.clock.due))):
        for user_id in step.whom(tx, case):
            gravest.setdefault(user_id, step)
    for user_id, step in gravest.items():
        outbox.post(tx, Say(step.template, _facts(tx, case, step.clock), to=user_id, kind="notice"))


def _facts(tx: Tx, case: Case, clock: _Clock) -> dict[str, Any]:
    due: int = getattr(case, clock.due)
    return {
        "case_id": case.id, "kind": case.kind, "store": stores.name_of(tx, case.store_id),
        "due": due, "late": due <= tx.now,
        "answer": clock is _ANSWER, "holder": staff.name_of(tx, case.holder),
    }  # fmt: skip


def _further_owners(tx: Tx, case: Case) -> list[int]:
    """The owners who were not told as managers already, where a store has none of its own."""
    told = case_people.managers(tx, case)
    return [user_id for user_id in case_people.owners(tx, case) if user_id not in told]


def _is_pressing(tx: Tx, charter: Charter, case: Case, due: int, total: int) -> bool:
    """Whether no more than the rest of its working time is left."""
    rest = total * (100 - charter.service.warn_percent) // 100
    code = cases.store_code(tx, case.store_id)
    return due <= tx.now or service_hours.between(charter, code, tx.now, due) <= rest


def _settle(tx: Tx, case: Case) -> bool:
    """Asked again first, whatever the time: nobody's case is closed without that."""
    rules = charters.current(tx).service
    # The member may be opening it again: one after the other, and it is looked at anew.
    rows.lock(tx, case.id)
    case = cases.require(tx, case.id)
    if case.state != "resolved":
        return False
    if not case.reminded_at:
        return _ask_again(tx, case)
    silent = tx.now - case.reminded_at >= (rules.close_days - rules.remind_days) * DAY_MS
    if not silent or tx.now - case.resolved_at < rules.close_days * DAY_MS:
        return False
    case_scores.ask(tx, cases.move(tx, case, "lapse", 0, case.holder))
    return True


def _ask_again(tx: Tx, case: Case) -> bool:
    rules = charters.current(tx).service
    if not case_times.mark_reminded(tx, case):
        return False
    user_id = case_people.member(tx, case)
    if user_id:
        closes_at = max(case.resolved_at, tx.now - rules.remind_days * DAY_MS) + rules.close_days * DAY_MS
        told = {"case_id": case.id, "store": stores.name_of(tx, case.store_id), "closes_at": closes_at}
        outbox.post(tx, Say("case_reminder", told, to=user_id, kind="notice"))
    return True
