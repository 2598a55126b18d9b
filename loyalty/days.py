"""Local days and months in the charter's time zone, and the epoch milliseconds they begin and end at."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# One purchase asks a dozen times for the day it is, and all of a day for where that day begins and ends.
_remembered = lru_cache(maxsize=512)


@_remembered
def local_date(at: int, zone: ZoneInfo) -> date:
    """The calendar day in `zone` at the instant `at` (epoch ms)."""
    return local_time(at, zone).date()


def local_time(at: int, zone: ZoneInfo) -> datetime:
    """The wall-clock time in `zone` at the instant `at` (epoch ms)."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


@_remembered
def start_of_day(day: date, zone: ZoneInfo) -> int:
    """First millisecond of a local day (epoch ms), also where clocks change at midnight."""
    midnight = datetime.combine(day, time(), zone)
    # A midnight that a clock change skips denotes an instant before the gap's end; UTC arithmetic resolves it.
    return int(midnight.astimezone(UTC).timestamp()) * 1000


def end_of_day(day: date, zone: ZoneInfo) -> int:
    """Last millisecond of a local day (epoch ms), so that its local date is still `day`."""
    return start_of_day(day + timedelta(days=1), zone) - 1


def day_span(at: int, zone: ZoneInfo) -> tuple[int, int]:
    """First and last millisecond of the local day that holds `at`."""
    day = local_date(at, zone)
    return start_of_day(day, zone), end_of_day(day, zone)


def month_span(at: int, zone: ZoneInfo) -> tuple[int, int]:
    """First and last millisecond of the local month that holds `at`."""
    day = local_date(at, zone)
    return start_of_day(day.replace(day=1), zone), end_of_day(end_of_month(day), zone)


def end_of_month(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_days(day: date, days: int) -> date:
    """`days` later."""
    return day + timedelta(days=days)


@_remembered
def add_months(day: date, months: int) -> date:
    """`months` later (or earlier, if negative); the 31st becomes the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, end_of_month(first).day))
