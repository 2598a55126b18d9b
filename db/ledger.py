"""The ledger: append-only entries, the lots they fill, and what each entry took from which lot (DESIGN §4).

Balance = sum of the entries = what remains in the lots less the deficit, always: `db/ledger_checks.py` proves it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from db import accounts
from db.database import Row, Tx
from loyalty import lots
from loyalty.errors import IdempotencyConflict
from loyalty.lots import Lot


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be entered."""

    member_id: int
    kind: str  # earn, reversal
    points: int  # signed
    reason: str  # purchase, undo …
    key: str  # unique for ever
    actor: int  # Telegram id; 0: the programme itself
    occurred_at: int  # epoch ms UTC
    store_id: int = 0
    purchase_id: int = 0
    reverses: int = 0  # id of the entry this one takes back
    detail: Mapping[str, Any] = field(default_factory=dict)  # JSON-able; explains the points, never personal data

    @property
    def content(self) -> bytes:
        """A digest of what must agree when the key comes again; when and by whom it is repeated does not matter."""
        told = (self.member_id, self.kind, self.points, self.reason, self.store_id, self.purchase_id, self.reverses)
        return sha256(json.dumps(told).encode()).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger, as kept."""

    id: int
    member_id: int
    kind: str
    points: int
    balance_after: int
    reason: str
    actor: int
    store_id: int
    purchase_id: int
    reverses: int
    detail: dict[str, Any]
    occurred_at: int
    recorded_at: int


@dataclass(frozen=True, slots=True)
class Take:
    """Points an entry takes out of a lot."""

    lot_id: int
    expires_at: int
    points: int


_COLUMNS = (
    "id, member_id, kind, points, balance_after, reason, actor, store_id, purchase_id, reverses, detail, occurred_at, "
    "recorded_at"
)
_DETAIL = _COLUMNS.split(", ").index("detail")


def earn(tx: Tx, posting: Posting, active_at: int, expires_at: int) -> Entry:
    """Enter points earned, as a lot of their own, out of which a deficit is repaid first. Zero points fill no lot.

    Usable from active_at until expires_at (epoch ms, both included). The same posting again gives the same entry and
    changes nothing; refuses IdempotencyConflict if its key was used for something else.
    """
    accounts.lock(tx, posting.member_id)
    balance, deficit = accounts.totals(tx, posting.member_id)
    entry, is_new = _append(tx, posting, balance)
    if is_new:
        repaid = lots.repay(deficit, posting.points)
        accounts.add_entry(tx, posting.member_id, posting.points, deficit=-repaid)
        if posting.points:
            lot = Take(_add_lot(tx, entry, active_at, expires_at), expires_at, repaid)
            accounts.add_expiring(tx, posting.member_id, expires_at, posting.points)
            _take(tx, entry, [lot])
    return entry


def take(tx: Tx, posting: Posting, takes: Sequence[Take]) -> Entry:
    """Enter points taken (posting.points is negative) out of these lots; what they do not make up becomes a deficit.

    Whoever decides from which lots has taken `accounts.lock` before looking at them. Repeats as `earn`.
    """
    balance, _ = accounts.totals(tx, posting.member_id)
    entry, is_new = _append(tx, posting, balance)
    if is_new:
        missing = -posting.points - sum(part.points for part in takes)
        accounts.add_entry(tx, posting.member_id, posting.points, deficit=missing)
        _take(tx, entry, takes)
    return entry


def reverse(tx: Tx, earned: Entry, reason: str, actor: int) -> Entry:
    """Take back all an entry gave, once: out of its own lot what is left there; what was spent is owed."""
    accounts.lock(tx, earned.member_id)
    found = list_lots(tx, earned.id)
    expiries = {lot.id: lot.expires_at for lot in found}
    clawback = lots.claw_back(found, earned.points)
    posting = Posting(
        member_id=earned.member_id, kind="reversal", points=-earned.points, reason=reason, actor=actor,
        key=f"reversal:{earned.id}", occurred_at=tx.now, store_id=earned.store_id, purchase_id=earned.purchase_id,
        reverses=earned.id,
    )  # fmt: skip
    return take(tx, posting, [Take(lot_id, expiries[lot_id], points) for lot_id, points in clawback.taken])


def get_earned(tx: Tx, purchase_id: int) -> Entry | None:
    """What a purchase earned."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM entry WHERE purchase_id = :purchase_id AND purchase_id <> 0 AND kind = 'earn'",
        purchase_id=purchase_id,
    )
    return _entry(row) if row else None


def list_lots(tx: Tx, entry_id: int) -> list[Lot]:
    """The lots an entry filled, with what is left in them."""
    rows = tx.all(
        "SELECT id, remaining, active_at, expires_at, id FROM lot WHERE entry_id = :entry_id", entry_id=entry_id
    )
    return [Lot(*row) for row in rows]


def _append(tx: Tx, posting: Posting, balance: int) -> tuple[Entry, bool]:
    """The entry, and whether it is new."""
    row = tx.one(
        "INSERT INTO entry (member_id, kind, points, balance_after, reason, actor, store_id, purchase_id, reverses, "
        "detail, occurred_at, recorded_at, key, content) VALUES (:member_id, :kind, :points, :balance_after, :reason, "
        ":actor, :store_id, :purchase_id, :reverses, :detail, :occurred_at, :now, :key, :content) "
        f"ON CONFLICT (key) DO NOTHING RETURNING {_COLUMNS}",
        member_id=posting.member_id, kind=posting.kind, points=posting.points, reason=posting.reason,
        balance_after=balance + posting.points, actor=posting.actor, store_id=posting.store_id,
        purchase_id=posting.purchase_id, reverses=posting.reverses, occurred_at=posting.occurred_at, now=tx.now,
        detail=json.dumps(posting.detail, ensure_ascii=False), key=posting.key, content=posting.content,
    )  # fmt: skip
    return (_entry(row), True) if row else (_repeated(tx, posting), False)


def _repeated(tx: Tx, posting: Posting) -> Entry:
    row = tx.one(f"SELECT {_COLUMNS}, content FROM entry WHERE key = :key", key=posting.key)
    if row is None or bytes(row[-1]) != posting.content:
        raise IdempotencyConflict
    return _entry(row[:-1])


def _entry(row: Row) -> Entry:
    values = list(row)
    values[_DETAIL] = json.loads(values[_DETAIL])
    return Entry(*values)


def _add_lot(tx: Tx, entry: Entry, active_at: int, expires_at: int) -> int:
    lot_id: int = tx.value(
        "INSERT INTO lot (member_id, entry_id, points, remaining, active_at, expires_at) "
        "VALUES (:member_id, :entry_id, :points, :points, :active_at, :expires_at) RETURNING id",
        member_id=entry.member_id, entry_id=entry.id, points=entry.points, active_at=active_at, expires_at=expires_at,
    )  # fmt: skip
    return lot_id


def _take(tx: Tx, entry: Entry, takes: Sequence[Take]) -> None:
    """Out of the lots, noted as allocations, and out of the totals by expiry."""
    for part in takes:
        if part.points:
            _take_from_lot(tx, entry.id, part)
            accounts.add_expiring(tx, entry.member_id, part.expires_at, -part.points)


def _take_from_lot(tx: Tx, entry_id: int, part: Take) -> None:
    """The constraint lot_remaining_within fails if there is less left."""
    tx.run(
        "UPDATE lot SET remaining = remaining - :points WHERE id = :lot_id", lot_id=part.lot_id, points=part.points
    )  # fmt: skip
    tx.run(
        "INSERT INTO allocation (entry_id, lot_id, points) VALUES (:entry_id, :lot_id, :points)",
        entry_id=entry_id, lot_id=part.lot_id, points=-part.points,
    )  # fmt: skip
