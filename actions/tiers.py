"""Which tier a member's purchases reach, what keeps it, and moving up at once or back when a purchase is undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db import accounts, tiers
from db.accounts import Month
from db.database import Tx
from db.members import Member
from db.tiers import Move
from loyalty import days
from loyalty import tiers as rules
from loyalty.charter import Charter, Tier
from loyalty.lots import NEVER


@dataclass(frozen=True, slots=True)
class TierStanding:
    """A member's tier, and how far it is up and down. Needs are minor units or points, as metric says; 0 is enough."""

    tier: dict[str, str]  # name by locale
    next_tier: dict[str, str]  # empty for the highest
    needed_for_next: int
    needed_to_keep: int
    keep_until: int  # epoch ms UTC; 0 for the lowest tier, which nobody loses
    metric: str  # spend, points
    period_months: int


def month_of(charter: Charter, at: int) -> str:
    """'YYYY-MM' of an instant (epoch ms UTC), in the charter's zone."""
    return days.local_date(at, charter.zone).isoformat()[:7]


def months_that_count(tx: Tx, charter: Charter, member_id: int, now: int) -> list[Month]:
    """The months of the rolling period up to now. The month it begins in counts whole: nobody loses by a day."""
    return accounts.list_months(tx, member_id, month_of(charter, rules.qualifying_period(charter, now).begins_at))


def standing(charter: Charter, tier: str, held_since: int, months: Iterable[Month], now: int) -> TierStanding:
    """Of a member in `tier` since then (epoch ms UTC) with these months that count."""
    holding = rules.holding_period(charter, held_since, now)
    months = list(months)
    kept = _metric(charter, (month for month in months if month.month >= month_of(charter, holding.begins_at)))
    progress = rules.progress(charter, tier, _metric(charter, months), kept, holding)
    return TierStanding(
        tier=progress.current.name.model_dump(),
        next_tier=progress.next.name.model_dump() if progress.next else {},
        needed_for_next=progress.needed_for_next,
        needed_to_keep=progress.needed_to_keep,
        keep_until=0 if progress.period_ends == NEVER else progress.period_ends,
        metric=charter.tier_review.metric,
        period_months=charter.tier_review.period_months,
    )


def reached(charter: Charter, tier: str, months: Iterable[Month]) -> Tier | None:
    """The higher tier these months reach, if they do."""
    found = rules.tier_for(charter, _metric(charter, months))
    return found if charter.threshold(found) > charter.threshold(charter.tier(tier)) else None


def lift(tx: Tx, member: Member, tier: Tier, since: int, since_before: int, purchase_id: int) -> None:
    """Up to `tier` from then on, by this purchase; since_before: when the tier before began (epoch ms, 0: joining)."""
    tiers.move(tx, member.id, Move(member.tier, tier.code, since_before, purchase_id), since)


def lower(tx: Tx, charter: Charter, member: Member, tier_since: int, purchase_id: int) -> Tier | None:
    """Back to where the member would be without this purchase, which is undone already; None if that is here.

    Only what this purchase or a later one lifted is taken back, never a tier held before.
    """
    first = tiers.first_lift(tx, member.id, purchase_id)
    if first is None:
        return None
    before, current = charter.tier(first.tier_before), charter.tier(member.tier)
    now_reached = rules.tier_for(charter, _metric(charter, months_that_count(tx, charter, member.id, tx.now)))
    fitting = max(before, now_reached, key=charter.threshold)
    if charter.threshold(fitting) >= charter.threshold(current):
        return None
    since = first.since_before if fitting == before else tier_since
    tiers.move(tx, member.id, Move(member.tier, fitting.code, tier_since, purchase_id=0), since)
    return fitting


def _metric(charter: Charter, months: Iterable[Month]) -> int:
    by_spending = charter.tier_review.metric == "spend"
    return sum(month.spent if by_spending else month.earned for month in months)
