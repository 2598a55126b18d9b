"""Whose turn it is, each quarter, to be asked whether they would recommend us."""

from __future__ import annotations

from datetime import date

LIKELY = tuple(range(11))  # 0: not at all, 10: certainly
SPREAD_DAYS = 60  # of the quarter's first days, on which members' turns begin; the rest is for those who have to wait


def quarter_of(day: date) -> date:
    """The first day of the quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def shift(percent: int, quarter: date) -> int:
    """What is added to a member's id before its last two digits tell whether they belong to the quarter's share.

    The shares of successive quarters lie side by side, so nobody's turn comes again before all have had theirs.
    """
    number = quarter.year * 4 + quarter.month // 3
    return -number * percent % 100


def is_sampled(percent: int, quarter: date, member_id: int) -> bool:
    """Whether the member belongs to the share of that quarter; `db.recommendations.list_due` reckons the same."""
    return (member_id + shift(percent, quarter)) % 100 < percent
