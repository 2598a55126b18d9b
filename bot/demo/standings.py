"""Tiers as a visitor finds them: everybody's period is fixed, and one who was gold is about to lose it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from actions import charters, reviews
from bot.demo import cast
from bot.demo.shoppers import Shopper, Visit, instant
from db import members, tiers
from db.database import Tx
from db.tiers import Move
from loyalty import days
from loyalty.jobs import Run

TOLD_IN = 2  # days
_FADING_FOR = 150  # days


def place_of_fading(shoppers: Sequence[Shopper]) -> int:
    """In the list: who was gold, and comes no more."""
    return next(place for place, shopper in enumerate(shoppers) if shopper.user_id == cast.CHEN.user_id)


def fade(visits: Iterable[Visit], shopper: int, today: date, zone: ZoneInfo) -> list[Visit]:
    """With one shopper (by place) who came less and less: in the last months not at all."""
    gone = instant(today - timedelta(days=_FADING_FOR), 0, 0, zone)
    return [visit for visit in visits if visit.shopper != shopper or visit.at < gone]


def settle(tx: Tx, fading: int, today: date, zone: ZoneInfo) -> None:
    """The first review looks at everybody. fading: the id of the member whose time as gold ends."""
    _put_back(tx, fading, today, zone)
    cursor = ""
    while True:
        page = reviews.page(tx, Run("tier_reviews", tx.now, days.local_date(tx.now, zone), cursor))
        if not (cursor := page.cursor):
            return


def _put_back(tx: Tx, member_id: int, today: date, zone: ZoneInfo) -> None:
    """Gold since so long ago that the announcement falls due in two days."""
    charter, member = charters.current(tx), members.get(tx, member_id)
    assert member is not None
    review = charter.tier_review
    ends = today + timedelta(days=TOLD_IN + review.announce_days)
    since = instant(days.add_months(ends, -review.period_months), 11, 0, zone)
    moved = Move(member.tier, charter.tiers[-1].code, member.joined_at, purchase_id=0)
    tiers.move(tx, member_id, moved, since)
