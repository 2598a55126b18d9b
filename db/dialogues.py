"""Where each person is in a dialogue; the answers so far are sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.database import Tx
from loyalty.vault import Undecipherable

_PURPOSE = "dialogue"


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place in one dialogue."""

    name: str
    step: str
    answers: dict[str, Any]
    changed_at: int  # epoch ms UTC
    question: str = ""  # goes with the buttons under it


def get(tx: Tx, chat_id: int, user_id: int) -> Place | None:
    row = tx.one(
        "SELECT name, step, answers, changed_at, question FROM dialogue "
        "WHERE chat_id = :chat_id AND user_id = :user_id",
        chat_id=chat_id, user_id=user_id,
    )  # fmt: skip
    if row is None:
        return None
    name, step, answers, changed_at, question = row
    try:
        known = json.loads(tx.vault.open_system(_PURPOSE, f"{chat_id}:{user_id}", answers))
    except Undecipherable:
        return Place("", "", {}, changed_at)  # as one that an upgrade took away
    return Place(name, step, known, changed_at, question)


def put(
    tx: Tx, chat_id: int, user_id: int, name: str, step: str, answers: dict[str, Any], *, kept: bool = False
) -> str:
    """Whoever it is stands at this step from now on; what goes with the question's buttons. kept: see `list_kept`."""
    question = tx.random(3).hex()
    sealed = tx.vault.seal_system(_PURPOSE, f"{chat_id}:{user_id}", json.dumps(answers).encode())
    tx.run(
        "INSERT INTO dialogue (chat_id, user_id, name, step, question, answers, changed_at, kept) "
        "VALUES (:chat_id, :user_id, :name, :step, :question, :answers, :now, :kept) "
        "ON CONFLICT (chat_id, user_id) DO UPDATE SET "
        "name = excluded.name, step = excluded.step, question = excluded.question, answers = excluded.answers, "
        "changed_at = excluded.changed_at, kept = excluded.kept",
        chat_id=chat_id, user_id=user_id, name=name, step=step, question=question, answers=sealed, now=tx.now,
        kept=int(kept),
    )  # fmt: skip
    return question


def keep(tx: Tx, chat_id: int, user_id: int, answers: dict[str, Any]) -> None:
    """With these answers so far; the question stands as it did."""
    sealed = tx.vault.seal_system(_PURPOSE, f"{chat_id}:{user_id}", json.dumps(answers).encode())
    tx.run(
        "UPDATE dialogue SET answers = :answers, changed_at = :now WHERE chat_id = :chat_id AND user_id = :user_id",
        chat_id=chat_id, user_id=user_id, answers=sealed, now=tx.now,
    )  # fmt: skip


def leave(tx: Tx, chat_id: int, user_id: int) -> tuple[str, str] | None:
    """Forget the dialogue; its name and the step that stood, None if there was none."""
    row = tx.one(
        "DELETE FROM dialogue WHERE chat_id = :chat_id AND user_id = :user_id RETURNING name, step",
        chat_id=chat_id, user_id=user_id,
    )  # fmt: skip
    return (row[0], row[1]) if row else None


def list_kept(tx: Tx, name: str, before: int, after: int, limit: int) -> list[int]:
    """Whose words in this dialogue, in private, are kept though they answered last before then (epoch ms); ids above
    after, sorted."""
    rows = tx.all(
        "SELECT user_id FROM dialogue WHERE kept = 1 AND name = :name AND changed_at < :before AND chat_id = user_id "
        "AND user_id > :after ORDER BY user_id LIMIT :limit",
        name=name, before=before, after=after, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def forget_idle(tx: Tx, before: int, limit: int) -> int:
    """Drop dialogues nobody has answered since that time (epoch ms); how many."""
    return tx.run(
        "DELETE FROM dialogue WHERE (chat_id, user_id) IN "
        "(SELECT chat_id, user_id FROM dialogue WHERE changed_at < :before LIMIT :limit)",
        before=before, limit=limit,
    )  # fmt: skip
