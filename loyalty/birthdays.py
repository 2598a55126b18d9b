"""Birthdays, solar and lunar: read as people write them, and kept exactly once in every year of their calendar."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_month_names

from loyalty import days
from loyalty.charter_greetings import Birthdays as Fallbacks
from loyalty.digits import fold
from loyalty.errors import BirthdayInvalid
from loyalty.lunar import LunarMonth, month_of

_OLDEST = 120
# Between 1900 and 2100 no leap month follows the 1st or the 12th month; without a year the others must be believed.
_LEAP_MONTHS = range(2, 12)


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of a year, solar or lunar. `year` (of the same calendar) is None if the member kept it to themselves."""

    month: int
    day: int
    year: int | None = None
    lunar: bool = False
    leap_month: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """What stands in the text, not yet checked; `lunar` is None if the text does not say."""

    month: int
    day: int
    year: int | None = None
    lunar: bool | None = None
    leap_month: bool = False


def parse(text: str, today: date, *, lunar: bool = False, day_first: bool = False) -> Birthday:
    """A typed birthday: 1990-05-17, 5月17日, 0517, 17 May 1990, 17/5, 农历八月十五, 闰六月初一, 腊月三十 …

    `lunar` holds where the text does not say which calendar; `day_first` decides 5/6 (True: 5 June), and only that.
    Refuses with BirthdayInvalid: what cannot be read, days that do not exist, years of two digits, today and later,
    more than 120 years ago.
    """
    words, said = _calendar_said(fold(text).casefold())
    words, leap = _LEAP.subn("", words)
    found = next((read for reader in _READERS if (read := reader(words.strip(), day_first and not said))), None)
    if not found:
        raise BirthdayInvalid("short_year" if _SHORT_YEAR.fullmatch(words) else "unreadable")
    which = next((kind for kind in (said, found.lunar) if kind is not None), lunar or leap > 0)
    birthday = Birthday(found.month, found.day, found.year, which, found.leap_month or leap > 0)
    _check(birthday, today)
    return birthday


def readings(text: str, today: date, *, day_first: bool = False) -> tuple[Birthday, ...]:
    """What a typed birthday may mean: one day, or two where only the person can tell.

    八月十五 is a day of either calendar; 5/6 is written day first by some who write English, and not by others.
    Refuses as `parse`, if it can be neither.
    """
    open_calendar = _leaves_calendar_open(text)
    found, refusals = [], []
    for lunar, order in ((False, day_first), (open_calendar, False)):
        try:
            found.append(parse(text, today, lunar=lunar, day_first=order))
        except BirthdayInvalid as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0]
    return tuple(dict.fromkeys(found))


def _leaves_calendar_open(text: str) -> bool:
    """A day above the tenth in Chinese numerals, with nothing that only one of the calendars has."""
    words, said = _calendar_said(fold(text).casefold())
    match = _CHINESE.fullmatch(words)
    if not match or said is not None or match["leap"] or match["suffix"] or match["month"] in _MONTH_NAMES:
        return False
    return match["day"][0] not in "初廿卅" and not match["day"].isdigit() and _numeral(match["day"]) > 10


def next_on(birthday: Birthday, on_or_after: date, fallbacks: Fallbacks) -> date:
    """The first day, from `on_or_after` on, on which the birthday is kept."""
    near = range(on_or_after.year - 1, on_or_after.year + 2)
    return min(day for year in near if (day := kept_on(birthday, year, fallbacks)) >= on_or_after)


def kept_on(birthday: Birthday, year: int, fallbacks: Fallbacks) -> date:
    """The one solar date on which the birthday is kept in `year` (of its own calendar)."""
    if birthday.lunar:
        return _kept_lunar(birthday, year, fallbacks)
    if (birthday.month, birthday.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28) if fallbacks.feb_29 == "feb_28" else date(year, 3, 1)
    return date(year, birthday.month, birthday.day)


def told_as(day: date, fallbacks: Fallbacks) -> tuple[Birthday, ...]:
    """All birthdays, as members tell them, that are kept on this day; in a fixed order."""
    solar = [(2, 29)] if day in (date(day.year, 2, 28), date(day.year, 3, 1)) else []
    candidates = [Birthday(month, number) for month, number in [(day.month, day.day), *solar]]
    # A lunar month has 30 days at most, and a 30th may be kept on the 31st from its beginning.
    candidates += [
        Birthday(month, number, lunar=True, leap_month=leap)
        for year, month, leap in _lunar_months_around(day)
        for number in _numbers((day - _lunar_month(year, month, leap, fallbacks).first).days + 1)
    ]
    return tuple(dict.fromkeys(one for one in candidates if year_of(one, day, fallbacks)))


def year_of(birthday: Birthday, day: date, fallbacks: Fallbacks) -> int:
    """The year, of the birthday's own calendar, in which it is kept on this day; 0 if it is kept on another one."""
    years = (day.year, day.year - 1) if birthday.lunar else (day.year,)
    return next((year for year in years if kept_on(birthday, year, fallbacks) == day), 0)


def is_near(birthday: Birthday | None, on: date, before: int, after: int, fallbacks: Fallbacks) -> bool:
    """Whether `on` lies from so many days before to so many after a day on which the birthday is kept."""
    if birthday is None:
        return False
    return next_on(birthday, on - timedelta(days=after), fallbacks) <= on + timedelta(days=before)


def is_birthday_month(birthday: Birthday | None, on: date, fallbacks: Fallbacks) -> bool:
    """Whether the birthday is kept in the (solar) calendar month of `on`."""
    if birthday is None:
        return False
    first = on.replace(day=1)
    return next_on(birthday, first, fallbacks) <= days.end_of_month(first)


def _lunar_months_around(day: date) -> list[tuple[int, int, bool]]:
    """Year, number and whether leap of every month in which a birthday kept on this day may have been told."""
    told = [(month, False) for month in range(1, 13)] + [(month, True) for month in _LEAP_MONTHS]
    return [(year, month, leap) for year in (day.year - 1, day.year) for month, leap in told]


def _numbers(place: int) -> tuple[int, ...]:
    """Which days of a lunar month may be kept on its day of this place."""
    return {29: (29, 30), 30: (30,), 31: (30,)}.get(place, (place,) if 1 <= place <= 28 else ())


def _lunar_month(year: int, number: int, leap: bool, fallbacks: Fallbacks) -> LunarMonth:
    """The month in which that one is kept in a year that may lack it."""
    month = month_of(year, number, leap)
    if month is None:
        month = month_of(year, number + (fallbacks.leap_month == "next_month"), leap=False)
    if month is None:
        raise ValueError(f"no lunar month {number} in {year}")
    return month


def _kept_lunar(birthday: Birthday, year: int, fallbacks: Fallbacks) -> date:
    month = _lunar_month(year, birthday.month, birthday.leap_month, fallbacks)
    last = month.days if fallbacks.lunar_day_30 == "last_day" else month.days + 1
    return month.first + timedelta(days=min(birthday.day, last) - 1)


def _check(birthday: Birthday, today: date) -> None:
    if birthday.year is None:
        _check_day(birthday)
        return
    if birthday.year < today.year - _OLDEST:
        raise BirthdayInvalid("too_old")
    if birthday.year > today.year:
        raise BirthdayInvalid("future")
    born = _lunar_date(birthday) if birthday.lunar else _solar_date(birthday.year, birthday.month, birthday.day)
    if born >= today:
        raise BirthdayInvalid("future")


def _check_day(birthday: Birthday) -> None:
    """Without a year: the day must exist in some year."""
    months = _LEAP_MONTHS if birthday.leap_month else range(1, 13)
    if not birthday.lunar:
        _solar_date(2000, birthday.month, birthday.day)  # a leap year: 29 February is a birthday
    elif birthday.month not in months or not 1 <= birthday.day <= 30:
        raise BirthdayInvalid("impossible")


def _solar_date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BirthdayInvalid("impossible") from None


def _lunar_date(birthday: Birthday) -> date:
    month = month_of(birthday.year or 0, birthday.month, birthday.leap_month)
    if month is None or not 1 <= birthday.day <= month.days:
        raise BirthdayInvalid("impossible")
    return month.first + timedelta(days=birthday.day - 1)


# Reading

_LUNAR = re.compile(r"农历|農曆|农曆|阴历|陰曆|旧历|舊曆|lunar")
_SOLAR = re.compile(r"国历|國曆|公历|公曆|阳历|陽曆|新历|新曆|solar")
_LEAP = re.compile(r"\bleap\b|[闰閏](?=\d{1,2}\b)")
# Nobody can tell 1920 from 2020: better asked again than guessed.
_SHORT_YEAR = re.compile(
    r"\d{1,2}\s?[-/. ]\s?\d{1,2}\s?[-/. ]\s?\d{2}|\d{2}\s?年.+|"
    r"\d{1,2}[a-z]{0,2}[ -]?[a-z]{3,9}\.?,?[ -]?\d{2}|[a-z]{3,9}\.? ?\d{1,2}[a-z]{0,2},? \d{2}"
)
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4})")
_NO_YEAR = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\.?")
_COMPACT = re.compile(r"(\d{4})?(\d{2})(\d{2})")
_CHINESE = re.compile(
    r"(?:(?P<year>[\d〇零○一二三四五六七八九]{4})\s?年)?\s?(?P<leap>[闰閏])?(?P<month>正|冬|腊|臘|十[一二]?|[一二三四五六七八九]|\d{1,2})"
    r"\s?月\s?(?P<day>初?[一二三四五六七八九十廿卅]{1,3}|\d{1,2})\s?(?P<suffix>[日号號])?"
    r"(?:[ ,]{0,2}(?P<late>\d{4})年?)?"
)
_ENGLISH = re.compile(
    r"(?:(?P<before>\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]?)?(?P<month>[a-z]{3,9})\.?"
    r"(?:[ -]?(?P<after>\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,? ?-?(?P<year>\d{4}))?"
)
_MONTHS = {number: name.casefold() for number, name in get_month_names("wide", locale="en").items()}
_NUMERALS = {"零": 0, "○": 0} | {char: value for value, char in enumerate("〇一二三四五六七八九")}
_MONTH_NAMES = {"正": 1, "冬": 11, "腊": 12, "臘": 12}


def _calendar_said(text: str) -> tuple[str, bool | None]:
    """The text without the words that name a calendar, and whether they named the lunar one."""
    said = True if _LUNAR.search(text) else False if _SOLAR.search(text) else None
    return _SOLAR.sub("", _LUNAR.sub("", text)).strip(" :,()"), said


def _read_year_first(text: str, _day_first: bool) -> _Read | None:
    match = _YEAR_FIRST.fullmatch(text)
    return match and _Read(year=int(match[1]), month=int(match[2]), day=int(match[3]))


def _read_year_last(text: str, day_first: bool) -> _Read | None:
    match = _YEAR_LAST.fullmatch(text)
    return match and _in_order(int(match[1]), int(match[2]), int(match[3]), day_first)


def _read_no_year(text: str, day_first: bool) -> _Read | None:
    match = _NO_YEAR.fullmatch(text)
    return match and _in_order(int(match[1]), int(match[2]), None, day_first)


def _read_compact(text: str, _day_first: bool) -> _Read | None:
    match = _COMPACT.fullmatch(text)
    return match and _Read(year=int(match[1]) if match[1] else None, month=int(match[2]), day=int(match[3]))


def _read_chinese(text: str, _day_first: bool) -> _Read | None:
    match = _CHINESE.fullmatch(text)
    if not match:
        return None
    lunar = bool(match["leap"]) or match["month"] in _MONTH_NAMES or match["day"][0] in "初廿卅"
    year = "".join(str(_NUMERALS.get(char, char)) for char in match["year"] or match["late"] or "")
    return _Read(
        year=int(year) if year else None,
        month=_MONTH_NAMES.get(match["month"]) or _numeral(match["month"]),
        day=_numeral(match["day"].removeprefix("初")),
        lunar=lunar or None,
        leap_month=bool(match["leap"]),
    )


def _read_english(text: str, _day_first: bool) -> _Read | None:
    match = _ENGLISH.fullmatch(text)
    if not match or bool(match["before"]) == bool(match["after"]):
        return None
    month = next((number for number, name in _MONTHS.items() if name.startswith(match["month"])), 0)
    year = int(match["year"]) if match["year"] else None
    return _Read(year=year, month=month, day=int(match["before"] or match["after"])) if month else None


_READERS: tuple[Callable[[str, bool], _Read | None], ...] = (
    _read_year_first,
    _read_year_last,
    _read_no_year,
    _read_compact,
    _read_chinese,
    _read_english,
)


def _in_order(first: int, second: int, year: int | None, day_first: bool) -> _Read:
    """Which of two numbers is the month: the only one that can be, else as `day_first` says."""
    if first > 12 or (day_first and second <= 12):
        first, second = second, first
    return _Read(year=year, month=first, day=second)


def _numeral(text: str) -> int:
    """8, 八, 十五, 二十, 廿三, 卅 → the number; 0 for what is none (no month or day then)."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").partition("十")
    if not ten:
        return _NUMERALS.get(text, 0)
    return (_NUMERALS.get(tens, 0) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)
