"""What may be given for one case with the chain's apologies, and when one person is not enough."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gift:
    """Points, or a coupon of this code of the charter; neither: nothing."""

    points: int = 0
    coupon: str = ""

    def __bool__(self) -> bool:
        return bool(self.points or self.coupon)


@dataclass(frozen=True, slots=True)
class Given:
    """What there was before, by whomever: for this case, and by this person for the member today."""

    points: int
    coupons: int
    points_today: int
    coupons_today: int

    @property
    def most(self) -> int:
        """The points that count against a limit: neither reopening a case nor opening a second one renews it."""
        return max(self.points, self.points_today)

    @property
    def most_coupons(self) -> int:
        """As `most`."""
        return max(self.coupons, self.coupons_today)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one person may give for one case alone: so many points, or one coupon of these."""

    points: int
    coupons: Collection[str]

    def left(self, given: Given) -> int:
        """Points that can still be given without anybody else."""
        return 0 if given.most_coupons else max(0, self.points - given.most)

    def allow(self, gift: Gift, given: Given) -> bool:
        """Whether one person is enough: for the first coupon if nothing else was given, or for points that are left."""
        if gift.coupon:
            return gift.coupon in self.coupons and not given.most_coupons and not given.most
        return gift.points <= self.left(given)
