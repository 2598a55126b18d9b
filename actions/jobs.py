"""Work that falls due by the clock and is done page by page: each due time once, and nothing of it twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from actions import charters
from db import jobs, outbox, staff
from db.database import Tx
from db.jobs import Held
from loyalty import due_times
from loyalty.due_times import Due, Passed
from loyalty.jobs import LeftOut, Page, Run, Task
from loyalty.messages import Say
from loyalty.roles import Role

# How often a run is tried without getting on, and the pauses in between (ms).
_PAUSES = (60_000, 5 * 60_000, 15 * 60_000, 30 * 60_000)
ATTEMPTS = len(_PAUSES) + 1
# How often it is taken up without getting on: whoever has it may be killed, or be killed by it.
MOST_CLAIMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task):
    """A task whose pages are one transaction each: what is granted, what is told and how far it got go together.

    page: selects from run.cursor on, grants, tells with `pushes.push`. It may come twice for the same people, in
    another run or after a crash, so what it grants has a key of its own. It does not ask whether it is a dry run.
    """

    page: Callable[[Tx, Run], Page]


class LeaseLost(Exception):
    """The run is in other hands, or over: this page did not happen."""


class BrokenOff(Exception):
    """Nobody who took it up came to an end with it, or told why."""


class CursorStuck(Exception):
    """A page that ends where it began would come for ever."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is found at a tick: which jobs must be told how far their due times have been looked at, and what fell due.

    before: '' for a job that is seen for the first time.
    """

    task: Task
    before: str
    passed: Passed


@dataclass(frozen=True, slots=True)
class Late:
    """A run, perhaps one that was interrupted, for which it has become too late."""

    task: Task
    run_id: int
    due: Due


def look(tx: Tx, tasks: Collection[Task]) -> list[Look | Late]:
    """What fell due since the last tick, or became too late, without noting it; nothing most of the time."""
    return [*_find_due(tx, tasks), *_find_late(tx, tasks)]


def _find_due(tx: Tx, tasks: Iterable[Task]) -> list[Look]:
    marks, charter = jobs.list_marks(tx), charters.current(tx)
    here = due_times.here(tx.now, charter.zone)
    found = [
        Look(task, marks[task.name], due_times.passed(task.under(charter), marks[task.name], tx.now, charter.zone))
        if task.name in marks
        else Look(task, "", Passed(seen=here))
        for task in tasks
    ]
    return sorted((one for one in found if one.passed.seen), key=lambda one: one.task.name)


def _find_late(tx: Tx, tasks: Iterable[Task]) -> list[Late]:
    """An outage in the middle of a run can be as long as any."""
    known = {task.name: task for task in tasks}
    waiting = [(known[job], run_id, due) for run_id, job, due in jobs.list_late(tx, tx.now) if job in known]
    return [Late(task, run_id, due) for task, run_id, due in waiting if tx.now - due.at > task.catch_up_ms]


def note(tx: Tx, found: Collection[Look | Late]) -> int:
    """Note it, unless another process has; how many runs that makes. Managers are told of what is skipped."""
    mine = [one for one in found if isinstance(one, Look) and _take(tx, one)]
    skipped = [
        (one.task, one.passed.skipped)
        for one in mine
        if one.passed.skipped and jobs.add_skipped(tx, one.task.name, one.passed.skipped)
    ]
    added = [jobs.add(tx, one.task.name, due, due.local[:10]) for one in mine for due in one.passed.due]
    skipped += [(one.task, one.due) for one in found if isinstance(one, Late) and jobs.skip(tx, one.run_id)]
    # What a sweep left, the next one does: that is for /jobs, and not worth a message.
    if lost := [(task.name, due) for task, due in skipped if not task.sweep]:
        _tell_of_skipped(tx, lost)
    return sum(run_id is not None for run_id in added)


def _take(tx: Tx, look: Look) -> bool:
    if not look.before:
        return jobs.begin(tx, look.task.name, look.passed.seen)
    return jobs.move_on(tx, look.task.name, look.before, look.passed.seen)


def _unheard(left_out: tuple[LeftOut, ...]) -> None:
    """Nobody listens."""


def turn(tx: Tx, job: Job, held: Held, hear: Callable[[tuple[LeftOut, ...]], None] = _unheard) -> Held | None:
    """Work one page of the run, and go on behind it; None after the last one. Raises LeaseLost and CursorStuck.

    hear: is told whom the page left out; on the database's thread, and again if the transaction is.
    """
    if not jobs.keep(tx, held):
        raise LeaseLost
    page = job.page(tx, run_of(held))
    if page.cursor == held.cursor != "":
        raise CursorStuck(job.name)
    jobs.advance(tx, held, page)
    hear(page.left_out)
    if page.cursor:
        return replace(held, cursor=page.cursor, attempts=1)
    finish(tx, held)
    return None


def run_of(held: Held) -> Run:
    return Run(held.job, held.due_at, date.fromisoformat(held.day), held.cursor)


def finish(tx: Tx, held: Held) -> None:
    """The run is done; who started it by hand is told."""
    if jobs.end(tx, held, "done") and held.by_user > 0:
        record = jobs.get(tx, held.id)
        assert record is not None
        told = {"job": held.job, "looked_at": record.looked_at, "reached": record.reached}
        outbox.post(tx, Say("job_done", told, to=held.by_user, kind="notice", dedup_key=f"job_done:{held.id}"))


def stumble(tx: Tx, task: Task, held: Held, error: str) -> bool:
    """It failed: tried again after a pause, or given up after ATTEMPTS without progress, which owners are told of.

    error: fit for a log. Returns whether it is tried again.
    """
    if held.attempts < ATTEMPTS:
        jobs.put_off(tx, held, tx.now + _PAUSES[held.attempts - 1], error)
        return True
    if jobs.end(tx, held, "failed", error):
        told = {"job": held.job, "day": held.day}
        owners = set(staff.list_users(tx, Role.OWNER)) | ({held.by_user} if held.by_user > 0 else set())
        for user_id in sorted(owners):
            key = f"job_failed:{held.id}:{user_id}"
            outbox.post(tx, Say(task.alarm, told, to=user_id, kind="notice", dedup_key=key))
    return False


def _tell_of_skipped(tx: Tx, skipped: list[tuple[str, Due]]) -> None:
    """One message to each of those who can make up for it, whatever the number of jobs."""
    told = [
        {"job": name, "times": due.times, "first_day": due.first[:10], "day": due.local[:10]} for name, due in skipped
    ]
    for user_id in sorted({*staff.list_users(tx, Role.OWNER), *staff.list_users(tx, Role.MANAGER, staff.CHAIN)}):
        outbox.post(tx, Say("jobs_skipped", {"jobs": told}, to=user_id, kind="notice"))
