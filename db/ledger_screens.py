"""Where something may be wrong with the books, found in few passes; `db/ledger_checks.py` says then what it is.

Each screen looks at a range of one table's ids, in the order of the table, and sums what belongs to each row through
indexes. Together they pass no member for whom one of the checks fails.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Screen:
    """sql gives the members in doubt among the rows with ids (`key`) from :first to :last."""

    table: str
    key: str
    rows: int  # in a page, which takes some milliseconds
    sql: str


@dataclass(frozen=True, slots=True)
class Page:
    """last is where the next page begins, 0 after the last one."""

    last: int
    doubtful: list[int]


_ENTRIES_OF_PURCHASE = (
    "COALESCE((SELECT SUM(e.points) FROM entry e WHERE e.purchase_id = p.id AND e.purchase_id <> 0), 0)"
)
_PURCHASES = Screen(
    "purchase", "id", 4_000,
    "SELECT p.member_id FROM purchase p WHERE p.id BETWEEN :first AND :last AND (p.points <> COALESCE(("
    "SELECT SUM(e.points) FROM entry e WHERE e.purchase_id = p.id AND e.purchase_id <> 0 AND e.kind = 'earn'), -1) "
    f"OR (p.status = 'undone' AND {_ENTRIES_OF_PURCHASE} <> 0) "
    f"OR (p.refunded > 0 AND p.points - p.points_back > {_ENTRIES_OF_PURCHASE}) "
    "OR ((p.refunded <> 0 OR p.points_back <> 0) AND ("
    "p.refunded <> COALESCE((SELECT SUM(r.amount) FROM refund r WHERE r.purchase_id = p.id), 0) "
    "OR p.points_back <> COALESCE((SELECT SUM(r.points) FROM refund r WHERE r.purchase_id = p.id), 0))))",
)  # fmt: skip
_OPEN_LOTS = Screen(
    "account", "member_id", 500,
    "SELECT l.member_id FROM lot l WHERE l.remaining > 0 AND l.member_id BETWEEN :first AND :last "
    "GROUP BY l.member_id, l.expires_at HAVING SUM(l.remaining) <> COALESCE((SELECT x.points FROM account_expiry x "
    "WHERE x.member_id = l.member_id AND x.expires_at = l.expires_at), 0) "
    "OR SUM(CASE WHEN l.lapsed > l.points - l.remaining THEN 1 ELSE 0 END) > 0",
)  # fmt: skip
_LOTS = Screen(
    "lot", "id", 5_000,
    "SELECT l.member_id FROM lot l WHERE l.id BETWEEN :first AND :last AND l.remaining <> l.points + "
    "COALESCE((SELECT SUM(a.points) FROM allocation a WHERE a.lot_id = l.id), 0)",
)  # fmt: skip
_SPENDING = Screen(
    "account", "member_id", 500,
    "SELECT a.member_id FROM account a WHERE a.member_id BETWEEN :first AND :last AND COALESCE(("
    "SELECT SUM(m.spent) FROM account_month m WHERE m.member_id = a.member_id), 0) <> COALESCE(("
    "SELECT SUM(p.amount - p.refunded) FROM purchase p WHERE p.member_id = a.member_id AND p.status = 'recorded'), 0)",
)  # fmt: skip
# The totals by expiry add up to balance and deficit here, and to what is in the open lots above.
_ACCOUNTS = Screen(
    "account", "member_id", 500,
    "SELECT a.member_id FROM account a WHERE a.member_id BETWEEN :first AND :last AND (a.deficit < 0 "
    "OR (a.balance, a.entries) <> (SELECT COALESCE(SUM(e.points), 0), COUNT(*) FROM entry e "
    "WHERE e.member_id = a.member_id) "
    "OR a.balance <> COALESCE((SELECT e.balance_after FROM entry e WHERE e.member_id = a.member_id "
    "ORDER BY e.id DESC LIMIT 1), 0) "
    "OR a.balance + a.deficit <> COALESCE((SELECT SUM(x.points) FROM account_expiry x "
    "WHERE x.member_id = a.member_id), 0))",
)  # fmt: skip
_HOLDS = Screen(
    "hold", "entry_id", 2_000,
    "SELECT h.member_id FROM hold h WHERE h.entry_id BETWEEN :first AND :last "
    "AND CASE h.state WHEN 'held' THEN 0 ELSE 1 END <> COALESCE((SELECT SUM("
    "CASE WHEN e.kind = CASE h.state WHEN 'captured' THEN 'capture' WHEN 'released' THEN 'release' ELSE '' END "
    "THEN 1 ELSE 2 END) FROM entry e WHERE e.reverses = h.entry_id AND e.reverses <> 0 "
    "AND e.kind IN ('capture', 'release')), 0)",
)  # fmt: skip
_EXPIRIES = Screen(
    "account", "member_id", 500,
    "SELECT x.member_id FROM account_expiry x WHERE x.member_id BETWEEN :first AND :last AND x.points <> 0 "
    "AND NOT EXISTS (SELECT 1 FROM lot l WHERE l.member_id = x.member_id AND l.expires_at = x.expires_at "
    "AND l.remaining > 0)",
)  # fmt: skip
_REFUNDS = Screen(
    "refund", "id", 2_000,
    "SELECT p.member_id FROM refund r JOIN purchase p ON p.id = r.purchase_id WHERE r.id BETWEEN :first AND :last "
    "AND (p.refunded <> (SELECT SUM(s.amount) FROM refund s WHERE s.purchase_id = p.id) "
    "OR p.points_back <> (SELECT SUM(s.points) FROM refund s WHERE s.purchase_id = p.id))",
)  # fmt: skip

_MEMBERS = Screen(
    "account", "member_id", 5_000,
    "SELECT a.member_id FROM account a WHERE a.member_id BETWEEN :first AND :last AND (a.deficit < 0 "
    "OR (a.balance, a.entries) <> (SELECT COALESCE(SUM(e.points), 0), COUNT(*) FROM entry e "
    "WHERE e.member_id = a.member_id) "
    "OR a.balance + a.deficit <> COALESCE((SELECT SUM(l.remaining) FROM lot l "
    "WHERE l.member_id = a.member_id AND l.remaining > 0), 0))",
)  # fmt: skip

# Σ entries = balance = Σ lots − deficit, of every member …
SUMS = (_MEMBERS,)
# … and all besides: each lot by what was taken from it, each day's sum of lots, each hold, purchase and refund by its
# entries, months by purchases. The longest first, for those who look through several side by side.
SCREENS = (_PURCHASES, _OPEN_LOTS, _LOTS, _SPENDING, _ACCOUNTS, _HOLDS, _EXPIRIES, _REFUNDS)


def page(tx: Tx, screen: Screen, after: int) -> Page:
    """The next rows with ids above `after`, and whose books are in doubt by them."""
    first, last, rows = tx.one(
        f"SELECT COALESCE(MIN(id), 0), COALESCE(MAX(id), 0), COUNT(*) FROM (SELECT {screen.key} AS id "
        f"FROM {screen.table} WHERE {screen.key} > :after ORDER BY {screen.key} LIMIT :limit) AS page",
        after=after, limit=screen.rows,
    ) or (0, 0, 0)  # fmt: skip
    if not rows:
        return Page(0, [])
    doubtful = {row[0] for row in tx.all(screen.sql, first=first, last=last)}
    return Page(last if rows == screen.rows else 0, sorted(doubtful))


def extent(tx: Tx, screens: Iterable[Screen]) -> int:
    """How far these screens go together, in ids."""
    return sum(last_id(tx, screen) for screen in screens)


def last_id(tx: Tx, screen: Screen) -> int:
    """The highest id a screen looks at, 0 if there is none."""
    highest: int = tx.value(f"SELECT COALESCE(MAX({screen.key}), 0) FROM {screen.table}")
    return highest
