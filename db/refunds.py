"""Refunds: what was paid back of which purchase, and what that took of its points."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Refund:
    """Amount in minor units. points: how many were due; detail explains what came of them, never whose they are."""

    id: int
    purchase_id: int
    amount: int
    points: int
    entry_id: int
    refunded_at: int  # epoch ms UTC
    detail: dict[str, Any]
    content: bytes  # digest of what must agree when the key comes again


@dataclass(frozen=True, slots=True)
class NewRefund:
    purchase_id: int
    member_id: int
    store_id: int
    amount: int
    points: int
    entry_id: int
    refunded_by: int
    key: str  # unique for ever
    content: bytes
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """One line of a purchase; amount in minor units."""

    position: int  # from 1
    item: str
    amount: int
    refunded: bool


@dataclass(frozen=True, slots=True)
class Refundable:
    """A purchase of which something can still be paid back. Amounts in minor units."""

    purchase_id: int
    at: int  # epoch ms UTC
    store: str
    amount: int
    left: int


def add(tx: Tx, new: NewRefund) -> int:
    """Its id. The caller has looked at the key."""
    refund_id: int = tx.value(
        "INSERT INTO refund (purchase_id, member_id, store_id, amount, points, entry_id, refunded_by, refunded_at, "
        "key, content, detail) VALUES (:purchase_id, :member_id, :store_id, :amount, :points, :entry_id, "
        ":refunded_by, :now, :key, :content, :detail) RETURNING id",
        purchase_id=new.purchase_id, member_id=new.member_id, store_id=new.store_id, amount=new.amount,
        points=new.points, entry_id=new.entry_id, refunded_by=new.refunded_by, now=tx.now, key=new.key,
        content=new.content, detail=json.dumps(new.detail, ensure_ascii=False),
    )  # fmt: skip
    return refund_id


def add_lines(tx: Tx, refund_id: int, purchase_id: int, positions: Sequence[int]) -> None:
    """The constraint refund_line_pk fails if one of them was given back before."""
    if positions:
        tx.many(
            "INSERT INTO refund_line (purchase_id, position, refund_id) VALUES (:purchase_id, :position, :refund_id)",
            [{"purchase_id": purchase_id, "position": place, "refund_id": refund_id} for place in positions],
        )


def get_by_key(tx: Tx, key: str) -> Refund | None:
    row = tx.one(
        "SELECT id, purchase_id, amount, points, entry_id, refunded_at, detail, content FROM refund WHERE key = :key",
        key=key,
    )
    if row is None:
        return None
    refund_id, purchase_id, amount, points, entry_id, refunded_at, detail, content = row
    return Refund(refund_id, purchase_id, amount, points, entry_id, refunded_at, json.loads(detail), bytes(content))


def take(tx: Tx, purchase_id: int, before: int, amount: int, points: int) -> bool:
    """Note that so much more of a purchase is paid back, and the points due for it.

    False if it was undone, or if not exactly `before` had been paid back of it.
    """
    return 1 == tx.run(
        "UPDATE purchase SET refunded = refunded + :amount, points_back = points_back + :points "
        "WHERE id = :purchase_id AND status = 'recorded' AND refunded = :before AND refunded + :amount <= amount",
        purchase_id=purchase_id, before=before, amount=amount, points=points,
    )  # fmt: skip


def list_lines(tx: Tx, purchase_id: int) -> list[BoughtLine]:
    rows = tx.all(
        "SELECT l.position, l.item, l.amount, r.refund_id FROM purchase_line l LEFT JOIN refund_line r "
        "ON r.purchase_id = l.purchase_id AND r.position = l.position "
        "WHERE l.purchase_id = :purchase_id ORDER BY l.position",
        purchase_id=purchase_id,
    )  # fmt: skip
    return [BoughtLine(position, item, amount, refund_id is not None) for position, item, amount, refund_id in rows]


def list_refundable(tx: Tx, member_id: int, least: int, limit: int) -> list[Refundable]:
    """The member's purchases of which at least so much can be paid back, newest first."""
    rows = tx.all(
        "SELECT p.id, p.occurred_at, s.name, p.amount, p.amount - p.refunded FROM purchase p "
        "JOIN store s ON s.id = p.store_id WHERE p.member_id = :member_id AND p.status = 'recorded' "
        "AND p.amount - p.refunded >= :least ORDER BY p.occurred_at DESC, p.id DESC LIMIT :limit",
        member_id=member_id, least=max(1, least), limit=limit,
    )  # fmt: skip
    return [Refundable(*row) for row in rows]
