"""Care tasks: whom the charter's rules mean, who has which task today, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from db.database import Tx

Place = tuple[int, int]  # the last one of the page before, in the order of the list
Outcome = Literal["done", "no_answer"]


@dataclass(frozen=True, slots=True)
class Task:
    id: int
    member_id: int
    rule: str  # code in the charter
    period: str  # what makes it the only one: a day (ISO), or for a complaint its case
    store_id: int  # 0: the member has no home store and has bought nothing yet
    due_on: str  # ISO date, local
    state: str  # open, done, no_answer, lapsed
    clerk: int  # Telegram id of who has it on taken_on, 0: nobody yet
    taken_on: str
    tries: int


_COLUMNS = ", ".join(Task.__dataclass_fields__)


def list_of_tiers(tx: Tx, tiers: Sequence[str], share: tuple[int, int], after: int, limit: int) -> list[Place]:
    """Active members of these tiers whose id, divided by share[1], leaves share[0]; (0, id), in order."""
    rows = tx.all(
        f"SELECT id FROM member WHERE status = 'active' AND tier IN ({_places(tiers)}) AND id > :after "
        "AND id - (id / :parts) * :parts = :part ORDER BY id LIMIT :limit",
        part=share[0], parts=share[1], after=after, limit=limit, **_named(tiers),
    )  # fmt: skip
    return [(0, row[0]) for row in rows]


def list_appeased(tx: Tx, begins: int, ends: int, after: Place, limit: int) -> list[tuple[int, int, int]]:
    """Complaints closed within that span (epoch ms, both included), beyond (ended_at, id): both, and whose."""
    at, case_id = max(after, (begins, 0))
    rows = tx.all(
        "SELECT c.ended_at, c.id, c.member_id FROM service_case c WHERE c.state IN ('confirmed', 'unanswered') "
        "AND c.kind = 'complaint' AND c.member_id <> 0 AND (c.ended_at, c.id) > (:at, :id) AND c.ended_at <= :ends "
        "ORDER BY c.ended_at, c.id LIMIT :limit",
        at=at, id=case_id, ends=ends, limit=limit,
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in rows]


def list_quiet(tx: Tx, begins: int, ends: int, after: Place, limit: int) -> list[Place]:
    """Last purchases within that span (epoch ms, both included) and whose they are, beyond (at, member), in order."""
    at, member_id = max(after, (begins, 0))
    rows = tx.all(
        "SELECT DISTINCT p.occurred_at, p.member_id FROM purchase p WHERE p.status = 'recorded' "
        "AND (p.occurred_at, p.member_id) > (:at, :id) AND p.occurred_at <= :ends "
        "AND NOT EXISTS (SELECT 1 FROM purchase l WHERE l.member_id = p.member_id "
        "AND l.occurred_at > p.occurred_at AND l.status = 'recorded') "
        "ORDER BY p.occurred_at, p.member_id LIMIT :limit",
        at=at, id=member_id, ends=ends, limit=limit,
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def spent(tx: Tx, member_id: int, since: int) -> int:
    """In minor units, less refunds, from then on (epoch ms)."""
    amount: int = tx.value(
        "SELECT CAST(COALESCE(SUM(amount - refunded), 0) AS BIGINT) FROM purchase WHERE member_id = :member_id "
        "AND occurred_at >= :since AND status = 'recorded'",
        member_id=member_id, since=since,
    )  # fmt: skip
    return amount


def add(tx: Tx, member_id: int, rule: str, period: str, due_on: date) -> bool:
    """At the member's home store, or where they bought last; False if there is this one, or any open one, already."""
    return 1 == tx.run(
        "INSERT INTO care_task (member_id, rule, period, store_id, due_on, made_at) "
        "SELECT m.id, :rule, :period, CASE WHEN m.home_store_id <> 0 THEN m.home_store_id ELSE COALESCE("
        "(SELECT p.store_id FROM purchase p WHERE p.member_id = m.id AND p.status = 'recorded' "
        "ORDER BY p.occurred_at DESC LIMIT 1), 0) END, :due_on, :now FROM member m "
        "WHERE m.id = :member_id AND m.status = 'active' ON CONFLICT DO NOTHING",
        member_id=member_id, rule=rule, period=period, due_on=due_on.isoformat(), now=tx.now,
    )  # fmt: skip


def get(tx: Tx, task_id: int) -> Task | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM care_task WHERE id = :id", id=task_id)
    return Task(*row) if row else None


def list_mine(tx: Tx, clerk: int, today: date) -> list[Task]:
    """What this person has to do today, the oldest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM care_task WHERE clerk = :clerk AND clerk <> 0 AND taken_on = :today "
        "AND state = 'open' AND due_on <= :today ORDER BY due_on, id",
        clerk=clerk, today=today.isoformat(),
    )  # fmt: skip
    return [Task(*row) for row in rows]


def count_taken(tx: Tx, clerk: int, today: date) -> int:
    """How many tasks this person was given today, whatever became of them."""
    taken: int = tx.value(
        "SELECT COUNT(*) FROM care_task WHERE clerk = :clerk AND clerk <> 0 AND taken_on = :today",
        clerk=clerk, today=today.isoformat(),
    )  # fmt: skip
    return taken


def count_waiting(tx: Tx, store_id: int, today: date) -> int:
    """How many of the store are due and in nobody's hands today."""
    waiting: int = tx.value(
        "SELECT COUNT(*) FROM care_task WHERE state = 'open' AND store_id = :store_id AND due_on <= :today "
        "AND (clerk = 0 OR taken_on < :today)",
        store_id=store_id, today=today.isoformat(),
    )  # fmt: skip
    return waiting


def take(tx: Tx, store_id: int, clerk: int, today: date, most: int) -> int:
    """Give this person so many of the store's due tasks, or of nobody's store, never about themselves; how many."""
    free = "t.state = 'open' AND t.due_on <= :today AND (t.clerk = 0 OR t.taken_on < :today)"
    # The condition stands twice: of two who take at once, the second finds it untrue once the first has committed.
    return tx.run(
        "UPDATE care_task SET clerk = :clerk, taken_on = :today WHERE id IN ("
        f"SELECT t.id FROM care_task t JOIN member m ON m.id = t.member_id WHERE {free} "
        "AND t.store_id IN (:store_id, 0) AND m.user_id <> :clerk ORDER BY t.due_on, t.id LIMIT :most) "
        "AND state = 'open' AND (clerk = 0 OR taken_on < :today)",
        clerk=clerk, today=today.isoformat(), store_id=store_id, most=most,
    )  # fmt: skip


def settle(tx: Tx, task: Task, outcome: Outcome) -> bool:
    """False if it is settled already, or in other hands."""
    return 1 == tx.run(
        "UPDATE care_task SET state = :outcome, settled_at = :now, tries = tries + 1 "
        "WHERE id = :id AND state = 'open' AND clerk = :clerk",
        id=task.id, clerk=task.clerk, outcome=outcome, now=tx.now,
    )  # fmt: skip


def put_off(tx: Tx, task: Task, until: date, tried: bool) -> bool:
    """Due on that local day; as `settle`."""
    return 1 == tx.run(
        "UPDATE care_task SET due_on = :until, tries = tries + :tried WHERE id = :id AND state = 'open' "
        "AND clerk = :clerk",
        id=task.id, clerk=task.clerk, until=until.isoformat(), tried=int(tried),
    )  # fmt: skip


def lapse(tx: Tx, before: date) -> int:
    """What was due before that local day and nobody came to; how many."""
    return tx.run(
        "UPDATE care_task SET state = 'lapsed', settled_at = :now WHERE state = 'open' AND due_on < :before",
        before=before.isoformat(), now=tx.now,
    )  # fmt: skip


def lapse_kept(tx: Tx, rules: Sequence[str], before: date) -> int:
    """Of these rules, whose periods are days that are kept, what was about one before that local day; how many."""
    if not rules:
        return 0
    return tx.run(
        "UPDATE care_task SET state = 'lapsed', settled_at = :now WHERE state = 'open' AND period < :before "
        f"AND rule IN ({_places(rules)})",
        before=before.isoformat(), now=tx.now, **_named(rules),
    )  # fmt: skip


def _places(values: Sequence[str]) -> str:
    return ", ".join(f":v{place}" for place in range(len(values)))


def _named(values: Sequence[str]) -> dict[str, str]:
    return {f"v{place}": value for place, value in enumerate(values)}
