"""What staff did, to whom. Never personal data in the detail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Record:
    id: int
    at: int  # epoch ms UTC
    actor: int
    action: str
    store_id: int
    member_id: int
    detail: dict[str, Any]


def add(tx: Tx, actor: int, action: str, *, store_id: int = 0, member_id: int = 0, **detail: Any) -> None:
    tx.run(
        "INSERT INTO audit (at, actor, action, store_id, member_id, detail) "
        "VALUES (:now, :actor, :action, :store_id, :member_id, :detail)",
        actor=actor, action=action, store_id=store_id, member_id=member_id,
        detail=json.dumps(detail, ensure_ascii=False), now=tx.now,
    )  # fmt: skip


def list_latest(tx: Tx, limit: int, before: int = 1 << 62) -> list[Record]:
    """Newest first, with ids below before."""
    rows = tx.all(
        "SELECT id, at, actor, action, store_id, member_id, detail FROM audit "
        "WHERE id < :before ORDER BY id DESC LIMIT :limit",
        before=before, limit=limit,
    )  # fmt: skip
    return [Record(*row[:6], json.loads(row[6])) for row in rows]
