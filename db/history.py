"""A member's ledger as the member reads it: each entry with its store, purchase and expiry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.database import Row, Tx

NEWEST = 1 << 62  # above every id


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Amount in minor units, times in epoch ms UTC; '' and 0 where there is no store, purchase or expiry."""

    id: int
    kind: str
    points: int
    balance_after: int
    reason: str
    detail: dict[str, Any]
    occurred_at: int
    store: str
    amount: int
    status: str  # of the purchase
    expires_at: int

    @property
    def undone(self) -> bool:
        """Whether this was earned by a purchase that was undone later."""
        return self.kind == "earn" and self.status == "undone"

    @property
    def rules(self) -> list[dict[str, str]]:
        """The names, by locale, of the rules that gave something."""
        return [part["name"] for part in self.detail.get("parts", ()) if part["name"]]

    @property
    def caps(self) -> list[dict[str, Any]]:
        """The parts that took something away, as `receipts.ExplainedPart`."""
        return [part for part in self.detail.get("parts", ()) if part["kind"] == "cap"]


_DETAIL = 5
_LINES = (
    "SELECT e.id, e.kind, e.points, e.balance_after, e.reason, e.detail, e.occurred_at, COALESCE(s.name, ''), "
    "COALESCE(p.amount, 0), COALESCE(p.status, ''), COALESCE(l.expires_at, 0) FROM entry e "
    "LEFT JOIN store s ON s.id = e.store_id LEFT JOIN purchase p ON p.id = e.purchase_id "
    "LEFT JOIN lot l ON l.entry_id = e.id WHERE e.member_id = :member_id"
)


def list_before(tx: Tx, member_id: int, before: int, limit: int) -> list[HistoryLine]:
    """Newest first, with ids below before."""
    rows = tx.all(
        f"{_LINES} AND e.id < :before ORDER BY e.id DESC LIMIT :limit", member_id=member_id, before=before, limit=limit
    )
    return [_line(row) for row in rows]


def list_ids_from(tx: Tx, member_id: int, first: int, limit: int) -> list[int]:
    """Ids from first on, oldest first."""
    rows = tx.all(
        "SELECT id FROM entry WHERE member_id = :member_id AND id >= :first ORDER BY id LIMIT :limit",
        member_id=member_id, first=first, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def list_all(tx: Tx, member_id: int) -> list[HistoryLine]:
    """Oldest first."""
    return [_line(row) for row in tx.all(f"{_LINES} ORDER BY e.id", member_id=member_id)]


def _line(row: Row) -> HistoryLine:
    values = list(row)
    values[_DETAIL] = json.loads(values[_DETAIL])
    return HistoryLine(*values)
