"""Points given or taken by hand, and those that wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass

from db import members
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Adjustment:
    id: int
    member_id: int
    store_id: int  # where the asker manages; 0: the whole chain
    points: int  # signed
    reason: str  # a code of the charter
    state: str  # waiting, entered, declined
    asked_by: int
    asked_at: int  # epoch ms UTC
    decided_by: int  # 0: nobody, or nobody had to
    entry_id: int  # 0: not entered


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    member_id: int
    store_id: int
    points: int
    reason: str
    note: str  # for staff; may tell about the member, so it is sealed
    asked_by: int
    key: str  # unique for ever
    content: bytes  # digest of what must agree when the key comes again


_COLUMNS = "id, member_id, store_id, points, reason, state, asked_by, asked_at, decided_by, entry_id"


def add(tx: Tx, new: NewAdjustment) -> Adjustment:
    """Waiting, to begin with. The caller has looked at the key."""
    row = tx.one(
        "INSERT INTO adjustment (member_id, store_id, points, reason, note_sealed, state, asked_by, asked_at, key, "
        "content) VALUES (:member_id, :store_id, :points, :reason, :note, 'waiting', :asked_by, :now, :key, "
        f":content) RETURNING {_COLUMNS}",
        member_id=new.member_id, store_id=new.store_id, points=new.points, reason=new.reason, asked_by=new.asked_by,
        note=members.vault_of(tx, new.member_id).seal("adjustment", "note", new.note), now=tx.now, key=new.key,
        content=new.content,
    )  # fmt: skip
    assert row is not None
    return Adjustment(*row)


def get(tx: Tx, adjustment_id: int) -> Adjustment | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM adjustment WHERE id = :adjustment_id", adjustment_id=adjustment_id)
    return Adjustment(*row) if row else None


def get_by_key(tx: Tx, key: str) -> tuple[Adjustment, bytes] | None:
    """The adjustment asked for under this key, and the digest of its content."""
    row = tx.one(f"SELECT {_COLUMNS}, content FROM adjustment WHERE key = :key", key=key)
    return (Adjustment(*row[:-1]), bytes(row[-1])) if row else None


def note_of(tx: Tx, adjustment: Adjustment) -> str:
    """LookupError for a member who is erased."""
    sealed = tx.value("SELECT note_sealed FROM adjustment WHERE id = :id", id=adjustment.id)
    return members.vault_of(tx, adjustment.member_id).open("adjustment", "note", bytes(sealed))


def points_alone(tx: Tx, member_id: int, asked_by: int, since: int) -> int:
    """What this person gave and took, added up, since then (epoch ms) for this member without a second one."""
    points: int = tx.value(
        "SELECT CAST(COALESCE(SUM(ABS(points)), 0) AS BIGINT) FROM adjustment WHERE member_id = :member_id "
        "AND asked_by = :asked_by AND asked_at >= :since AND state = 'entered' AND decided_by = 0",
        member_id=member_id, asked_by=asked_by, since=since,
    )  # fmt: skip
    return points


def resolve(tx: Tx, adjustment_id: int, state: str, decided_by: int, since: int) -> bool:
    """entered or declined; False if it is decided already, or was asked for before `since` (epoch ms)."""
    return 1 == tx.run(
        "UPDATE adjustment SET state = :state, decided_by = :decided_by, decided_at = :now "
        "WHERE id = :adjustment_id AND state = 'waiting' AND asked_at >= :since",
        adjustment_id=adjustment_id, state=state, decided_by=decided_by, since=since, now=tx.now,
    )  # fmt: skip


def set_entry(tx: Tx, adjustment_id: int, entry_id: int) -> None:
    tx.run(
        "UPDATE adjustment SET entry_id = :entry_id WHERE id = :adjustment_id",
        adjustment_id=adjustment_id, entry_id=entry_id,
    )  # fmt: skip
