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
