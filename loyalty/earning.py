"""What a purchase earns under a charter, and why: every point is accounted for by a part.

The amount is looked at in portions: each line of goods, or the whole if there are no lines. In each portion the base
rules that fit are added (the one of highest priority decides: if it is not stackable it stands alone, else all that
are stackable count) and multiplied by the multipliers that fit. The sum of all portions is rounded down once; then the
caps cut.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Literal

from loyalty import birthdays, days
from loyalty.birthdays import Birthday
from loyalty.charter import Charter
from loyalty.charter_earning import WEEKDAYS, BaseRule, Conditions, Multiplier
from loyalty.lots import NEVER

PartKind = Literal["base", "multiplier", "cap"]
Rule = BaseRule | Multiplier
Cap = Literal["per_purchase", "per_day", "per_month"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of goods: `amount` in minor units is for the whole line, `quantity` in thousandths (2 kg: 2000)."""

    item: str
    category: str  # code in the charter, or "" if none was given
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought. `lines` are empty or add up to `amount` (minor units); `store` and `payment` are codes or ""."""

    amount: int
    lines: tuple[Line, ...]
    store: str
    payment: str
    occurred_at: int  # epoch ms


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What the rules ask about the buyer; points earned before, on the purchase's local day and in its month."""

    tier: str
    birthday: Birthday | None
    earned_today: int
    earned_this_month: int


@dataclass(frozen=True, slots=True)
class Part:
    """Points one rule gave, or a cap took (negative). `rule` is the rule's code, or the cap's name.

    `note` says from what: the eligible amount (minor units) for a base rule, the factor for a multiplier, the limit for
    a cap. JSON-able through `dataclasses.asdict`.
    """

    kind: PartKind
    rule: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class Earned:
    """The outcome: `points` is the sum of the parts, and `lost` what rounding down dropped (less than one point)."""

    points: int
    parts: tuple[Part, ...]
    lost: Fraction
    active_at: int  # epoch ms; the purchase's own time unless points pend
    expires_at: int  # epoch ms, last millisecond of a local day; NEVER if they do not lapse

    @property
    def multipliers(self) -> tuple[Part, ...]:
        """The multipliers that had a say."""
        return tuple(part for part in self.parts if part.kind == "multiplier")


def earn(charter: Charter, purchase: Purchase, member: MemberFacts) -> Earned:
    """The points of a purchase, with their parts, activation and expiry, under this charter."""
    exact = _totals(charter, purchase, member)
    given = sum((points for _, points, _ in exact), Fraction(0))
    parts = (*_whole(exact), *_cuts(charter, floor(given), member))
    return Earned(
        points=sum(part.points for part in parts),
        parts=parts,
        lost=given - floor(given),
        active_at=active_at(charter, purchase.occurred_at),
        expires_at=expires_at(charter, purchase.occurred_at),
    )


def active_at(charter: Charter, occurred_at: int) -> int:
    """When points earned at `occurred_at` become usable: then, or at the end of the last pending day (epoch ms)."""
    pending_days = charter.earning.pending_days
    if not pending_days:
        return occurred_at
    return days.end_of_day(days.add_days(days.local_date(occurred_at, charter.zone), pending_days), charter.zone)


def expires_at(charter: Charter, occurred_at: int) -> int:
    """The last millisecond at which points earned at `occurred_at` can be used; NEVER if they do not lapse."""
    earned_on = days.local_date(occurred_at, charter.zone)
    expiry = charter.expiry
    if expiry.kind == "never":
        return NEVER
    if expiry.kind == "rolling":
        last = days.end_of_month(days.add_months(earned_on, expiry.months))
    else:
        last = days.end_of_month(days.add_months(earned_on.replace(month=12, day=1), expiry.grace_months))
    return days.end_of_day(last, charter.zone)


def _totals(charter: Charter, purchase: Purchase, member: MemberFacts) -> list[tuple[Rule, Fraction, int]]:
    """Exact points and eligible amount of every rule that fitted somewhere, in the charter's order."""
    points: defaultdict[str, Fraction] = defaultdict(Fraction)
    amounts: Counter[str] = Counter()
    for rule, given, amount in _shares(charter, purchase, member):
        points[rule.code] += given
        amounts[rule.code] += amount
    rules: tuple[Rule, ...] = (*charter.earning.base, *charter.earning.multipliers)
    return [(rule, points[rule.code], amounts[rule.code]) for rule in rules if rule.code in points]


def _shares(charter: Charter, purchase: Purchase, member: MemberFacts) -> Iterator[tuple[Rule, Fraction, int]]:
    """(rule, exact points, amount) for every portion and rule; a multiplier's share is what it adds to those before."""
    weekday = WEEKDAYS[days.local_date(purchase.occurred_at, charter.zone).weekday()]
    base = [rule for rule in charter.earning.base if _fits(rule, purchase, weekday)]
    multipliers = [rule for rule in charter.earning.multipliers if _fits(rule, purchase, weekday)]
    multipliers = [rule for rule in multipliers if _in_force(charter, rule, purchase.occurred_at, member)]
    for category, amount in _portions(purchase):
        points = Fraction(0)
        for rule in _stacked([rule for rule in base if _in_category(rule, category)]):
            given = Fraction(amount * rule.points, charter.minor(rule.per))
            points += given
            yield rule, given, amount
        for multiplier in (rule for rule in multipliers if points and _in_category(rule, category)):
            more = points * (Fraction(multiplier.factor) - 1)
            points += more
            yield multiplier, more, amount


def _portions(purchase: Purchase) -> Iterable[tuple[str, int]]:
    """(category, amount) of each line, or of the purchase as a whole."""
    return [(line.category, line.amount) for line in purchase.lines] or [("", purchase.amount)]


def _stacked(rules: Sequence[BaseRule]) -> Sequence[BaseRule]:
    """Which of the fitting rules count: the first of highest priority alone, or with it all that are stackable."""
    if not rules:
        return rules
    top = max(rules, key=lambda rule: rule.priority)
    return [rule for rule in rules if rule.stackable] if top.stackable else [top]


def _fits(rule: Conditions, purchase: Purchase, weekday: str) -> bool:
    """Whether store, payment and weekday fit; categories are looked at by portion."""
    return (
        (not rule.stores or purchase.store in rule.stores)
        and (not rule.payments or purchase.payment in rule.payments)
        and (not rule.weekdays or weekday in rule.weekdays)
    )


def _in_category(rule: Conditions, category: str) -> bool:
    return not rule.categories or category in rule.categories


def _in_force(charter: Charter, rule: Multiplier, occurred_at: int, member: MemberFacts) -> bool:
    """Whether window, tier and birthday fit."""
    day = days.local_date(occurred_at, charter.zone)
    return (
        rule.begins <= day <= rule.ends
        and (not rule.tiers or member.tier in rule.tiers)
        and is_birthday_time(charter, rule, day, member.birthday)
    )


def is_birthday_time(charter: Charter, rule: Multiplier, day: date, birthday: Birthday | None) -> bool:
    """Whether that local day is one of those around the birthday on which the rule multiplies; it may do so always."""
    if rule.birthday_month:
        return birthdays.is_birthday_month(birthday, day, charter.birthdays)
    if rule.birthday_before is None and rule.birthday_after is None:
        return True
    before, after = rule.birthday_before or 0, rule.birthday_after or 0
    return birthdays.is_near(birthday, day, before, after, charter.birthdays)


def _whole(exact: Iterable[tuple[Rule, Fraction, int]]) -> Iterator[Part]:
    """Whole points by rule that add up to the rounded sum: differences of the running sum, rounded down."""
    running = Fraction(0)
    for rule, points, amount in exact:
        before, running = running, running + points
        whole = floor(running) - floor(before)
        if isinstance(rule, Multiplier):
            yield Part("multiplier", rule.code, whole, f"{rule.factor.normalize():f}")
        else:
            yield Part("base", rule.code, whole, str(amount))


def _cuts(charter: Charter, points: int, member: MemberFacts) -> Iterator[Part]:
    """What each cap takes from what the caps before it left; never below zero points."""
    caps = charter.earning.caps
    room: list[tuple[Cap, int | None, int]] = [
        ("per_purchase", caps.per_purchase, 0),
        ("per_day", caps.per_day, member.earned_today),
        ("per_month", caps.per_month, member.earned_this_month),
    ]
    for name, limit, earned in room:
        if limit is not None and points > (left := max(0, limit - earned)):
            yield Part("cap", name, left - points, str(limit))
            points = left
