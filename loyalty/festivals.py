"""Festivals: the days on which the chain congratulates its members, by both calendars."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from loyalty.birthdays import Birthday, year_of
from loyalty.charter import Charter
from loyalty.charter_greetings import Birthdays as Fallbacks, Festival, KnownFestival

# A festival is kept as a birthday is: the last day of the lunar year is its 30th, or in short years the 29th.
_FALLBACKS = Fallbacks()

KNOWN: dict[KnownFestival, Birthday] = {
    "new_year": Birthday(1, 1),
    "lunar_new_years_eve": Birthday(12, 30, lunar=True),
    "spring_festival": Birthday(1, 1, lunar=True),
    "lantern": Birthday(1, 15, lunar=True),
    "womens_day": Birthday(3, 8),
    "dragon_boat": Birthday(5, 5, lunar=True),
    "qixi": Birthday(7, 7, lunar=True),
    "mid_autumn": Birthday(8, 15, lunar=True),
    "double_ninth": Birthday(9, 9, lunar=True),
    "christmas": Birthday(12, 25),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A festival on its day. year: of its own calendar; of one year a member is greeted once."""

    code: str
    year: int
    own: Festival | None  # with the chain's own words; None: a well-known one


def kept_on_day(charter: Charter, day: date) -> list[Kept]:
    """What the chain congratulates on that day, its own festivals first."""
    return [*_own(charter, day), *_known(charter, day)]


def _own(charter: Charter, day: date) -> Iterator[Kept]:
    for festival in charter.festivals:
        year = day.year if day in festival.dates else 0
        if festival.month is not None and festival.day is not None:
            year = year or year_of(Birthday(festival.month, festival.day, lunar=festival.lunar), day, _FALLBACKS)
        if year:
            yield Kept(festival.code, year, festival)


def _known(charter: Charter, day: date) -> Iterator[Kept]:
    for code in dict.fromkeys(charter.greetings.festivals):
        if year := year_of(KNOWN[code], day, _FALLBACKS):
            yield Kept(code, year, None)
