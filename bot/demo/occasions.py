"""What a visitor can see by moving the clock: a lunar birthday, somebody who is missed, coffee that runs out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.demo import cast
from bot.demo.goods import LOTUS
from bot.demo.shoppers import Shopper, Visit, instant
from loyalty.birthdays import Birthday, told_as
from loyalty.charter_greetings import Birthdays
from loyalty.earning import Line

BIRTHDAY_IN = 3  # days
MISSED_IN = 2
MISSED_AFTER = 90  # as the charter says
COFFEE_IN = 4
COFFEE_EVERY = 21
_COFFEE = Line("咖啡豆 Coffee beans 500g", "drinks", 1000, 8800)
_TIMES = 7


def celebrate(shoppers: list[Shopper], today: date) -> list[Shopper]:
    """With a grandfather whose birthday is in three days, by the lunar calendar."""
    place = place_of(shoppers, cast.GRANDPA.user_id)
    old = replace(shoppers[place], birthday=_lunar_birthday(today + timedelta(days=BIRTHDAY_IN), 1949))
    return [*shoppers[:place], old, *shoppers[place + 1 :]]


def _lunar_birthday(day: date, year: int) -> Birthday:
    found = (told for told in told_as(day, Birthdays()) if told.lunar and not told.leap_month)
    return replace(next(found), year=year)


def lived(visits: Iterable[Visit], quiet: int, coffee: int, today: date, zone: ZoneInfo) -> list[Visit]:
    """With one shopper (by place) who comes no more, and one who buys coffee beans every third week."""
    last = today - timedelta(days=MISSED_AFTER - MISSED_IN)
    gone = instant(last, 0, 0, zone)
    kept = [visit for visit in visits if visit.shopper != quiet or visit.at < gone]
    farewell = next(visit for visit in reversed(kept) if visit.shopper == quiet)
    added = [Visit(gone + 11 * 3_600_000, quiet, farewell.shop, farewell.payment, farewell.lines)]
    return sorted([*kept, *added, *_coffee(coffee, today, zone)], key=lambda visit: (visit.at, visit.shopper))


def _coffee(shopper: int, today: date, zone: ZoneInfo) -> Iterator[Visit]:
    last = today + timedelta(days=COFFEE_IN - COFFEE_EVERY)
    for number in range(_TIMES):
        at = instant(last - timedelta(days=COFFEE_EVERY * number), 9, 20, zone)
        yield Visit(at, shopper, LOTUS, "card", (_COFFEE,))


def place_of(shoppers: list[Shopper], user_id: int) -> int:
    return next(place for place, shopper in enumerate(shoppers) if shopper.user_id == user_id)
