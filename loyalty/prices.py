"""What a purchase comes to: member prices first, then the coupons that together save most within the charter.

Legal are at most `coupon_rules.per_purchase` coupons, one of each group, one without a group only alone; each of them
at its store, for its tier, from its minimum on, and saving something (or giving something). Minimum and steps look at
what the coupon's categories come to after member prices and before all coupons. Amounts are taken off before per cents,
so that no per cent is given on what is not paid. All coupons together save `highest_percent` of the full price at most,
and leave the smallest coin to be paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from loyalty.charter import Charter
from loyalty.coupons import Terms

Obstacle = Literal["", "store", "tier", "category", "minimum", "nothing"]

# So many different coupons are tried with each other; of more, those that save most alone.
MOST_TRIED = 12
_ORDER = {"amount": 0, "steps": 1, "percent": 2, "gift": 3}
_WHOLE = 10_000  # hundredths of a per cent


@dataclass(frozen=True, slots=True)
class Part:
    """A line of goods, or a purchase of which no lines were told (category ''). Amount in minor units."""

    category: str
    amount: int


@dataclass(frozen=True, slots=True)
class Basket:
    parts: tuple[Part, ...]
    store: str  # code
    tier: str  # code, of the member

    @property
    def full(self) -> int:
        return sum(part.amount for part in self.parts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A coupon that may be used, as far as time goes."""

    id: int
    terms: Terms
    until: int  # epoch ms: the sooner it lapses, the sooner it is proposed


@dataclass(frozen=True, slots=True)
class Saved:
    """What a coupon (by its id), or a member price (by its code), takes off, in minor units."""

    by: int | str
    amount: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What is to be paid, part by part in the basket's order, and what that saves."""

    full: int
    parts: tuple[int, ...]
    prices: tuple[Saved, ...]
    coupons: tuple[Saved, ...]

    @property
    def due(self) -> int:
        return sum(self.parts)

    @property
    def saved(self) -> int:
        return self.full - self.due


@dataclass(frozen=True)  # no slots: cached_property needs a __dict__
class _Counter:
    """The basket with or without member prices, to try coupons on."""

    charter: Charter
    basket: Basket
    after: tuple[int, ...]  # of each part, after member prices
    prices: tuple[Saved, ...]

    @cached_property
    def room(self) -> int:
        """The most that coupons may save here."""
        highest = int(self.basket.full * self.charter.coupon_rules.highest_percent / 100)
        return min(highest, sum(self.after) - 1)

    @cached_property
    def plain(self) -> Quote:
        return Quote(self.basket.full, self.after, self.prices, ())


def best(charter: Charter, basket: Basket, candidates: Iterable[Candidate]) -> Quote:
    """The legal combination that saves most; of equal ones that with most gifts, fewest coupons, soonest lapsing."""
    distinct = _distinct(candidates)
    tried = [_Search.through(counter, distinct) for counter in _counters(charter, basket)]
    return max(tried, key=lambda search: search.worth).found


def quote(charter: Charter, basket: Basket, chosen: Sequence[Candidate]) -> Quote | None:
    """With just these coupons, and member prices if that saves more; None if they are no legal combination."""
    tried = (_evaluate(counter, chosen) for counter in _counters(charter, basket))
    return max((found for found in tried if found), key=lambda found: found.saved, default=None)


def obstacle(charter: Charter, basket: Basket, terms: Terms) -> Obstacle:
    """Why a coupon cannot be used by itself on this basket; '' if it can."""
    found = [_obstacle(counter, terms) for counter in _counters(charter, basket)]
    return "" if "" in found else found[0]


def least(terms: Terms) -> int:
    """What must be spent on its categories for it to give anything, in minor units."""
    return max(terms.minimum, terms.steps[0][0] if terms.steps else 0)


def fitting(basket: Basket, terms: Terms) -> int:
    """What the parts that a coupon is for come to at the full price."""
    return sum(part.amount for part in basket.parts if not terms.categories or part.category in terms.categories)


def _counters(charter: Charter, basket: Basket) -> list[_Counter]:
    """With member prices, and without if that is a difference."""
    plain = _Counter(charter, basket, tuple(part.amount for part in basket.parts), ())
    saved = [_member_price(charter, basket, part) for part in basket.parts]
    if not any(price.amount for price in saved):
        return [plain]
    after = tuple(part.amount - price.amount for part, price in zip(basket.parts, saved, strict=True))
    return [_Counter(charter, basket, after, _summed(saved)), plain]


def _member_price(charter: Charter, basket: Basket, part: Part) -> Saved:
    """The highest one that fits, rounded down; by '' if none does."""
    fitting = [
        price
        for price in charter.member_prices
        if basket.tier in price.tiers
        and part.category in price.categories
        and (not price.stores or basket.store in price.stores)
    ]
    if not fitting:
        return Saved("", 0)
    highest = max(fitting, key=lambda price: price.percent)
    return Saved(highest.code, int(part.amount * highest.percent / 100))


def _summed(saved: Iterable[Saved]) -> tuple[Saved, ...]:
    sums: dict[int | str, int] = {}
    for one in saved:
        if one.amount:
            sums[one.by] = sums.get(one.by, 0) + one.amount
    return tuple(Saved(by, amount) for by, amount in sums.items())


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Of equal coupons the one that lapses first: they are of one group, so that only one of them can be used."""
    found: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: (one.until, one.id)):
        if all(candidate.terms != one.terms for one in found):
            found.append(candidate)
    return found


Worth = tuple[int, int, int, tuple[int, ...]]


class _Search:
    """Branch and bound: a coupon never saves more beside others than alone."""

    def __init__(self, counter: _Counter, alone: list[tuple[int, Candidate]]) -> None:
        self._counter = counter
        self._alone = alone  # what each saves by itself, falling
        self._by_id = {candidate.id: candidate for _, candidate in alone}
        self._most = counter.charter.coupon_rules.per_purchase
        self.found = counter.plain
        self.worth = self._worth(counter.plain)

    @classmethod
    def through(cls, counter: _Counter, candidates: Iterable[Candidate]) -> _Search:
        tried = ((_evaluate(counter, [one]), one) for one in candidates)
        alone = [(found.saved - counter.plain.saved, one) for found, one in tried if found]
        search = cls(counter, sorted(alone, key=lambda pair: -pair[0])[:MOST_TRIED])
        search._extend((), 0, 0)
        return search

    def _extend(self, chosen: tuple[Candidate, ...], start: int, bound: int) -> None:
        """Try each further coupon beside those chosen; bound: the most that these save together."""
        for place in range(start, len(self._alone)):
            saving, candidate = self._alone[place]
            more = sum(other for other, _ in self._alone[place : place + self._most - len(chosen)])
            if self._counter.plain.saved + bound + more < self.found.saved:
                return
            together = (*chosen, candidate)
            if _combinable(self._counter, together):
                self._try(together)
                self._extend(together, place + 1, bound + saving)

    def _try(self, chosen: tuple[Candidate, ...]) -> None:
        tried = _evaluate(self._counter, chosen)
        if tried and self._worth(tried) > self.worth:
            self.found, self.worth = tried, self._worth(tried)

    def _worth(self, found: Quote) -> Worth:
        used = [self._by_id[saved.by] for saved in found.coupons if isinstance(saved.by, int)]
        gifts = sum(candidate.terms.kind == "gift" for candidate in used)
        return found.saved, gifts, -len(used), tuple(-until for until in sorted(one.until for one in used))


def _combinable(counter: _Counter, chosen: Sequence[Candidate]) -> bool:
    """Whether so many and such may be used together."""
    groups = [candidate.terms.group for candidate in chosen]
    if len(chosen) > counter.charter.coupon_rules.per_purchase or len(set(groups)) < len(groups):
        return False
    return len(chosen) < 2 or "" not in groups


def _evaluate(counter: _Counter, chosen: Sequence[Candidate]) -> Quote | None:
    """None if these cannot be used together here."""
    if not _combinable(counter, chosen) or any(_obstacle(counter, one.terms) for one in chosen):
        return None
    left, room, used = list(counter.after), counter.room, []
    for candidate in sorted(chosen, key=_turn):
        places = _places(counter, candidate.terms)
        saving = min(_saving(counter, candidate.terms, sum(left[place] for place in places)), room)
        if saving <= 0 and candidate.terms.kind != "gift":
            return None
        room -= saving
        _take(left, places, saving)
        used.append(Saved(candidate.id, saving))
    return Quote(counter.basket.full, tuple(left), counter.prices, tuple(used))


def _turn(candidate: Candidate) -> tuple[int, bool, int]:
    """Amounts before per cents; what is for some categories before what is for all."""
    return _ORDER[candidate.terms.kind], not candidate.terms.categories, candidate.id


def _obstacle(counter: _Counter, terms: Terms) -> Obstacle:
    charter, basket = counter.charter, counter.basket
    if terms.stores and basket.store not in terms.stores:
        return "store"
    if terms.tier and charter.threshold(charter.tier(basket.tier)) < charter.threshold(charter.tier(terms.tier)):
        return "tier"
    places = _places(counter, terms)
    if not places:
        return "category"
    if _spent(counter, terms) < least(terms):
        return "minimum"
    barred = counter.prices and not terms.with_member_prices
    return "nothing" if barred or (terms.kind != "gift" and counter.room <= 0) else ""


def _places(counter: _Counter, terms: Terms) -> list[int]:
    """The parts of the basket that the coupon is good for."""
    parts = enumerate(counter.basket.parts)
    return [place for place, part in parts if not terms.categories or part.category in terms.categories]


def _spent(counter: _Counter, terms: Terms) -> int:
    return sum(counter.after[place] for place in _places(counter, terms))


def _saving(counter: _Counter, terms: Terms, left: int) -> int:
    """What it takes off `left`, which other coupons have left of its categories."""
    if terms.kind == "percent":
        off = left * terms.percent // _WHOLE
        return min(off, terms.most) if terms.most else off
    if terms.kind == "steps":
        spent = _spent(counter, terms)
        return min(left, max(off for spend, off in terms.steps if spent >= spend))
    return min(left, terms.off) if terms.kind == "amount" else 0


def _take(left: list[int], places: Sequence[int], saving: int) -> None:
    """Off each part in proportion, so that whatever part is refunded, no more comes back than was paid for it."""
    total = sum(left[place] for place in places)
    if not saving:
        return
    shares = {place: divmod(saving * left[place], total) for place in places}
    over = saving - sum(whole for whole, _rest in shares.values())
    for place in sorted(places, key=lambda place: (-shares[place][1], place))[:over]:
        left[place] -= 1
    for place, (whole, _rest) in shares.items():
        left[place] -= whole
