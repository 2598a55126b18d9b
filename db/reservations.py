"""Gifts held for members under a code. Each is resolved once: captured, cancelled or lapsed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from db import members
from db.database import Row, Tx
from loyalty import codes
from loyalty.errors import CodeInvalid
from loyalty.gifts import Had

State = Literal["held", "captured", "cancelled", "lapsed"]

_CODE_BYTES = 5
_PURPOSE = "gift_code"


@dataclass(frozen=True, slots=True)
class NewReservation:
    gift_id: int
    member_id: int
    store_id: int
    points: int
    cash: int  # minor units, paid on collecting
    key: str  # unique for ever
    collect_from: int  # epoch ms UTC, as below
    collect_by: int


@dataclass(frozen=True, slots=True)
class Reservation:
    id: int
    gift_id: int
    member_id: int
    store_id: int
    points: int
    cash: int
    state: State
    entry_id: int  # of the ledger, which holds the points
    reserved_at: int
    collect_from: int
    collect_by: int
    resolved_at: int  # 0 while it is held


_COLUMNS = (
    "id, gift_id, member_id, store_id, points, cash, state, entry_id, reserved_at, collect_from, collect_by, "
    "resolved_at"
)


def add(tx: Tx, new: NewReservation) -> Reservation:
    """Under a fresh code, without its points yet: see `set_entry`."""
    code = codes.new_code(tx.random(_CODE_BYTES))
    while get_by_code(tx, code):
        code = codes.new_code(tx.random(_CODE_BYTES))
    row = tx.one(
        "INSERT INTO gift_reservation (gift_id, member_id, store_id, points, cash, code_token, code_sealed, key, "
        "reserved_at, collect_from, collect_by) VALUES (:gift_id, :member_id, :store_id, :points, :cash, :token, "
        f":sealed, :key, :now, :collect_from, :collect_by) RETURNING {_COLUMNS}",
        gift_id=new.gift_id, member_id=new.member_id, store_id=new.store_id, points=new.points, cash=new.cash,
        token=tx.vault.token(_PURPOSE, code), key=new.key, now=tx.now, collect_from=new.collect_from,
        collect_by=new.collect_by,
        sealed=members.vault_of(tx, new.member_id).seal("gift_reservation", "code", code),
    )  # fmt: skip
    assert row is not None
    return Reservation(*row)


def set_entry(tx: Tx, reservation_id: int, entry_id: int) -> None:
    tx.run("UPDATE gift_reservation SET entry_id = :entry_id WHERE id = :id", id=reservation_id, entry_id=entry_id)


def get(tx: Tx, reservation_id: int) -> Reservation | None:
    return _first(tx.one(f"SELECT {_COLUMNS} FROM gift_reservation WHERE id = :id", id=reservation_id))


def get_by_key(tx: Tx, key: str) -> Reservation | None:
    return _first(tx.one(f"SELECT {_COLUMNS} FROM gift_reservation WHERE key = :key", key=key))


def get_by_code(tx: Tx, text: str) -> Reservation | None:
    """The reservation, resolved or not, whose code was typed or scanned; None also for what no code can be."""
    try:
        token = tx.vault.token(_PURPOSE, codes.normalise(text))
    except CodeInvalid:
        return None
    return _first(tx.one(f"SELECT {_COLUMNS} FROM gift_reservation WHERE code_token = :token", token=token))


def code_of(tx: Tx, reservation: Reservation) -> str:
    """For its owner; '' once it is resolved."""
    sealed = tx.value("SELECT code_sealed FROM gift_reservation WHERE id = :id", id=reservation.id)
    if not sealed:
        return ""
    return members.vault_of(tx, reservation.member_id).open("gift_reservation", "code", bytes(sealed))


def list_held(tx: Tx, member_id: int) -> list[Reservation]:
    """What a member has yet to collect, the most urgent first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM gift_reservation WHERE member_id = :member_id AND state = 'held' "
        "ORDER BY collect_by, id",
        member_id=member_id,
    )
    return [Reservation(*row) for row in rows]


def count_had(tx: Tx, gift_id: int, member_id: int, month_begins: int) -> Had:
    """What counts against the limits per member and per month; the month begins at that instant (epoch ms)."""
    row = tx.one(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN reserved_at >= :month_begins THEN 1 ELSE 0 END), 0) "
        "FROM gift_reservation WHERE member_id = :member_id AND gift_id = :gift_id AND state IN ('held', 'captured')",
        gift_id=gift_id, member_id=member_id, month_begins=month_begins,
    )  # fmt: skip
    assert row is not None
    return Had(*row)


def is_wanted(tx: Tx, gift_id: int) -> bool:
    """Whether anybody has one or had it."""
    return tx.value(
        "SELECT 1 FROM gift_reservation WHERE gift_id = :gift_id AND state IN ('held', 'captured') LIMIT 1",
        gift_id=gift_id,
    ) is not None  # fmt: skip


def count_by_state(tx: Tx, gift_id: int) -> dict[str, int]:
    rows = tx.all(
        "SELECT state, COUNT(*) FROM gift_reservation WHERE gift_id = :gift_id GROUP BY state", gift_id=gift_id
    )
    return {row[0]: row[1] for row in rows}


def resolve(tx: Tx, reservation_id: int, state: State, by: int) -> bool:
    """End it, once; False if somebody else did. by: Telegram id, 0 for the programme. The code is wiped."""
    return 1 == tx.run(
        "UPDATE gift_reservation SET state = :state, resolved_by = :by, resolved_at = :now, code_sealed = :nothing "
        "WHERE id = :id AND state = 'held'",
        id=reservation_id, state=state, by=by, now=tx.now, nothing=b"",
    )  # fmt: skip


def list_overdue(tx: Tx, after: int, limit: int) -> list[int]:
    """Ids above `after` of those whose time to collect is over, in order."""
    rows = tx.all(
        "SELECT id FROM gift_reservation WHERE state = 'held' AND collect_by < :now AND id > :after "
        "ORDER BY id LIMIT :limit",
        now=tx.now, after=after, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def list_untold(tx: Tx, after: int, limit: int) -> list[int]:
    """Ids above `after` of lapsed ones whose owners do not know yet, in order."""
    rows = tx.all(
        "SELECT id FROM gift_reservation WHERE state = 'lapsed' AND told_at = 0 AND id > :after "
        "ORDER BY id LIMIT :limit",
        after=after, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def mark_told(tx: Tx, reservation_id: int) -> bool:
    """False if the owner knew already."""
    return 1 == tx.run(
        "UPDATE gift_reservation SET told_at = :now WHERE id = :id AND told_at = 0", id=reservation_id, now=tx.now
    )


def _first(row: Row | None) -> Reservation | None:
    return Reservation(*row) if row else None
