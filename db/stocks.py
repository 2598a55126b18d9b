"""Pieces of gifts in stores. `reserved` of the `stock` are promised to somebody; what is free is the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from db.database import Tx

MovementKind = Literal["restocked", "removed", "moved"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is of one gift at one store."""

    store_id: int
    store: str  # name
    stock: int
    reserved: int

    @property
    def free(self) -> int:
        return self.stock - self.reserved


@dataclass(frozen=True, slots=True)
class Movement:
    """pieces is signed."""

    at: int  # epoch ms UTC
    kind: MovementKind
    pieces: int
    store: str
    actor: int


def lock(tx: Tx, gift_id: int) -> None:
    """From here on, no other transaction hands this gift's pieces on to those who wait. Taken after `accounts.lock`."""
    tx.serialise(f"gift:{gift_id}")


def list_shelves(tx: Tx, gift_id: int) -> list[Shelf]:
    """At open stores, in the order of their creation."""
    rows = tx.all(
        "SELECT s.id, s.name, g.stock, g.reserved FROM gift_stock g JOIN store s ON s.id = g.store_id "
        "WHERE g.gift_id = :gift_id AND s.active = 1 ORDER BY s.id",
        gift_id=gift_id,
    )
    return [Shelf(*row) for row in rows]


def get_free(tx: Tx, gift_id: int, store_id: int) -> int:
    """How many are free there; 0 at a closed store."""
    free: int | None = tx.value(
        "SELECT g.stock - g.reserved FROM gift_stock g JOIN store s ON s.id = g.store_id "
        "WHERE g.gift_id = :gift_id AND g.store_id = :store_id AND s.active = 1",
        gift_id=gift_id, store_id=store_id,
    )  # fmt: skip
    return free or 0


def reserve(tx: Tx, gift_id: int, store_id: int) -> bool:
    """Promise one piece; False if none is free."""
    return 1 == tx.run(
        "UPDATE gift_stock SET reserved = reserved + 1 "
        "WHERE gift_id = :gift_id AND store_id = :store_id AND stock - reserved >= 1",
        gift_id=gift_id, store_id=store_id,
    )  # fmt: skip


def release(tx: Tx, gift_id: int, store_id: int) -> None:
    """Take a promise back. The constraint gift_stock_reserved_within fails if there was none."""
    tx.run(
        "UPDATE gift_stock SET reserved = reserved - 1 WHERE gift_id = :gift_id AND store_id = :store_id",
        gift_id=gift_id, store_id=store_id,
    )  # fmt: skip


def hand_over(tx: Tx, gift_id: int, store_id: int) -> None:
    """A promised piece leaves the store."""
    tx.run(
        "UPDATE gift_stock SET stock = stock - 1, reserved = reserved - 1 "
        "WHERE gift_id = :gift_id AND store_id = :store_id",
        gift_id=gift_id, store_id=store_id,
    )  # fmt: skip


def put(tx: Tx, gift_id: int, store_id: int, pieces: int) -> None:
    """So many more."""
    tx.run(
        "INSERT INTO gift_stock (gift_id, store_id, stock) VALUES (:gift_id, :store_id, :pieces) "
        "ON CONFLICT (gift_id, store_id) DO UPDATE SET stock = gift_stock.stock + excluded.stock",
        gift_id=gift_id, store_id=store_id, pieces=pieces,
    )  # fmt: skip


def take_away(tx: Tx, gift_id: int, store_id: int, pieces: int) -> bool:
    """So many fewer; False if not so many are free."""
    return 1 == tx.run(
        "UPDATE gift_stock SET stock = stock - :pieces "
        "WHERE gift_id = :gift_id AND store_id = :store_id AND stock - reserved >= :pieces",
        gift_id=gift_id, store_id=store_id, pieces=pieces,
    )  # fmt: skip


def note(tx: Tx, gift_id: int, store_id: int, kind: MovementKind, pieces: int, actor: int) -> None:
    """For the gift's life."""
    tx.run(
        "INSERT INTO gift_movement (gift_id, store_id, kind, pieces, actor, at) "
        "VALUES (:gift_id, :store_id, :kind, :pieces, :actor, :now)",
        gift_id=gift_id, store_id=store_id, kind=kind, pieces=pieces, actor=actor, now=tx.now,
    )  # fmt: skip


def list_movements(tx: Tx, gift_id: int, limit: int) -> list[Movement]:
    """Newest first."""
    rows = tx.all(
        "SELECT m.at, m.kind, m.pieces, s.name, m.actor FROM gift_movement m JOIN store s ON s.id = m.store_id "
        "WHERE m.gift_id = :gift_id ORDER BY m.id DESC LIMIT :limit",
        gift_id=gift_id,
        limit=limit,
    )
    return [Movement(*row) for row in rows]
