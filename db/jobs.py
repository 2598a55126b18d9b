"""What fell due, and how far it got: one row for each due time, worked on under a lease."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from db.database import Tx
from loyalty.due_times import Due
from loyalty.jobs import Page

# A page renews it, and whoever works without pages does in time. A run whose lease has lapsed is anybody's.
LEASE_MS = 60_000
# No lease and no pause is longer: what ends later was written while the clock was wrong.
_FAR_MS = 2 * 3_600_000
COMMAND_LINE = -1  # in the place of who started it


@dataclass(frozen=True, slots=True)
class Held:
    """A run in this process's hands."""

    id: int
    job: str
    due_local: str
    day: str
    due_at: int  # epoch ms UTC
    cursor: str
    attempts: int  # this one included; progress begins to count anew
    by_user: int
    holder: int


@dataclass(frozen=True, slots=True)
class Record:
    """A run as people look at it."""

    id: int
    job: str
    due_local: str
    day: str
    due_at: int  # epoch ms UTC
    first_local: str
    times: int
    state: str
    looked_at: int
    reached: int
    by_user: int  # 0: the clock
    ended_at: int  # epoch ms UTC; 0: not yet
    holder: int  # 0: nobody has it in hand
    error: str  # of the last failure since it got on


_HELD = "id, job, due_local, day, due_at, cursor, attempts, by_user, holder"
_RECORD = (
    "id, job, due_local, day, due_at, first_local, times, state, looked_at, reached, by_user, ended_at, holder, error"
)


def list_marks(tx: Tx) -> dict[str, str]:
    """Up to which local minute the due times of each job have been looked at."""
    return dict(tx.all("SELECT job, seen_local FROM job_clock"))


def begin(tx: Tx, job: str, seen: str) -> bool:
    """From that local minute on the job's due times count; False if it was begun before."""
    return 1 == tx.run(
        "INSERT INTO job_clock (job, seen_local) VALUES (:job, :seen) ON CONFLICT (job) DO NOTHING", job=job, seen=seen
    )


def move_on(tx: Tx, job: str, before: str, seen: str) -> bool:
    """The mark goes from `before` to `seen`; False if another process has moved it."""
    return 1 == tx.run(
        "UPDATE job_clock SET seen_local = :seen WHERE job = :job AND seen_local = :before",
        job=job, before=before, seen=seen,
    )  # fmt: skip


def add(tx: Tx, job: str, due: Due, day: str, by_user: int = 0) -> int | None:
    """A run to be worked on; its id, None if that due time was there before."""
    run_id: int | None = tx.value(
        "INSERT INTO job_run (job, due_local, day, due_at, first_local, by_user, queued_at) "
        "VALUES (:job, :due_local, :day, :due_at, :first_local, :by_user, :now) "
        "ON CONFLICT (job, due_local, day) DO NOTHING RETURNING id",
        job=job, due_local=due.local, day=day, due_at=due.at, first_local=due.first, by_user=by_user, now=tx.now,
    )  # fmt: skip
    return run_id


def add_skipped(tx: Tx, job: str, due: Due) -> bool:
    """Due times that are not worked on any more; False if they were there before."""
    return 1 == tx.run(
        "INSERT INTO job_run (job, due_local, day, due_at, first_local, times, state, queued_at, ended_at) "
        "VALUES (:job, :due_local, :day, :due_at, :first_local, :times, 'skipped', :now, :now) "
        "ON CONFLICT (job, due_local, day) DO NOTHING",
        job=job, due_local=due.local, day=due.local[:10], due_at=due.at, first_local=due.first, times=due.times,
        now=tx.now,
    )  # fmt: skip


def list_late(tx: Tx, before: int) -> list[tuple[int, str, Due]]:
    """What has waited since it fell due, before that time (epoch ms UTC), and nobody has in hand: id, job and due
    time. Not what was started by hand."""
    rows = tx.all(
        "SELECT id, job, due_local, due_at, first_local FROM job_run WHERE state = 'waiting' AND by_user = 0 "
        "AND due_at < :before AND (lease_until < :now OR lease_until > :far) ORDER BY id",
        before=before, now=tx.now, far=tx.now + _FAR_MS,
    )  # fmt: skip
    return [(run_id, job, Due(local, at, first)) for run_id, job, local, at, first in rows]


def skip(tx: Tx, run_id: int) -> bool:
    """It is too late for it, or for the rest of it; False if somebody has it in hand after all."""
    return 1 == tx.run(
        "UPDATE job_run SET state = 'skipped', ended_at = :now "
        "WHERE id = :id AND state = 'waiting' AND (lease_until < :now OR lease_until > :far)",
        id=run_id, now=tx.now, far=tx.now + _FAR_MS,
    )  # fmt: skip


def claim(tx: Tx, holder: int, jobs: Collection[str]) -> Held | None:
    """Lease the run that is due first among those of these jobs; of each job only the oldest that is not done."""
    tx.serialise("job.claim")
    rows = tx.all(
        "SELECT id, job FROM job_run AS mine WHERE state = 'waiting' "
        "AND (lease_until < :now OR lease_until > :far) "
        "AND NOT EXISTS (SELECT 1 FROM job_run AS earlier WHERE earlier.job = mine.job AND earlier.state = 'waiting' "
        "AND earlier.id < mine.id) ORDER BY due_at, id",
        now=tx.now, far=tx.now + _FAR_MS,
    )  # fmt: skip
    found = next((row[0] for row in rows if row[1] in jobs), None)
    row = tx.one(
        "UPDATE job_run SET holder = :holder, lease_until = :until, attempts = attempts + 1 "
        # Once more for PostgreSQL: whoever held it may have renewed it meanwhile.
        "WHERE id = CAST(:id AS BIGINT) AND state = 'waiting' AND (lease_until < :now OR lease_until > :far) "
        f"RETURNING {_HELD}",
        holder=holder, until=tx.now + LEASE_MS, id=found, now=tx.now, far=tx.now + _FAR_MS,
    )  # fmt: skip
    return Held(*row) if row else None


def keep(tx: Tx, held: Held) -> bool:
    """Renew the lease, and let nobody else have the row until the transaction ends; False if the lease was lost, or
    the run has gone on in other hands."""
    return 1 == tx.run(
        "UPDATE job_run SET lease_until = :until "
        "WHERE id = :id AND holder = :holder AND cursor = :cursor AND state = 'waiting'",
        id=held.id, holder=held.holder, cursor=held.cursor, until=tx.now + LEASE_MS,
    )  # fmt: skip


def advance(tx: Tx, held: Held, page: Page) -> None:
    """The page is done: the next one begins at its cursor."""
    tx.run(
        "UPDATE job_run SET cursor = :cursor, attempts = 1, error = '', "
        "looked_at = looked_at + :looked_at, reached = reached + :reached WHERE id = :id",
        id=held.id, cursor=page.cursor, looked_at=page.looked_at, reached=page.reached,
    )  # fmt: skip


def end(tx: Tx, held: Held, state: str, error: str = "") -> bool:
    """It is over: 'done' or 'failed'; False if it was before, or is in other hands."""
    return 1 == tx.run(
        "UPDATE job_run SET state = :state, error = :error, ended_at = :now, lease_until = 0, holder = 0 "
        "WHERE id = :id AND holder = :holder AND state = 'waiting'",
        id=held.id, holder=held.holder, state=state, error=error, now=tx.now,
    )  # fmt: skip


def put_off(tx: Tx, held: Held, until: int, error: str) -> bool:
    """Nobody tries it again before that time (epoch ms)."""
    return 1 == tx.run(
        "UPDATE job_run SET holder = 0, lease_until = :until, error = :error "
        "WHERE id = :id AND holder = :holder AND state = 'waiting'",
        id=held.id, holder=held.holder, until=until, error=error,
    )  # fmt: skip


def release(tx: Tx, held: Held) -> None:
    """Give it back as if it had not been taken: somebody else goes on at once."""
    tx.run(
        "UPDATE job_run SET holder = 0, lease_until = 0, attempts = attempts - 1 "
        "WHERE id = :id AND holder = :holder AND state = 'waiting'",
        id=held.id, holder=held.holder,
    )  # fmt: skip


def expire_all(tx: Tx, holder: int) -> int:
    """End every lease but this process's own: for the one process that owns the database, when it starts."""
    return tx.run(
        "UPDATE job_run SET lease_until = 0, holder = 0 WHERE state = 'waiting' AND holder <> 0 AND holder <> :holder",
        holder=holder,
    )


def has_waiting(tx: Tx) -> bool:
    """Whether anything may be there to be claimed."""
    return tx.one(
        "SELECT 1 FROM job_run WHERE state = 'waiting' AND (lease_until < :now OR lease_until > :far) LIMIT 1",
        now=tx.now, far=tx.now + _FAR_MS,
    ) is not None  # fmt: skip


def is_at_work(tx: Tx, job: str) -> bool:
    """Whether anybody holds a run of it."""
    return tx.one(
        "SELECT 1 FROM job_run WHERE job = :job AND state = 'waiting' AND holder <> 0 LIMIT 1", job=job
    ) is not None  # fmt: skip


def get(tx: Tx, run_id: int) -> Record | None:
    row = tx.one(f"SELECT {_RECORD} FROM job_run WHERE id = :id", id=run_id)
    return Record(*row) if row else None


def find(tx: Tx, job: str, due_local: str, day: str) -> int | None:
    """The id of that run."""
    run_id: int | None = tx.value(
        "SELECT id FROM job_run WHERE job = :job AND due_local = :due_local AND day = :day",
        job=job, due_local=due_local, day=day,
    )  # fmt: skip
    return run_id


def list_last(tx: Tx) -> dict[str, Record]:
    """The newest run of each job, whether it has ended or not."""
    rows = tx.all(f"SELECT {_RECORD} FROM job_run WHERE id IN (SELECT MAX(id) FROM job_run GROUP BY job)")
    return {record.job: record for record in (Record(*row) for row in rows)}


def list_runs(tx: Tx, job: str, limit: int) -> list[Record]:
    """Newest first."""
    rows = tx.all(f"SELECT {_RECORD} FROM job_run WHERE job = :job ORDER BY id DESC LIMIT :limit", job=job, limit=limit)
    return [Record(*row) for row in rows]


def count_troubles(tx: Tx, since: int) -> dict[tuple[str, str], int]:
    """How many due times of each job were 'skipped', and how many runs have 'failed', since then (epoch ms UTC)."""
    rows = tx.all(
        "SELECT job, state, SUM(times) FROM job_run WHERE state IN ('skipped', 'failed') AND ended_at >= :since "
        "GROUP BY job, state",
        since=since,
    )  # fmt: skip
    return {(job, state): int(times) for job, state, times in rows}


def forget(tx: Tx, idle_before: int, before: int, limit: int) -> int:
    """Delete what ended before, and earlier what found nobody; never the newest run of a job."""
    return tx.run(
        "DELETE FROM job_run WHERE id IN (SELECT id FROM job_run AS old WHERE state <> 'waiting' "
        "AND (ended_at < :before OR (ended_at < :idle_before AND state = 'done' AND looked_at = 0)) "
        "AND EXISTS (SELECT 1 FROM job_run AS newer WHERE newer.job = old.job AND newer.id > old.id) LIMIT :limit)",
        before=before, idle_before=idle_before, limit=limit,
    )  # fmt: skip
