"""The charter's part on earning: base rules, multipliers, caps."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from loyalty.charter_base import Amount, Code, Named, Points, Section

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Conditions(Section):
    """Where a rule applies; an empty list means everywhere."""

    categories: tuple[Code, ...] = ()
    stores: tuple[Code, ...] = ()
    payments: tuple[Code, ...] = ()
    weekdays: tuple[Weekday, ...] = ()


class BaseRule(Named, Conditions):
    """`points` for every `per` (major units), in proportion. One that is not stackable excludes the others."""

    points: Annotated[int, Field(gt=0, le=10**6)]
    per: Annotated[Amount, Field(gt=0)] = Decimal(1)
    stackable: bool = True
    priority: int = 0


class Multiplier(Named, Conditions):
    """Multiplies what the base rules gave; `begins` and `ends` are local days, both included.

    Around the buyer's birthday: in its month, or from so many days before to so many days after it.
    """

    factor: Annotated[Decimal, Field(gt=0, le=100, allow_inf_nan=False)]
    tiers: tuple[Code, ...] = ()
    birthday_month: bool = False
    birthday_before: int | None = Field(default=None, ge=0, le=31)
    birthday_after: int | None = Field(default=None, ge=0, le=31)
    begins: date = date.min
    ends: date = date.max


class Caps(Section):
    """The most points one purchase, one local day, one local month can earn; absent: no cap."""

    per_purchase: Points | None = None
    per_day: Points | None = None
    per_month: Points | None = None


class Earning(Section):
    """How purchases become points. Sums are rounded down once, at the end."""

    base: tuple[BaseRule, ...] = Field(min_length=1)
    multipliers: tuple[Multiplier, ...] = ()
    caps: Caps = Caps()
    pending_days: int = Field(default=0, ge=0, le=366)
