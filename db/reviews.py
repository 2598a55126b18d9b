"""Whose tier is to be looked at, and how tiers are held. Local days as ISO dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from db.database import Row, Tx

Metric = Literal["spend", "points"]

# Before all there are.
BEGINNING = ("", 0)
# `review_on` of a tier whose period has not been fixed.
OPEN = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A member whose tier is to be looked at."""

    member_id: int
    user_id: int  # 0: not on Telegram
    active: bool
    tier: str
    since: int  # epoch ms UTC, of the tier
    period_from: str  # '' while no period has been fixed
    period_until: str
    keep_until: str
    announced: bool
    review_on: str  # '': at once
    qualifying: int  # the metric of the period's months
    kept: int  # as above, with what came in the grace after it

    @property
    def place(self) -> tuple[str, int]:
        """In the order of `list_due`."""
        return self.review_on, self.member_id

    @property
    def seen(self) -> tuple[int, str]:
        """For `hold`."""
        return self.member_id, self.review_on


@dataclass(frozen=True, slots=True)
class Terms:
    """How a tier is held from now on."""

    period_from: str
    period_until: str
    keep_until: str
    announced: bool
    review_on: str


_COLUMN: dict[Metric, str] = {"spend": "spent", "points": "earned"}


def list_due(tx: Tx, metric: Metric, day: str, after: tuple[str, int], limit: int) -> list[Due]:
    """Whose tier is to be looked at on that day, those of earlier days first."""
    rows = tx.all(
        f"{_selected(metric)} WHERE a.review_on <= :day AND (a.review_on, a.member_id) > (:review_on, :member_id) "
        "ORDER BY a.review_on, a.member_id LIMIT :limit",
        day=day, review_on=after[0], member_id=after[1], limit=limit,
    )  # fmt: skip
    return [_due(row) for row in rows]


def get(tx: Tx, metric: Metric, member_id: int) -> Due | None:
    row = tx.one(f"{_selected(metric)} WHERE a.member_id = :member_id", member_id=member_id)
    return _due(row) if row else None


def _selected(metric: Metric) -> str:
    counted = (
        f"SELECT COALESCE(SUM(m.{_COLUMN[metric]}), 0) FROM account_month m "
        "WHERE m.member_id = a.member_id AND m.month >= substr(a.period_from, 1, 7)"
    )
    return (
        "SELECT a.member_id, p.user_id, CASE WHEN p.status = 'active' THEN 1 ELSE 0 END, p.tier, "
        "CASE WHEN a.tier_since = 0 THEN p.joined_at ELSE a.tier_since END, a.period_from, a.period_until, "
        f"a.keep_until, a.announced, a.review_on, ({counted} AND m.month <= substr(a.period_until, 1, 7)), ({counted}) "
        "FROM account a JOIN member p ON p.id = a.member_id"
    )


def hold(tx: Tx, found: Iterable[tuple[int, str]], terms: Iterable[Terms]) -> None:
    """Hold tiers so from now on, unless they have moved since: found has members and the `review_on` that was seen."""
    tx.many(
        "UPDATE account SET period_from = :period_from, period_until = :period_until, keep_until = :keep_until, "
        "announced = :announced, review_on = :review_on WHERE member_id = :member_id AND review_on = :seen",
        [
            {
                "member_id": member_id,
                "seen": seen,
                "period_from": one.period_from,
                "period_until": one.period_until,
                "keep_until": one.keep_until,
                "announced": int(one.announced),
                "review_on": one.review_on,
            }
            for (member_id, seen), one in zip(found, terms, strict=True)
        ],
    )


def _due(row: Row) -> Due:
    member_id, user_id, active, tier, since, begins, ends, keep_until, announced, review_on, qualifying, kept = row
    return Due(
        member_id, user_id, bool(active), tier, since, begins, ends, keep_until, bool(announced), review_on, qualifying,
        kept,
    )  # fmt: skip
