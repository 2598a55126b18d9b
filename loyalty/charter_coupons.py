"""The charter's part on coupons and member prices."""

import json
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from loyalty.charter_base import Amount, Code, Named, Section, Words

CouponKind = Literal["amount", "percent", "steps", "gift"]
Percent = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2, allow_inf_nan=False)]


class SpendStep(Section):
    """So much off from so much spent on."""

    spend: Annotated[Amount, Field(gt=0)]
    off: Annotated[Amount, Field(gt=0)]


class Coupon(Named):
    """A coupon that rules and managers may grant. Who has one keeps the terms it was granted under.

    `group`: of one group a purchase takes one coupon; without a group it is used alone. `begins` and `ends` are local
    days, both included; `days` counts from the day it is granted. Limits and budget: 0 is none.
    """

    kind: CouponKind
    off: Amount = Decimal(0)
    percent: Percent | None = None
    most: Amount = Decimal(0)
    steps: tuple[SpendStep, ...] = ()
    gift: Words | None = None
    categories: tuple[Code, ...] = ()
    stores: tuple[Code, ...] = ()
    minimum: Amount = Decimal(0)
    tier: str = ""
    group: str = Field(default="", pattern=r"^[a-z0-9_-]{0,32}$")
    with_member_prices: bool = True
    begins: date | None = None
    ends: date | None = None
    days: int = Field(default=0, ge=0, le=3660)
    per_member: int = Field(default=0, ge=0, le=10**6)
    in_total: int = Field(default=0, ge=0, le=10**9)
    budget: Amount = Decimal(0)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of all of it."""
        return sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


class CouponRules(Section):
    """What holds for all coupons.

    `highest_percent`: no purchase gets more off by coupons than so much of its full price. `partial_refund`: whether
    a coupon stays used while only a part of its purchase was refunded. `alert_percent`: managers are told when so much
    of a budget is used.
    """

    per_purchase: int = Field(default=3, ge=1, le=5)
    highest_percent: Percent = Decimal(100)
    partial_refund: Literal["stays_used", "comes_back"] = "stays_used"
    remind_days: tuple[Annotated[int, Field(ge=0, le=60)], ...] = (3,)
    alert_percent: tuple[Annotated[int, Field(ge=1, le=100)], ...] = (80, 100)


class MemberPrice(Named):
    """Percent off for members of these tiers, on these categories; of several, a line gets the highest."""

    tiers: tuple[Code, ...] = Field(min_length=1)
    categories: tuple[Code, ...] = Field(min_length=1)
    stores: tuple[Code, ...] = ()
    percent: Percent
