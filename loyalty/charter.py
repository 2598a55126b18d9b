"""The charter: the programme's rules as a frozen value, read from the `charter.toml` a shop owner edits.

Amounts of money in the file are major units (`86.50`); the methods here give integer minor units.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from loyalty import money
from loyalty.charter_base import Amount, Choice, Colour, HasName, Named, Points, Section, Words
from loyalty.charter_care import Care
from loyalty.charter_coupons import Coupon, CouponRules, MemberPrice
from loyalty.charter_earning import Earning
from loyalty.charter_greetings import Birthdays, Festival, Greetings, Replenishment, Welcome, WinBack
from loyalty.charter_problems import (
    CharterError as CharterError,  # noqa: PLC0414  # what `load` raises, exported
    contradictions,
    known_currency,
    known_region,
    known_zone,
    problems_of,
    syntax_problem,
)
from loyalty.charter_pushes import WeeklyDigest, WeeklyReport
from loyalty.charter_reviews import (
    Tier as Tier,  # noqa: PLC0414  # a charter's tiers, exported
    TierReview,
)
from loyalty.charter_service import Service
from loyalty.charter_staff import Staff
from loyalty.charter_surveys import Surveys
from loyalty.coupon_problems import coupon_contradictions
from loyalty.variants import comparable

Locale = Literal["zh_Hans", "zh_Hant", "en"]
LOCALES: tuple[Locale, ...] = ("zh_Hans", "zh_Hant", "en")

DEFAULT_CHARTER: str = files("loyalty").joinpath("charter.default.toml").read_text("utf-8")


class Programme(HasName):
    """What the programme is called and where it is at home."""

    time_zone: Annotated[str, known_zone]
    currency: Annotated[str, known_currency]
    default_locale: Locale
    phone_region: Annotated[str, known_region]
    colour: Colour = "#B4532A"
    card_prefix: str = Field(default="29", pattern=r"^2[0-9]{1,4}$")


class StoreDefaults(Section):
    """What a new store starts with (local times)."""

    opens: time = time(9)
    closes: time = time(22)


class Joining(Section):
    """Who may join: anyone, or who spent `amount` in one purchase or within `days`, or who was invited by staff."""

    condition: Literal["open", "single_purchase", "spent", "invitation"] = "open"
    amount: Amount = Decimal(0)
    days: int = Field(default=30, ge=1, le=3660)


class Purchases(Section):
    """Limits at the counter. Above `amount_limit` an amount is taken for a slip of the finger."""

    undo_minutes: int = Field(default=15, ge=0, le=1440)
    amount_limit: Amount = Decimal(50_000)


class Adjustments(Section):
    """Points given or taken by hand: for which reasons, and above how many a second person has to agree."""

    limit: Points = 500
    reasons: tuple[Named, ...] = Field(
        default=(Named(code="correction", name=Words(zh_Hans="更正", zh_Hant="更正", en="Correction")),), min_length=1
    )


class Expiry(Section):
    """When points lapse.

    `rolling`: at the end of the month `months` months after earning; `calendar`: `grace_months` after the year's end.
    `notice_days`: so many days before, members are told what is about to lapse.
    """

    kind: Literal["never", "rolling", "calendar"] = "rolling"
    months: int = Field(default=24, ge=1, le=240)
    grace_months: int = Field(default=3, ge=0, le=12)
    notice_days: tuple[Annotated[int, Field(ge=1, le=180)], ...] = (30, 7, 1)


class Referral(Section):
    """Points for both sides after the friend's first purchase."""

    referrer_points: Points = 0
    friend_points: Points = 0


class QuietHours(Section):
    """Local times between which nothing but replies, receipts and codes is sent; may span midnight."""

    begins: time = time(21)
    ends: time = time(9)


class Gifts(Section):
    """Days a reserved gift is kept, until closing time; shop hours in which to take one that came free."""

    collect_days: int = Field(default=7, ge=0, le=366)
    decide_hours: int = Field(default=12, ge=1, le=1000)


class Retention(Section):
    """How long what is kept (months without purchase; days for chat records)."""

    warn_after_months: int = Field(default=24, ge=1, le=240)
    erase_after_months: int = Field(default=30, ge=1, le=240)
    chat_days: int = Field(default=30, ge=1, le=3660)


class Texts(Section):
    """What a person accepts on joining."""

    privacy: Words
    summary: Words


class Charter(Section):
    """All rules of one version of the programme."""

    programme: Programme
    stores: StoreDefaults = StoreDefaults()
    joining: Joining = Joining()
    purchases: Purchases = Purchases()
    payments: tuple[Choice, ...] = ()
    categories: tuple[Choice, ...] = ()
    earning: Earning
    adjustments: Adjustments = Adjustments()
    expiry: Expiry = Expiry()
    tiers: tuple[Tier, ...] = Field(min_length=1)
    tier_review: TierReview = TierReview()
    birthdays: Birthdays = Birthdays()
    greetings: Greetings = Greetings()
    surveys: Surveys = Surveys()
    service: Service = Service()
    care: Care = Care()
    staff: Staff = Staff()
    festivals: tuple[Festival, ...] = ()
    welcome: Welcome = Welcome()
    winback: tuple[WinBack, ...] = ()
    replenishment: Replenishment = Replenishment()
    referral: Referral = Referral()
    quiet_hours: QuietHours = QuietHours()
    weekly_digest: WeeklyDigest = WeeklyDigest()
    weekly_report: WeeklyReport = WeeklyReport()
    gifts: Gifts = Gifts()
    coupons: tuple[Coupon, ...] = ()
    coupon_rules: CouponRules = CouponRules()
    member_prices: tuple[MemberPrice, ...] = ()
    retention: Retention = Retention()
    texts: Texts

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of all dates and ends of day."""
        return ZoneInfo(self.programme.time_zone)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the rules: comments, order of keys and spelling of numbers in the file do not matter."""
        canonical = json.dumps(_flat(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.programme.currency

    @cached_property
    def amount_limit(self) -> int:
        """The largest purchase taken for real, in minor units."""
        return self.minor(self.purchases.amount_limit)

    @cached_property
    def joining_amount(self) -> int:
        """What must have been spent to join, in minor units."""
        return self.minor(self.joining.amount)

    def minor(self, major: Decimal) -> int:
        """Minor units of an amount written in the charter."""
        return money.to_minor(major, self.currency)

    def tier(self, code: str) -> Tier:
        """The tier with this code; the lowest one if a newer charter dropped the code."""
        return self._tiers.get(code, self.tiers[0])

    def threshold(self, tier: Tier) -> int:
        """Minor units spent, or points earned, that reach the tier."""
        return self._thresholds[tier.code]

    def keeping(self, tier: Tier) -> int:
        """As `threshold`, but what keeps the tier for another period."""
        return self._keepings[tier.code]

    # Asked for a dozen times for each purchase, and for each member whose tier is reviewed.
    @cached_property
    def _tiers(self) -> dict[str, Tier]:
        return {tier.code: tier for tier in self.tiers}

    @cached_property
    def _thresholds(self) -> dict[str, int]:
        return {tier.code: self._counted(tier.threshold) for tier in self.tiers}

    @cached_property
    def _keepings(self) -> dict[str, int]:
        return {tier.code: self._counted(tier.keeping) for tier in self.tiers}

    def _counted(self, amount: Decimal) -> int:
        return self.minor(amount) if self.tier_review.metric == "spend" else int(amount)

    def rule_name(self, code: str) -> Words | None:
        """The name of a base rule or multiplier, for receipts; None if a newer charter dropped it."""
        return next((rule.name for rule in (*self.earning.base, *self.earning.multipliers) if rule.code == code), None)

    def adjustment_reason(self, code: str) -> Named | None:
        """Why points may be given or taken by hand; None if a newer charter dropped the code."""
        return next((reason for reason in self.adjustments.reasons if reason.code == code), None)

    def coupon(self, code: str) -> Coupon | None:
        """The coupon with this code; None if there is none, or a newer charter dropped it."""
        return next((coupon for coupon in self.coupons if coupon.code == code), None)

    def category_names(self, code: str) -> dict[str, str]:
        """By locale; the code itself if a newer charter dropped it, {} for no code."""
        known = next((category.names for category in self.categories if category.code == code), None)
        return known or (dict.fromkeys(LOCALES, code) if code else {})

    def payment_for(self, word: str) -> Choice | None:
        """The way of paying a clerk means by `word`: its code, its name in any language, or one of its words."""
        return self._payment_words.get(comparable(word))

    def category_for(self, word: str) -> Choice | None:
        """The category a clerk means by `word`."""
        return self._category_words.get(comparable(word))

    @cached_property
    def _payment_words(self) -> dict[str, Choice]:
        return _by_word(self.payments)

    @cached_property
    def _category_words(self) -> dict[str, Choice]:
        return _by_word(self.categories)


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that differs: its path, and both values as they would stand in the file ("" where it is absent)."""

    path: str
    before: str
    after: str


def load(text: str) -> Charter:
    """The charter in a TOML text; CharterError with one sentence per mistake."""
    try:
        # Decimals keep amounts exact: 0.1 in the file is a tenth.
        data = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ArithmeticError) as error:
        raise CharterError([syntax_problem(error, text)]) from None
    try:
        charter = Charter.model_validate(data)
    except ValidationError as error:
        raise CharterError(problems_of(error, data)) from None
    if found := [*contradictions(charter), *coupon_contradictions(charter)]:
        raise CharterError(found)
    return charter


def describe_changes(old: Charter, new: Charter) -> list[Change]:
    """Every setting that differs, in the order of the file; entries of lists are told apart by their codes."""
    before, after = _flat(old), _flat(new)
    paths = dict.fromkeys([*before, *after])
    return [
        Change(path, before.get(path, ""), after.get(path, "")) for path in paths if before.get(path) != after.get(path)
    ]


def _flat(charter: Charter) -> dict[str, str]:
    return dict(_leaves("", charter.model_dump()))


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else key, inner)
    elif isinstance(value, tuple) and value and isinstance(value[0], dict):
        for place, inner in enumerate(value, start=1):
            yield from _leaves(f"{path}.{inner.get('code', place)}", inner | {"position": place})
    elif value is not None:
        yield path, _spelt(value)


def _spelt(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def _by_word(choices: Iterable[Choice]) -> dict[str, Choice]:
    return {comparable(word): choice for choice in choices for word in choice.all_words}
