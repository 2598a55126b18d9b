"""Those who wait for a gift, in order; and the pieces that are offered to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from db.database import Row, Tx

End = Literal["taken", "passed", "lapsed"]


@dataclass(frozen=True, slots=True)
class Wait:
    id: int
    gift_id: int
    member_id: int
    store_id: int  # 0: at any store
    state: str  # waiting, offered, taken, passed, lapsed, left
    offered_store_id: int
    told_at: int  # epoch ms UTC, 0: of the offer the member has not been told yet
    decide_by: int


_COLUMNS = "id, gift_id, member_id, store_id, state, offered_store_id, told_at, decide_by"


def add(tx: Tx, gift_id: int, member_id: int, store_id: int) -> bool:
    """To the end of the line; False for somebody who is in it."""
    return tx.one(
        "INSERT INTO gift_waiting (gift_id, member_id, store_id, joined_at) "
        "VALUES (:gift_id, :member_id, :store_id, :now) "
        "ON CONFLICT (gift_id, member_id) WHERE state IN ('waiting', 'offered') DO NOTHING RETURNING id",
        gift_id=gift_id, member_id=member_id, store_id=store_id, now=tx.now,
    ) is not None  # fmt: skip


def get(tx: Tx, wait_id: int) -> Wait | None:
    return _first(tx.one(f"SELECT {_COLUMNS} FROM gift_waiting WHERE id = :id", id=wait_id))


def get_of(tx: Tx, gift_id: int, member_id: int) -> Wait | None:
    """Where the member stands in this gift's line, or what they are offered."""
    return _first(
        tx.one(
            f"SELECT {_COLUMNS} FROM gift_waiting WHERE gift_id = :gift_id AND member_id = :member_id "
            "AND state IN ('waiting', 'offered')",
            gift_id=gift_id, member_id=member_id,
        )
    )  # fmt: skip


def count_before(tx: Tx, wait: Wait) -> int:
    """How many wait in front, whichever store they wait for."""
    count: int = tx.value(
        "SELECT COUNT(*) FROM gift_waiting WHERE gift_id = :gift_id AND state = 'waiting' AND id < :id",
        gift_id=wait.gift_id, id=wait.id,
    )  # fmt: skip
    return count


def count(tx: Tx, gift_id: int) -> int:
    """How many wait."""
    found: int = tx.value(
        "SELECT COUNT(*) FROM gift_waiting WHERE gift_id = :gift_id AND state = 'waiting'", gift_id=gift_id
    )
    return found


def first(tx: Tx, gift_id: int, store_id: int) -> Wait | None:
    """Who is next for a piece at this store. The caller holds `stocks.lock`."""
    return _first(
        tx.one(
            f"SELECT {_COLUMNS} FROM gift_waiting WHERE gift_id = :gift_id AND state = 'waiting' "
            "AND (store_id = 0 OR store_id = :store_id) ORDER BY id LIMIT 1",
            gift_id=gift_id, store_id=store_id,
        )
    )  # fmt: skip


def offer(tx: Tx, wait_id: int, store_id: int) -> bool:
    """A piece there is theirs until they decide; False if they left. They are to be told."""
    return 1 == tx.run(
        "UPDATE gift_waiting SET state = 'offered', offered_store_id = :store_id, offered_at = :now "
        "WHERE id = :id AND state = 'waiting'",
        id=wait_id, store_id=store_id, now=tx.now,
    )  # fmt: skip


def mark_told(tx: Tx, wait_id: int, decide_by: int) -> bool:
    """From now on the time to decide runs (until then, epoch ms); False if it ran already or the offer is over."""
    return 1 == tx.run(
        "UPDATE gift_waiting SET told_at = :now, decide_by = :decide_by "
        "WHERE id = :id AND state = 'offered' AND told_at = 0",
        id=wait_id, decide_by=decide_by, now=tx.now,
    )  # fmt: skip


def end_offer(tx: Tx, wait_id: int, state: End) -> bool:
    """Taken, passed on or lapsed, once; False if it was ended before."""
    return 1 == tx.run(
        "UPDATE gift_waiting SET state = :state, resolved_at = :now WHERE id = :id AND state = 'offered'",
        id=wait_id, state=state, now=tx.now,
    )  # fmt: skip


def leave(tx: Tx, wait_id: int) -> bool:
    """Out of the line; False if it came to an offer, or the member left before."""
    return 1 == tx.run(
        "UPDATE gift_waiting SET state = 'left', resolved_at = :now WHERE id = :id AND state = 'waiting'",
        id=wait_id, now=tx.now,
    )  # fmt: skip


def list_standing(tx: Tx, member_id: int) -> list[Wait]:
    """Wherever the member waits, or has an offer to decide about."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM gift_waiting WHERE member_id = :member_id AND state IN ('waiting', 'offered') "
        "ORDER BY id",
        member_id=member_id,
    )
    return [Wait(*row) for row in rows]


def disband(tx: Tx, gift_id: int) -> list[Wait]:
    """Nobody waits any more, and no offer stands; those who did, whose pieces are the caller's to release."""
    rows = tx.all(
        "UPDATE gift_waiting SET state = 'left', resolved_at = :now "
        f"WHERE gift_id = :gift_id AND state IN ('waiting', 'offered') RETURNING {_COLUMNS}",
        gift_id=gift_id, now=tx.now,
    )  # fmt: skip
    return [Wait(*row) for row in sorted(rows)]


def list_undecided(tx: Tx, after: int, limit: int) -> list[int]:
    """Ids above `after` of offers whose time to decide is over, in order."""
    rows = tx.all(
        "SELECT id FROM gift_waiting WHERE state = 'offered' AND told_at > 0 AND decide_by < :now AND id > :after "
        "ORDER BY id LIMIT :limit",
        now=tx.now, after=after, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def list_untold(tx: Tx, after: int, limit: int) -> list[int]:
    """Ids above `after` of offers whose members do not know yet, in order."""
    rows = tx.all(
        "SELECT id FROM gift_waiting WHERE state = 'offered' AND told_at = 0 AND id > :after ORDER BY id LIMIT :limit",
        after=after,
        limit=limit,
    )
    return [row[0] for row in rows]


def _first(row: Row | None) -> Wait | None:
    return Wait(*row) if row else None
