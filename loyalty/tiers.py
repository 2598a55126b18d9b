"""Which tier a member's qualifying metric reaches, what keeps it, and what a review decides.

The metric (money spent in minor units, or points earned: `tier_review.metric`) is kept by months; the month a period
begins in counts whole, so that nobody loses by a day. A tier is held for whole periods; at the end of each, or of the
grace after it, the review decides by the same arithmetic that members read in advance.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from loyalty import days
from loyalty.charter import Charter, Tier

Verdict = Literal["begin", "wait", "announce", "keep", "lift", "lower"]


@dataclass(frozen=True, slots=True)
class Period:
    """Both instants included (epoch ms)."""

    begins_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Holding:
    """For how long a tier is held. Local days, all included."""

    begins: date  # what is counted, counts from the month of this day on
    ends: date
    keep_until: date  # with grace: so long what is missing can be made up

    @property
    def counts_from(self) -> str:
        """The first month that counts, 'YYYY-MM'."""
        return self.begins.isoformat()[:7]


@dataclass(frozen=True, slots=True)
class TierProgress:
    """Where a member stands. What is needed is minor units or points, as `tier_review.metric` says; 0 is enough."""

    current: Tier
    next: Tier | None
    needed_for_next: int
    needed_to_keep: int


@dataclass(frozen=True, slots=True)
class Held:
    """A tier as a review finds it."""

    tier: str  # code
    since: int  # epoch ms
    holding: Holding | None  # None: its first period has not been fixed yet
    announced: bool  # the member was told what is missing
    can_be_told: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a review decides, and how the tier is held from then on."""

    verdict: Verdict
    tier: str
    since: int
    holding: Holding
    announced: bool
    review_on: date  # when to look again


def tier_for(charter: Charter, metric: int) -> Tier:
    """The highest tier whose threshold `metric` reaches."""
    return [tier for tier in charter.tiers if metric >= charter.threshold(tier)][-1]


def qualifying_period(charter: Charter, now: int) -> Period:
    """The period whose metric lifts a member: the year so far, or `period_months` back from the start of that day."""
    today = days.local_date(now, charter.zone)
    rules = charter.tier_review
    begins = _new_year(today) if rules.period == "calendar_year" else days.add_months(today, -rules.period_months)
    return Period(days.start_of_day(begins, charter.zone), now)


def holding(charter: Charter, held_since: int, today: date) -> Holding:
    """The period of a tier held since then (epoch ms) that `today` lies in: whole periods from that local day on."""
    review = charter.tier_review
    months = 0 if review.period == "calendar_year" else review.period_months
    return _period(days.local_date(held_since, charter.zone), today, months, review.grace_months)


def lifting_period(charter: Charter, held: Holding, today: date) -> Holding:
    """The period whose review can lift next, where reviews lift: in the grace after one it is the one after."""
    if today <= held.ends:
        return held
    begins = days.add_days(held.ends, 1) if _by_years(charter) else held.ends
    return holding(charter, days.start_of_day(begins, charter.zone), today)


def progress(charter: Charter, tier: str, qualifying: int, kept: int) -> TierProgress:
    """What lifts and what keeps the member of `tier`.

    `qualifying` is the metric of the period that lifts, `kept` that of the holding period so far.
    """
    current = charter.tier(tier)
    reached = charter.threshold(current)
    higher = next((candidate for candidate in charter.tiers if charter.threshold(candidate) > reached), None)
    return TierProgress(
        current=current,
        next=higher,
        needed_for_next=max(0, charter.threshold(higher) - qualifying) if higher else 0,
        needed_to_keep=needed_to_keep(charter, current, kept),
    )


def needed_to_keep(charter: Charter, tier: Tier, kept: int) -> int:
    """What is missing, in minor units or points, for keeping the tier with `kept`; 0: nothing."""
    return max(0, charter.keeping(tier) - kept)


def review(charter: Charter, held: Held, qualifying: int, kept: int, day: date) -> Decision:
    """What becomes of a tier on that local day.

    `kept` is the metric since the holding period began, `qualifying` that of the period itself, without its grace.
    Nobody is moved down before `keep_until`, nor, if they can be told, without having been told `announce_days` before.
    """
    if held.holding is None:
        return _held_anew(charter, "begin", held.tier, held.since, day)
    verdict = _verdict(charter, held, held.holding, qualifying, kept, day)
    if verdict in ("wait", "announce"):
        return _waiting(charter, held, held.holding, verdict, day)
    if verdict == "keep":
        return _held_anew(charter, verdict, held.tier, held.since, day)
    tier = tier_for(charter, qualifying) if verdict == "lift" else lower_tier(charter, held.tier, kept)
    return _held_anew(charter, verdict, tier.code, days.start_of_day(day, charter.zone), day)


def lower_tier(charter: Charter, tier: str, kept: int) -> Tier:
    """Where somebody falls who did not keep the tier: one step, or to what `kept` would have kept."""
    below = [one for one in charter.tiers if charter.threshold(one) < charter.threshold(charter.tier(tier))]
    if charter.tier_review.downgrade == "reassessed":
        below = [one for one in below if charter.keeping(one) <= kept]
    return below[-1]


def _verdict(charter: Charter, held: Held, holding: Holding, qualifying: int, kept: int, day: date) -> Verdict:
    over, tier = day > holding.ends, charter.tier(held.tier)
    if over and charter.tier_review.upgrade == "at_review" and _reaches_more(charter, tier, qualifying):
        return "lift"
    if not needed_to_keep(charter, tier, kept):
        return "keep" if over else "wait"
    told = held.announced or not held.can_be_told
    if day > holding.keep_until and told:
        return "lower"
    return "announce" if not told and day >= _announced_on(charter, holding) else "wait"


def _reaches_more(charter: Charter, tier: Tier, qualifying: int) -> bool:
    return charter.threshold(tier_for(charter, qualifying)) > charter.threshold(tier)


def _waiting(charter: Charter, held: Held, holding: Holding, verdict: Verdict, day: date) -> Decision:
    """As before. Who is told late has as many days left as everybody else."""
    if verdict == "announce":
        held = replace(held, announced=True)
        latest = days.add_days(day, charter.tier_review.announce_days)
        holding = replace(holding, keep_until=max(holding.keep_until, latest))
    look = _next_look(charter, held, holding, day)
    return Decision(verdict, held.tier, held.since, holding, held.announced, look)


def _held_anew(charter: Charter, verdict: Verdict, tier: str, since: int, day: date) -> Decision:
    period = holding(charter, since, day)
    held = Held(tier, since, period, announced=False, can_be_told=True)
    # One whose announcement is due already is looked at tomorrow: what counts is known then.
    late = days.add_days(day, 1) if day >= _announced_on(charter, period) else date.max
    look = min(late, _next_look(charter, held, period, day))
    return Decision(verdict, tier, since, period, announced=False, review_on=look)


def _next_look(charter: Charter, held: Held, holding: Holding, day: date) -> date:
    announces = not held.announced and charter.tier(held.tier).code != charter.tiers[0].code
    return _look(holding, charter.tier_review.announce_days if announces else 0, day)


def _announced_on(charter: Charter, holding: Holding) -> date:
    return days.add_days(holding.keep_until, -charter.tier_review.announce_days)


def _by_years(charter: Charter) -> bool:
    return charter.tier_review.period == "calendar_year"


def _new_year(day: date) -> date:
    return day.replace(month=1, day=1)


# Most of those who are looked at on one day began on the same day of some year.
_remembered = lru_cache(maxsize=1024)


@_remembered
def _look(holding: Holding, announce_days: int, day: date) -> date:
    """The next day after `day` on which something may fall due; announce_days 0: nothing is to be announced."""
    looks = [days.add_days(holding.ends, 1), days.add_days(holding.keep_until, 1)]
    looks += [days.add_days(holding.keep_until, -announce_days)] if announce_days else []
    return min(look for look in looks if look > day)


@_remembered
def _period(since: date, today: date, months: int, grace_months: int) -> Holding:
    """months 0: calendar years. Other periods meet in their last day, the anniversary, which belongs to both."""
    if months:
        begins, ends = next(found for found in _periods(months, since, today) if found[1] >= today)
    else:
        year = max(since, today)
        begins, ends = _new_year(year), year.replace(month=12, day=31)
    return Holding(begins, ends, days.add_months(ends, grace_months))


def _periods(months: int, since: date, today: date) -> Iterator[tuple[date, date]]:
    """From the last one that surely began before today."""
    passed = max(0, ((today.year - since.year) * 12 + today.month - since.month) // months - 1)
    while True:
        yield days.add_months(since, passed * months), days.add_months(since, (passed + 1) * months)
        passed += 1
