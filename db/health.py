"""How the machinery is: what waits, what was sent, what is in doubt."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Queue:
    """Messages of one rank (see db/outbox.py) that wait, without those put off to a better hour, and with them."""

    rank: int
    due: int
    put_off: int


def list_queues(tx: Tx) -> list[Queue]:
    """By rank; those in hand are counted as due."""
    rows = tx.all(
        "SELECT rank, SUM(CASE WHEN due_at <= :soon THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN due_at > :soon THEN 1 ELSE 0 END) "
        "FROM outbox WHERE state = 'queued' GROUP BY rank ORDER BY rank",
        soon=tx.now + _MINUTE_MS,
    )  # fmt: skip
    return [Queue(*row) for row in rows]


def oldest_due(tx: Tx) -> int:
    """Since when the message waits whose turn has been for longest (epoch ms), 0 if none does."""
    rows = [
        tx.value(
            "SELECT queued_at FROM outbox WHERE state = 'queued' AND rank = :rank AND due_at <= :now "
            "ORDER BY due_at, id LIMIT 1",
            rank=rank, now=tx.now,
        )
        for rank in range(4)
    ]  # fmt: skip
    return min((at for at in rows if at), default=0)


def count_ended(tx: Tx, state: str, since: int) -> int:
    """Messages that ended so since then (epoch ms): sent, failed or unknown."""
    # Once for each of two indexes.
    return sum(
        tx.value(
            f"SELECT COUNT(*) FROM outbox WHERE state <> 'queued' AND dedup_key {keyed} AND sent_at >= :since "
            "AND state = :state",
            since=since, state=state,
        )
        for keyed in ("IS NULL", "IS NOT NULL")
    )  # fmt: skip


def count_updates(tx: Tx, state: str) -> int:
    """Stored updates: new or dead."""
    count: int = tx.value("SELECT COUNT(*) FROM inbox WHERE state = :state", state=state)
    return count
