"""What purchases saved by member prices and coupons, and why. The purchase itself has what was paid."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Part:
    """What one coupon or member price took off. Names by locale."""

    name: dict[str, str]
    saving: int  # minor units
    coupon_id: int  # 0: a member price
    gift: dict[str, str]  # what was handed over; {} if nothing


@dataclass(frozen=True, slots=True)
class Saving:
    full: int  # minor units, before anything was taken off
    saved: int
    parts: list[Part]


def add(tx: Tx, purchase_id: int, member_id: int, saving: Saving) -> None:
    detail = json.dumps([asdict(part) for part in saving.parts], ensure_ascii=False)
    tx.run(
        "INSERT INTO purchase_saving (purchase_id, member_id, full_amount, saved, detail) "
        "VALUES (:purchase_id, :member_id, :full, :saved, :detail)",
        purchase_id=purchase_id, member_id=member_id, full=saving.full, saved=saving.saved, detail=detail,
    )  # fmt: skip


def get(tx: Tx, purchase_id: int) -> Saving | None:
    row = tx.one(
        "SELECT full_amount, saved, detail FROM purchase_saving WHERE purchase_id = :purchase_id",
        purchase_id=purchase_id,
    )
    if row is None:
        return None
    told: list[dict[str, Any]] = json.loads(row[2])
    return Saving(row[0], row[1], [Part(**part) for part in told])
