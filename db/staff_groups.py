"""Telegram groups of staff."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Group:
    chat_id: int
    store_id: int  # 0: the whole chain
    topic_id: int  # 0: no topic
    title: str


_COLUMNS = "chat_id, store_id, topic_id, title"


def put(tx: Tx, group: Group, added_by: int) -> None:
    """From now on, or again, with this store and topic."""
    tx.run(
        "INSERT INTO staff_group (chat_id, store_id, topic_id, title, added_by, added_at) VALUES (:chat_id, :store_id, "
        ":topic_id, :title, :added_by, :now) ON CONFLICT (chat_id) DO UPDATE SET store_id = excluded.store_id, "
        "topic_id = excluded.topic_id, title = excluded.title, added_by = excluded.added_by, "
        "added_at = excluded.added_at, gone_at = 0",
        chat_id=group.chat_id, store_id=group.store_id, topic_id=group.topic_id, title=group.title, added_by=added_by,
        now=tx.now,
    )  # fmt: skip


def get(tx: Tx, chat_id: int) -> Group | None:
    """None for a group that shows no cases, or in which the bot cannot write any more."""
    row = tx.one(f"SELECT {_COLUMNS} FROM staff_group WHERE chat_id = :chat_id AND gone_at = 0", chat_id=chat_id)
    return Group(*row) if row else None


def list_for(tx: Tx, store_ids: set[int]) -> list[Group]:
    """Groups of these stores, and of the chain, in which the bot can write."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM staff_group WHERE gone_at = 0 ORDER BY chat_id")
    return [group for group in (Group(*row) for row in rows) if group.store_id in {0, *store_ids}]


def mark_gone(tx: Tx, chat_id: int) -> Group | None:
    """None if there is no such group, or it was gone already."""
    row = tx.one(
        f"UPDATE staff_group SET gone_at = :now WHERE chat_id = :chat_id AND gone_at = 0 RETURNING {_COLUMNS}",
        chat_id=chat_id, now=tx.now,
    )  # fmt: skip
    return Group(*row) if row else None


def move(tx: Tx, chat_id: int, to_chat_id: int) -> bool:
    """Telegram gave the group another id; False if we know neither, or the new one already."""
    return 1 == tx.run(
        "UPDATE staff_group SET chat_id = :to WHERE chat_id = :chat_id "
        "AND NOT EXISTS (SELECT 1 FROM staff_group AS other WHERE other.chat_id = :to)",
        chat_id=chat_id, to=to_chat_id,
    )  # fmt: skip
