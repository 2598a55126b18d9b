"""Festivals fall where the almanac says, and the chain's own where the charter says."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from loyalty.charter import Charter, CharterError
from loyalty.festivals import KNOWN, kept_on_day
from tests.loyalty.charters import bare, base

EVERY = bare(base(), "[greetings]", f"festivals = {list(KNOWN)}")
WORDS = '{ zh_Hans = "词", zh_Hant = "詞", en = "Words" }'


def own(*settings: str) -> Charter:
    return bare(base(), "[[festivals]]", 'code = "jubilee"', f"name = {WORDS}", f"words = {WORDS}", *settings)


def codes(charter: Charter, day: date) -> list[str]:
    return [kept.code for kept in kept_on_day(charter, day)]


# By the Hong Kong Observatory's published calendars.
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 2, 16), "lunar_new_years_eve"),
        (date(2026, 2, 17), "spring_festival"),
        (date(2026, 3, 3), "lantern"),
        (date(2026, 6, 19), "dragon_boat"),
        (date(2026, 8, 19), "qixi"),
        (date(2026, 9, 25), "mid_autumn"),
        (date(2026, 10, 18), "double_ninth"),
        (date(2026, 12, 25), "christmas"),
        (date(2027, 1, 1), "new_year"),
        (date(2027, 2, 5), "lunar_new_years_eve"),
        (date(2027, 2, 6), "spring_festival"),
    ],
)
def test_a_well_known_festival_falls_on_its_day(day: date, code: str) -> None:
    assert codes(EVERY, day) == [code]


def test_each_is_kept_once_a_year_for_thirty_years() -> None:
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(30 * 366)]
    found = Counter((kept.code, day.year) for day in days for kept in kept_on_day(EVERY, day) if day.year < 2050)
    assert found == dict.fromkeys(((code, year) for code in KNOWN for year in range(2020, 2050)), 1)


def test_only_what_the_charter_names_is_kept() -> None:
    assert codes(bare(base()), date(2026, 12, 25)) == []


def test_a_day_of_the_chains_own_comes_every_year() -> None:
    charter = own("month = 6", "day = 18")
    assert [codes(charter, date(year, 6, 18)) for year in (2026, 2027)] == [["jubilee"], ["jubilee"]]


def test_it_may_be_one_of_the_lunar_calendar() -> None:
    assert codes(own("month = 6", "day = 18", "lunar = true"), date(2026, 7, 31)) == ["jubilee"]


def test_it_may_be_a_date_for_each_year() -> None:
    charter = own("dates = [2026-11-26, 2027-11-25]")
    assert [codes(charter, date(2027, 11, day)) for day in (25, 26)] == [["jubilee"], []]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ([], "festivals.jubilee: needs month and day, or dates."),
        (["month = 6"], "festivals.jubilee: there is no such day; check month and day."),
        (["month = 2", "day = 30"], "festivals.jubilee: there is no such day; check month and day."),
        (["month = 1", "day = 31", "lunar = true"], "festivals.jubilee: there is no such day; check month and day."),
    ],
)
def test_a_day_that_does_not_exist_is_refused(settings: list[str], sentence: str) -> None:
    with pytest.raises(CharterError, match=sentence):
        own(*settings)


def test_a_festival_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(CharterError, match=r"greetings.festivals.1: must be one of 'new_year'"):
        bare(base(), "[greetings]", 'festivals = ["easter"]')
