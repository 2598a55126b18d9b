"""Expected answers that say no. They carry data, never text: `bot/` turns them into words."""

from loyalty import (
    coupon_errors as coupon_errors,  # the refusals of coupons, so that they are known here, too
    handbook_errors as handbook_errors,  # those of the handbook, as above
)
from loyalty.campaign_errors import (
    CampaignNotFound as CampaignNotFound,
    CampaignSettled as CampaignSettled,
    CampaignTextInvalid as CampaignTextInvalid,
    CampaignTimeInvalid as CampaignTimeInvalid,
    NobodyToReview as NobodyToReview,
)
from loyalty.case_errors import (
    CaseAnswered as CaseAnswered,
    CaseElsewhere as CaseElsewhere,
    CaseHeld as CaseHeld,
    CaseNotFound as CaseNotFound,
    CaseSettled as CaseSettled,
    CompensationTooHigh as CompensationTooHigh,
    OwnCase as OwnCase,
    RatedCase as RatedCase,
    WhoseUnclear as WhoseUnclear,
)
from loyalty.gift_errors import (
    CodeUnknown as CodeUnknown,
    CollectedElsewhere as CollectedElsewhere,
    CollectLater as CollectLater,
    GiftLimitReached as GiftLimitReached,
    GiftNotFound as GiftNotFound,
    GiftTextUnreadable as GiftTextUnreadable,
    OfferEnded as OfferEnded,
    OutOfStock as OutOfStock,
    OwnGift as OwnGift,
    PictureRefused as PictureRefused,
    ReservationEnded as ReservationEnded,
    ReservationNotFound as ReservationNotFound,
    StillInStock as StillInStock,
    StoreNotManaged as StoreNotManaged,
    TierTooLow as TierTooLow,
    TooFewPieces as TooFewPieces,
)
from loyalty.refusal import Refusal as Refusal

# Who may do it


class NotAllowed(Refusal):
    """The sender's role does not reach `needs` (a role name)."""

    needs: str


class NotAMember(Refusal):
    """Only members can do this, and the sender has not joined; `joining`: but is about to."""

    joining: bool = False


class AlreadyAMember(Refusal):
    """The sender joined before."""


class OwnPurchase(Refusal):
    """Nobody credits themselves."""


class Throttled(Refusal):
    """Too many attempts; free again after `seconds`."""

    seconds: int


class StaleButton(Refusal):
    """The pressed button belongs to something that has ended or changed."""


# Finding a member


class MemberNotFound(Refusal):
    """Nobody matches; `query_kind` is a `queries.QueryKind`."""

    query_kind: str


class SeveralMembers(Refusal):
    """The query fits `count` members where exactly one is needed."""

    count: int


class QueryUnclear(Refusal):
    """What the clerk typed is no card, phone, tail, name, pinyin or card link."""


class CardUnreadable(Refusal):
    """No card could be read from the picture, or the link is malformed."""


class CardNumberInvalid(Refusal):
    """Looks like a card number, but the check digit does not fit: mistyped."""


# Joining and the profile


class PhoneInvalid(Refusal):
    """Not a phone number that exists in the numbering plans."""


class PhoneNotOwn(Refusal):
    """The contact is somebody else's, forwarded or typed."""


class AlreadyEnrolled(Refusal):
    """A member is known by this phone, for staff to open."""

    member_id: int


class PhoneTaken(Refusal):
    """Another member has proven this phone."""


class NameInvalid(Refusal):
    """`reason`: empty, too_long or no_letters."""

    reason: str


class BirthdayInvalid(Refusal):
    """`reason`: unreadable, short_year, impossible, future or too_old."""

    reason: str


class BirthdayLocked(Refusal):
    """The birthday was changed as often as the charter lets; free again at `until` (epoch ms)."""

    until: int


class EmailInvalid(Refusal):
    """Not an e-mail address."""


class TextInvalid(Refusal):
    """What a profile field cannot hold: nothing visible, or more than `limit` characters."""

    limit: int


class AnswerUnclear(Refusal):
    """The answer is none of those the question offers."""


class ConsentNeeded(Refusal):
    """Joining needs the privacy policy and the charter to be accepted."""


class JoinConditionUnmet(Refusal):
    """The charter's joining condition (`joining.condition`) is not met.

    `required` and `have` are minor units within `days` days (0: in a single purchase); all 0 for an invitation.
    """

    condition: str
    required: int
    have: int
    days: int


class SelfReferral(Refusal):
    """Nobody refers themselves."""


class ReferralRing(Refusal):
    """The referrer was, directly or through others, referred by this person."""


class ReferralUnknown(Refusal):
    """No member has this referral code."""


# Invitations, staff, stores


class InvitationInvalid(Refusal):
    """No such invitation."""


class InvitationUsed(Refusal):
    """A one-time invitation somebody has used."""


class InvitationExpired(Refusal):
    """The invitation's time is over."""


class InvitationOwn(Refusal):
    """Who made the invitation opened it; it is for somebody else, and still good."""


class AlreadyStaff(Refusal):
    """The person works here already, in this role or a higher one."""


class StaffNotFound(Refusal):
    """No such staff member."""


class LastOwner(Refusal):
    """The last owner cannot be removed or made less."""


class StoreNotFound(Refusal):
    """No such store, or it is closed."""


class StoreCodeTaken(Refusal):
    """Another store has this code."""

    code_taken: str


class StoreCodeInvalid(Refusal):
    """A store code is 1–32 letters, digits and hyphens."""


class NoStoreYet(Refusal):
    """There is no open store this person works at."""


class StoreNeeded(Refusal):
    """The clerk works at several stores and has to say at which one."""


# Purchases and points


class AmountInvalid(Refusal):
    """Not an amount of money above zero in the charter's currency."""


class AmountTooLarge(Refusal):
    """Above the charter's sanity `limit` (minor units)."""

    limit: int


class PaymentUnknown(Refusal):
    """An amount followed by `word`, which is no way of paying; `known` are those of the charter (names by locale)."""

    word: str
    known: list[dict[str, str]]


class PurchaseUnreadable(Refusal):
    """The text is not `<card or phone> <amount> [payment]`; `missing`: member or amount."""

    missing: str


class LineInvalid(Refusal):
    """Line `line_number` (1 is the first line of goods) is wrong.

    `reason`: fields, item, category, quantity or price.
    """

    line_number: int
    reason: str


class TooManyLines(Refusal):
    """More than `limit` lines of goods."""

    limit: int


class LinesDoNotAddUp(Refusal):
    """The lines come to `lines_total`, the purchase to `total` (minor units)."""

    total: int
    lines_total: int


class PurchaseNotFound(Refusal):
    """No such purchase, or not one this person may see."""


class UndoTooLate(Refusal):
    """Undo is possible for `minutes` minutes."""

    minutes: int


class AlreadyUndone(Refusal):
    """The purchase has been undone."""


class PartlyRefunded(Refusal):
    """Something of the purchase was refunded; it cannot be undone, but the rest can be refunded, too."""


class AlreadyRefunded(Refusal):
    """All of the purchase has been refunded."""


class RefundTooLarge(Refusal):
    """Only `left` (minor units) of the purchase can still be refunded."""

    left: int


class IdempotencyConflict(Refusal):
    """The same idempotency key came with other content."""


class NotEnoughPoints(Refusal):
    """`required` points, `available` now."""

    required: int
    available: int


class RedemptionsFrozen(Refusal):
    """The member's books are being looked into; until then nothing is redeemed."""


class HoldResolved(Refusal):
    """What was held has been settled: `state` is captured or released."""

    state: str


class PointsInvalid(Refusal):
    """Not a number of points other than zero, `most` at most."""

    most: int


class OwnPoints(Refusal):
    """Nobody adjusts their own points."""


class AskedForThemselves(Refusal):
    """Who asked for it has turned out to be the member who would get it."""


class SecondPersonNeeded(Refusal):
    """Who asked cannot agree, too."""


class NobodyToAgree(Refusal):
    """It needs a second manager, and there is none."""


class AlreadyReversed(Refusal):
    """The entry has been taken back before."""


class NotReversible(Refusal):
    """An entry of this `kind` cannot be taken back, or not as it stands."""

    kind: str


class CodeInvalid(Refusal):
    """Contains characters our codes never have, or has the wrong length."""
