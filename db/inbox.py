"""Updates as Telegram gave them: stored before they are acknowledged, done exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.database import Tx
from loyalty.vault import Undecipherable

_PURPOSE = "inbox"

# An update whose lease has run out is anybody's to handle. Whoever has it in hand renews the lease in time.
LEASE_MS = 20_000


@dataclass(frozen=True, slots=True)
class Received:
    """An update on its way in. sender_id orders it; payload is Telegram's JSON."""

    update_id: int
    sender_id: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored update that still has to be handled; payload is empty if nobody can open it any more."""

    update_id: int
    sender_id: int
    payload: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Dead:
    """An update given up on."""

    update_id: int
    error: str
    attempts: int
    received_at: int  # epoch ms UTC


def add(tx: Tx, bot_id: int, updates: Sequence[Received], holder: int) -> set[int]:
    """Store what is not stored yet, in the order given, leased to this process; the ids of what was new."""
    return {update.update_id for update in updates if _add_one(tx, bot_id, update, holder)}


def _add_one(tx: Tx, bot_id: int, update: Received, holder: int) -> bool:
    added = tx.run(
        "INSERT INTO inbox (bot_id, update_id, sender_id, payload, received_at, holder, lease_until) "
        "VALUES (:bot_id, :update_id, :sender_id, :payload, :now, :holder, :until) "
        "ON CONFLICT (bot_id, update_id) DO NOTHING",
        bot_id=bot_id, update_id=update.update_id, sender_id=update.sender_id, now=tx.now,
        holder=holder, until=tx.now + LEASE_MS,
        payload=tx.vault.seal_system(_PURPOSE, f"{bot_id}:{update.update_id}", update.payload),
    )  # fmt: skip
    return added > 0


def finish(tx: Tx, bot_id: int, update_id: int) -> bool:
    """Mark it done if it still is to be done and nothing earlier of the same sender is. The payload is wiped."""
    return 1 == tx.run(
        "UPDATE inbox SET state = 'done', done_at = :now, payload = :nothing "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new' AND NOT EXISTS ("
        "SELECT 1 FROM inbox AS earlier WHERE earlier.sender_id = inbox.sender_id AND earlier.state = 'new' "
        "AND earlier.seq < inbox.seq AND earlier.bot_id = inbox.bot_id)",
        bot_id=bot_id, update_id=update_id, now=tx.now, nothing=b"",
    )  # fmt: skip


def is_new(tx: Tx, bot_id: int, update_id: int) -> bool:
    """Whether it is still to be done."""
    state: str | None = tx.value(
        "SELECT state FROM inbox WHERE bot_id = :bot_id AND update_id = :update_id", bot_id=bot_id, update_id=update_id
    )
    return state == "new"


def renew(tx: Tx, bot_id: int, update_ids: Iterable[int], holder: int) -> None:
    """Keep the leases of what this process has in hand."""
    tx.many(
        "UPDATE inbox SET lease_until = :until "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new' AND holder = :holder",
        [_held(tx, bot_id, update_id, holder) for update_id in update_ids],
    )


def release(tx: Tx, bot_id: int, update_ids: Iterable[int], holder: int) -> None:
    """Leave to others what this process will not come to any more."""
    tx.many(
        "UPDATE inbox SET holder = 0, lease_until = 0 "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new' AND holder = :holder",
        [_held(tx, bot_id, update_id, holder) for update_id in update_ids],
    )


def _held(tx: Tx, bot_id: int, update_id: int, holder: int) -> dict[str, int]:
    return {"bot_id": bot_id, "update_id": update_id, "holder": holder, "until": tx.now + LEASE_MS}


def expire_all(tx: Tx, holder: int) -> int:
    """End every lease but this process's own: for the one process that owns the database, when it starts."""
    return tx.run("UPDATE inbox SET lease_until = 0 WHERE state = 'new' AND holder <> :holder", holder=holder)


def has_strays(tx: Tx, bot_id: int) -> bool:
    """Whether anything lies in nobody's hands."""
    return tx.one(
        "SELECT 1 FROM inbox WHERE bot_id = :bot_id AND state = 'new' AND lease_until < :now LIMIT 1",
        bot_id=bot_id, now=tx.now,
    ) is not None  # fmt: skip


def take_over(tx: Tx, bot_id: int, holder: int, limit: int) -> list[Waiting]:
    """Lease to this process what a crash, or an end, left behind and what never went wrong before, oldest first.

    Of what was in the hands of a process that died, the first of each sender counts as tried: the others waited.
    """
    return _take_over(tx, bot_id, holder, "attempts = 0", limit)


def take_over_suspect(tx: Tx, bot_id: int, holder: int) -> Waiting | None:
    """The oldest one left behind that has gone wrong before: it may be what kills processes, so one at a time."""
    taken = _take_over(tx, bot_id, holder, "attempts > 0", 1)
    return taken[0] if taken else None


def _take_over(tx: Tx, bot_id: int, holder: int, which: str, limit: int) -> list[Waiting]:
    tx.serialise("inbox.take_over")
    rows = tx.all(
        "UPDATE inbox SET holder = :holder, lease_until = :until, "
        "attempts = attempts + CASE WHEN holder = 0 OR EXISTS (SELECT 1 FROM inbox AS earlier "
        "WHERE earlier.sender_id = inbox.sender_id AND earlier.state = 'new' AND earlier.seq < inbox.seq "
        "AND earlier.bot_id = inbox.bot_id) THEN 0 ELSE 1 END "
        "WHERE seq IN (SELECT seq FROM inbox WHERE bot_id = :bot_id AND state = 'new' AND lease_until < :now "
        f"AND {which} ORDER BY seq LIMIT :limit) "
        # Once more for PostgreSQL: of a row that others changed meanwhile it looks at these conditions only.
        "AND state = 'new' AND lease_until < :now "
        "RETURNING seq, update_id, sender_id, payload, attempts",
        bot_id=bot_id, holder=holder, until=tx.now + LEASE_MS, now=tx.now, limit=limit,
    )  # fmt: skip
    return [Waiting(uid, sender, _open(tx, bot_id, uid, load), tries) for _, uid, sender, load, tries in sorted(rows)]


def count_attempt(tx: Tx, bot_id: int, update_id: int, error: str) -> int:
    """Write down one more try and why it failed; how many tries that makes, 0 if it is not to be done any more."""
    tries: int | None = tx.value(
        "UPDATE inbox SET attempts = attempts + 1, error = :error "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new' RETURNING attempts",
        bot_id=bot_id, update_id=update_id, error=error,
    )  # fmt: skip
    return tries or 0


def bury(tx: Tx, bot_id: int, update_id: int, error: str) -> bool:
    """Give it up; its payload stays so that it can be replayed."""
    return 1 == tx.run(
        "UPDATE inbox SET state = 'dead', done_at = :now, error = :error "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new'",
        bot_id=bot_id, update_id=update_id, now=tx.now, error=error,
    )  # fmt: skip


def list_dead(tx: Tx, bot_id: int) -> list[Dead]:
    rows = tx.all(
        "SELECT update_id, error, attempts, received_at FROM inbox "
        "WHERE bot_id = :bot_id AND state = 'dead' ORDER BY seq",
        bot_id=bot_id,
    )
    return [Dead(*row) for row in rows]


def revive(tx: Tx, bot_id: int, update_id: int) -> bool:
    """Bring a dead update back, for whoever takes it over; False if it is not dead."""
    return 1 == tx.run(
        "UPDATE inbox SET state = 'new', attempts = 0, holder = 0, lease_until = 0 "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'dead'",
        bot_id=bot_id, update_id=update_id,
    )  # fmt: skip


def forget_ended(tx: Tx, before: int, limit: int) -> int:
    """Delete updates done or given up before that time (epoch ms); how many went."""
    return tx.run(
        "DELETE FROM inbox WHERE seq IN "
        "(SELECT seq FROM inbox WHERE state <> 'new' AND done_at < :before ORDER BY done_at LIMIT :limit)",
        before=before, limit=limit,
    )  # fmt: skip


def _open(tx: Tx, bot_id: int, update_id: int, payload: bytes) -> bytes:
    try:
        return tx.vault.open_system(_PURPOSE, f"{bot_id}:{update_id}", payload)
    except Undecipherable:
        return b""  # one row must not keep back the others
