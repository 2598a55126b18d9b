"""Counting what members of staff did: purchases, sign-ups, gifts, cases, care, quizzes; along one index each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.database import Tx
from loyalty.scores import Figures


@dataclass(frozen=True, slots=True)
class _Source:
    """Whose deed a row is, when and where it was, which rows count, and what of them."""

    table: str
    actor: str
    time: str
    store: str  # '': it happened nowhere in particular
    counted: str
    figures: dict[str, str]  # SQL by the name in Figures


_SOURCES = (
    _Source("member", "enrolled_by", "joined_at", "home_store_id", "s.enrolled_by <> 0", {"enrolled": "COUNT(*)"}),
    _Source("purchase", "recorded_by", "recorded_at", "store_id", "s.status = 'recorded'", {"purchases": "COUNT(*)"}),
    _Source(
        "gift_reservation", "resolved_by", "resolved_at", "store_id", "s.state = 'captured'", {"gifts": "COUNT(*)"}
    ),
    _Source(
        "service_case",
        "holder",
        "resolved_at",
        "store_id",
        "s.resolved_at > 0 AND s.holder <> 0",
        {
            "solved": "COUNT(*)",
            "in_time": "SUM(CASE WHEN s.resolve_late = 0 THEN 1 ELSE 0 END)",
            "ratings": "SUM(CASE WHEN s.score > 0 THEN 1 ELSE 0 END)",
            "stars": "SUM(s.score)",
        },
    ),
    _Source("care_task", "clerk", "settled_at", "store_id", "s.state = 'done'", {"care": "COUNT(*)"}),
    _Source(
        "quiz",
        "user_id",
        "ended_at",
        "",
        "s.state = 'done'",
        {"quizzes": "COUNT(*)", "asked": "SUM(s.place)", "correct": "SUM(s.correct)"},
    ),
)
# What is done nowhere in particular counts where somebody works now; what was done here, also of who does not work here
# any more. Those of the chain may serve anywhere.
_WORK_HERE = "SELECT user_id FROM staff WHERE store_id = :store_id AND active = 1"
_EVER_SERVED = "SELECT user_id FROM staff WHERE store_id IN (:store_id, 0)"


def of_person(tx: Tx, user_id: int, bounds: Sequence[int]) -> list[Figures]:
    """One's own figures in each span between two bounds (epoch ms, ascending), the end not included."""
    found = [Figures()] * (len(bounds) - 1)
    for source in _SOURCES:
        for place, *values in _by_span(tx, source, user_id, bounds):
            found[place] = _with(found[place], source, values)
    return found


def of_store(tx: Tx, store_id: int, begins: int, ends: int) -> dict[int, Figures]:
    """By Telegram id, what each did at this store from begins to before ends (epoch ms).

    Quizzes are done nowhere in particular: they count wherever somebody works now.
    """
    found: dict[int, Figures] = {}
    for source in _SOURCES:
        whose = _EVER_SERVED if source.store else _WORK_HERE
        here = f"AND s.{source.store} = :store_id" if source.store else ""
        rows = tx.all(
            f"SELECT s.{source.actor}, {_sums(source)} FROM {source.table} s WHERE s.{source.actor} IN ({whose}) "
            f"AND s.{source.time} >= :begins AND s.{source.time} < :ends AND {source.counted} {here} "
            f"GROUP BY s.{source.actor}",
            store_id=store_id, begins=begins, ends=ends,
        )  # fmt: skip
        for user_id, *values in rows:
            found[user_id] = _with(found.get(user_id, Figures()), source, values)
    return found


def _by_span(tx: Tx, source: _Source, user_id: int, bounds: Sequence[int]) -> list[tuple[int, ...]]:
    spans = " ".join(f"WHEN s.{source.time} < :b{place + 1} THEN {place}" for place in range(len(bounds) - 1))
    return tx.all(
        f"SELECT CASE {spans} END AS span, {_sums(source)} FROM {source.table} s WHERE s.{source.actor} = :user_id "
        f"AND s.{source.time} >= :b0 AND s.{source.time} < :b{len(bounds) - 1} AND {source.counted} GROUP BY span",
        user_id=user_id, **{f"b{place}": bound for place, bound in enumerate(bounds)},
    )  # fmt: skip


def _sums(source: _Source) -> str:
    return ", ".join(f"CAST({sql} AS BIGINT)" for sql in source.figures.values())


def _with(figures: Figures, source: _Source, values: Sequence[int]) -> Figures:
    return replace(figures, **dict(zip(source.figures, values, strict=True)))
