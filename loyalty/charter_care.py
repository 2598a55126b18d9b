"""The charter's part on care: whom staff greet or call of their own accord, and how many a day."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from loyalty.charter_base import Amount, Code, Named, Section

CareKind = Literal["tier", "complaint", "quiet", "birthday"]


class CareRule(Named):
    """Whom to think of. `tiers`: only members of these; without any, of all.

    `tier`: every member once in `every_months`, spread over them. `complaint`: `days` after one was closed. `quiet`:
    who has bought nothing for `days`, and for `spent` or more in the year before. `birthday`: `days` before it is kept.
    """

    kind: CareKind
    tiers: tuple[Code, ...] = ()
    every_months: int = Field(default=3, ge=1, le=12)
    days: int = Field(default=0, ge=0, le=366)
    spent: Amount = Decimal(0)


class Care(Section):
    """What is due is shared out at the member's home store, `per_clerk` a day at most.

    What nobody came to lapses `keep_days` after its day; what is about a birthday, `birthday_keep_days` after that. Who
    did not answer is tried again the next day, `tries` times in all.
    """

    rules: tuple[CareRule, ...] = ()
    per_clerk: int = Field(default=5, ge=1, le=100)
    keep_days: int = Field(default=14, ge=1, le=90)
    birthday_keep_days: int = Field(default=1, ge=0, le=30)
    tries: int = Field(default=3, ge=1, le=10)

    def rule(self, code: str) -> CareRule | None:
        """The rule with this code; None if a newer charter dropped it."""
        return next((rule for rule in self.rules if rule.code == code), None)
