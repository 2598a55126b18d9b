"""What a tier brings its members, as the charter has it, in an order to tell it in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from loyalty.charter import Charter, Tier

BenefitKind = Literal["points", "prices", "birthday", "words"]


@dataclass(frozen=True, slots=True)
class Benefit:
    """`name` is the rule's, the coupon's, or the charter's own words, by locale. `note`: a factor, or per cent off."""

    kind: BenefitKind
    name: dict[str, str]
    note: str = ""


def benefits(charter: Charter, tier: Tier, today: date) -> list[Benefit]:
    """Of all members of the tier; what everybody has, and what is over or has not begun, is left out."""
    return [*_multipliers(charter, tier, today), *_prices(charter, tier), *_presents(charter, tier), *_words(tier)]


def _multipliers(charter: Charter, tier: Tier, today: date) -> Iterator[Benefit]:
    for rule in charter.earning.multipliers:
        if tier.code in rule.tiers and rule.begins <= today <= rule.ends:
            yield Benefit("points", rule.names, f"{rule.factor.normalize():f}")


def _prices(charter: Charter, tier: Tier) -> Iterator[Benefit]:
    for price in charter.member_prices:
        if tier.code in price.tiers:
            yield Benefit("prices", price.names, f"{price.percent.normalize():f}")


def _presents(charter: Charter, tier: Tier) -> Iterator[Benefit]:
    for present in charter.birthdays.presents:
        coupon = charter.coupon(present.coupon)
        if tier.code in present.tiers and coupon:
            yield Benefit("birthday", coupon.names)


def _words(tier: Tier) -> Iterator[Benefit]:
    if tier.brings:
        yield Benefit("words", tier.brings.model_dump())
