"""What managers' reports count, for some stores and a span of time; each question walks an index of its own.

store_ids: 0 stands for no store in particular. begins and ends: epoch ms UTC, the end not included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from db.database import Tx
from loyalty.cases import Kind

Moment = Literal["answer", "resolve"]
Cohort = Literal["opened", "open", "resolved"]
# What came of a low score is no complaint that the member made.
Sort = Kind | Literal["low_score"]
SORTS: tuple[Sort, ...] = ("complaint", "low_score", "suggestion", "praise")

# Of two lower bounds SQLite may walk from the wrong one, so there is never more than one on these.
_AT = {"answer": "answered_at", "resolve": "resolved_at"}

_SORT = "CASE WHEN source = 'survey' THEN 'low_score' ELSE kind END"

# resolve_due always is: it says which index is meant.
_OPEN = "state IN ('new', 'taken', 'waiting') AND resolve_due > 0"


@dataclass(frozen=True, slots=True)
class Opened:
    """So many cases of one sort and category, opened at one store."""

    store_id: int
    sort: Sort
    category: str
    times: int


@dataclass(frozen=True, slots=True)
class Took:
    """At one store so many took as many whole working minutes; late: of them, after the due time."""

    store_id: int
    minutes: int
    times: int
    late: int


@dataclass(frozen=True, slots=True)
class Pending:
    """Cases that are open now; late: what they wait for next was due before now."""

    store_id: int
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What a store gave with its apologies."""

    store_id: int
    cases: int
    points: int
    coupons: int


@dataclass(frozen=True, slots=True)
class Complainer:
    """A member who complained more than once."""

    member_id: int
    complaints: int
    last_at: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class Listed:
    """One case of the spreadsheet. Times in epoch ms UTC and working ms, 0 where there is none."""

    id: int
    sort: Sort
    severity: str
    category: str
    store_id: int
    state: str
    opened_at: int
    answered_at: int
    answer_ms: int
    answer_late: int
    answer_due: int
    resolved_at: int
    resolve_ms: int
    resolve_late: int
    resolve_due: int
    reopened: int
    score: int
    number: str  # of the member's card; '' for nobody in particular, and for the erased
    points: int
    coupons: int


def count_opened(tx: Tx, store_ids: Sequence[int], begins: int, ends: int) -> list[Opened]:
    """By store, sort and category; without those that were merged into others."""
    within, params = _within(store_ids)
    rows = tx.all(
        f"SELECT store_id, {_SORT} AS sort, category, COUNT(*) FROM service_case WHERE {within} AND merged_into = 0 "
        "AND opened_at >= :begins AND opened_at < :ends GROUP BY store_id, sort, category",
        begins=begins, ends=ends, **params,
    )  # fmt: skip
    return [Opened(*row) for row in rows]


def total(tx: Tx, column: Literal["opened_at", "resolved_at"], ids: Sequence[int], begins: int, ends: int) -> int:
    """How many cases were opened, or solved, at these stores."""
    within, params = _within(ids)
    merged = "AND merged_into = 0 " if column == "opened_at" else ""
    found: int = tx.value(
        f"SELECT COUNT(*) FROM service_case WHERE {within} {merged}AND {column} >= :begins AND {column} < :ends",
        begins=begins, ends=ends, **params,
    )  # fmt: skip
    return found


def count_times(tx: Tx, moment: Moment, store_ids: Sequence[int], begins: int, ends: int) -> list[Took]:
    """How long first answers, or solutions, of that time took: one row for each number of minutes that occurred.

    Without those that were merged into others, which are never solved, and whose answer is the others'.
    """
    within, params = _within(store_ids)
    merged = "AND merged_into = 0 " if moment == "answer" else ""
    rows = tx.all(
        f"SELECT store_id, {moment}_ms / 60000, COUNT(*), CAST(SUM({moment}_late) AS BIGINT) FROM service_case "
        f"WHERE {within} {merged}AND {_AT[moment]} >= :begins AND {_AT[moment]} < :ends "
        f"GROUP BY store_id, {moment}_ms / 60000",
        begins=begins, ends=ends, **params,
    )  # fmt: skip
    return [Took(*row) for row in rows]


def count_open(tx: Tx, store_ids: Sequence[int]) -> list[Pending]:
    within, params = _within(store_ids)
    rows = tx.all(
        "SELECT store_id, COUNT(*), CAST(SUM(CASE WHEN "
        "CASE WHEN answer_due > 0 THEN answer_due ELSE resolve_due END < :now THEN 1 ELSE 0 END) AS BIGINT) "
        f"FROM service_case WHERE {within} AND {_OPEN} GROUP BY store_id",
        now=tx.now, **params,
    )  # fmt: skip
    return [Pending(*row) for row in rows]


def count_spent(tx: Tx, store_ids: Sequence[int], begins: int, ends: int) -> list[Spent]:
    within, params = _within(store_ids)
    rows = tx.all(
        "SELECT store_id, COUNT(DISTINCT case_id), CAST(SUM(points) AS BIGINT), "
        "CAST(SUM(CASE WHEN coupon <> '' THEN 1 ELSE 0 END) AS BIGINT) FROM case_compensation "
        f"WHERE state = 'given' AND settled_at >= :begins AND settled_at < :ends AND {within} GROUP BY store_id",
        begins=begins, ends=ends, **params,
    )  # fmt: skip
    return [Spent(*row) for row in rows]


def list_complainers(tx: Tx, store_ids: Sequence[int], since: int, limit: int) -> list[Complainer]:
    """Active members who complained twice or more since then (epoch ms), low scores apart, the most frequent first."""
    within, params = _within(store_ids)
    rows = tx.all(
        "SELECT c.member_id, c.complaints, c.last_at FROM (SELECT member_id, COUNT(*) AS complaints, "
        f"MAX(opened_at) AS last_at FROM service_case WHERE {within} AND merged_into = 0 AND opened_at >= :since "
        f"AND {_SORT} = 'complaint' AND member_id <> 0 GROUP BY member_id HAVING COUNT(*) > 1) c "
        "JOIN member m ON m.id = c.member_id AND m.status = 'active' "
        "ORDER BY c.complaints DESC, c.last_at DESC, c.member_id LIMIT :limit",
        since=since, limit=limit, **params,
    )  # fmt: skip
    return [Complainer(*row) for row in rows]


# Which cases were open at some time from begins to ends, in three parts: how each is ordered, and what is in it. The
# plus keeps SQLite to the index of open cases, and off those of all there ever were.
_COHORTS: dict[Cohort, tuple[str, str]] = {
    "opened": ("c.opened_at", "c.merged_into = 0 AND c.opened_at >= :begins AND c.opened_at < :ends"),
    "open": ("+c.opened_at", f"{_OPEN} AND +c.opened_at < :begins"),
    "resolved": ("c.resolved_at", "c.resolved_at >= :begins AND c.opened_at < :begins"),
}
COHORTS: tuple[Cohort, ...] = ("opened", "open", "resolved")
_LISTED = (
    f"SELECT c.id, {_SORT}, c.severity, c.category, c.store_id, c.state, c.opened_at, c.answered_at, c.answer_ms, "
    "c.answer_late, c.answer_due, c.resolved_at, c.resolve_ms, c.resolve_late, c.resolve_due, c.reopened, "
    "c.score, COALESCE((SELECT number FROM member WHERE id = c.member_id AND status <> 'erased'), ''), "
    "CAST((SELECT COALESCE(SUM(points), 0) FROM case_compensation WHERE case_id = c.id AND state = 'given') AS BIGINT)"
    ", (SELECT COUNT(*) FROM case_compensation WHERE case_id = c.id AND state = 'given' AND coupon <> '') "
    "FROM service_case c WHERE c.store_id = :store_id"
)


def list_cases(
    tx: Tx, cohort: Cohort, store_id: int, span: tuple[int, int], after: tuple[int, int], limit: int
) -> list[tuple[tuple[int, int], Listed]]:
    """One part of the cases of a store that were open at some time in the span, each with its place: what comes after
    the place `after`, beginning at (0, 0)."""
    order, condition = _COHORTS[cohort]
    rows = tx.all(
        f"{_LISTED} AND {condition} AND ({order} > :at OR ({order} = :at AND c.id > :id)) "
        f"ORDER BY {order}, c.id LIMIT :limit",
        store_id=store_id, begins=span[0], ends=span[1], at=after[0], id=after[1], limit=limit,
    )  # fmt: skip
    listed = [Listed(*row) for row in rows]
    return [((case.resolved_at if cohort == "resolved" else case.opened_at, case.id), case) for case in listed]


def _within(store_ids: Sequence[int]) -> tuple[str, dict[str, Any]]:
    """The condition on the store, and its parameters."""
    params = {f"store{place}": store_id for place, store_id in enumerate(store_ids)}
    return f"store_id IN ({', '.join(f':{name}' for name in params) or 'NULL'})", params
