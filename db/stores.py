"""The chain's stores."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Store:
    id: int
    code: str  # as in the link ?start=s_<code>
    name: str
    district: str
    address: str
    active: bool


_COLUMNS = "id, code, name, district, address, active"


def add(tx: Tx, code: str, name: str, district: str, address: str, created_by: int) -> int | None:
    """The new store's id; None if the code is taken."""
    store_id: int | None = tx.value(
        "INSERT INTO store (code, name, district, address, created_by, created_at) "
        "VALUES (:code, :name, :district, :address, :created_by, :now) ON CONFLICT (code) DO NOTHING RETURNING id",
        code=code, name=name, district=district, address=address, created_by=created_by, now=tx.now,
    )  # fmt: skip
    return store_id


def get(tx: Tx, store_id: int) -> Store | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM store WHERE id = :store_id", store_id=store_id)
    return Store(*row) if row else None


def get_by_code(tx: Tx, code: str) -> Store | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM store WHERE code = :code", code=code)
    return Store(*row) if row else None


def name_of(tx: Tx, store_id: int) -> str:
    """'' for no store in particular (0), and for one that never was."""
    store = get(tx, store_id) if store_id else None
    return store.name if store else ""


def list_active(tx: Tx) -> list[Store]:
    """Open stores, in the order they were created."""
    return [Store(*row) for row in tx.all(f"SELECT {_COLUMNS} FROM store WHERE active = 1 ORDER BY id")]


def list_all(tx: Tx) -> list[Store]:
    """Open and closed ones, in the order they were created."""
    return [Store(*row) for row in tx.all(f"SELECT {_COLUMNS} FROM store ORDER BY id")]


def change(tx: Tx, store_id: int, name: str, district: str, address: str) -> bool:
    """False if there is no such store."""
    return 1 == tx.run(
        "UPDATE store SET name = :name, district = :district, address = :address WHERE id = :store_id",
        store_id=store_id, name=name, district=district, address=address,
    )  # fmt: skip


def set_active(tx: Tx, store_id: int, active: bool) -> bool:
    """Open or close it; False if it is so already."""
    return 1 == tx.run(
        "UPDATE store SET active = :active WHERE id = :store_id AND active <> :active",
        store_id=store_id, active=int(active),
    )  # fmt: skip
