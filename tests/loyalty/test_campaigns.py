"""Texts with fields, and times as managers type them."""

from zoneinfo import ZoneInfo

import pytest

from loyalty.campaigns import fields_in, fill, in_all_languages, parse_start, parse_text
from loyalty.errors import CampaignTextInvalid, CampaignTimeInvalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_NOON = 1_740_974_400_000  # 2025-03-03 12:00 in Shanghai
HOUR = 3_600_000


def test_fields_stand_for_each_members_own() -> None:
    assert fill("{name}, you have {points}", {"name": "Ann", "points": "12"}) == "Ann, you have 12"


def test_a_name_that_looks_like_a_field_stays_a_name() -> None:
    assert fill("{name}!", {"name": "{points}", "points": "12"}) == "{points}!"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 101, "hello {nmae}", "{name.__class__}", "{ name }"])
def test_what_cannot_be_sent_is_refused(text: str) -> None:
    with pytest.raises(CampaignTextInvalid):
        parse_text(text, 100)


def test_lines_and_single_braces_are_kept() -> None:
    assert parse_text("  one \n\ntwo } {name}", 100) == "one\n\ntwo } {name}"


def test_only_the_fields_that_are_used_are_looked_up() -> None:
    assert fields_in({"en": "{name}", "zh_Hans": "{tier}", "zh_Hant": ""}) == {"name", "tier"}


def test_a_language_without_a_text_gets_the_default_one() -> None:
    assert in_all_languages({"en": "hi", "zh_Hans": "你好", "zh_Hant": ""}, "zh_Hans")["zh_Hant"] == "你好"


@pytest.mark.parametrize(
    ("text", "hours"),
    [("18:30", 6.5), ("03-04 10:00", 22), ("2025-03-04 10:00", 22), ("3月4日 10点", 22), ("3/4 10.30", 22.5)],
)
def test_times_are_read_as_people_write_them(text: str, hours: float) -> None:
    assert parse_start(text, MONDAY_NOON, SHANGHAI) == MONDAY_NOON + hours * HOUR


@pytest.mark.parametrize("text", ["11:00", "soon", "25:00", "2024-01-01 10:00", "2027-01-01 10:00", "02-30 10:00"])
def test_times_that_are_none_or_have_been_are_refused(text: str) -> None:
    with pytest.raises(CampaignTimeInvalid):
        parse_start(text, MONDAY_NOON, SHANGHAI)
