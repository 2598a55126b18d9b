"""Wrong codes, by the member of staff who tried them: so that a restart forgives nothing."""

from __future__ import annotations

from db.database import Tx


def add_miss(tx: Tx, user_id: int) -> None:
    tx.run("INSERT INTO verify_miss (user_id, missed_at) VALUES (:user_id, :now)", user_id=user_id, now=tx.now)


def list_misses(tx: Tx, user_id: int, since: int) -> list[int]:
    """When this person was wrong from that time on (epoch ms), oldest first."""
    rows = tx.all(
        "SELECT missed_at FROM verify_miss WHERE user_id = :user_id AND missed_at >= :since ORDER BY missed_at, id",
        user_id=user_id, since=since,
    )  # fmt: skip
    return [row[0] for row in rows]


def forget(tx: Tx, before: int) -> int:
    """Delete misses before that time (epoch ms); how many."""
    return tx.run("DELETE FROM verify_miss WHERE missed_at < :before", before=before)
