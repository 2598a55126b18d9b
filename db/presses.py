"""The last press of each button, so that twenty taps in a second are one."""

from __future__ import annotations

from db.database import Tx

REPEAT_WITHIN_MS = 3_000


def is_first(tx: Tx, user_id: int, chat_id: int, message_id: int, data: str) -> bool:
    """Note this press; False if the same person pressed the same button less than three seconds ago."""
    return 1 == tx.run(
        "INSERT INTO press (user_id, chat_id, message_id, data, pressed_at) "
        "VALUES (:user_id, :chat_id, :message_id, :data, :now) "
        "ON CONFLICT (user_id, chat_id, message_id, data) DO UPDATE SET pressed_at = excluded.pressed_at "
        "WHERE press.pressed_at <= :before",
        user_id=user_id, chat_id=chat_id, message_id=message_id, data=data,
        now=tx.now, before=tx.now - REPEAT_WITHIN_MS,
    )  # fmt: skip


def forget(tx: Tx, before: int, limit: int) -> int:
    """Delete presses noted before that time (epoch ms); how many went."""
    return tx.run(
        "DELETE FROM press WHERE (user_id, chat_id, message_id, data) IN "
        "(SELECT user_id, chat_id, message_id, data FROM press WHERE pressed_at < :before LIMIT :limit)",
        before=before, limit=limit,
    )  # fmt: skip
