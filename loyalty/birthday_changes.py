"""From when a birthday counts that was changed: nobody has two within a year, and none begins on the day it is told.

What is kept around a birthday is its window: the offer beforehand, the days on which points are multiplied. The new
birthday counts from the first of its days whose window begins after today, that lies in a later year of its calendar
than the last one the member had, and at least `APART` days after it. The first birthday that a member tells counts at
once; so does the same day told again.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from loyalty.birthdays import Birthday, kept_on
from loyalty.charter import Charter

# Kept by the rules of the lunar calendar, birthdays lie 324 days apart at least.
APART = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What stood until now. counts_from: what was kept of the time before; date.min if nothing was."""

    birthday: Birthday | None  # None: forgotten
    on: date  # the local day it was told
    counts_from: date = date.min


def counts_from(charter: Charter, told: Told, new: Birthday | None, today: date) -> date:
    """The local day from which `new` counts; date.min: at once. new None: from which the next one told may count."""
    if new and told.birthday and same(told.birthday, new):
        return told.counts_from
    had = last_had(charter, told, today)
    if new is None:
        return max(told.counts_from, had[1] + timedelta(days=APART)) if had else told.counts_from
    return next(
        begins
        for year in range(today.year - 1, today.year + 5)
        if (begins := window_begins(charter, day := kept_on(new, year, charter.birthdays))) > today
        and begins >= told.counts_from
        and (had is None or (year > had[0] and (day - had[1]).days >= APART))
    )


def last_had(charter: Charter, told: Told, today: date) -> tuple[int, date] | None:
    """Year (of its calendar) and day of the last birthday whose window has begun and that counted; None if none did."""
    if told.birthday is None:
        return None
    for year in range(today.year + 1, told.on.year - 2, -1):
        day = kept_on(told.birthday, year, charter.birthdays)
        begins = window_begins(charter, day)
        if begins <= today and begins >= told.counts_from and day >= told.on:
            return year, day
    return None


def window_begins(charter: Charter, day: date) -> date:
    """The first day on which the birthday that is kept on `day` can bring anything."""
    multipliers = charter.earning.multipliers
    before = max([charter.birthdays.offer_days_before, *(rule.birthday_before or 0 for rule in multipliers)])
    begins = day - timedelta(days=before)
    return min(begins, day.replace(day=1)) if any(rule.birthday_month for rule in multipliers) else begins


def same(one: Birthday, other: Birthday) -> bool:
    """Whether they are one day, but for the year of birth: told again, it is no change."""
    return replace(one, year=None) == replace(other, year=None)
