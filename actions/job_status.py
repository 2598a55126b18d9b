"""Jobs as staff see them: when each ran last, when it runs next, and starting one by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from actions import charters, staff
from db import audit, jobs
from db.database import Tx
from db.jobs import Record
from db.people import Person
from db.staff import CHAIN
from loyalty import days, due_times
from loyalty.charter import Charter
from loyalty.due_times import Due
from loyalty.errors import StaleButton
from loyalty.jobs import DAY_MS, HOUR_MS, Run, Task
from loyalty.roles import Role

# So far back troubles are counted.
TROUBLE_DAYS = 30
_RUNS_SHOWN = 6
_TROUBLES_SHOWN = 8
_NEXT_SHOWN = 3
# What is not over so long after it fell due is late; what falls due as often as this is at work all the time.
_LATE_MS = HOUR_MS
_GRAVEST_FIRST = ("failed", "retrying", "late", "skipped")


@dataclass(frozen=True, slots=True)
class Past:
    """A run. state: done, failed, skipped, running, waiting or retrying; times: how many due times were skipped."""

    state: str
    due_at: int  # epoch ms UTC
    first: str  # the first due time that was skipped, a local minute
    last: str
    times: int
    looked_at: int
    reached: int
    by_hand: bool
    error: str  # what kind of error it last failed with; '' if it got on since


@dataclass(frozen=True, slots=True)
class Status:
    """A job at a glance: its newest run, its next due time (epoch ms UTC; 0: none), and its troubles of late."""

    name: str
    last: Past | None
    next_at: int
    skipped: int
    failed: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What needs somebody, and what comes next but for what falls due each hour or more often."""

    troubled: list[Status]  # whose newest run failed, is tried again, was skipped or is late; gravest first
    more: int  # of them, beside those listed
    before: list[Status]  # which failed or were skipped of late, and are well since
    soon: list[Status]
    total: int
    days: int  # of which troubles are counted


@dataclass(frozen=True, slots=True)
class Overview:
    jobs: list[Status]
    days: int  # of which troubles are counted


@dataclass(frozen=True, slots=True)
class View:
    """One job. may_start: the reader may, now; may_rehearse: there is something to be seen."""

    name: str
    next_at: int
    runs: list[Past]  # newest first
    may_start: bool
    may_rehearse: bool


def brief(tx: Tx, person: Person, tasks: Collection[Task]) -> Brief:
    """Refuses NotAllowed to those who manage nothing."""
    staff.require(tx, person.user_id, Role.MANAGER)
    charter, found, known = charters.current(tx), status(tx, tasks), {task.name: task for task in tasks}
    ailing = [one for one in found if _trouble(one, tx.now)]
    troubled = sorted(ailing, key=lambda one: _GRAVEST_FIRST.index(_trouble(one, tx.now)))
    well = [one for one in found if one not in ailing]
    return Brief(
        troubled=troubled[:_TROUBLES_SHOWN],
        more=len(troubled[_TROUBLES_SHOWN:]),
        before=[one for one in well if one.failed or (one.skipped and not known[one.name].sweep)],
        soon=[one for one in well if one.next_at and not _is_frequent(known[one.name], one, charter)][:_NEXT_SHOWN],
        total=len(found),
        days=TROUBLE_DAYS,
    )


def overview(tx: Tx, person: Person, tasks: Iterable[Task]) -> Overview:
    """Refuses NotAllowed to those who manage nothing."""
    staff.require(tx, person.user_id, Role.MANAGER)
    return Overview(status(tx, tasks), TROUBLE_DAYS)


def status(tx: Tx, tasks: Iterable[Task]) -> list[Status]:
    """What comes next stands first."""
    charter, last, marks = charters.current(tx), jobs.list_last(tx), jobs.list_marks(tx)
    troubles = jobs.count_troubles(tx, tx.now - TROUBLE_DAYS * DAY_MS)
    found = [
        Status(
            name=task.name,
            last=_past(last[task.name]) if task.name in last else None,
            next_at=_next(tx, task, marks, charter),
            skipped=troubles.get((task.name, "skipped"), 0),
            failed=troubles.get((task.name, "failed"), 0),
        )
        for task in tasks
    ]
    return sorted(found, key=lambda one: one.next_at)


def look_at(tx: Tx, person: Person, task: Task, rehearsable: bool) -> View:
    """Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    runs = [_past(record) for record in jobs.list_runs(tx, task.name, _RUNS_SHOWN)]
    busy = any(run.state in ("running", "waiting", "retrying") for run in runs)
    # Jobs concern the members of all stores.
    may = staff.is_allowed(tx, person.user_id, Role.MANAGER, CHAIN)
    next_at = _next(tx, task, jobs.list_marks(tx), charters.current(tx))
    return View(task.name, next_at, runs, may and task.by_hand and not busy, may and rehearsable)


def start(tx: Tx, person: Person, task: Task, rehearsable: bool) -> View:
    """Have it run now, once however often it is pressed.

    Refuses NotAllowed to managers of single stores; StaleButton for what is at work, or is not started by hand.
    """
    staff.require(tx, person.user_id, Role.MANAGER, CHAIN)
    if not look_at(tx, person, task, rehearsable).may_start:
        raise StaleButton
    add_by_hand(tx, task, person.user_id)
    return look_at(tx, person, task, rehearsable)


def add_by_hand(tx: Tx, task: Task, user_id: int, day: date | None = None) -> int:
    """A run for now, or for that local day; its id. user_id: db.jobs.COMMAND_LINE for whoever has the machine."""
    zone = charters.current(tx).zone
    run, here = run_by_hand(tx, task, day), due_times.here(tx.now, zone)
    run_id = jobs.add(tx, task.name, Due(here, run.due_at, here), run.day.isoformat(), user_id)
    if run_id is None:
        run_id = jobs.find(tx, task.name, here, run.day.isoformat())
        assert run_id is not None
        return run_id
    audit.add(tx, max(user_id, 0), "job_started", job=task.name, day=run.day.isoformat())
    return run_id


def run_by_hand(tx: Tx, task: Task, day: date | None = None) -> Run:
    """What a run of now would be told; or of that local day, at the time of day it falls due."""
    charter = charters.current(tx)
    today = days.local_date(tx.now, charter.zone)
    if day is None or day == today:
        return Run(task.name, tx.now, today, "")
    return Run(task.name, due_times.on_day(task.under(charter).cron, day.isoformat(), charter.zone), day, "")


def prepare_rehearsal(tx: Tx, user_id: int, task: Task) -> Run:
    """Refuses NotAllowed."""
    staff.require(tx, user_id, Role.MANAGER, CHAIN)
    return run_by_hand(tx, task)


def note_rehearsal(tx: Tx, person: Person, name: str) -> None:
    """Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER, CHAIN)
    audit.add(tx, person.user_id, "job_rehearsed", job=name)


def _trouble(one: Status, now: int) -> str:
    """Of _GRAVEST_FIRST; '' if it is well."""
    if one.last is None or one.last.state in _GRAVEST_FIRST:
        return one.last.state if one.last else ""
    return "late" if one.last.state in ("waiting", "running") and now - one.last.due_at > _LATE_MS else ""


def _is_frequent(task: Task, one: Status, charter: Charter) -> bool:
    seen = due_times.here(one.next_at, charter.zone)
    then = due_times.following(task.under(charter).cron, seen, one.next_at, charter.zone)
    return then is not None and then - one.next_at <= HOUR_MS


def _next(tx: Tx, task: Task, marks: dict[str, str], charter: Charter) -> int:
    seen = marks.get(task.name) or due_times.here(tx.now, charter.zone)
    return due_times.following(task.under(charter).cron, seen, tx.now, charter.zone) or 0


def _past(record: Record) -> Past:
    return Past(
        state=_state(record),
        due_at=record.due_at,
        first=record.first_local,
        last=record.due_local,
        times=record.times,
        looked_at=record.looked_at,
        reached=record.reached,
        by_hand=record.by_user != 0,
        error=record.error.partition(":")[0],
    )


def _state(record: Record) -> str:
    if record.state != "waiting":
        return record.state
    if record.holder:
        return "running"
    return "retrying" if record.error else "waiting"
