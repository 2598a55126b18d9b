"""The catalogue of gifts, and their pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.database import Row, Tx
from loyalty.gifts import Terms


@dataclass(frozen=True, slots=True)
class Gift:
    id: int
    terms: Terms
    picture_id: int  # 0: none
    offered: bool  # else withdrawn
    created_by: int
    created_at: int  # epoch ms UTC


_TERMS = "names, points, cash, tier, per_member, per_month, starts_at, ends_at, collect_from"
_COLUMNS = f"id, {_TERMS}, picture_id, status, created_by, created_at"


def add(tx: Tx, terms: Terms, picture_id: int, created_by: int) -> int:
    """The new gift's id; it is offered at once."""
    gift_id: int = tx.value(
        f"INSERT INTO gift ({_TERMS}, picture_id, created_by, created_at) VALUES (:names, :points, :cash, :tier, "
        ":per_member, :per_month, :starts_at, :ends_at, :collect_from, :picture_id, :created_by, :now) RETURNING id",
        picture_id=picture_id, created_by=created_by, now=tx.now, **_params(terms),
    )  # fmt: skip
    return gift_id


def get(tx: Tx, gift_id: int) -> Gift | None:
    """The gift, whether offered or not."""
    row = tx.one(f"SELECT {_COLUMNS} FROM gift WHERE id = :gift_id", gift_id=gift_id)
    return _gift(row) if row else None


def list_offered(tx: Tx) -> list[Gift]:
    """What members may choose from now, the cheapest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM gift WHERE status = 'offered' AND starts_at <= :now AND ends_at >= :now "
        "ORDER BY points, id",
        now=tx.now,
    )
    return [_gift(row) for row in rows]


def list_all(tx: Tx) -> list[Gift]:
    """All there ever were, offered ones first, then the newest."""
    return [_gift(row) for row in tx.all(f"SELECT {_COLUMNS} FROM gift ORDER BY status, id DESC")]


def change(tx: Tx, gift_id: int, terms: Terms, picture_id: int) -> None:
    """Of reservations that were made before, nothing changes."""
    tx.run(
        "UPDATE gift SET names = :names, points = :points, cash = :cash, tier = :tier, per_member = :per_member, "
        "per_month = :per_month, starts_at = :starts_at, ends_at = :ends_at, collect_from = :collect_from, "
        "picture_id = :picture_id WHERE id = :gift_id",
        gift_id=gift_id, picture_id=picture_id, **_params(terms),
    )  # fmt: skip


def set_offered(tx: Tx, gift_id: int, offered: bool) -> bool:
    """Offer or withdraw it; False if it is so already."""
    return 1 == tx.run(
        "UPDATE gift SET status = :status WHERE id = :gift_id AND status <> :status",
        gift_id=gift_id, status="offered" if offered else "withdrawn",
    )  # fmt: skip


def add_picture(tx: Tx, jpeg: bytes, added_by: int) -> int:
    """The new picture's id."""
    picture_id: int = tx.value(
        "INSERT INTO gift_picture (jpeg, added_by, added_at) VALUES (:jpeg, :added_by, :now) RETURNING id",
        jpeg=jpeg, added_by=added_by, now=tx.now,
    )  # fmt: skip
    return picture_id


def get_picture(tx: Tx, picture_id: int) -> bytes:
    """A JPEG of at most 1280 pixels; LookupError if there is none."""
    jpeg = tx.value("SELECT jpeg FROM gift_picture WHERE id = :picture_id", picture_id=picture_id)
    if jpeg is None:
        raise LookupError("no such picture")
    return bytes(jpeg)


def _params(terms: Terms) -> dict[str, Any]:
    return {
        "names": json.dumps(dict(terms.names), ensure_ascii=False),
        "points": terms.points,
        "cash": terms.cash,
        "tier": terms.tier,
        "per_member": terms.per_member,
        "per_month": terms.per_month,
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
        "collect_from": terms.collect_from,
    }


def _gift(row: Row) -> Gift:
    gift_id, names, *terms, picture_id, status, created_by, created_at = row
    return Gift(gift_id, Terms(json.loads(names), *terms), picture_id, status == "offered", created_by, created_at)
