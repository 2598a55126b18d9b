"""What is looked at when somebody known at the counter joins: what they have spent, and who has credited them."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx

# An apology that is a coupon stands among the apologies. The two of coupons are apart so that each finds its index.
_CREDITS = """
SELECT points - points_back AS points FROM purchase
WHERE member_id = :member_id AND recorded_by = :user_id AND status = 'recorded'
UNION ALL SELECT points FROM adjustment
WHERE member_id = :member_id AND :user_id IN (asked_by, decided_by) AND state = 'entered' AND points > 0
UNION ALL SELECT points FROM case_compensation
WHERE member_id = :member_id AND :user_id IN (asked_by, decided_by) AND state = 'given'
UNION ALL SELECT 0 FROM coupon
WHERE member_id = :member_id AND granted_by = :user_id AND why = 'manual' AND state = 'held'
UNION ALL SELECT 0 FROM coupon
WHERE member_id = :member_id AND granted_by = :user_id AND why = 'manual' AND state <> 'held'
"""


@dataclass(frozen=True, slots=True)
class Credits:
    count: int
    points: int


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


def credits_by(tx: Tx, member_id: int, user_id: int) -> Credits:
    """What this person has credited to the member, alone or as one of two: purchases, points, apologies, coupons."""
    row = tx.one(
        f"SELECT COUNT(*), CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM ({_CREDITS}) AS credits",
        member_id=member_id, user_id=user_id,
    )  # fmt: skip
    assert row is not None
    return Credits(*row)
