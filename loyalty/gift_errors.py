"""Expected answers that say no about gifts; `loyalty.errors` has them all."""

from loyalty.refusal import Refusal


class GiftNotFound(Refusal):
    """No such gift, or not offered now."""


class OutOfStock(Refusal):
    """No piece is left at that store, or anywhere."""


class TooFewPieces(Refusal):
    """Only so many pieces are `free` at the `store` (its name): more cannot be moved or taken away."""

    store: str
    free: int


class TierTooLow(Refusal):
    """The gift is for members of `tier` (name by locale) and above."""

    tier: dict[str, str]


class GiftLimitReached(Refusal):
    """`limit` of this gift for one member, `per` member or month."""

    limit: int
    per: str


class ReservationNotFound(Refusal):
    """No such reservation of this person."""


class ReservationEnded(Refusal):
    """The reservation was resolved at `at` (epoch ms): `state` is captured, cancelled or lapsed. `store`: its name.

    overdue: its time was over at `at`, and its points are about to go back.
    """

    state: str
    at: int
    store: str


class CollectedElsewhere(Refusal):
    """The gift lies at another `store` (its name)."""

    store: str


class CollectLater(Refusal):
    """The gift can be collected from `collect_from` (epoch ms) on."""

    collect_from: int


class CodeUnknown(Refusal):
    """No reservation has this code; `left` more wrong tries lock. 0: locked now, for `minutes`."""

    left: int
    minutes: int


class OwnGift(Refusal):
    """Nobody hands over a gift to themselves."""


class StillInStock(Refusal):
    """There is no need to wait: a piece is free."""


class OfferEnded(Refusal):
    """The offer of a piece was taken, passed on, or not decided about in time."""


class GiftTextUnreadable(Refusal):
    """What a manager typed is no `what`: price, day, pieces, number, name, names, tier or limit."""

    what: str


class StoreNotManaged(Refusal):
    """`named`, as typed, is none of the stores somebody manages, which have these `codes`."""

    named: str
    codes: list[str]


class PictureRefused(Refusal):
    """The picture cannot be used; `reason`: too_large, too_many_pixels, too_slow, out_of_memory, no_picture, busy,
    no_code; or not_sent: words came instead."""

    reason: str
