"""Shop hours and quiet hours, in the charter's time zone: when time to collect and to decide runs out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from loyalty import days
from loyalty.charter import Charter

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS


def closing(charter: Charter, day: date) -> int:
    """When shops that open on that local day close (epoch ms); a time not after opening is the next morning's."""
    opens, closes = charter.stores.opens, charter.stores.closes
    return _at(day if closes > opens else days.add_days(day, 1), closes, charter.zone)


def collect_by(charter: Charter, since: int) -> int:
    """Until when a gift reserved now, or collectable only `since` then, is kept: closing time `gifts.collect_days`
    later. Both epoch ms."""
    last_day = days.add_days(days.local_date(since, charter.zone), charter.gifts.collect_days)
    return closing(charter, last_day)


def decide_by(charter: Charter, told_at: int) -> int:
    """`gifts.decide_hours` after the member was told, counting shop hours only. Both epoch ms."""
    left = charter.gifts.decide_hours * _HOUR_MS
    # Yesterday's hours may reach past midnight.
    day = days.add_days(days.local_date(told_at, charter.zone), -1)
    while True:
        begins, ends = max(told_at, _at(day, charter.stores.opens, charter.zone)), closing(charter, day)
        if ends - begins >= left:
            return begins + left
        left -= max(0, ends - begins)
        day += timedelta(days=1)


def is_quiet(begins: time, ends: time, now: int, zone: ZoneInfo) -> bool:
    """Whether `now` (epoch ms) lies in quiet hours; they may span midnight, and equal times are none at all."""
    clock = days.local_time(now, zone).time()
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


def end_of_quiet(ends: time, now: int, zone: ZoneInfo) -> int:
    """When the quiet hours in which `now` lies, and which end at that local time, are over (epoch ms)."""
    here = days.local_time(now, zone)
    over = _at(here.date() if here.time() < ends else days.add_days(here.date(), 1), ends, zone)
    # In the hour that comes twice when clocks go back, the end may lie behind us: then soon.
    return max(over, now + _MINUTE_MS)


def _at(day: date, clock: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, clock, zone).timestamp()) * 1000
