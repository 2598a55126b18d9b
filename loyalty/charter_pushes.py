"""The part of the charter about what the bot says of its own accord."""

from __future__ import annotations

from pydantic import Field

from loyalty.charter_base import Section
from loyalty.charter_earning import Weekday


class WeeklyDigest(Section):
    """When those who chose the weekly digest get it: a day of the week, and a local hour."""

    weekday: Weekday = "fri"
    hour: int = Field(default=17, ge=0, le=23)


class WeeklyReport(Section):
    """At which local hour of Mondays managers are sent last week's report."""

    hour: int = Field(default=9, ge=0, le=23)
