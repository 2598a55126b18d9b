"""What the clock brings to cases: what is pressing, what is late, what was resolved long ago."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from db.cases import Case
from db.database import Row, Tx

Mark = Literal["warned", "escalated"]
Due = Literal["answer_due", "resolve_due"]
Place = tuple[int, int, int]  # store, due time of the solution, id: where a page ended

_COLUMNS = ", ".join(Case.__dataclass_fields__)
_OPEN = "state IN ('new', 'taken', 'waiting')"


def list_open(tx: Tx, after: Place, limit: int) -> list[Case]:
    """Open cases of all stores beyond this place, in the index's order: those that ended are never looked at."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM service_case WHERE {_OPEN} AND (store_id, resolve_due, id) > (:store, :due, :id) "
        "ORDER BY store_id, resolve_due, id LIMIT :limit",
        store=after[0], due=after[1], id=after[2], limit=limit,
    )  # fmt: skip
    return _cases(rows)


def mark(tx: Tx, case: Case, column: Mark, bit: int, due: Due) -> bool:
    """Note that a step is done; False if it was, or if the case has been answered, moved or ended since it was read."""
    assert bit.bit_count() == 1
    return 1 == tx.run(
        f"UPDATE service_case SET {column} = {column} + :bit WHERE id = :id AND {_OPEN} AND {due} = :due "
        f"AND holder = :holder AND ({column} / :bit) % 2 = 0",
        id=case.id, bit=bit, due=getattr(case, due), holder=case.holder,
    )  # fmt: skip


def list_resolved(tx: Tx, until: int, after: tuple[int, int], limit: int) -> list[Case]:
    """What was resolved by then (epoch ms) and is neither confirmed nor closed, beyond (resolved_at, id)."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM service_case WHERE state = 'resolved' AND resolved_at <= :until "
        "AND (resolved_at, id) > (:at, :id) ORDER BY resolved_at, id LIMIT :limit",
        until=until, at=after[0], id=after[1], limit=limit,
    )  # fmt: skip
    return _cases(rows)


def mark_reminded(tx: Tx, case: Case) -> bool:
    """False if the member was asked again already, or has had their word meanwhile."""
    return 1 == tx.run(
        "UPDATE service_case SET reminded_at = :now "
        "WHERE id = :id AND state = 'resolved' AND reminded_at = 0 AND resolved_at = :at",
        id=case.id, at=case.resolved_at, now=tx.now,
    )  # fmt: skip


def _cases(rows: Iterable[Row]) -> list[Case]:
    return [Case(*row) for row in rows]
