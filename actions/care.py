"""Care: what a clerk has to do today, who it is about, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import case_access, charters, customers, looks, notes, purchases
from db import audit, care, cases, desk, members, notes as noted, profiles
from db.care import Outcome, Task
from db.database import Tx
from db.people import Person
from loyalty import days, phones
from loyalty.errors import StaleButton
from loyalty.notes import read_line

WORDS = "care"
LATER_DAYS = (1, 3, 7)
_SHOWN_NOTES = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """Which task, about whom, why, and since when."""

    task_id: int
    name: str
    rule: dict[str, str]  # by locale; empty if a newer charter dropped it
    due_on: str  # ISO date
    tries: int


@dataclass(frozen=True, slots=True)
class Today:
    """What the reader has to do today. waiting: as many more are due at the store."""

    store: str
    tasks: list[Listed]
    waiting: int
    per_clerk: int


@dataclass(frozen=True, slots=True)
class TaskView:
    """Whom to greet or call; the phone is masked. Names by locale, instants in epoch ms UTC, 0: never."""

    task_id: int
    member_id: int
    rule: dict[str, str]
    due_on: str
    tries: int
    name: str
    tier: dict[str, str]
    phone: str
    on_telegram: bool
    contact: str  # how the member wants to be reached, '' if they did not say
    visited_at: int
    notes: list[str]
    birthday: str  # the day it is kept (ISO), '' if that is not why
    case_id: int  # of the complaint the reader may look at; 0 for none
    category: dict[str, str]  # of that


def today(tx: Tx, person: Person) -> Today:
    """One's tasks, filled up from the store's to as many as the charter lets one have in a day; a look at each member.

    Refuses NotAllowed, StoreNeeded and NoStoreYet.
    """
    store, rules, day = purchases.counter(tx, person), charters.current(tx).care, _today(tx)
    room = rules.per_clerk - care.count_taken(tx, person.user_id, day)
    if room > 0:
        care.take(tx, store.id, person.user_id, day, room)
    mine = care.list_mine(tx, person.user_id, day)
    looks.note_all(tx, person, (task.member_id for task in mine), store.id)
    return Today(
        store.name, [_listed(tx, task) for task in mine], care.count_waiting(tx, store.id, day), rules.per_clerk
    )


def look(tx: Tx, person: Person, task_id: int) -> TaskView:
    """The look is recorded. Refuses NotAllowed, and StaleButton if it is not, or no more, in one's own hands."""
    task = require(tx, person, task_id)
    member, identity = customers.require(tx, task.member_id), members.reveal(tx, task.member_id)
    looks.note(tx, person, "member_opened", member.id, purchases.place_of(tx, person))
    return TaskView(
        task_id=task.id, member_id=member.id, rule=_rule(tx, task), due_on=task.due_on, tries=task.tries,
        name=identity.name, tier=charters.current(tx).tier(member.tier).names,
        phone=phones.mask(identity.phone), on_telegram=member.user_id != 0,
        contact=profiles.get(tx, member.id, "contact"), visited_at=desk.last_visit(tx, member.id),
        notes=[one.words for one in noted.list_of(tx, member.id, _SHOWN_NOTES)], **_reason(tx, person, task),
    )  # fmt: skip


def require(tx: Tx, person: Person, task_id: int) -> Task:
    """Refuses as `look`."""
    task = care.get(tx, task_id)
    purchases.counter(tx, person)
    if task is None or (task.clerk, task.taken_on, task.state) != (person.user_id, _today(tx).isoformat(), "open"):
        raise StaleButton
    return task


def settle(tx: Tx, person: Person, task_id: int, outcome: Outcome) -> int:
    """Done, or nobody answered: then it comes again tomorrow, as often as the charter says. Whom it was about.

    Refuses as `look`.
    """
    task = require(tx, person, task_id)
    if outcome == "no_answer" and task.tries + 1 < charters.current(tx).care.tries:
        settled = care.put_off(tx, task, days.add_days(_today(tx), 1), tried=True)
    else:
        settled = care.settle(tx, task, outcome)
    if not settled:
        raise StaleButton
    place = purchases.place_of(tx, person)
    audit.add(tx, person.user_id, "care_settled", store_id=place, member_id=task.member_id, outcome=outcome)
    return task.member_id


def remember(tx: Tx, person: Person, member_id: int, words: str) -> Today:
    """What was heard goes into the archive; '' for nothing. Refuses NotAllowed and MemberNotFound."""
    if words:
        notes.note(tx, person, member_id, *read_line(words))
    return today(tx, person)


def put_off(tx: Tx, person: Person, task_id: int, by_days: int) -> Today:
    """Refuses as `look`, and StaleButton for another number of days than LATER_DAYS."""
    task = require(tx, person, task_id)
    if by_days not in LATER_DAYS or not care.put_off(tx, task, days.add_days(_today(tx), by_days), tried=False):
        raise StaleButton
    return today(tx, person)


def _today(tx: Tx) -> date:
    return days.local_date(tx.now, charters.current(tx).zone)


def _listed(tx: Tx, task: Task) -> Listed:
    return Listed(task.id, members.name_of(tx, task.member_id), _rule(tx, task), task.due_on, task.tries)


def _rule(tx: Tx, task: Task) -> dict[str, str]:
    rule = charters.current(tx).care.rule(task.rule)
    return rule.names if rule else {}


def _reason(tx: Tx, person: Person, task: Task) -> dict[str, Any]:
    """Which birthday, or which complaint."""
    charter = charters.current(tx)
    rule = charter.care.rule(task.rule)
    case = cases.get(tx, int(task.period)) if rule and rule.kind == "complaint" else None
    is_shown = case is not None and case_access.may_see(tx, person, case, case_access.visible(tx, person))
    return {
        "birthday": task.period if rule and rule.kind == "birthday" else "",
        "case_id": case.id if case and is_shown else 0,
        "category": charter.service.category(case.category).names if case and is_shown else {},
    }
