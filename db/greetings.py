"""Everybody who can be greeted, page by page."""

from __future__ import annotations

from db.database import Tx


def list_members(tx: Tx, after: int, limit: int) -> list[tuple[int, int]]:
    """Ids of active members on Telegram, above after, in order, and of their accounts."""
    rows = tx.all(
        "SELECT id, user_id FROM member WHERE status = 'active' AND user_id <> 0 AND id > :after "
        "ORDER BY id LIMIT :limit",
        after=after, limit=limit,
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]
