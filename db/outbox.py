"""Messages to send: queued in the transaction that causes them, sent under a lease, sealed until they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from db.database import Row, Tx
from loyalty.cases import is_answered
from loyalty.lots import NEVER
from loyalty.messages import Say
from loyalty.vault import Undecipherable

_PURPOSE = "outbox"

# A message whose lease has run out is anybody's to send. Whoever has it in hand renews the lease in time.
LEASE_MS = 45_000
# Why a message failed of whom it was known beforehand that they have closed their chat.
UNREACHABLE = "unreachable"
# Why a push was dropped when its time had come.
EXPIRED, UNWANTED, INACTIVE = "expired", "unwanted", "inactive"
# Why a push waits: for the end of quiet hours, for tomorrow, for the weekly digest.
QUIET, DAILY, WEEKLY = "quiet", "daily", "weekly"
# Nothing that is keyed comes again after a year and a month: keys name a day, a year or what they are about.
_KEYS_MS = 400 * 86_400_000
# Of a chat: what was sent to it for so long counts for its own pace.
_RECENT_MS = 60_000
_MOST_RECENT = 18

REPLY, NOTICE, OWN, OTHER = range(4)
PACED = (NOTICE, OWN, OTHER)

_NEW = (
    "INSERT INTO outbox (chat_id, kind, rank, payload, dedup_key, topic, expires_at, case_id, to_member, due_at, "
    "queued_at, holder, lease_until, lease_no) VALUES "
    "(:chat_id, :kind, :rank, :payload, CAST(:dedup_key AS TEXT), :topic, :expires_at, :case_id, :to_member, "
    ":due_at, :now, :holder, :lease_until, :lease_no) ON CONFLICT (dedup_key) DO NOTHING"
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
    rank: int = REPLY  # the lower, the earlier
    topic: str = ""  # of a push
    expires_at: int = 0  # epoch ms UTC, 0: never
    recent: tuple[int, ...] = ()  # when this chat was sent something in the last minute (epoch ms)

    @property
    def is_promotion(self) -> bool:
        """Sent at most once."""
        return self.kind == "promotion"


def _rank(say: Say) -> int:
    if say.topic:
        return OWN if say.kind == "notice" else OTHER
    return {"reply": REPLY, "notice": NOTICE}.get(say.kind, OTHER)


def post(tx: Tx, say: Say) -> bool:
    """Queue one message for whichever process claims it first; False if its dedup_key was used before."""
    row = _row(tx, say, say.as_json(), holder=0, lease_until=0)
    if say.dedup_key:
        return tx.value(f"{_NEW} RETURNING id", **row) is not None
    tx.put(_NEW, **row)
    return True


def post_leased(tx: Tx, say: Say, holder: int) -> Queued | None:
    """Queue one message and lease it to this process at once if it is a reply.

    None if its dedup_key was used before, if it is none, or if earlier replies for this chat are not in this process's
    hands: then it is claimed after them.
    """
    if _rank(say) != REPLY or _has_earlier(tx, say.to, holder):
        post(tx, say)
        return None
    body = say.as_json()
    row = _row(tx, say, body, holder=holder, lease_until=tx.now + LEASE_MS)
    message_id: int | None = tx.value(f"{_NEW} RETURNING id", **row)
    if message_id is None:
        return None
    return Queued(message_id, say.to, say.kind, body, _reader(tx, say.to), 1, 0, tx.now)


def _row(tx: Tx, say: Say, body: dict[str, Any], holder: int, lease_until: int) -> dict[str, Any]:
    payload = tx.vault.seal_system(_PURPOSE, str(say.to), orjson.dumps(body))
    return {
        "chat_id": say.to, "kind": say.kind, "rank": _rank(say), "payload": payload,
        "dedup_key": say.dedup_key or None, "topic": say.topic, "expires_at": say.expires_at,
        "case_id": say.params.get("case_id", 0),  # a reply to it goes into that case
        "to_member": int(is_answered(say)),
        "due_at": max(tx.now, lease_until), "now": tx.now, "holder": holder, "lease_until": lease_until,
        "lease_no": int(holder != 0),
    }  # fmt: skip


def _has_earlier(tx: Tx, chat_id: int, holder: int) -> bool:
    return tx.one(
        "SELECT 1 FROM outbox WHERE chat_id = :chat_id AND rank = 0 AND state = 'queued' AND holder <> :holder LIMIT 1",
        chat_id=chat_id, holder=holder,
    ) is not None  # fmt: skip


def _reader(tx: Tx, chat_id: int) -> Reader:
    row = tx.one(
        "SELECT language, telegram_language, easy_mode, reachable FROM person WHERE user_id = :chat_id", chat_id=chat_id
    )
    return Reader(row[0], row[1], bool(row[2]), bool(row[3])) if row else Reader()


def claim(tx: Tx, holder: int, limit: int, paced: int | None = None) -> list[Queued]:
    """Lease what is due and in nobody's hands to this process: replies up to the limit, then up to `paced` (the limit
    if left out) of the rest, by rank.

    In order; replies and notices never past an earlier one of the same chat that waits or is in other hands. But for
    replies, a chat is in one process's hands at a time.
    """
    tx.serialise("outbox.claim")
    rows = _claim_rank(tx, holder, REPLY, limit)
    left = limit if paced is None else paced
    for rank in PACED:
        if left > 0:
            claimed = _claim_rank(tx, holder, rank, left)
            left -= len(claimed)
            rows += claimed
    return [_queued(tx, row) for row in rows if not _is_doubtful(tx, row)]


def _claim_rank(tx: Tx, holder: int, rank: int, limit: int) -> list[Row]:
    rows = tx.all(
        "UPDATE outbox SET holder = :holder, lease_until = :until, due_at = :until, lease_no = lease_no + 1 "
        "WHERE id IN (SELECT id FROM outbox AS mine WHERE state = 'queued' AND rank = :rank AND due_at <= :now "
        f"{'' if rank in _PUSHES else _BEHIND_ANOTHER} {'' if rank == REPLY else _IN_OTHER_HANDS} "
        "ORDER BY due_at, id LIMIT :limit) "
        # Once more for PostgreSQL: of a row that others changed meanwhile it looks at these conditions only.
        f"AND state = 'queued' AND due_at <= :now RETURNING {_CLAIMED}",
        holder=holder, until=tx.now + LEASE_MS, now=tx.now, rank=rank, limit=limit,
    )  # fmt: skip
    return sorted(rows)


# Pushes stand each for itself: one that waits for a better hour, or for the digest, holds back none.
_PUSHES = (OWN, OTHER)
# Counted, for PostgreSQL would turn NOT EXISTS into a join and read the whole table for it.
_BEHIND_ANOTHER = (
    "AND 0 = (SELECT COUNT(*) FROM outbox AS earlier WHERE earlier.chat_id = mine.chat_id "
    "AND earlier.rank = mine.rank AND earlier.state = 'queued' AND earlier.id < mine.id AND earlier.due_at > :now)"
)
_IN_OTHER_HANDS = (
    "AND 0 = (SELECT COUNT(*) FROM outbox AS other WHERE other.chat_id = mine.chat_id AND other.state = 'queued' "
    "AND other.lease_until > :now AND other.holder <> :holder)"
)
_CLAIMED = "id, chat_id, kind, payload, lease_no, attempts, queued_at, rank, topic, expires_at, tried_at"


def _is_doubtful(tx: Tx, row: Row) -> bool:
    """A promotion that was on the wire when its process died; it is not sent again."""
    if not row[-1]:
        return False
    tx.run(_DOUBTFUL + " AND id = :id", id=row[0], now=tx.now, nothing=b"")
    return True


_DOUBTFUL = (
    "UPDATE outbox SET state = 'unknown', error = 'ProcessDied', sent_at = :now, payload = :nothing "
    "WHERE state = 'queued' AND tried_at > 0"
)


def _queued(tx: Tx, row: Row) -> Queued:
    message_id, chat_id, kind, payload, lease_no, attempts, queued_at, rank, topic, expires_at, _ = row
    try:
        body = orjson.loads(tx.vault.open_system(_PURPOSE, str(chat_id), payload))
    except Undecipherable:
        body = {}  # one row must not keep back the others
    reader, recent = _reader(tx, chat_id), _recent(tx, chat_id)
    return Queued(
        message_id, chat_id, kind, body, reader, lease_no, attempts, queued_at, rank, topic, expires_at, recent
    )


def _recent(tx: Tx, chat_id: int) -> tuple[int, ...]:
    rows = tx.all(
        "SELECT sent_at FROM outbox WHERE chat_id = :chat_id AND state <> 'queued' AND sent_at > :since "
        "AND message_id > 0 ORDER BY sent_at DESC LIMIT :most",
        chat_id=chat_id, since=tx.now - _RECENT_MS, most=_MOST_RECENT,
    )  # fmt: skip
    return tuple(row[0] for row in reversed(rows))


def has_due(tx: Tx) -> bool:
    """Whether anything may be waiting to be claimed."""
    return any(
        tx.one("SELECT 1 FROM outbox WHERE state = 'queued' AND rank = :rank AND due_at <= :now LIMIT 1",
               rank=rank, now=tx.now)
        for rank in (REPLY, *PACED)
    )  # fmt: skip


def renew(tx: Tx, messages: Iterable[Queued]) -> None:
    """Keep the leases of what this process has in hand."""
    tx.many(
        "UPDATE outbox SET lease_until = :until, due_at = :until "
        "WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        [{"id": message.id, "lease_no": message.lease_no, "until": tx.now + LEASE_MS} for message in messages],
    )


def release(tx: Tx, messages: Iterable[Queued], due_at: int = 0) -> None:
    """Give leases back; due at once unless told otherwise (epoch ms)."""
    for message in messages:
        postpone(tx, message, due_at or tx.now, "")


def expire_all(tx: Tx, holder: int) -> int:
    """End every lease but this process's own: for the one process that owns the database, when it starts.

    Promotions that may have been sent are not sent again.
    """
    doubtful = tx.run(_DOUBTFUL + " AND holder <> :holder", holder=holder, now=tx.now, nothing=b"")
    return doubtful + tx.run(
        "UPDATE outbox SET lease_until = 0, holder = 0, due_at = queued_at "
        "WHERE state = 'queued' AND lease_until > 0 AND holder <> :holder",
        holder=holder,
    )


def mark_tried(tx: Tx, messages: Iterable[Queued]) -> None:
    """These promotions are put on the wire now: whatever happens, they are not sent twice."""
    tx.many(
        "UPDATE outbox SET tried_at = :now WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        [{"id": message.id, "lease_no": message.lease_no, "now": tx.now} for message in messages],
    )


def mark_all_sent(tx: Tx, arrived: Iterable[tuple[Queued, int]]) -> None:
    """Each arrived as that message_id, unless its lease was lost meanwhile. The payloads are wiped."""
    # By id: two processes that write down the same ones must not wait for each other.
    in_order = sorted(arrived, key=lambda one: one[0].id)
    sent = {"now": tx.now, "nothing": b""}
    tx.many(
        "UPDATE outbox SET state = 'sent', message_id = :message_id, sent_at = :now, payload = :nothing "
        "WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        [sent | {"id": one.id, "lease_no": one.lease_no, "message_id": message_id} for one, message_id in in_order],
    )


def mark_ended(tx: Tx, message: Queued, state: str, error: str) -> bool:
    """It will not be sent again: state is 'failed' (refused, or dropped) or 'unknown' (nobody can tell)."""
    return 1 == tx.run(
        f"UPDATE outbox SET state = :state, {_ENDED} WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        id=message.id, lease_no=message.lease_no, state=state, error=error, now=tx.now, nothing=b"", closed=UNREACHABLE,
    )  # fmt: skip


def give_up_chat(tx: Tx, chat_id: int) -> int:
    """The chat is closed to us: nothing that waits for it will be sent, whoever has it in hand; how many that were."""
    return tx.run(
        f"UPDATE outbox SET state = 'failed', {_ENDED} WHERE chat_id = :chat_id AND state = 'queued'",
        chat_id=chat_id, error=UNREACHABLE, now=tx.now, nothing=b"", closed=UNREACHABLE,
    )  # fmt: skip


# Of what is about the member's own matters the words are kept, sealed: they may still count when the member is back.
_ENDED = (
    "error = :error, sent_at = :now, payload = CASE WHEN rank = 2 AND :error = :closed THEN payload ELSE :nothing END"
)


def open_bodies(tx: Tx, chat_id: int, payloads: Iterable[bytes]) -> list[dict[str, Any]]:
    """What can be opened of sealed messages to this chat, see Say.as_json."""
    bodies = []
    for payload in payloads:
        with suppress(Undecipherable):
            bodies.append(orjson.loads(tx.vault.open_system(_PURPOSE, str(chat_id), payload)))
    return bodies


def postpone(tx: Tx, message: Queued, due_at: int, error: str) -> bool:
    """Give the lease back; it is due again at that time (epoch ms), and what comes after it in its chat with it."""
    postponed = 1 == tx.run(
        "UPDATE outbox SET due_at = :due_at, error = :error, holder = 0, lease_until = 0, tried_at = 0, "
        "attempts = attempts + CASE WHEN :error = '' THEN 0 ELSE 1 END "
        "WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        id=message.id, lease_no=message.lease_no, due_at=due_at, error=error,
    )  # fmt: skip
    if postponed and due_at > tx.now and message.rank not in _PUSHES:
        tx.run(
            "UPDATE outbox SET due_at = :due_at WHERE chat_id = :chat_id AND rank = :rank AND state = 'queued' "
            "AND id > :id AND lease_until = 0 AND due_at < :due_at",
            chat_id=message.chat_id, rank=message.rank, id=message.id, due_at=due_at,
        )  # fmt: skip
    return postponed


def hold(tx: Tx, message: Queued, due_at: int, reason: str) -> bool:
    """A push whose reader does not want it now: looked at again at that time (epoch ms). QUIET, DAILY or WEEKLY.

    It may have been meant to go before, and missed its slot: it has not been tried.
    """
    return 1 == tx.run(
        "UPDATE outbox SET due_at = :due_at, error = :reason, holder = 0, lease_until = 0, tried_at = 0 "
        "WHERE id = :id AND lease_no = :lease_no AND state = 'queued'",
        id=message.id, lease_no=message.lease_no, due_at=due_at, reason=reason,
    )  # fmt: skip


def recall(tx: Tx, chat_id: int) -> int:
    """The reader has chosen otherwise: what was held for them is looked at again."""
    return tx.run(
        "UPDATE outbox SET due_at = :now WHERE chat_id = :chat_id AND rank >= 2 AND state = 'queued' "
        "AND lease_until = 0 AND (error = 'weekly' OR (error IN ('quiet', 'daily') AND due_at < :never))",
        chat_id=chat_id, now=tx.now, never=NEVER,
    )  # fmt: skip


def count_waiting(tx: Tx) -> tuple[int, int]:
    """How many messages wait, and since when the oldest does (epoch ms, 0 if none)."""
    count, oldest = tx.one("SELECT COUNT(*), COALESCE(MIN(id), 0) FROM outbox WHERE state = 'queued'") or (0, 0)
    return count, tx.value("SELECT queued_at FROM outbox WHERE id = :id", id=oldest) or 0


def forget_finished(tx: Tx, before: int, limit: int) -> int:
    """Delete messages that ended before that time (epoch ms); those with a dedup_key only when it cannot recur."""
    return tx.run(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox "
        "WHERE state <> 'queued' AND dedup_key IS NULL AND sent_at < :before ORDER BY sent_at LIMIT :limit)",
        before=before, limit=limit,
    ) + tx.run(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox "
        "WHERE state <> 'queued' AND dedup_key IS NOT NULL AND sent_at < :before ORDER BY sent_at LIMIT :limit)",
        before=min(before, tx.now - _KEYS_MS), limit=limit,
    )  # fmt: skip
