"""What was given for cases with the chain's apologies, and what waits for a second person to agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from db.database import Tx

State = Literal["waiting", "given", "declined"]


@dataclass(frozen=True, slots=True)
class Compensation:
    """Points, or a coupon of this code. Instants in epoch ms UTC, people by Telegram id, 0 for none."""

    id: int
    case_id: int
    member_id: int
    store_id: int  # the case's at that time; 0: no store
    points: int
    coupon: str  # '' for points
    state: State
    asked_by: int
    asked_at: int
    decided_by: int  # 0: nobody, or nobody had to
    settled_at: int  # since when it is given or declined
    entry_id: int
    coupon_id: int


@dataclass(frozen=True, slots=True)
class NewCompensation:
    case_id: int
    member_id: int
    store_id: int
    points: int
    coupon: str
    asked_by: int


_COLUMNS = ", ".join(Compensation.__dataclass_fields__)


def add(tx: Tx, new: NewCompensation) -> Compensation:
    """Waiting, to begin with."""
    row = tx.one(
        "INSERT INTO case_compensation (case_id, member_id, store_id, points, coupon, state, asked_by, asked_at) "
        "VALUES (:case_id, :member_id, :store_id, :points, :coupon, 'waiting', :asked_by, :now) "
        f"RETURNING {_COLUMNS}",
        case_id=new.case_id, member_id=new.member_id, store_id=new.store_id, points=new.points, coupon=new.coupon,
        asked_by=new.asked_by, now=tx.now,
    )  # fmt: skip
    assert row is not None
    return Compensation(*row)


def get(tx: Tx, compensation_id: int) -> Compensation | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM case_compensation WHERE id = :id", id=compensation_id)
    return Compensation(*row) if row else None


def list_of_case(tx: Tx, case_id: int) -> list[Compensation]:
    """In the order it was asked for."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM case_compensation WHERE case_id = :id ORDER BY id", id=case_id)
    return [Compensation(*row) for row in rows]


def given_alone(tx: Tx, member_id: int, asked_by: int, since: int) -> tuple[int, int]:
    """Points and coupons this person gave this member for whatever cases since then (epoch ms), without a second."""
    row = tx.one(
        "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT), COUNT(NULLIF(coupon, '')) FROM case_compensation "
        "WHERE member_id = :member_id AND asked_at >= :since AND asked_by = :asked_by AND state = 'given' "
        "AND decided_by = 0",
        member_id=member_id, asked_by=asked_by, since=since,
    )  # fmt: skip
    assert row is not None
    return row[0], row[1]


def list_sellers_lately(tx: Tx, case_id: int, span: int) -> set[int]:
    """Telegram ids of who wrote the case, or one merged into it, down themselves, and sold the member something within
    so many ms before: what it is about was theirs to choose.
    """
    rows = tx.all(
        "SELECT DISTINCT p.recorded_by FROM service_case c JOIN purchase p ON p.member_id = c.member_id "
        "AND p.occurred_at BETWEEN c.opened_at - :span AND c.opened_at "
        "WHERE c.id IN (SELECT id FROM service_case WHERE id = :id "
        "UNION ALL SELECT id FROM service_case WHERE merged_into = :id AND merged_into <> 0) "
        "AND c.opened_by = p.recorded_by",
        id=case_id, span=span,
    )  # fmt: skip
    return {row[0] for row in rows}


def settle(tx: Tx, compensation_id: int, state: State, decided_by: int, since: int) -> bool:
    """Given or declined; False if that is settled already, or was asked for before `since` (epoch ms)."""
    return 1 == tx.run(
        "UPDATE case_compensation SET state = :state, decided_by = :decided_by, settled_at = :now "
        "WHERE id = :id AND state = 'waiting' AND asked_at >= :since",
        id=compensation_id, state=state, decided_by=decided_by, since=since, now=tx.now,
    )  # fmt: skip


def set_given(tx: Tx, compensation_id: int, entry_id: int, coupon_id: int) -> None:
    """What the member has of it."""
    tx.run(
        "UPDATE case_compensation SET entry_id = :entry_id, coupon_id = :coupon_id WHERE id = :id",
        id=compensation_id, entry_id=entry_id, coupon_id=coupon_id,
    )  # fmt: skip


def move_all(tx: Tx, case_id: int, into_id: int) -> None:
    """To the case that the other one was merged into."""
    tx.run("UPDATE case_compensation SET case_id = :into WHERE case_id = :case_id", into=into_id, case_id=case_id)
