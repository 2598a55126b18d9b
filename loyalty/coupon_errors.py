"""Expected answers that say no about coupons; `loyalty.errors` has them all."""

from loyalty.refusal import Refusal


class CouponNotFound(Refusal):
    """No such coupon of this person, or no such kind."""


class CouponEnded(Refusal):
    """The coupon was used, or lapsed, at `at` (epoch ms): `state`. `store`: where it was used."""

    state: str
    at: int
    store: str


class CouponTooEarly(Refusal):
    """The coupon can be used from `usable_from` (epoch ms) on."""

    usable_from: int


class CouponElsewhere(Refusal):
    """The coupon is good at other `stores` only (their names)."""

    stores: list[str]


class CouponForTier(Refusal):
    """The coupon is for members of `tier` (name by locale) and above."""

    tier: dict[str, str]


class CouponNotForGoods(Refusal):
    """Nothing in the purchase is of the coupon's `categories` (names by locale), as far as its lines were told."""

    categories: list[dict[str, str]]


class CouponMinimum(Refusal):
    """The coupon is good from `least` spent on what it is for; `missing` more is needed. Minor units."""

    least: int
    missing: int


class CouponSavesNothing(Refusal):
    """The coupon would take nothing off this purchase."""


class CouponOfAnother(Refusal):
    """The coupon belongs to another member than the one who buys."""


class OwnCoupon(Refusal):
    """Nobody accepts a coupon of their own at the counter."""


class CouponsDoNotFit(Refusal):
    """These coupons cannot be used together, or one of them was used meanwhile."""


class CouponBudgetSpent(Refusal):
    """What may be saved with coupons of this kind is used up; `name` by locale."""

    name: dict[str, str]


class CouponNotGranted(Refusal):
    """`reason`: stopped, over, all_gone, budget or member (who has had as many as one may)."""

    reason: str


class CouponTextUnreadable(Refusal):
    """What a manager typed is no `what`: name, value, minimum, categories, stores, validity, limit or budget."""

    what: str


class CouponInCharter(Refusal):
    """Coupons of the charter are changed there."""
