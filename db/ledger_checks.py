"""Proof that the ledger adds up: every sum that must hold, and the members for whom it does not."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Discrepancy:
    member_id: int
    check: str
    kept: int
    counted: int


# Each gives a member, what is kept, and what that should be.
_CHECKS = {
    "the balance is the sum of the entries": (
        "SELECT a.member_id, a.balance AS kept, COALESCE(e.points, 0) AS counted FROM account a LEFT JOIN "
        "(SELECT member_id, SUM(points) AS points FROM entry GROUP BY member_id) e ON e.member_id = a.member_id"
    ),
    "the balance is what remains less the deficit": (
        "SELECT a.member_id, a.balance AS kept, COALESCE(l.remaining, 0) - a.deficit AS counted FROM account a "
        "LEFT JOIN (SELECT member_id, SUM(remaining) AS remaining FROM lot GROUP BY member_id) l "
        "ON l.member_id = a.member_id"
    ),
    "the entries are counted": (
        "SELECT a.member_id, a.entries AS kept, COALESCE(e.entries, 0) AS counted FROM account a LEFT JOIN "
        "(SELECT member_id, COUNT(*) AS entries FROM entry GROUP BY member_id) e ON e.member_id = a.member_id"
    ),
    "the last entry says the balance": (
        "SELECT a.member_id, a.balance AS kept, e.balance_after AS counted FROM account a "
        "JOIN entry e ON e.id = (SELECT MAX(id) FROM entry WHERE member_id = a.member_id)"
    ),
    "nobody's deficit is negative": (
        "SELECT member_id, deficit AS kept, 0 AS counted FROM account WHERE deficit < 0"
    ),
    "a lot holds what was put in less what was taken": (
        "SELECT l.member_id, l.remaining AS kept, l.points + COALESCE(t.points, 0) AS counted FROM lot l LEFT JOIN "
        "(SELECT lot_id, SUM(points) AS points FROM allocation GROUP BY lot_id) t ON t.lot_id = l.id"
    ),
    "an expiry's total is what remains in its lots": (
        "SELECT x.member_id, x.points AS kept, COALESCE((SELECT SUM(l.remaining) FROM lot l WHERE l.remaining > 0 "
        "AND l.member_id = x.member_id AND l.expires_at = x.expires_at), 0) AS counted FROM account_expiry x"
    ),
    "what remains in a lot is in an expiry's total": (
        "SELECT l.member_id, 0 AS kept, l.remaining AS counted FROM lot l WHERE l.remaining > 0 AND NOT EXISTS "
        "(SELECT 1 FROM account_expiry x WHERE x.member_id = l.member_id AND x.expires_at = l.expires_at)"
    ),
    "spending by month is the sum of the purchases": (
        "SELECT a.member_id, COALESCE(m.spent, 0) AS kept, COALESCE(p.amount, 0) AS counted FROM account a "
        "LEFT JOIN (SELECT member_id, SUM(spent) AS spent FROM account_month GROUP BY member_id) m "
        "ON m.member_id = a.member_id LEFT JOIN (SELECT member_id, SUM(amount) AS amount FROM purchase "
        "WHERE status = 'recorded' GROUP BY member_id) p ON p.member_id = a.member_id"
    ),
    "a purchase earned, once, what it says": (
        "SELECT p.member_id, p.points AS kept, COALESCE((SELECT SUM(e.points) FROM entry e "
        "WHERE e.purchase_id = p.id AND e.purchase_id <> 0 AND e.kind = 'earn'), -1) AS counted FROM purchase p"
    ),
    "an undone purchase leaves nothing": (
        "SELECT p.member_id, COALESCE((SELECT SUM(e.points) FROM entry e "
        "WHERE e.purchase_id = p.id AND e.purchase_id <> 0), 0) AS kept, 0 AS counted "
        "FROM purchase p WHERE p.status = 'undone'"
    ),
}  # fmt: skip


def discrepancies(tx: Tx) -> list[Discrepancy]:
    """All there are, of all members; none if the books are right."""
    return [
        Discrepancy(member_id, check, kept, counted)
        for check, sql in _CHECKS.items()
        for member_id, kept, counted in tx.all(
            f"SELECT member_id, kept, counted FROM ({sql}) AS sums WHERE kept <> counted"
        )
    ]
