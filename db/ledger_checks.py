"""Proof that the ledger adds up: every sum that must hold, and the members for whom it does not.

To look through all members, use `db/ledger_screens.py` first: these are exact about few.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx

_LAST = 1 << 62  # above every id


@dataclass(frozen=True, slots=True)
class Discrepancy:
    member_id: int
    check: str
    kept: int
    counted: int


# Each gives a member, what is kept, and what that should be, for the members from :first to :last.
_CHECKS = {
    "the balance is the sum of the entries": (
        "SELECT a.member_id, a.balance AS kept, COALESCE(e.points, 0) AS counted FROM account a LEFT JOIN "
        "(SELECT member_id, SUM(points) AS points FROM entry WHERE member_id BETWEEN :first AND :last "
        "GROUP BY member_id) e ON e.member_id = a.member_id WHERE a.member_id BETWEEN :first AND :last"
    ),
    "the balance is what remains less the deficit": (
        "SELECT a.member_id, a.balance AS kept, COALESCE(l.remaining, 0) - a.deficit AS counted FROM account a "
        "LEFT JOIN (SELECT member_id, SUM(remaining) AS remaining FROM lot WHERE remaining > 0 "
        "AND member_id BETWEEN :first AND :last GROUP BY member_id) l ON l.member_id = a.member_id "
        "WHERE a.member_id BETWEEN :first AND :last"
    ),
    "the entries are counted": (
        "SELECT a.member_id, a.entries AS kept, COALESCE(e.entries, 0) AS counted FROM account a LEFT JOIN "
        "(SELECT member_id, COUNT(*) AS entries FROM entry WHERE member_id BETWEEN :first AND :last "
        "GROUP BY member_id) e ON e.member_id = a.member_id WHERE a.member_id BETWEEN :first AND :last"
    ),
    "the last entry says the balance": (
        "SELECT a.member_id, a.balance AS kept, e.balance_after AS counted FROM account a "
        "JOIN entry e ON e.id = (SELECT MAX(id) FROM entry WHERE member_id = a.member_id) "
        "WHERE a.member_id BETWEEN :first AND :last"
    ),
    "nobody's deficit is negative": (
        "SELECT member_id, deficit AS kept, 0 AS counted FROM account "
        "WHERE deficit < 0 AND member_id BETWEEN :first AND :last"
    ),
    "a lot holds what was put in less what was taken": (
        "SELECT l.member_id, l.remaining AS kept, l.points + COALESCE((SELECT SUM(a.points) FROM allocation a "
        "WHERE a.lot_id = l.id), 0) AS counted FROM entry f JOIN lot l ON l.entry_id = f.id "
        "WHERE f.member_id BETWEEN :first AND :last"
    ),
    "what lapsed in a lot is not in it any more": (
        "SELECT member_id, lapsed AS kept, 0 AS counted FROM lot WHERE lapsed > 0 AND lapsed > points - remaining "
        "AND member_id BETWEEN :first AND :last AND remaining > 0"
    ),
    "an expiry's total is what remains in its lots": (
        "SELECT member_id, SUM(kept) AS kept, SUM(counted) AS counted FROM ("
        "SELECT member_id, expires_at, points AS kept, 0 AS counted FROM account_expiry "
        "WHERE member_id BETWEEN :first AND :last UNION ALL "
        "SELECT member_id, expires_at, 0 AS kept, SUM(remaining) AS counted FROM lot WHERE remaining > 0 "
        "AND member_id BETWEEN :first AND :last GROUP BY member_id, expires_at) AS expiries "
        "GROUP BY member_id, expires_at"
    ),
    # An entry that resolves it the other way counts double.
    "a hold is resolved by one entry": (
        "SELECT h.member_id, CASE h.state WHEN 'held' THEN 0 ELSE 1 END AS kept, COALESCE((SELECT SUM("
        "CASE WHEN r.kind = CASE h.state WHEN 'captured' THEN 'capture' WHEN 'released' THEN 'release' ELSE '' END "
        "THEN 1 ELSE 2 END) FROM entry r WHERE r.reverses = h.entry_id AND r.reverses <> 0 "
        "AND r.kind IN ('capture', 'release')), 0) AS counted "
        "FROM entry e JOIN hold h ON h.entry_id = e.id WHERE e.member_id BETWEEN :first AND :last"
    ),
    "spending by month is the sum of the purchases": (
        "SELECT a.member_id, COALESCE(m.spent, 0) AS kept, COALESCE(p.amount, 0) AS counted FROM account a "
        "LEFT JOIN (SELECT member_id, SUM(spent) AS spent FROM account_month "
        "WHERE member_id BETWEEN :first AND :last GROUP BY member_id) m ON m.member_id = a.member_id "
        "LEFT JOIN (SELECT member_id, SUM(amount - refunded) AS amount FROM purchase WHERE status = 'recorded' "
        "AND member_id BETWEEN :first AND :last GROUP BY member_id) p ON p.member_id = a.member_id "
        "WHERE a.member_id BETWEEN :first AND :last"
    ),
    "a purchase earned, once, what it says": (
        "SELECT p.member_id, p.points AS kept, COALESCE((SELECT SUM(e.points) FROM entry e "
        "WHERE e.purchase_id = p.id AND e.purchase_id <> 0 AND e.kind = 'earn'), -1) AS counted FROM purchase p "
        "WHERE p.member_id BETWEEN :first AND :last"
    ),
    "an undone purchase leaves nothing": (
        "SELECT p.member_id, COALESCE((SELECT SUM(e.points) FROM entry e "
        "WHERE e.purchase_id = p.id AND e.purchase_id <> 0), 0) AS kept, 0 AS counted "
        "FROM purchase p WHERE p.status = 'undone' AND p.member_id BETWEEN :first AND :last"
    ),
    "a purchase's refunds are what it says": (
        "SELECT p.member_id, p.refunded AS kept, COALESCE((SELECT SUM(r.amount) FROM refund r "
        "WHERE r.purchase_id = p.id), 0) AS counted FROM purchase p WHERE p.member_id BETWEEN :first AND :last"
    ),
    "a purchase's points are due back once": (
        "SELECT p.member_id, p.points_back AS kept, COALESCE((SELECT SUM(r.points) FROM refund r "
        "WHERE r.purchase_id = p.id), 0) AS counted FROM purchase p WHERE p.member_id BETWEEN :first AND :last"
    ),
    "no purchase's points were taken back twice": (
        "SELECT p.member_id, 0 AS kept, p.points - p.points_back - "
        "COALESCE((SELECT SUM(e.points) FROM entry e WHERE e.purchase_id = p.id AND e.purchase_id <> 0), 0) AS counted "
        "FROM purchase p WHERE p.refunded > 0 AND p.member_id BETWEEN :first AND :last AND p.points - p.points_back > "
        "COALESCE((SELECT SUM(e.points) FROM entry e WHERE e.purchase_id = p.id AND e.purchase_id <> 0), 0)"
    ),
}  # fmt: skip


_ALL = " UNION ALL ".join(
    f"SELECT {place} AS place, member_id, kept, counted FROM ({sql}) AS check_{place} WHERE kept <> counted"
    for place, sql in enumerate(_CHECKS.values())
)


def discrepancies(tx: Tx, first: int = 0, last: int = _LAST) -> list[Discrepancy]:
    """All there are among the members with ids from first to last; none if the books are right."""
    checks = tuple(_CHECKS)
    rows = tx.all(f"{_ALL} ORDER BY place, member_id", first=first, last=last)
    return [Discrepancy(member_id, checks[place], kept, counted) for place, member_id, kept, counted in rows]
