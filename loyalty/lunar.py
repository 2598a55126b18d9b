"""Months of the Chinese calendar on the solar one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lunar_python import LunarYear, Solar


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """A lunar month: the solar date of its first day, and its 29 or 30 days."""

    first: date
    days: int


def month_of(year: int, month: int, leap: bool) -> LunarMonth | None:
    """The `month`-th (or leap `month`-th) month of the lunar year that begins in solar `year`; None if it has none."""
    return _months(year).get(-month if leap else month)


@lru_cache(maxsize=512)
def _months(year: int) -> Mapping[int, LunarMonth]:
    """By month number, leap months negative (as lunar-python counts them)."""
    months = LunarYear.fromYear(year).getMonthsInYear()
    return {month.getMonth(): LunarMonth(_solar(month.getFirstJulianDay()), month.getDayCount()) for month in months}


def _solar(julian_day: float) -> date:
    day = Solar.fromJulianDay(julian_day)
    return date(day.getYear(), day.getMonth(), day.getDay())
