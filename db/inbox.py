"""Updates as Telegram gave them: stored before they are acknowledged, done exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Tx

_PURPOSE = "inbox"


@dataclass(frozen=True, slots=True)
class Received:
    """An update on its way in. sender_id orders it; payload is Telegram's JSON."""

    update_id: int
    sender_id: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored update that still has to be handled."""

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


def add(tx: Tx, bot_id: int, updates: Sequence[Received]) -> set[int]:
    """Store what is not stored yet, in the order given; the ids of what was new."""
    return {update.update_id for update in updates if _add_one(tx, bot_id, update)}


def _add_one(tx: Tx, bot_id: int, update: Received) -> bool:
    added = tx.run(
        "INSERT INTO inbox (bot_id, update_id, sender_id, payload, received_at) "
        "VALUES (:bot_id, :update_id, :sender_id, :payload, :now) ON CONFLICT (bot_id, update_id) DO NOTHING",
        bot_id=bot_id, update_id=update.update_id, sender_id=update.sender_id, now=tx.now,
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
    state = tx.value(
        "SELECT state FROM inbox WHERE bot_id = :bot_id AND update_id = :update_id", bot_id=bot_id, update_id=update_id
    )
    return state == "new"


def list_waiting(tx: Tx, bot_id: int, received_before: int) -> list[Waiting]:
    """All that is still to be done and came before that time (epoch ms), in order of arrival."""
    rows = tx.all(
        "SELECT update_id, sender_id, payload, attempts FROM inbox "
        "WHERE bot_id = :bot_id AND state = 'new' AND received_at < :before ORDER BY seq",
        bot_id=bot_id, before=received_before,
    )  # fmt: skip
    return [Waiting(uid, sender, _open(tx, bot_id, uid, payload), tries) for uid, sender, payload, tries in rows]


def count_attempt(tx: Tx, bot_id: int, update_id: int, error: str) -> int:
    """Write down one more try and why the last failed; how many tries that makes."""
    tries: int = tx.value(
        "UPDATE inbox SET attempts = attempts + 1, error = CASE WHEN :error = '' THEN error ELSE :error END "
        "WHERE bot_id = :bot_id AND update_id = :update_id RETURNING attempts",
        bot_id=bot_id, update_id=update_id, error=error,
    )  # fmt: skip
    return tries


def bury(tx: Tx, bot_id: int, update_id: int) -> bool:
    """Give it up; its payload stays so that it can be replayed."""
    return 1 == tx.run(
        "UPDATE inbox SET state = 'dead', done_at = :now "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new'",
        bot_id=bot_id, update_id=update_id, now=tx.now,
    )  # fmt: skip


def list_dead(tx: Tx, bot_id: int) -> list[Dead]:
    rows = tx.all(
        "SELECT update_id, error, attempts, received_at FROM inbox "
        "WHERE bot_id = :bot_id AND state = 'dead' ORDER BY seq",
        bot_id=bot_id,
    )
    return [Dead(*row) for row in rows]


def revive(tx: Tx, bot_id: int, update_id: int) -> Waiting | None:
    """Bring a dead update back to be handled again; None if it is not dead."""
    row = tx.one(
        "UPDATE inbox SET state = 'new', attempts = 0 "
        "WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'dead' RETURNING sender_id, payload",
        bot_id=bot_id, update_id=update_id,
    )  # fmt: skip
    return Waiting(update_id, row[0], _open(tx, bot_id, update_id, row[1]), 0) if row else None


def forget_done(tx: Tx, before: int, limit: int) -> int:
    """Delete updates done before that time (epoch ms); how many went."""
    return tx.run(
        "DELETE FROM inbox WHERE seq IN "
        "(SELECT seq FROM inbox WHERE state = 'done' AND done_at < :before ORDER BY done_at LIMIT :limit)",
        before=before, limit=limit,
    )  # fmt: skip


def _open(tx: Tx, bot_id: int, update_id: int, payload: bytes) -> bytes:
    return tx.vault.open_system(_PURPOSE, f"{bot_id}:{update_id}", payload)
