"""What a member may add about themselves, and how often the birthday may change."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from loyalty import days
from loyalty.digits import fold
from loyalty.errors import AnswerUnclear, EmailInvalid, TextInvalid
from loyalty.lots import NEVER

CHOICES = {"gender": ("female", "male", "other"), "contact": ("telegram", "phone", "email")}
TEXTS = ("email", "address", "district", "employer", "job", "likes", "sizes", "allergies")
FIELDS = (*CHOICES, *TEXTS)

_MOST_CHARACTERS = 200
# Longer than any address that works (RFC 5321 §4.5.3.1), and no attempt at its grammar: only a message proves one.
_EMAIL = re.compile(r"[^\s@<>()\",;:]{1,64}@[^\s@<>()\",;:.]+(\.[^\s@<>()\",;:.]+)+")
# Joins emoji, and letters in some scripts; other invisible characters only confuse.
_JOINERS = "\u200c\u200d"


def read(field: str, text: str) -> str:
    """What one of FIELDS is to hold, on one line. Refuses AnswerUnclear, EmailInvalid, TextInvalid."""
    if field in CHOICES:
        if text not in CHOICES[field]:
            raise AnswerUnclear
        return text
    value = _one_line(fold(text) if field == "email" else text)
    if not 0 < len(value) <= _MOST_CHARACTERS:
        raise TextInvalid(_MOST_CHARACTERS)
    if field == "email" and not _EMAIL.fullmatch(value):
        raise EmailInvalid
    return value


def birthday_free_at(told: Sequence[int], changes_per_year: int, now: int, zone: ZoneInfo) -> int:
    """When the birthday may be told again (epoch ms): 0 for now, NEVER where the charter allows no change.

    told: when it was told so far, oldest first; the first time was no change. A change counts for twelve months.
    """
    changes = [_a_year_after(at, zone) for at in told[1:]]
    counting = [until for until in changes if until > now]
    if not told or len(counting) < changes_per_year:
        return 0
    return counting[-changes_per_year] if changes_per_year else NEVER


def _a_year_after(at: int, zone: ZoneInfo) -> int:
    return days.start_of_day(days.add_months(days.local_date(at, zone), 12), zone)


def _one_line(text: str) -> str:
    shown = "".join(char if _is_shown(char) else " " if char.isspace() else "" for char in text)
    return " ".join(unicodedata.normalize("NFC", shown).split()).strip(_JOINERS)


def _is_shown(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char)[0] != "C"
