"""Which tier a member's purchases reach, what keeps it, and moving up at once or back when a purchase is undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from db import accounts, tiers
from db.accounts import Account, Month
from db.database import Tx
from db.members import Member
from db.tiers import Move
from loyalty import days, tiers as rules
from loyalty.charter import Charter, Tier
from loyalty.tiers import Holding


@dataclass(frozen=True, slots=True)
class TierStanding:
    """A member's tier, and how far it is up and down. Needs are minor units or points, as metric says; 0 is enough."""

    tier: dict[str, str]  # name by locale
    next_tier: dict[str, str]  # empty for the highest
    needed_for_next: int
    needed_to_keep: int
    keep_until: int  # epoch ms UTC; 0 for the lowest tier, which nobody loses
    lifts_at: int  # epoch ms UTC, the end of the period whose review lifts; 0: at once
    metric: str  # spend, points
    period: str  # rolling, calendar_year
    period_months: int


def month_of(charter: Charter, at: int) -> str:
    """'YYYY-MM' of an instant (epoch ms UTC), in the charter's zone."""
    return days.local_date(at, charter.zone).isoformat()[:7]


def months_that_count(tx: Tx, charter: Charter, member_id: int, now: int, held_from: str = "") -> list[Month]:
    """The months of the period that lifts, up to now, and those from the day held_from (ISO) on, if that is earlier.

    The month a period begins in counts whole: nobody loses by a day.
    """
    qualifying = _qualifies_from(charter, now)
    return accounts.list_months(tx, member_id, min(qualifying, held_from[:7]) if held_from else qualifying)


def standing(charter: Charter, tier: str, holding: Holding, months: Iterable[Month], now: int) -> TierStanding:
    """Of a member in `tier`, held so, with these months that count. The review counts the same way."""
    months, review = list(months), charter.tier_review
    kept = _metric(charter, months, holding.counts_from)
    at_review = review.upgrade == "at_review"
    lifting = rules.lifting_period(charter, holding, days.local_date(now, charter.zone))
    qualifying = _metric(charter, months, lifting.counts_from if at_review else _qualifies_from(charter, now))
    progress = rules.progress(charter, tier, qualifying, kept)
    return TierStanding(
        tier=progress.current.names,
        next_tier=progress.next.names if progress.next else {},
        needed_for_next=progress.needed_for_next,
        needed_to_keep=progress.needed_to_keep,
        keep_until=0 if progress.current.code == charter.tiers[0].code else _end(charter, holding.keep_until, now),
        lifts_at=_end(charter, lifting.ends, now) if at_review else 0,
        metric=review.metric,
        period=review.period,
        period_months=review.period_months,
    )


def holding_of(charter: Charter, member: Member, account: Account, now: int) -> Holding:
    """How the member's tier is held: as a review has fixed it, or as the next one will."""
    if not account.period_from:
        return rules.holding(charter, account.tier_since or member.joined_at, days.local_date(now, charter.zone))
    fixed = (account.period_from, account.period_until, account.keep_until)
    return Holding(*map(date.fromisoformat, fixed))


def reached(charter: Charter, tier: str, months: Iterable[Month], now: int) -> Tier | None:
    """The higher tier these months reach at once, if they do."""
    if charter.tier_review.upgrade == "at_review":
        return None
    found = rules.tier_for(charter, _metric(charter, months, _qualifies_from(charter, now)))
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
    now_reached = rules.tier_for(charter, _metric(charter, months_that_count(tx, charter, member.id, tx.now), ""))
    fitting = max(before, now_reached, key=charter.threshold)
    if charter.threshold(fitting) >= charter.threshold(current):
        return None
    since = first.since_before if fitting == before else tier_since
    tiers.move(tx, member.id, Move(member.tier, fitting.code, tier_since, purchase_id=0), since)
    return fitting


def _qualifies_from(charter: Charter, now: int) -> str:
    """The first month that counts for going up."""
    return month_of(charter, rules.qualifying_period(charter, now).begins_at)


def _end(charter: Charter, day: date, now: int) -> int:
    """The end of that day. One that has just passed counts until the review comes, today."""
    return days.end_of_day(max(day, days.local_date(now, charter.zone)), charter.zone)


def _metric(charter: Charter, months: Iterable[Month], since: str) -> int:
    """Of the months from 'YYYY-MM' on."""
    by_spending = charter.tier_review.metric == "spend"
    return sum(month.spent if by_spending else month.earned for month in months if month.month >= since)
