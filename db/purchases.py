"""Purchases and their lines, as recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Tx
from loyalty.earning import Line


@dataclass(frozen=True, slots=True)
class Purchase:
    """Amounts in minor units, times in epoch ms UTC."""

    id: int
    member_id: int
    store_id: int
    amount: int
    payment: str  # a code of the charter, '' if not told
    points: int  # as granted
    status: str  # recorded, undone
    recorded_by: int  # Telegram id
    occurred_at: int
    recorded_at: int
    refunded: int  # of the amount
    points_back: int  # of the points, due for what was refunded


@dataclass(frozen=True, slots=True)
class NewPurchase:
    member_id: int
    store_id: int
    amount: int
    currency: str
    payment: str
    points: int
    recorded_by: int
    occurred_at: int
    key: str  # unique for ever
    content: bytes  # digest of what must agree when the key comes again


_COLUMNS = (
    "id, member_id, store_id, amount, payment, points, status, recorded_by, occurred_at, recorded_at, refunded, "
    "points_back"
)


def add(tx: Tx, new: NewPurchase) -> Purchase | None:
    """None if the key was used before."""
    purchase_id = tx.value(
        "INSERT INTO purchase (member_id, store_id, amount, currency, payment, points, recorded_by, occurred_at, "
        "recorded_at, key, content) VALUES (:member_id, :store_id, :amount, :currency, :payment, :points, "
        ":recorded_by, :occurred_at, :now, :key, :content) "
        "ON CONFLICT (key) DO NOTHING RETURNING id",
        member_id=new.member_id, store_id=new.store_id, amount=new.amount, currency=new.currency, payment=new.payment,
        points=new.points, recorded_by=new.recorded_by, occurred_at=new.occurred_at, now=tx.now, key=new.key,
        content=new.content,
    )  # fmt: skip
    if purchase_id is None:
        return None
    return Purchase(
        id=purchase_id, member_id=new.member_id, store_id=new.store_id, amount=new.amount, payment=new.payment,
        points=new.points, status="recorded", recorded_by=new.recorded_by, occurred_at=new.occurred_at,
        recorded_at=tx.now, refunded=0, points_back=0,
    )  # fmt: skip


def add_lines(tx: Tx, purchase_id: int, lines: Sequence[Line]) -> None:
    tx.many(
        "INSERT INTO purchase_line (purchase_id, position, item, category, quantity, amount) "
        "VALUES (:purchase_id, :position, :item, :category, :quantity, :amount)",
        [
            {"purchase_id": purchase_id, "position": position, "item": line.item, "category": line.category,
             "quantity": line.quantity, "amount": line.amount}
            for position, line in enumerate(lines, start=1)
        ],
    )  # fmt: skip


def get(tx: Tx, purchase_id: int) -> Purchase | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM purchase WHERE id = :purchase_id", purchase_id=purchase_id)
    return Purchase(*row) if row else None


def get_latest_by(tx: Tx, user_id: int, since: int) -> Purchase | None:
    """What this person recorded last, from then on (epoch ms); undone or not."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM purchase WHERE recorded_by = :user_id AND recorded_at >= :since "
        "ORDER BY recorded_at DESC, id DESC LIMIT 1",
        user_id=user_id, since=since,
    )  # fmt: skip
    return Purchase(*row) if row else None


def latest_of_member(tx: Tx, member_id: int, store_id: int, since: int) -> int:
    """The id of what the member bought last at that store from then on (epoch ms), 0 for nothing."""
    purchase_id: int | None = tx.value(
        "SELECT id FROM purchase WHERE member_id = :member_id AND store_id = :store_id AND status = 'recorded' "
        "AND occurred_at >= :since ORDER BY occurred_at DESC, id DESC LIMIT 1",
        member_id=member_id, store_id=store_id, since=since,
    )  # fmt: skip
    return purchase_id or 0


def list_lines(tx: Tx, purchase_id: int) -> list[Line]:
    """The goods, as they were told."""
    rows = tx.all(
        "SELECT item, category, quantity, amount FROM purchase_line WHERE purchase_id = :purchase_id ORDER BY position",
        purchase_id=purchase_id,
    )  # fmt: skip
    return [Line(*row) for row in rows]


def get_by_key(tx: Tx, key: str) -> tuple[Purchase, bytes] | None:
    """The purchase recorded under this key, and the digest of its content."""
    row = tx.one(f"SELECT {_COLUMNS}, content FROM purchase WHERE key = :key", key=key)
    return (Purchase(*row[:-1]), bytes(row[-1])) if row else None


def points_within(tx: Tx, member_id: int, begins_at: int, ends_at: int) -> int:
    """What a member's purchases earned in a span of time (epoch ms, both included), less what refunds took back."""
    points: int = tx.value(
        "SELECT COALESCE(SUM(points - points_back), 0) FROM purchase WHERE member_id = :member_id "
        "AND occurred_at BETWEEN :begins_at AND :ends_at AND status = 'recorded'",
        member_id=member_id, begins_at=begins_at, ends_at=ends_at,
    )  # fmt: skip
    return points


def mark_undone(tx: Tx, purchase_id: int, undone_by: int) -> bool:
    """False if it is undone already, or something of it was refunded."""
    return 1 == tx.run(
        "UPDATE purchase SET status = 'undone', undone_by = :undone_by, undone_at = :now "
        "WHERE id = :purchase_id AND status = 'recorded' AND refunded = 0",
        purchase_id=purchase_id, undone_by=undone_by, now=tx.now,
    )  # fmt: skip
