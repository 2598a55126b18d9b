"""What managers' reports rest on: spans of local days, how a chart divides them, and how long things took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from loyalty import days

Period = Literal["this_week", "last_week", "this_month", "last_month", "quarter", "year"]

PERIODS: tuple[Period, ...] = get_args(Period)
_MONTHS = {"quarter": 3, "year": 12}
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, the first and the last included."""

    begins: date
    ends: date

    def instants(self, zone: ZoneInfo) -> tuple[int, int]:
        """When it begins and when it is over (not included), epoch ms UTC."""
        return days.start_of_day(self.begins, zone), days.start_of_day(days.add_days(self.ends, 1), zone)


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, as a histogram of whole working minutes; they can be added up."""

    minutes: Mapping[int, int] = field(default_factory=dict)  # how many took so many
    late: int = 0  # of them: after the due time

    @property
    def count(self) -> int:
        return sum(self.minutes.values())

    @property
    def in_time(self) -> float | None:
        """The share that was done by its due time, 0 to 1; None where nothing was done."""
        return 1 - self.late / self.count if self.count else None

    def percentile(self, percent: int) -> int | None:
        """The shortest time (minutes) in which at least so many per cent were done: the nearest-rank definition.

        None where nothing was done. percent: 1 to 100.
        """
        rank, passed = -(-self.count * percent // 100), 0
        for minutes in sorted(self.minutes):
            passed += self.minutes[minutes]
            if passed >= rank:
                return minutes
        return None

    def __add__(self, other: Times) -> Times:
        return Times(Counter(self.minutes) + Counter(other.minutes), self.late + other.late)


def span(period: Period, today: date) -> Span:
    """Weeks begin on Monday. A quarter is this month and the two before, a year this month and the eleven before."""
    if period in _MONTHS:
        first = days.add_months(today.replace(day=1), 1 - _MONTHS[period])
        return Span(first, days.end_of_month(today))
    if period in ("this_month", "last_month"):
        first = days.add_months(today.replace(day=1), -1 if period == "last_month" else 0)
        return Span(first, days.end_of_month(first))
    monday = today - timedelta(days=today.weekday() + (_WEEK if period == "last_week" else 0))
    return Span(monday, monday + timedelta(days=_WEEK - 1))


def parts(period: Period, whole: Span) -> list[Span]:
    """What the columns of a chart stand for: days; of a quarter weeks, of a year months. The first and the last may be
    parts of a week."""
    found, begins = list[Span](), whole.begins
    while begins <= whole.ends:
        ends = min(_end_of_part(period, begins), whole.ends)
        found.append(Span(begins, ends))
        begins = days.add_days(ends, 1)
    return found


def _end_of_part(period: Period, begins: date) -> date:
    if period == "year":
        return days.end_of_month(begins)
    if period == "quarter":
        return begins + timedelta(days=_WEEK - 1 - begins.weekday())
    return begins
