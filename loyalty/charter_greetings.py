"""The charter's part on birthdays, festivals and what members are written in their time with the chain."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from loyalty.charter_base import Code, Named, Section, Words

KnownFestival = Literal[
    "new_year", "lunar_new_years_eve", "spring_festival", "lantern", "womens_day", "dragon_boat", "qixi",
    "mid_autumn", "double_ninth", "christmas",
]  # fmt: skip
_CODE_OR_NONE = r"^([a-z0-9][a-z0-9_-]{0,31})?$"


class Present(Section):
    """A coupon for the birthday of members of these tiers; without tiers, of all whom no other present names."""

    coupon: Code
    tiers: tuple[Code, ...] = ()


class Birthdays(Section):
    """When birthdays are kept in years that lack the day, how often a member may change theirs, and what it brings.

    `offer_days_before`: so many days before, members are told and have their present; 0: on the day.
    """

    feb_29: Literal["feb_28", "mar_1"] = "feb_28"
    lunar_day_30: Literal["last_day", "next_day"] = "last_day"
    leap_month: Literal["regular_month", "next_month"] = "regular_month"
    changes_per_year: int = Field(default=1, ge=0, le=10)
    offer_days_before: int = Field(default=0, ge=0, le=31)
    presents: tuple[Present, ...] = ()

    def present_for(self, tier: str) -> str:
        """The coupon's code for members of this tier (its code); '' if there is none."""
        return next((present.coupon for present in _by_tier(self.presents, tier)), "")


class Greetings(Section):
    """Which of the well-known festivals the chain congratulates on."""

    festivals: tuple[KnownFestival, ...] = ()


class Festival(Named):
    """A day of the chain's own: a day of every year, solar or lunar, or the dates given, or both."""

    words: Words
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    lunar: bool = False
    dates: tuple[date, ...] = ()

    @property
    def exists(self) -> bool:
        """Whether its day of the year is in the calendar."""
        if self.month is None or self.day is None:
            return False
        return self.day <= (30 if self.lunar else monthrange(2000, self.month)[1])


class Welcome(Section):
    """So many days after joining a new member is told about card and points, gifts, and settings; -1: not.

    `coupon`: a present that comes with the card; '': none.
    """

    card_day: int = Field(default=-1, ge=-1, le=365)
    gifts_day: int = Field(default=-1, ge=-1, le=365)
    settings_day: int = Field(default=-1, ge=-1, le=365)
    coupon: str = Field(default="", pattern=_CODE_OR_NONE)


class WinBack(Section):
    """What a member is written so many days after the last purchase, perhaps with a coupon."""

    days: int = Field(ge=7, le=3660)
    coupon: str = Field(default="", pattern=_CODE_OR_NONE)


class Replenishment(Section):
    """Who is told that something should be running out: who bought it `times` times or more, at regular intervals.

    Regular: three in four of the intervals are within `tolerance` of the median, which lies between `min_days` and
    `max_days`. `categories`: only goods of these; none named: of all. `pause_days`: between two such messages.
    """

    on: bool = False
    times: int = Field(default=4, ge=3, le=20)
    min_days: int = Field(default=7, ge=2, le=365)
    max_days: int = Field(default=120, ge=2, le=365)
    tolerance: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.35")
    pause_days: int = Field(default=7, ge=1, le=365)
    categories: tuple[Code, ...] = ()


def _by_tier(presents: Iterable[Present], tier: str) -> list[Present]:
    """Those that name the tier before those that name none."""
    fitting = [present for present in presents if not present.tiers or tier in present.tiers]
    return sorted(fitting, key=lambda present: not present.tiers)
