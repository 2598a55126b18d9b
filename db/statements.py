"""What members did with their points in a year."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Year:
    """Of one member who can be told. What was earned, used and lapsed adds up to what the balance changed by."""

    member_id: int
    user_id: int
    tier: str
    earned: int  # what was given less what was taken back
    used: int
    lapsed: int
    visits: int
    spent: int  # minor units
    saved: int  # minor units


# A hold and its release, a spending and its reversal are about use; whatever else is not a lapse is about earning.
_USED = (
    "e.kind IN ('hold', 'release', 'capture', 'redeem') OR (e.kind = 'reversal' AND (SELECT o.kind FROM entry o "
    "WHERE o.id = e.reverses) IN ('hold', 'redeem'))"
)
_POINTS = (
    "SELECT e.member_id, SUM(e.points) AS balance, "
    "SUM(CASE WHEN e.kind = 'expire' THEN e.points ELSE 0 END) AS lapsed, "
    f"SUM(CASE WHEN {_USED} THEN e.points ELSE 0 END) AS used FROM entry e "
    "WHERE e.member_id BETWEEN :first AND :last AND e.occurred_at BETWEEN :begins AND :ends GROUP BY e.member_id"
)
_VISITS = (
    "SELECT v.member_id, SUM(v.purchases) AS visits, SUM(v.spent) AS spent FROM account_month v "
    "WHERE v.member_id BETWEEN :first AND :last AND v.month BETWEEN :january AND :december GROUP BY v.member_id"
)
_SAVINGS = (
    "SELECT s.member_id, SUM(s.saved) AS saved FROM purchase_saving s JOIN purchase p ON p.id = s.purchase_id "
    "WHERE s.member_id BETWEEN :first AND :last AND p.occurred_at BETWEEN :begins AND :ends "
    "AND p.status = 'recorded' AND p.refunded < p.amount GROUP BY s.member_id"
)


def list_years(tx: Tx, members: tuple[int, int], year: int, begins: int, ends: int) -> list[Year]:
    """Of members with ids from first to last who had any points move in that local year (epoch ms, both included)."""
    rows = tx.all(
        "SELECT m.id, m.user_id, m.tier, found.balance - found.lapsed - found.used, -found.used, -found.lapsed, "
        "COALESCE(visited.visits, 0), COALESCE(visited.spent, 0), COALESCE(spared.saved, 0) "
        f"FROM ({_POINTS}) AS found JOIN member m ON m.id = found.member_id "
        f"LEFT JOIN ({_VISITS}) AS visited ON visited.member_id = m.id "
        f"LEFT JOIN ({_SAVINGS}) AS spared ON spared.member_id = m.id "
        "WHERE m.status = 'active' AND m.user_id <> 0 ORDER BY m.id",
        first=members[0], last=members[1], begins=begins, ends=ends, january=f"{year}-01", december=f"{year}-12",
    )  # fmt: skip
    return [Year(*row) for row in rows]
