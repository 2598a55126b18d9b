"""Working time of a store: its hours, without the days it is closed. All instants are epoch ms UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from loyalty import days
from loyalty.charter import Charter
from loyalty.charter_earning import WEEKDAYS
from loyalty.charter_service import StoreHours

# A charter whose every day is a holiday must not hang the bot: then time is counted as it passes.
_MOST_DAYS_SHUT = 400


def add(charter: Charter, store: str, since: int, working_ms: int) -> int:
    """When so much working time of the store (its code, '' for none in particular) has passed since then."""
    left = working_ms
    for opens, ends in _shifts(charter, store, since):
        begins = max(opens, since)
        if ends - begins >= left:
            return begins + left
        left -= max(0, ends - begins)
    return since + working_ms


def between(charter: Charter, store: str, since: int, until: int) -> int:
    """Working time of the store from then until then, in ms; 0 if until is not later."""
    passed = 0
    for begins, ends in _shifts(charter, store, since):
        if begins >= until:
            break
        passed += max(0, min(ends, until) - max(begins, since))
    return passed


def _shifts(charter: Charter, store: str, since: int) -> Iterator[tuple[int, int]]:
    """Opening and closing of one working day after the other; the first may have begun before `since`."""
    own = next((hours for hours in charter.service.store_hours if hours.store == store), None)
    # Yesterday's hours may reach past midnight.
    day = days.local_date(since, charter.zone) - timedelta(days=1)
    shut = 0
    while shut < _MOST_DAYS_SHUT:
        if _is_closed(charter, own, day):
            shut += 1
        else:
            shut = 0
            yield _shift(charter, own, day)
        day += timedelta(days=1)


def _is_closed(charter: Charter, own: StoreHours | None, day: date) -> bool:
    off = own is not None and (day in own.holidays or WEEKDAYS[day.weekday()] in own.closed)
    return off or day in charter.service.holidays


def _shift(charter: Charter, own: StoreHours | None, day: date) -> tuple[int, int]:
    """Hours that do not end after they begin reach into the next morning."""
    opens = (own.opens if own else None) or charter.stores.opens
    closes = (own.closes if own else None) or charter.stores.closes
    return _at(charter, day, opens), _at(charter, day if closes > opens else days.add_days(day, 1), closes)


def _at(charter: Charter, day: date, clock: time) -> int:
    return int(datetime.combine(day, clock, charter.zone).timestamp()) * 1000
