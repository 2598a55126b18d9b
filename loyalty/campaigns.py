"""What managers write to many: texts with a few fields, and when they go out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from loyalty import days
from loyalty.digits import fold
from loyalty.errors import CampaignTextInvalid, CampaignTimeInvalid, GiftTextUnreadable
from loyalty.gifts import parse_day
from loyalty.jobs import DAY_MS

# Telegram takes 4,096 characters, 1,024 below a picture; names and the line on why it came take their part.
LONGEST, LONGEST_WITH_PICTURE = 3_000, 800
# Old news is no news: what could not be sent in so many days is not sent at all.
GOOD_FOR_MS = 3 * DAY_MS
FIELDS = ("name", "points", "tier")

_AHEAD_MS = 366 * DAY_MS
_FIELD = re.compile(r"\{([^{}]+)\}")
_MOMENT = re.compile(r"(?:(\S.*?)\s+)?(\d{1,2})(?:[:.](\d{2})|\s*[点點时時](?:(\d{1,2})分?)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign as it is written. texts by locale, '' where the default language's is sent instead."""

    texts: Mapping[str, str]
    picture_id: int  # 0: none
    tier: str  # code, '' for all
    store_id: int  # of members' home store, 0 for all
    starts_at: int  # epoch ms UTC


def parse_text(text: str, longest: int) -> str:
    """What is to be sent, with `{name}`, `{points}`, `{tier}` where these shall stand.

    Refuses CampaignTextInvalid: too long, empty, or with a field that there is not.
    """
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    unknown = next((field for field in _FIELD.findall(lines) if field not in FIELDS), "")
    if not lines or len(lines) > longest or unknown:
        raise CampaignTextInvalid(unknown, longest)
    return lines


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the fields' values; what a value contains is not looked at again."""
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), text)


def fields_in(texts: Mapping[str, str]) -> set[str]:
    """The fields that any of the texts has."""
    return {field for text in texts.values() for field in _FIELD.findall(text)}


def in_all_languages(texts: Mapping[str, str], default: str) -> dict[str, str]:
    """Each locale's own text, or the default language's."""
    return {locale: text or texts[default] for locale, text in texts.items()}


def parse_start(text: str, now: int, zone: ZoneInfo) -> int:
    """`12-24 10:00`, `2030-12-24 10:00`, `12月24日 10点`, `18:30` for today, in the charter's zone; epoch ms UTC.

    Refuses CampaignTimeInvalid: unreadable, past, or more than a year ahead.
    """
    told = _MOMENT.fullmatch(fold(text).strip())
    today = days.local_date(now, zone)
    try:
        if told is None:
            raise CampaignTimeInvalid
        day = parse_day(told[1], today) if told[1] else today
        moment = datetime.combine(day, time(int(told[2]), int(told[3] or told[4] or 0)), zone)
    except (GiftTextUnreadable, ValueError):
        raise CampaignTimeInvalid from None
    starts_at = int(moment.timestamp() * 1000)
    if not now - 60_000 <= starts_at <= now + _AHEAD_MS:
        raise CampaignTimeInvalid
    return starts_at
