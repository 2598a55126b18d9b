"""Messages that are said together: what a member missed while away, and what is gathered for the weekly digest."""

from __future__ import annotations

from typing import Any

from db.database import Tx
from db.outbox import EXPIRED, UNREACHABLE, UNWANTED, open_bodies

_REMEMBERED_MS = 90 * 86_400_000


def take_missed(tx: Tx, chat_id: int) -> tuple[int, list[dict[str, Any]]]:
    """Of the last months' notices that this chat, closed to us, did not get: how many there are, and the bodies of
    those that still count, oldest first. Each is told of once."""
    rows = tx.all(
        "SELECT id, payload, expires_at FROM outbox WHERE state <> 'queued' AND sent_at > :since "
        "AND chat_id = :chat_id AND state = 'failed' AND kind = 'notice' AND error = :known ORDER BY id",
        chat_id=chat_id, since=tx.now - _REMEMBERED_MS, known=UNREACHABLE,
    )  # fmt: skip
    tx.many(
        "UPDATE outbox SET error = 'told', payload = :nothing WHERE id = :id",
        [{"id": row[0], "nothing": b""} for row in rows],
    )
    counting = [payload for _, payload, expires_at in rows if payload and not 0 < expires_at <= tx.now]
    return len(rows), open_bodies(tx, chat_id, counting)


def list_gathered(tx: Tx, after: int, limit: int) -> list[int]:
    """Chats, in order, for whom something is gathered for the weekly digest."""
    rows = tx.all(
        "SELECT DISTINCT chat_id FROM outbox WHERE state = 'queued' AND chat_id > :after AND rank = 3 "
        "AND error = 'weekly' AND lease_until = 0 ORDER BY chat_id LIMIT :limit",
        after=after, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def take_gathered(tx: Tx, chat_id: int, limit: int) -> list[dict[str, Any]]:
    """The bodies of what is gathered for this chat, oldest first: from now on it is the digest's to say. What has
    expired, or is on a topic that was switched off since, is dropped; what is beyond the limit stays."""
    for why, which in ((EXPIRED, "expires_at BETWEEN 1 AND :now"), (UNWANTED, _SWITCHED_OFF)):
        tx.run(
            f"UPDATE outbox SET state = 'failed', error = :why, sent_at = :now, payload = :nothing WHERE {_GATHERED} "
            f"AND {which}",
            why=why, chat_id=chat_id, now=tx.now, nothing=b"",
        )  # fmt: skip
    rows = sorted(
        tx.all(
            "UPDATE outbox SET state = 'sent', error = 'digest', sent_at = :now "
            f"WHERE id IN (SELECT id FROM outbox WHERE {_GATHERED} ORDER BY id LIMIT :limit) "
            # Once more for PostgreSQL: a courier may have taken it up meanwhile, if the reader has chosen otherwise.
            f"AND {_GATHERED} RETURNING id, payload",
            chat_id=chat_id, limit=limit, now=tx.now,
        )
    )  # fmt: skip
    tx.many("UPDATE outbox SET payload = :nothing WHERE id = :id", [{"id": row[0], "nothing": b""} for row in rows])
    return open_bodies(tx, chat_id, [row[1] for row in rows])


_GATHERED = "chat_id = :chat_id AND rank = 3 AND state = 'queued' AND error = 'weekly' AND lease_until = 0"
_SWITCHED_OFF = "topic IN (SELECT topic FROM topic_choice WHERE user_id = :chat_id AND wanted = 0)"
