"""When jobs fall due: on the chain's wall clock, whatever happens to clocks and zones.

A due time is a minute on that wall clock, `YYYY-MM-DDTHH:MM`, and comes once: when the clock is put back over it, it
was; when the clock jumps over it (in spring, or because the charter's zone has moved east), it is due at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from loyalty.days import local_time
from loyalty.jobs import Task

# Beyond the widest change of zones (from +14 to -12 hours) a wall clock behind what it had reached was wrong before.
_FARTHEST_BACK = timedelta(hours=30)
# So that a release with another cron expression looks back no farther.
_STALE = timedelta(hours=1)
# A wall-clock time is at most so far from where its instant is looked for: clocks change by two hours at most.
_CHANGE = timedelta(hours=2)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time; or the last of several that are skipped together, or that a sweep makes up for."""

    local: str
    at: int  # epoch ms UTC
    first: str
    times: int = 1  # how many were skipped


@dataclass(frozen=True, slots=True)
class Passed:
    """What fell due: to be worked on, in order; what is too late; and up to where this looked ('' if nowhere new)."""

    due: tuple[Due, ...] = ()
    skipped: Due | None = None
    seen: str = ""


def passed(task: Task, seen: str, now: int, zone: ZoneInfo) -> Passed:
    """What fell due after the local minute `seen` until now (epoch ms UTC)."""
    begin, here = datetime.fromisoformat(seen), _wall(now, zone)
    if begin - here > _FARTHEST_BACK:
        return Passed(seen=minute(here))
    if task.sweep and (last := _last(task, begin, here, now, zone)):
        return Passed((last,), seen=last.local)
    times = list(_between(task.cron, begin, here))
    if not times:
        return Passed(seen=minute(here) if here - begin > _STALE else "")
    good = [time for time in times if now - instant(time, zone) <= task.catch_up_ms]
    late = [time for time in times if time not in set(good)]
    due = tuple(_together([time], zone) for time in good)
    return Passed(due, _together(late, zone) if late else None, minute(times[-1]))


def _last(task: Task, begin: datetime, here: datetime, now: int, zone: ZoneInfo) -> Due | None:
    """A sweep's last due time, unless that is too late; a year's minutes need not be gone through for it."""
    recent = here - timedelta(milliseconds=task.catch_up_ms) - _CHANGE
    times = list(_between(task.cron, max(begin, recent), here))
    if not times or now - instant(times[-1], zone) > task.catch_up_ms:
        return None
    return Due(minute(times[-1]), instant(times[-1], zone), minute(_after(task.cron, begin) or times[-1]))


def following(cron: str, seen: str, now: int, zone: ZoneInfo) -> int | None:
    """The first due time after `seen` and after now, epoch ms UTC; None if there is none any more."""
    found = _after(cron, max(datetime.fromisoformat(seen), _wall(now, zone)))
    return None if found is None else instant(found, zone)


def on_day(cron: str, day: str, zone: ZoneInfo) -> int:
    """The first due time on that local day, epoch ms UTC; noon if there is none."""
    midnight = datetime.fromisoformat(day)
    found = _after(cron, midnight - _MINUTE)
    return instant(found if found and found.date() == midnight.date() else midnight.replace(hour=12), zone)


def here(now: int, zone: ZoneInfo) -> str:
    """The minute on the wall clock."""
    return minute(_wall(now, zone))


def instant(time: datetime, zone: ZoneInfo) -> int:
    """Epoch ms UTC of a wall-clock time: the first of two, and of none the one that it would have been."""
    return int(time.replace(tzinfo=zone).astimezone(UTC).timestamp()) * 1000


def minute(time: datetime) -> str:
    return time.isoformat(timespec="minutes")


def _wall(now: int, zone: ZoneInfo) -> datetime:
    return local_time(now, zone).replace(tzinfo=None, second=0, microsecond=0)


def _together(times: list[datetime], zone: ZoneInfo) -> Due:
    return Due(minute(times[-1]), instant(times[-1], zone), minute(times[0]), len(times))


def _between(cron: str, after: datetime, until: datetime) -> Iterator[datetime]:
    time = _after(cron, after)
    while time is not None and time <= until:
        yield time
        time = _after(cron, time)


@lru_cache(maxsize=512)
def _after(cron: str, time: datetime) -> datetime | None:
    """Wall clocks are reckoned with as if they were UTC, which skips and repeats nothing."""
    found = _trigger(cron).get_next_fire_time(None, (time + _MINUTE).replace(tzinfo=UTC))
    return None if found is None else found.replace(tzinfo=None)


@cache
def _trigger(cron: str) -> CronTrigger:
    """ValueError if it is none. Weekdays are given by name: 0 is Sunday to cron and Monday to APScheduler."""
    if any(sign.isdigit() for sign in cron.rsplit(maxsplit=1)[-1]):
        raise ValueError(f"name the days of the week in {cron!r}")
    return CronTrigger.from_crontab(cron, timezone=UTC)
