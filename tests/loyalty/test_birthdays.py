from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from loyalty.birthdays import Birthday, is_birthday_month, kept_on, next_on, parse, readings
from loyalty.charter_greetings import Birthdays
from loyalty.errors import BirthdayInvalid
from loyalty.lunar import month_of

TODAY = date(2026, 11, 21)
USUAL = Birthdays()


@pytest.mark.parametrize(
    "typed",
    [
        "1990-05-17",
        "1990/5/17",
        "1990.5.17",
        "1990 5 17",
        "19900517",
        "１９９０－０５－１７",
        "1990年5月17日",
        "一九九〇年五月十七日",
        "公历1990年5月17号",
        "17 May 1990",
        "17th of May 1990",
        "May 17, 1990",
        "17-may-1990",
        "17/5/1990",
        "5/17/1990",
    ],
)
def test_a_birthday_with_its_year_is_read(typed: str) -> None:
    assert parse(typed, TODAY) == Birthday(5, 17, 1990)


@pytest.mark.parametrize(
    "typed", ["5月17日", "５月１７号", "五月十七", "0517", "5-17", "17/5", "5.17", "May 17", "17 may", "may 17th"]
)
def test_the_year_may_be_kept_back(typed: str) -> None:
    assert parse(typed, TODAY) == Birthday(5, 17)


@pytest.mark.parametrize(
    ("typed", "birthday"),
    [
        ("农历八月十五", Birthday(8, 15, lunar=True)),
        ("農曆 8月15", Birthday(8, 15, lunar=True)),
        ("lunar 8/15", Birthday(8, 15, lunar=True)),
        ("八月初三", Birthday(8, 3, lunar=True)),
        ("正月廿三", Birthday(1, 23, lunar=True)),
        ("冬月二十", Birthday(11, 20, lunar=True)),
        ("腊月三十", Birthday(12, 30, lunar=True)),
        ("闰六月初一", Birthday(6, 1, lunar=True, leap_month=True)),
        ("农历1987年闰六月初一", Birthday(6, 1, 1987, lunar=True, leap_month=True)),
        ("阴历1990年八月十五", Birthday(8, 15, 1990, lunar=True)),
        ("农历八月十五 1990", Birthday(8, 15, 1990, lunar=True)),
        ("lunar leap 4-10 2020", Birthday(4, 10, 2020, lunar=True, leap_month=True)),
        ("农历闰4-10 2020", Birthday(4, 10, 2020, lunar=True, leap_month=True)),
    ],
)
def test_a_lunar_birthday_is_read(typed: str, birthday: Birthday) -> None:
    assert parse(typed, TODAY) == birthday


def test_the_asked_for_calendar_holds_where_the_text_does_not_say() -> None:
    assert parse("8-15", TODAY, lunar=True) == Birthday(8, 15, lunar=True)


def test_the_text_overrules_the_asked_for_calendar() -> None:
    assert parse("公历 8-15", TODAY, lunar=True) == Birthday(8, 15)


@pytest.mark.parametrize(("day_first", "birthday"), [(False, Birthday(5, 6)), (True, Birthday(6, 5))])
def test_an_ambiguous_date_is_read_as_people_there_write(day_first: bool, birthday: Birthday) -> None:
    assert parse("5/6", TODAY, day_first=day_first) == birthday


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "unreadable"),
        ("tomorrow", "unreadable"),
        ("90517", "unreadable"),
        ("17 may 17", "short_year"),
        ("may 17, 90", "short_year"),
        ("17/5/90", "short_year"),
        ("90-05-17", "short_year"),
        ("90年5月17日", "short_year"),
        ("1990-02-29", "impossible"),
        ("31 feb", "impossible"),
        ("13月1日", "impossible"),
        ("0000", "impossible"),
        ("农历八月卅一", "impossible"),
        ("闰一月初一", "impossible"),
        ("1990年闰六月初一", "impossible"),
        ("农历1990年三月三十", "impossible"),
        ("2026-11-21", "future"),
        ("2026-11-22", "future"),
        ("2027-01-01", "future"),
        ("农历2026年腊月初一", "future"),
        ("1905-01-01", "too_old"),
        ("0000-01-01", "too_old"),
    ],
)
def test_what_is_no_birthday_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(BirthdayInvalid) as caught:
        parse(typed, TODAY)
    assert caught.value.reason == reason


@pytest.mark.parametrize("typed", ["八月十五", "8月十五", "1990年八月十五"])
def test_chinese_numerals_may_mean_either_calendar(typed: str) -> None:
    assert [(day.month, day.day, day.lunar) for day in readings(typed, TODAY)] == [(8, 15, False), (8, 15, True)]


@pytest.mark.parametrize("typed", ["八月十五日", "8月15", "公历八月十五", "农历八月十五", "八月初五", "正月十五"])
def test_what_only_one_calendar_has_is_not_in_doubt(typed: str) -> None:
    assert len(readings(typed, TODAY)) == 1


@pytest.mark.parametrize(("typed", "lunar"), [("八月三十一", False), ("二月三十", True)])
def test_a_day_that_one_calendar_lacks_is_of_the_other(typed: str, lunar: bool) -> None:
    assert [day.lunar for day in readings(typed, TODAY)] == [lunar]


def test_5_6_may_be_in_june_or_in_may_where_the_day_comes_first() -> None:
    assert readings("5/6", TODAY, day_first=True) == (Birthday(6, 5), Birthday(5, 6))


@pytest.mark.parametrize("typed", ["5/5", "17/5", "5/17", "1990-05-06", "5 June"])
def test_an_order_that_is_clear_is_not_in_doubt(typed: str) -> None:
    assert len(readings(typed, TODAY, day_first=True)) == 1


@given(st.text() | st.text("0123456789-/.年月日闰正腊初十一二三廿农历 may", max_size=14))
def test_any_text_is_a_birthday_or_refused(text: str) -> None:
    try:
        birthday = parse(text, TODAY)
    except BirthdayInvalid:
        return
    assert next_on(birthday, TODAY, USUAL) >= TODAY


@given(st.dates(date(1930, 1, 1), TODAY - timedelta(1)))
def test_an_iso_date_is_read_back(born: date) -> None:
    assert parse(born.isoformat(), TODAY) == Birthday(born.month, born.day, born.year)


@pytest.mark.parametrize(("rule", "kept"), [("feb_28", date(2027, 2, 28)), ("mar_1", date(2027, 3, 1))])
def test_29_february_is_kept_as_the_charter_says(rule: str, kept: date) -> None:
    assert next_on(Birthday(2, 29), TODAY, Birthdays(feb_29=rule)) == kept  # type: ignore[arg-type]


def test_29_february_is_kept_on_itself_in_leap_years() -> None:
    assert next_on(Birthday(2, 29), date(2028, 1, 1), USUAL) == date(2028, 2, 29)


def test_a_birthday_today_is_kept_today() -> None:
    assert next_on(Birthday(11, 21), TODAY, USUAL) == TODAY


# Mid-autumn and new year's eve by the Hong Kong Observatory's published conversion tables.
@pytest.mark.parametrize(
    ("birthday", "year", "kept"),
    [
        (Birthday(8, 15, lunar=True), 2024, date(2024, 9, 17)),
        (Birthday(8, 15, lunar=True), 2025, date(2025, 10, 6)),
        (Birthday(8, 15, lunar=True), 2026, date(2026, 9, 25)),
        (Birthday(1, 1, lunar=True), 2033, date(2033, 1, 31)),
        (Birthday(1, 1, lunar=True), 2034, date(2034, 2, 19)),
        (Birthday(6, 1, lunar=True, leap_month=True), 2025, date(2025, 7, 25)),
        (Birthday(11, 1, lunar=True, leap_month=True), 2033, date(2033, 12, 22)),
        (Birthday(12, 30, lunar=True), 2023, date(2024, 2, 9)),
    ],
)
def test_lunar_dates_fall_where_the_almanac_says(birthday: Birthday, year: int, kept: date) -> None:
    assert kept_on(birthday, year, USUAL) == kept


@pytest.mark.parametrize(("rule", "kept"), [("last_day", date(2025, 1, 28)), ("next_day", date(2025, 1, 29))])
def test_a_30th_day_is_kept_in_a_month_of_29_as_the_charter_says(rule: str, kept: date) -> None:
    fallbacks = Birthdays(lunar_day_30=rule)  # type: ignore[arg-type]
    assert kept_on(Birthday(12, 30, lunar=True), 2024, fallbacks) == kept


@pytest.mark.parametrize(("rule", "kept"), [("regular_month", date(2026, 7, 14)), ("next_month", date(2026, 8, 13))])
def test_a_leap_month_is_kept_in_other_years_as_the_charter_says(rule: str, kept: date) -> None:
    fallbacks = Birthdays(leap_month=rule)  # type: ignore[arg-type]
    assert kept_on(Birthday(6, 1, lunar=True, leap_month=True), 2026, fallbacks) == kept


def test_born_in_the_regular_month_is_not_kept_again_in_the_leap_month() -> None:
    first = next_on(Birthday(6, 1, lunar=True), date(2025, 1, 1), USUAL)
    assert (first, next_on(Birthday(6, 1, lunar=True), first + timedelta(days=1), USUAL).year) == (
        date(2025, 6, 25),
        2026,
    )


solar = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: Birthday(day.month, day.day))
lunar = st.builds(Birthday, st.integers(1, 12), st.integers(1, 30), lunar=st.just(True)) | st.builds(
    Birthday, st.integers(2, 11), st.integers(1, 30), lunar=st.just(True), leap_month=st.just(True)
)
fallback_rules = st.builds(
    Birthdays,
    feb_29=st.sampled_from(["feb_28", "mar_1"]),
    lunar_day_30=st.sampled_from(["last_day", "next_day"]),
    leap_month=st.sampled_from(["regular_month", "next_month"]),
)


def occurrences(birthday: Birthday, fallbacks: Birthdays) -> list[date]:
    """All days from 1930 to 2030 as next_on finds them, one after the other."""
    found = [next_on(birthday, date(1930, 1, 1), fallbacks)]
    while found[-1].year <= 2030:
        found.append(next_on(birthday, found[-1] + timedelta(days=1), fallbacks))
    return found[:-1]


@given(birthday=solar, fallbacks=fallback_rules)
def test_a_solar_birthday_is_kept_once_a_year(birthday: Birthday, fallbacks: Birthdays) -> None:
    years = Counter(day.year for day in occurrences(birthday, fallbacks))
    assert years == dict.fromkeys(range(1930, 2031), 1)


@given(birthday=lunar, fallbacks=fallback_rules)
def test_a_lunar_birthday_is_kept_once_in_every_lunar_year(birthday: Birthday, fallbacks: Birthdays) -> None:
    found = occurrences(birthday, fallbacks)
    by_year = [kept_on(birthday, year, fallbacks) for year in range(1929, 2031)]
    assert found == [day for day in by_year if 1930 <= day.year <= 2030]


@given(birthday=lunar, fallbacks=fallback_rules)
def test_lunar_birthdays_are_about_a_year_apart(birthday: Birthday, fallbacks: Birthdays) -> None:
    found = occurrences(birthday, fallbacks)
    gaps = {(later - earlier).days for earlier, later in pairwise(found)}
    assert min(gaps) >= 324
    assert max(gaps) <= 414


def test_every_lunar_month_begins_where_the_one_before_ends() -> None:
    days = 0
    for year in range(1930, 2031):
        months = [month_of(year, number, leap) for number in range(1, 13) for leap in (False, True)]
        days += sum(month.days for month in months if month)
    first, end = month_of(1930, 1, leap=False), month_of(2031, 1, leap=False)
    assert first
    assert end
    assert (end.first - first.first).days == days


def test_a_birthday_month_is_the_one_it_is_kept_in() -> None:
    birthday = Birthday(8, 15, lunar=True)
    assert [month for month in range(1, 13) if is_birthday_month(birthday, date(2026, month, 10), USUAL)] == [9]
