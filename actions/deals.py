"""A sale becomes a purchase, its points, and the tier they lift to: whoever brings it, counter, till or import."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

from actions import birthdays, charters, receipts, tiers
from actions.receipts import Explanation
from actions.tiers import TierStanding
from db import accounts, ledger, purchases
from db.accounts import Account, Month
from db.database import Tx
from db.ledger import Posting
from db.members import Member
from db.purchases import NewPurchase, Purchase
from db.stores import Store
from loyalty import days, earning, tiers as rules
from loyalty.charter import Charter, Tier
from loyalty.earning import Earned, MemberFacts
from loyalty.errors import IdempotencyConflict
from loyalty.purchases import Sale


@dataclass(frozen=True, slots=True)
class Deal:
    """A sale to a member at a store. recorded_by 0: no person did, but a till or an import."""

    member: Member  # as read after `accounts.lock`
    store: Store
    sale: Sale
    occurred_at: int  # epoch ms UTC
    recorded_by: int
    key: str  # unique for ever; the same deal again under its key changes nothing

    @property
    def content(self) -> bytes:
        """A digest of what must agree when the key comes again; a retry comes later, so time does not matter."""
        sale = self.sale
        lines = [(line.item, line.category, line.quantity, line.amount) for line in sale.lines]
        told = (self.member.id, self.store.id, self.recorded_by, sale.amount, sale.payment, lines)
        return sha256(json.dumps(told).encode()).digest()

    @property
    def bought(self) -> earning.Purchase:
        sale = self.sale
        return earning.Purchase(sale.amount, sale.lines, self.store.code, sale.payment, self.occurred_at)


@dataclass(frozen=True, slots=True)
class Entered:
    purchase: Purchase
    charter: Charter  # in force now
    explanation: Explanation
    standing: TierStanding | None  # the member's, after it; None if the deal had been entered before
    lifted: Tier | None = None  # reached by it


def enter(tx: Tx, deal: Deal) -> Entered:
    """Enter a deal under the charter in force, in the member's points, totals and tier. Asks and tells nobody.

    The caller has taken `accounts.lock` for the member. Refuses IdempotencyConflict if another deal has the key.
    """
    version, charter = charters.current_version(tx)
    account = accounts.get(tx, deal.member.id)
    months = tiers.months_that_count(tx, charter, deal.member.id, deal.occurred_at, account.period_from)
    earned = earning.earn(charter, deal.bought, _facts(tx, charter, deal, months))
    this = Month(tiers.month_of(charter, deal.occurred_at), deal.sale.amount, 1, earned.points)
    lifted = tiers.reached(charter, deal.member.tier, [*months, this], deal.occurred_at)
    explanation = receipts.explain(charter, version, earned, account, lifted)
    purchase = _add(tx, charter, deal, earned, explanation)
    if purchase is None:
        return _again(tx, charter, deal)
    accounts.add_to_month(tx, deal.member.id, this)
    if lifted:
        tiers.lift(tx, deal.member, lifted, deal.occurred_at, account.tier_since, purchase.id)
    standing = _standing(charter, deal, account, lifted, [*months, this])
    return Entered(purchase, charter, explanation, standing, lifted)


def _again(tx: Tx, charter: Charter, deal: Deal) -> Entered:
    purchase, content = purchases.get_by_key(tx, deal.key) or (None, b"")
    entry = ledger.get_earned(tx, purchase.id) if purchase else None
    if purchase is None or entry is None or content != deal.content:
        raise IdempotencyConflict
    return Entered(purchase, charter, cast("Explanation", entry.detail), standing=None)


def _facts(tx: Tx, charter: Charter, deal: Deal, months: Iterable[Month]) -> MemberFacts:
    month = tiers.month_of(charter, deal.occurred_at)
    today = days.day_span(deal.occurred_at, charter.zone)
    capped = charter.earning.caps.per_day is not None
    return MemberFacts(
        tier=charter.tier(deal.member.tier).code,
        birthday=birthdays.that_counts(tx, charter, deal.member, deal.occurred_at),
        earned_today=purchases.points_within(tx, deal.member.id, *today) if capped else 0,
        earned_this_month=sum(known.earned for known in months if known.month == month),
    )


def _add(tx: Tx, charter: Charter, deal: Deal, earned: Earned, explanation: Explanation) -> Purchase | None:
    """None, with nothing entered, if the key was used before."""
    new = NewPurchase(
        member_id=deal.member.id, store_id=deal.store.id, amount=deal.sale.amount, currency=charter.currency,
        payment=deal.sale.payment, points=earned.points, recorded_by=deal.recorded_by, occurred_at=deal.occurred_at,
        key=deal.key, content=deal.content,
    )  # fmt: skip
    purchase = purchases.add(tx, new)
    if purchase is None:
        return None
    if deal.sale.lines:
        purchases.add_lines(tx, purchase.id, deal.sale.lines)
    posting = Posting(
        member_id=deal.member.id, kind="earn", points=earned.points, reason="purchase", key=f"purchase:{purchase.id}",
        actor=deal.recorded_by, occurred_at=deal.occurred_at, store_id=deal.store.id, purchase_id=purchase.id,
        detail=explanation,
    )  # fmt: skip
    ledger.earn(tx, posting, earned.active_at, earned.expires_at)
    return purchase


def _standing(charter: Charter, deal: Deal, account: Account, lifted: Tier | None, months: list[Month]) -> TierStanding:
    now = deal.occurred_at
    if not lifted:
        held = tiers.holding_of(charter, deal.member, account, now)
        return tiers.standing(charter, deal.member.tier, held, months, now)
    held = rules.holding(charter, now, days.local_date(now, charter.zone))
    return tiers.standing(charter, lifted.code, held, months, now)
