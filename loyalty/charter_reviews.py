"""The charter's part on tiers: what they take, what they bring, and how they are reviewed."""

from typing import Literal

from pydantic import Field

from loyalty.charter_base import Amount, Colour, Named, Section, Words


class Tier(Named):
    """A tier, reached at `threshold`: major units spent or points earned, as `tier_review.metric` says.

    `keep`: what keeps it for another period; the threshold if absent. `coupon`: code of one that is granted on reaching
    it. `brings`: what else the member has of it, in words.
    """

    threshold: Amount
    colour: Colour
    keep: Amount | None = None
    coupon: str = ""
    brings: Words | None = None

    @property
    def keeping(self) -> Amount:
        """What keeps it, in major units or points."""
        return self.threshold if self.keep is None else self.keep


class TierReview(Section):
    """What counts for tiers, and over which period: so many months back, or the calendar year.

    `upgrade`: with the purchase that reaches it, or at the end of the period. `downgrade`: one tier lower, or the one
    that what was counted would keep. `grace_months`: so long after the period what is missing can be made up.
    `announce_days`: nobody is moved down whom we did not tell so many days before, if they can be told.
    """

    metric: Literal["spend", "points"] = "spend"
    period: Literal["rolling", "calendar_year"] = "rolling"
    period_months: int = Field(default=12, ge=1, le=60)
    upgrade: Literal["at_once", "at_review"] = "at_once"
    downgrade: Literal["one_step", "reassessed"] = "one_step"
    grace_months: int = Field(default=0, ge=0, le=24)
    announce_days: int = Field(default=30, ge=1, le=180)
