"""What somebody known at the counter has spent so far, for the charter's joining condition."""

from __future__ import annotations

from db.database import Tx


def largest_purchase(tx: Tx, member_id: int) -> int:
    """Minor units; 0 if there is none."""
    largest: int = tx.value(
        "SELECT COALESCE(MAX(amount), 0) FROM purchase WHERE member_id = :member_id AND status = 'recorded'",
        member_id=member_id,
    )
    return largest


def spent_since(tx: Tx, member_id: int, since: int) -> int:
    """Minor units spent at or after that time (epoch ms)."""
    spent: int = tx.value(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM purchase "
        "WHERE member_id = :member_id AND occurred_at >= :since AND status = 'recorded'",
        member_id=member_id, since=since,
    )  # fmt: skip
    return spent
