"""Kinds of coupons: their terms, their limits, and what has become of them."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Row, Tx
from loyalty import coupons
from loyalty.coupons import Limits, Terms

MADE_IN_CHAT = "+"  # begins the code of those the charter knows nothing of


@dataclass(frozen=True, slots=True)
class Definition:
    """One kind. granted, used: how many coupons; saved: by them, in minor units."""

    id: int
    code: str
    digest: str
    active: bool  # else stopped: nothing more is granted
    limits: Limits
    granted: int
    used: int
    saved: int
    told_percent: int
    created_by: int
    created_at: int  # epoch ms UTC
    terms_id: int
    terms: Terms

    @property
    def in_charter(self) -> bool:
        return not self.code.startswith(MADE_IN_CHAT)


_COLUMNS = (
    "d.id, d.code, d.digest, d.status, d.per_member, d.in_total, d.budget, d.granted, d.used, d.saved, d.told_percent, "
    "d.created_by, d.created_at, d.terms_id, t.terms"
)
_FROM = f"SELECT {_COLUMNS} FROM coupon_definition d JOIN coupon_terms t ON t.id = d.terms_id"


def get(tx: Tx, definition_id: int) -> Definition | None:
    row = tx.one(f"{_FROM} WHERE d.id = :id", id=definition_id)
    return _definition(row) if row else None


def get_by_code(tx: Tx, code: str) -> Definition | None:
    row = tx.one(f"{_FROM} WHERE d.code = :code", code=code)
    return _definition(row) if row else None


def list_all(tx: Tx) -> list[Definition]:
    """All there ever were, active ones first, then the newest."""
    return [_definition(row) for row in tx.all(f"{_FROM} ORDER BY d.status, d.id DESC")]


def list_over(tx: Tx, percent: int) -> list[Definition]:
    """Active ones of whose budget at least so much is used, and of which managers have been told of less."""
    rows = tx.all(
        f"{_FROM} WHERE d.budget > 0 AND d.status = 'active' AND d.told_percent < :percent "
        "AND d.saved * 100 >= d.budget * :percent ORDER BY d.id",
        percent=percent,
    )
    return [_definition(row) for row in rows]


def add(tx: Tx, code: str, digest: str, terms: Terms, limits: Limits, created_by: int) -> int:
    """Its id; the one that is there, if the code is known."""
    tx.run(
        "INSERT INTO coupon_definition (code, digest, per_member, in_total, budget, created_by, created_at) "
        "VALUES (:code, '', :per_member, :in_total, :budget, :created_by, :now) ON CONFLICT (code) DO NOTHING",
        code=code, per_member=limits.per_member, in_total=limits.in_total, budget=limits.budget,
        created_by=created_by, now=tx.now,
    )  # fmt: skip
    definition_id: int = tx.value("SELECT id FROM coupon_definition WHERE code = :code", code=code)
    change(tx, definition_id, digest, terms, limits)
    return definition_id


def change(tx: Tx, definition_id: int, digest: str, terms: Terms, limits: Limits) -> None:
    """From now on it is granted under these terms; coupons that were granted keep theirs."""
    text = coupons.as_json(terms)
    tx.run(
        "INSERT INTO coupon_terms (definition_id, digest, terms) VALUES (:id, :digest, :terms) "
        "ON CONFLICT (definition_id, digest) DO NOTHING",
        id=definition_id, digest=digest, terms=text,
    )  # fmt: skip
    tx.run(
        "UPDATE coupon_definition SET digest = :digest, per_member = :per_member, in_total = :in_total, "
        "told_percent = CASE WHEN budget = :budget THEN told_percent ELSE 0 END, budget = :budget, "
        "terms_id = (SELECT t.id FROM coupon_terms t WHERE t.definition_id = :id AND t.digest = :digest) "
        "WHERE id = :id",
        id=definition_id, digest=digest, per_member=limits.per_member, in_total=limits.in_total, budget=limits.budget,
    )  # fmt: skip


def next_code(tx: Tx) -> str:
    """For one that is made in chat: `+12`. The caller has serialised."""
    return f"{MADE_IN_CHAT}{1 + (tx.value('SELECT MAX(id) FROM coupon_definition') or 0)}"


def set_active(tx: Tx, definition_id: int, active: bool) -> bool:
    """Stop it, or let it go on; False if it is so already."""
    return 1 == tx.run(
        "UPDATE coupon_definition SET status = :status WHERE id = :id AND status <> :status",
        id=definition_id, status="active" if active else "stopped",
    )  # fmt: skip


def count_grant(tx: Tx, definition_id: int) -> bool:
    """One more is granted; False if it is stopped, all of them are gone, or the budget is used up.

    Until the transaction ends, nobody else grants of this kind.
    """
    return 1 == tx.run(
        "UPDATE coupon_definition SET granted = granted + 1 WHERE id = :id AND status = 'active' "
        "AND (in_total = 0 OR granted < in_total) AND (budget = 0 OR saved < budget)",
        id=definition_id,
    )


def uncount_grant(tx: Tx, definition_id: int) -> None:
    """That one was not granted after all."""
    tx.run("UPDATE coupon_definition SET granted = granted - 1 WHERE id = :id", id=definition_id)


def count_use(tx: Tx, definition_id: int, saving: int) -> bool:
    """One more is used and saves so much; False if that is more than is left of the budget."""
    return 1 == tx.run(
        "UPDATE coupon_definition SET used = used + 1, saved = saved + :saving "
        "WHERE id = :id AND (budget = 0 OR saved + :saving <= budget)",
        id=definition_id, saving=saving,
    )  # fmt: skip


def uncount_use(tx: Tx, definition_id: int, saving: int) -> None:
    """That one came back."""
    tx.run(
        "UPDATE coupon_definition SET used = used - 1, saved = saved - :saving WHERE id = :id",
        id=definition_id, saving=saving,
    )  # fmt: skip


def list_budgets(tx: Tx) -> dict[int, int]:
    """By id: what is left of the budget of those that have one, in minor units."""
    rows = tx.all("SELECT id, budget - saved FROM coupon_definition WHERE budget > 0")
    return {row[0]: row[1] for row in rows}


def mark_told(tx: Tx, definition_id: int, percent: int) -> bool:
    """Managers are told that so much of the budget is used; False if they have been."""
    return 1 == tx.run(
        "UPDATE coupon_definition SET told_percent = :percent WHERE id = :id AND told_percent < :percent",
        id=definition_id, percent=percent,
    )  # fmt: skip


def _definition(row: Row) -> Definition:
    definition_id, code, digest, status, per_member, in_total, budget, *counts, terms = row
    granted, used, saved, told, created_by, created_at, terms_id = counts
    return Definition(
        definition_id, code, digest, status == "active", Limits(per_member, in_total, budget), granted, used, saved,
        told, created_by, created_at, terms_id, coupons.from_json(terms),
    )  # fmt: skip
