"""What a pressed button carries. Anybody can forge it, so nothing in it is believed."""

from __future__ import annotations

import re

from bot.updates import Input
from loyalty.errors import StaleButton

_ID = re.compile(r"[0-9]{1,18}")  # fits a BIGINT


def number(given: Input) -> int:
    """The number in `verb:number`. Refuses StaleButton if there is none."""
    told = given.data.partition(":")[2]
    if not _ID.fullmatch(told):
        raise StaleButton
    return int(told)


def argument(given: Input, place: int = 0) -> str:
    """The part of the data at this place after the verb; '' where there is none."""
    parts = given.data.split(":")[1:]
    return parts[place] if place < len(parts) else ""


def id_at(given: Input, place: int = 0) -> int:
    """The id at this place after the verb; 0, which no row has, where there is none."""
    told = argument(given, place)
    return int(told) if _ID.fullmatch(told) else 0
