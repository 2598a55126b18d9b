"""At the counter: what a member's coupons and member prices take off a purchase, using them, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from actions import charters
from db import coupon_definitions as definitions, coupons, members, purchases, savings
from db.coupons import Coupon, Use
from db.database import Tx
from db.members import Member
from db.purchases import Purchase
from db.savings import Part, Saving
from db.stores import Store
from loyalty import prices
from loyalty.charter import Charter
from loyalty.coupon_errors import CouponBudgetSpent, CouponsDoNotFit
from loyalty.errors import IdempotencyConflict
from loyalty.prices import Basket, Candidate, Quote
from loyalty.purchases import Sale


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the member's coupons, to be taken or left. Amounts in minor units, names by locale."""

    coupon_id: int
    name: dict[str, str]
    saving: int  # in the combination it is in, 0 if it is left
    gift: dict[str, str]
    until: int  # epoch ms
    taken: bool
    instead: list[int]  # what is taken when it is tapped
    obstacle: str  # see `prices.Obstacle`; '' if it can be used
    least: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a clerk is shown before a purchase is recorded. Amounts in minor units."""

    full: int
    due: int
    saved: int
    prices: list[Part]
    choices: list[Choice]
    taken: list[int]  # ids of coupons


@dataclass(frozen=True, slots=True)
class Settled:
    """A sale as it is paid, and what that saves; saving None: nothing is taken off."""

    sale: Sale
    saving: Saving | None
    coupons: list[Coupon]


def offer(tx: Tx, member_id: int, store: Store, sale: Sale, taken: Sequence[int] | None = None) -> Offer | None:
    """What can be taken off for this member here; None if nothing can. taken: coupons chosen, None: the best ones.

    Refuses CouponsDoNotFit if the chosen ones are no legal combination.
    """
    held = _usable_now(tx, member_id)
    if not held and not sale.lines:  # member prices go by category
        return None
    counter = _counter(tx, member_id, store, sale, held)
    found = counter.best() if taken is None else counter.quote(taken)
    if found is None:
        raise CouponsDoNotFit
    if taken is None and not found.saved and not found.coupons:
        return None
    return counter.offer(found)


def settle(tx: Tx, member: Member, store: Store, sale: Sale, taken: Sequence[int] | None, key: str) -> Settled:
    """The sale with these coupons and the member's prices; taken None: as it was typed. key: of the purchase.

    The caller has taken `accounts.lock`. Refuses CouponsDoNotFit, also if one of them was used meanwhile.
    """
    if taken is None:
        return Settled(sale, None, [])
    if known := purchases.get_by_key(tx, key):
        return _settled_before(tx, known[0], sale)
    counter = _counter(tx, member.id, store, sale, _usable_now(tx, member.id))
    found = counter.quote(taken)
    if found is None:
        raise CouponsDoNotFit
    if not found.saved and not found.coupons:
        return Settled(sale, None, [])
    used = [counter.held[coupon_id] for coupon_id in sorted(taken)]
    return Settled(_paid(sale, found), counter.saving(found), used)


def _settled_before(tx: Tx, purchase: Purchase, sale: Sale) -> Settled:
    """As the purchase was settled that has the key. Refuses IdempotencyConflict if another amount was."""
    saving = savings.get(tx, purchase.id)
    if sale.amount != (saving.full if saving else purchase.amount):
        raise IdempotencyConflict
    paid = replace(sale, amount=purchase.amount, lines=tuple(purchases.list_lines(tx, purchase.id)))
    return Settled(paid, saving, [])


def book(tx: Tx, settled: Settled, purchase: Purchase, by: int) -> None:
    """Note what was taken off, and use the coupons, once. Refuses CouponsDoNotFit and CouponBudgetSpent."""
    if settled.saving is None:
        return
    savings.add(tx, purchase.id, purchase.member_id, settled.saving)
    amounts = {part.coupon_id: part.saving for part in settled.saving.parts}
    # In the order of their kinds, so that two purchases never wait for each other.
    for coupon in sorted(settled.coupons, key=lambda coupon: coupon.definition_id):
        use(tx, coupon, Use(purchase.store_id, purchase.id, amounts[coupon.id], by))


def use(tx: Tx, coupon: Coupon, used: Use) -> None:
    """Refuses CouponsDoNotFit if it was used meanwhile, and CouponBudgetSpent."""
    if not coupons.use(tx, coupon.id, used):
        raise CouponsDoNotFit
    if not definitions.count_use(tx, coupon.definition_id, used.saving):
        raise CouponBudgetSpent(dict(coupon.terms.names))


def take_back(tx: Tx, purchase_id: int) -> list[dict[str, str]]:
    """The coupons of a purchase are their owner's again, until when they were; their names by locale."""
    back = [
        coupon for coupon in coupons.list_of_purchase(tx, purchase_id) if coupons.restore(tx, coupon.id, purchase_id)
    ]
    for coupon in sorted(back, key=lambda coupon: coupon.definition_id):
        definitions.uncount_use(tx, coupon.definition_id, coupon.saving)
    return [dict(coupon.terms.names) for coupon in back]


def take_back_refunded(tx: Tx, charter: Charter, purchase_id: int, whole: bool) -> list[dict[str, str]]:
    """As `take_back`, once all of a purchase is refunded, or earlier if the charter says so."""
    if whole or charter.coupon_rules.partial_refund == "comes_back":
        return take_back(tx, purchase_id)
    return []


def basket(charter: Charter, store: Store, member: Member, sale: Sale) -> Basket:
    """What is looked at: the sale's lines, or all of it where none were told."""
    told = tuple(prices.Part(line.category, line.amount) for line in sale.lines)
    return Basket(told or (prices.Part("", sale.amount),), store.code, charter.tier(member.tier).code)


class _Counter:
    """One basket, and what this member may use on it."""

    def __init__(self, charter: Charter, basket: Basket, held: dict[int, Coupon], spent: set[int]) -> None:
        self._charter = charter
        self._basket = basket
        self.held = held
        self._spent = spent  # ids of coupons whose budget does not suffice

    def best(self) -> Quote:
        return prices.best(self._charter, self._basket, self._candidates(set(self.held) - self._spent))

    def quote(self, taken: Iterable[int]) -> Quote | None:
        ids = set(taken)
        if not ids <= self.held.keys() - self._spent:
            return None
        return prices.quote(self._charter, self._basket, self._candidates(ids))

    def offer(self, found: Quote) -> Offer:
        saving = self.saving(found)
        taken = {one.by: one.amount for one in found.coupons}
        return Offer(
            full=found.full,
            due=found.due,
            saved=found.saved,
            prices=[part for part in saving.parts if not part.coupon_id],
            choices=[self._choice(coupon, taken) for coupon in self.held.values()],
            taken=sorted(int(by) for by in taken),
        )

    def saving(self, found: Quote) -> Saving:
        names = {price.code: price.names for price in self._charter.member_prices}
        parts = [Part(names[str(one.by)], one.amount, 0, {}) for one in found.prices]
        parts += [self._part(self.held[int(one.by)], one.amount) for one in found.coupons]
        return Saving(found.full, found.saved, parts)

    def _part(self, coupon: Coupon, amount: int) -> Part:
        return Part(dict(coupon.terms.names), amount, coupon.id, dict(coupon.terms.gift))

    def _choice(self, coupon: Coupon, taken: dict[int | str, int]) -> Choice:
        return Choice(
            coupon_id=coupon.id,
            name=dict(coupon.terms.names),
            saving=taken.get(coupon.id, 0),
            gift=dict(coupon.terms.gift),
            until=coupon.usable_until,
            taken=coupon.id in taken,
            instead=self._instead(coupon, [int(by) for by in taken]),
            obstacle=self._obstacle(coupon),
            least=prices.least(coupon.terms),
        )

    def _obstacle(self, coupon: Coupon) -> str:
        if coupon.id in self._spent:
            return "budget"
        return prices.obstacle(self._charter, self._basket, coupon.terms)

    def _instead(self, coupon: Coupon, taken: list[int]) -> list[int]:
        """Without it, if it is taken; else with it and as many of those taken as go together with it."""
        if coupon.id in taken:
            return [coupon_id for coupon_id in taken if coupon_id != coupon.id]
        together = [coupon.id]
        for coupon_id in taken:
            if self.quote([*together, coupon_id]):
                together.append(coupon_id)
        return sorted(together)

    def _candidates(self, ids: Iterable[int]) -> list[Candidate]:
        chosen = (self.held[coupon_id] for coupon_id in sorted(ids))
        return [Candidate(coupon.id, coupon.terms, coupon.usable_until) for coupon in chosen]


def _counter(tx: Tx, member_id: int, store: Store, sale: Sale, held: dict[int, Coupon]) -> _Counter:
    charter, member = charters.current(tx), members.get(tx, member_id)
    assert member is not None
    goods = basket(charter, store, member, sale)
    return _Counter(charter, goods, held, _spent(tx, charter, goods, held))


def _usable_now(tx: Tx, member_id: int) -> dict[int, Coupon]:
    return {coupon.id: coupon for coupon in coupons.list_held(tx, member_id) if coupon.usable_from <= tx.now}


def _spent(tx: Tx, charter: Charter, goods: Basket, held: dict[int, Coupon]) -> set[int]:
    """Those for which less is left of the budget than they would save."""
    left = definitions.list_budgets(tx) if held else {}
    limited = [coupon for coupon in held.values() if coupon.definition_id in left]
    return {coupon.id for coupon in limited if _saves(charter, goods, coupon) > left[coupon.definition_id]}


def _saves(charter: Charter, goods: Basket, coupon: Coupon) -> int:
    found = prices.quote(charter, goods, [Candidate(coupon.id, coupon.terms, coupon.usable_until)])
    return sum(one.amount for one in found.coupons) if found else 0


def _paid(sale: Sale, found: Quote) -> Sale:
    """The sale with what is paid for each line."""
    lines = tuple(replace(line, amount=paid) for line, paid in zip(sale.lines, found.parts, strict=False))
    return replace(sale, amount=found.due, lines=lines if sale.lines else ())
