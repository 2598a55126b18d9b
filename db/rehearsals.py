"""What a transaction has queued that is going to be rolled back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from db import outbox
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it stands in the outbox."""

    id: int
    chat_id: int
    dedup_key: str
    queued_at: int
    body: dict[str, Any]  # see Say.as_json

    @property
    def place(self) -> tuple[int, int, str, int]:
        return self.id, self.chat_id, self.dedup_key, self.queued_at


def last_message(tx: Tx) -> int:
    """The newest message's id, 0 if there is none."""
    found: int = tx.value("SELECT COALESCE(MAX(id), 0) FROM outbox")
    return found


def list_since(tx: Tx, message_id: int) -> list[Told]:
    """What was queued after that message, by this transaction or by one that ended meanwhile."""
    rows = tx.all(
        "SELECT id, chat_id, COALESCE(dedup_key, ''), queued_at, payload FROM outbox WHERE id > :id ORDER BY id",
        id=message_id,
    )  # fmt: skip
    return [
        Told(message_id, chat_id, key, queued_at, body)
        for message_id, chat_id, key, queued_at, payload in rows
        for body in outbox.open_bodies(tx, chat_id, [payload] if payload else [])
    ]


def without_others(tx: Tx, told: Iterable[Told]) -> list[Told]:
    """Those that are not there now, after the rollback: the others were somebody else's."""
    messages = list(told)
    if not messages:
        return []
    rows = tx.all(
        "SELECT id, chat_id, COALESCE(dedup_key, ''), queued_at FROM outbox WHERE id BETWEEN :first AND :last",
        first=messages[0].id, last=messages[-1].id,
    )  # fmt: skip
    there = set(rows)
    return [message for message in messages if message.place not in there]
