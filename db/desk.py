"""What the counter looks at: a member's visits, and what a member of staff recorded."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Visit:
    """A purchase that was not undone."""

    at: int  # epoch ms UTC
    store: str  # name
    amount: int  # minor units
    points: int  # as granted, less what refunds took back
    refunded: int  # of the amount


def list_visits(tx: Tx, member_id: int, limit: int, offset: int = 0) -> list[Visit]:
    """Newest first."""
    rows = tx.all(
        "SELECT purchase.occurred_at, store.name, purchase.amount, purchase.points - purchase.points_back, "
        "purchase.refunded "
        "FROM purchase JOIN store ON store.id = purchase.store_id "
        "WHERE purchase.member_id = :member_id AND purchase.status = 'recorded' "
        "ORDER BY purchase.occurred_at DESC, purchase.id DESC LIMIT :limit OFFSET :offset",
        member_id=member_id, limit=limit, offset=offset,
    )  # fmt: skip
    return [Visit(*row) for row in rows]


def last_visit(tx: Tx, member_id: int) -> int:
    """When the member bought something last (epoch ms); 0 for never."""
    at: int = tx.value(
        "SELECT COALESCE(MAX(occurred_at), 0) FROM purchase WHERE member_id = :member_id AND status = 'recorded'",
        member_id=member_id,
    )
    return at


def count_recorded(tx: Tx, user_id: int, since: int) -> tuple[int, int]:
    """How many purchases this member of staff recorded from then on (epoch ms), and their sum in minor units."""
    row = tx.one(
        "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM purchase "
        "WHERE recorded_by = :user_id AND recorded_at >= :since AND status = 'recorded'",
        user_id=user_id, since=since,
    )  # fmt: skip
    assert row is not None
    return row[0], row[1]
