"""Messages to send: queued in the transaction that causes them, sent under a lease, sealed until they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from db.database import Tx
from loyalty.messages import Say
from loyalty.vault import Undecipherable

_PURPOSE = "outbox"

# A message whose lease has run out is anybody's to send. Whoever has it in hand renews the lease in time.
LEASE_MS = 45_000
# Why a message failed of whom it was known beforehand that they have closed their chat.
UNREACHABLE = "unreachable"
_REMEMBERED_MS = 90 * 86_400_000

_MARK_SENT = (
    "UPDATE outbox SET state = 'sent', message_id = :message_id, sent_at = :now, payload = :nothing "
    "WHERE id = :id AND lease_no = :lease_no AND state = 'queued'"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """How the receiver wants to be written to."""

    language: str = ""  # chosen locale, '' if none
    telegram_language: str = ""
    easy_mode: bool = False
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Queued:
    """A message under this process's lease, ready to be rendered and sent."""

    id: int
    chat_id: int
    kind: str
    body: dict[str, Any]  # see Say.as_json; empty if nobody can open it any more
    reader: Reader
    lease_no: int
    attempts: int
    queued_at: int  # epoch ms UTC


def post(tx: Tx, say: Say) -> int | None:
    """Queue one message for whichever process claims it first; its id, None if its dedup_key was used before."""
    return _insert(tx, say, say.as_json(), holder=0, lease_until=0)


def post_leased(tx: Tx, say: Say, holder: int) -> Queued | None:
    """Queue one message and lease it to this process at once.

    None if its dedup_key was used before, or if earlier messages for this chat are not in this process's hands:
    then it is claimed after them.
    """
    if _has_earlier(tx, say.to, holder):
        post(tx, say)
        return None
    body = say.as_json()
    message_id = _insert(tx, say, body, holder=holder, lease_until=tx.now + LEASE_MS)
    if message_id is None:
        return None
    return Queued(message_id, say.to, say.kind, body, _reader(tx, say.to), 1, 0, tx.now)


def _insert(tx: Tx, say: Say, body: dict[str, Any], holder: int, lease_until: int) -> int | None:
    payload = tx.vault.seal_system(_PURPOSE, str(say.to), orjson.dumps(body))
    message_id: int | None = tx.value(
        "INSERT INTO outbox (chat_id, kind, payload, dedup_key, topic, expires_at, due_at, queued_at, "
        "holder, lease_until, lease_no) VALUES "
        "(:chat_id, :kind, :payload, CAST(:dedup_key AS TEXT), :topic, :expires_at, :now, :now, :holder, :lease_until, "
        ":lease_no) "
        "ON CONFLICT (dedup_key) DO NOTHING RETURNING id",
        chat_id=say.to, kind=say.kind, dedup_key=say.dedup_key or None, topic=say.topic, expires_at=say.expires_at,
        now=tx.now, holder=holder,
        payload=payload, lease_until=lease_until, lease_no=int(holder != 0),
    )  # fmt: skip
    return message_id


def _has_earlier(tx: Tx, chat_id: int, holder: int) -> bool:
    return tx.one(
        "SELECT 1 FROM outbox WHERE chat_id = :chat_id AND state = 'queued' AND holder <> :holder LIMIT 1",
        chat_id=chat_id, holder=holder,
    ) is not None  # fmt: skip


def _reader(tx: Tx, chat_id: int) -> Reader:
    row = tx.one(
        "SELECT language, telegram_language, easy_mode, reachable FROM person WHERE user_id = :chat_id", chat_id=chat_id
    )
    return Reader(row[0], row[1], bool(row[2]), bool(row[3])) if row else Reader()


def claim(tx: Tx, holder: int, limit: int) -> list[Queued]:
    """Lease what is due and in nobody's hands to this process, in order; never past an earlier message of the same
    chat that waits or is in other hands."""
    tx.serialise("outbox.claim")
    rows = tx.all(
        "UPDATE outbox SET holder = :holder, lease_until = :until, lease_no = lease_no + 1 WHERE id IN ("
        "SELECT id FROM outbox AS mine WHERE state = 'queued' AND due_at <= :now AND lease_until < :now "
        "AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.chat_id = mine.chat_id "
        "AND earlier.state = 'queued' AND earlier.id < mine.id "
        "AND (earlier.due_at > :now OR earlier.lease_until >= :now)) ORDER BY id LIMIT :limit) "
        # Once more for PostgreSQL: of a row that others changed meanwhile it looks at these conditions only.
        "AND state = 'queued' AND due_at <= :now AND lease_until < :now "
        "RETURNING id, chat_id, kind, payload, lease_no, attempts, queued_at",
        holder=holder, until=tx.now + LEASE_MS, now=tx.now, limit=limit,
    )  # fmt: skip
    return [_queued(tx, row) for row in sorted(rows)]


def _queued(tx: Tx, row: tuple[Any, ...]) -> Queued:
    message_id, chat_id, kind, payload, lease_no, attempts, queued_at = row
    try:
        body = orjson.loads(tx.vault.open_system(_PURPOSE, str(chat_id), payload))
    except Undecipherable:
        body = {}  # one row must not keep back the others
    return Queued(message_id, chat_id, kind, body, _reader(tx, chat_id), lease_no, attempts, queued_at)


def has_due(tx: Tx) -> bool:
    """Whether anything may be waiting to be claimed."""
    return tx.one(
        "SELECT 1 FROM outbox WHERE state = 'queued' AND due_at <= :now AND lease_until < :now LIMIT 1", now=tx.now
    ) is not None  # fmt: skip


def renew(tx: Tx, messages: Iterable[Queued]) -> None:
    """Keep the leases of what this process has in hand."""
    tx.many(
        "UPDATE outbox SET lease_until = :until WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        [{"id": message.id, "lease_no": message.lease_no, "until": tx.now + LEASE_MS} for message in messages],
    )


def release(tx: Tx, messages: Iterable[Queued]) -> None:
    """Give leases back; due at once."""
    for message in messages:
        postpone(tx, message, tx.now, "")


def expire_all(tx: Tx, holder: int) -> int:
    """End every lease but this process's own: for the one process that owns the database, when it starts."""
    return tx.run(
        "UPDATE outbox SET lease_until = 0, holder = 0 WHERE state = 'queued' AND holder <> :holder", holder=holder
    )


def mark_sent(tx: Tx, message: Queued, message_id: int) -> bool:
    """It arrived as message_id; False if the lease was lost meanwhile. The payload is wiped."""
    return 1 == tx.run(_MARK_SENT, **_sent(tx, message, message_id))


def mark_all_sent(tx: Tx, arrived: Iterable[tuple[Queued, int]]) -> None:
    """The same of many messages, each with what it arrived as."""
    # By id: two processes that write down the same ones must not wait for each other.
    in_order = sorted(arrived, key=lambda one: one[0].id)
    tx.many(_MARK_SENT, [_sent(tx, message, message_id) for message, message_id in in_order])


def _sent(tx: Tx, message: Queued, message_id: int) -> dict[str, Any]:
    return {"id": message.id, "lease_no": message.lease_no, "message_id": message_id, "now": tx.now, "nothing": b""}


def mark_ended(tx: Tx, message: Queued, state: str, error: str) -> bool:
    """It will not be sent again: state is 'failed' (Telegram refused it) or 'unknown' (nobody can tell)."""
    return 1 == tx.run(
        "UPDATE outbox SET state = :state, error = :error, sent_at = :now, payload = :nothing "
        "WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        id=message.id, lease_no=message.lease_no, state=state, error=error, now=tx.now, nothing=b"",
    )  # fmt: skip


def give_up_chat(tx: Tx, chat_id: int, error: str) -> int:
    """Nothing that waits for this chat will be sent, whoever has it in hand; how many that were."""
    return tx.run(
        "UPDATE outbox SET state = 'failed', error = :error, sent_at = :now, payload = :nothing "
        "WHERE chat_id = :chat_id AND state = 'queued'",
        chat_id=chat_id, error=error, now=tx.now, nothing=b"",
    )  # fmt: skip


def take_missed(tx: Tx, chat_id: int) -> int:
    """How many notices of the last months did not reach this chat because it was closed to us; each counts once."""
    return tx.run(
        "UPDATE outbox SET error = 'told' WHERE state <> 'queued' AND sent_at > :since AND chat_id = :chat_id "
        "AND state = 'failed' AND kind = 'notice' AND (error = :known OR substr(error, 1, 9) = 'Forbidden')",
        chat_id=chat_id, since=tx.now - _REMEMBERED_MS, known=UNREACHABLE,
    )  # fmt: skip


def postpone(tx: Tx, message: Queued, due_at: int, error: str) -> bool:
    """Give the lease back; it is due again at that time (epoch ms)."""
    return 1 == tx.run(
        "UPDATE outbox SET due_at = :due_at, error = :error, holder = 0, lease_until = 0, "
        "attempts = attempts + CASE WHEN :error = '' THEN 0 ELSE 1 END "
        "WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        id=message.id, lease_no=message.lease_no, due_at=due_at, error=error,
    )  # fmt: skip


def count_waiting(tx: Tx) -> tuple[int, int]:
    """How many messages wait, and since when the oldest does (epoch ms, 0 if none)."""
    count, oldest = tx.one("SELECT COUNT(*), COALESCE(MIN(queued_at), 0) FROM outbox WHERE state = 'queued'") or (0, 0)
    return count, oldest


def forget_finished(tx: Tx, before: int, limit: int) -> int:
    """Delete messages that ended before that time (epoch ms), but those whose dedup_key must be remembered."""
    return tx.run(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox "
        "WHERE state <> 'queued' AND dedup_key IS NULL AND sent_at < :before ORDER BY sent_at LIMIT :limit)",
        before=before, limit=limit,
    )  # fmt: skip
