"""The part of the charter about what the bot says of its own accord."""

from __future__ import annotations

from datetime import time

from loyalty.charter_base import Section
from loyalty.charter_earning import Weekday


class WeeklyDigest(Section):
    """When those who chose the weekly digest get it: a day of the week, and a local time."""

    weekday: Weekday = "fri"
    at: time = time(17)
