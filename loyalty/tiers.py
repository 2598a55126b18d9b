"""Which tier a member's qualifying metric reaches, and what keeps it.

The metric (money spent in minor units, or points earned: `tier_review.metric`) counts over a rolling period for going
up. A tier once reached is held for one whole period; at its end the metric of that period decides.
"""

from dataclasses import dataclass

from loyalty import days
from loyalty.charter import Charter, Tier
from loyalty.lots import NEVER


@dataclass(frozen=True, slots=True)
class Period:
    """Both instants included (epoch ms)."""

    begins_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class TierProgress:
    """Where a member stands. What is needed is minor units or points, as `tier_review.metric` says; 0 is enough."""

    current: Tier
    next: Tier | None
    needed_for_next: int
    needed_to_keep: int
    period_ends: int  # epoch ms; NEVER for the lowest tier, which nobody loses


def tier_for(charter: Charter, metric: int) -> Tier:
    """The highest tier whose threshold `metric` reaches."""
    return [tier for tier in charter.tiers if metric >= charter.threshold(tier)][-1]


def qualifying_period(charter: Charter, now: int) -> Period:
    """The period whose metric lifts a member: `period_months` back, from the start of that local day until `now`."""
    begins = days.add_months(days.local_date(now, charter.zone), -charter.tier_review.period_months)
    return Period(days.start_of_day(begins, charter.zone), now)


def holding_period(charter: Charter, held_since: int, now: int) -> Period:
    """The period that decides about keeping a tier held since `held_since`: whole periods from that local day on."""
    months = charter.tier_review.period_months
    since, today = days.local_date(held_since, charter.zone), days.local_date(now, charter.zone)
    passed = 0
    while (ends := days.add_months(since, (passed + 1) * months)) < today:
        passed += 1
    begins = days.add_months(since, passed * months)
    return Period(days.start_of_day(begins, charter.zone), days.end_of_day(ends, charter.zone))


def progress(charter: Charter, tier: str, qualifying: int, kept: int, holding: Period) -> TierProgress:
    """What lifts and what keeps the member of `tier`.

    `qualifying` is the metric of the qualifying period, `kept` that of `holding`, the holding period, so far.
    """
    current = charter.tier(tier)
    higher = [candidate for candidate in charter.tiers if charter.threshold(candidate) > charter.threshold(current)]
    lowest = current == charter.tiers[0]
    return TierProgress(
        current=current,
        next=higher[0] if higher else None,
        needed_for_next=max(0, charter.threshold(higher[0]) - qualifying) if higher else 0,
        needed_to_keep=max(0, charter.threshold(current) - kept),
        period_ends=NEVER if lowest else holding.ends_at,
    )
