"""What members are told of their points in time: they can be used now, and they are about to lapse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from actions import charters, pushes
from actions.one_by_one import each
from db import expiring, gifts, reservations, stocks
from db.database import Tx
from db.expiring import BEGINNING, Expiring, Usable
from db.gifts import Gift
from loyalty import days, gifts as gift_rules
from loyalty.charter import Charter
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say

_PAGE = 300
_MEMBERS = 1_000
_NEWS_MS = 7 * DAY_MS
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Shelf:
    """A gift on offer, and how many are free by store."""

    gift: Gift
    free: dict[int, int]

    def has_any(self, store_id: int) -> bool:
        """At that store; anywhere for a member without one."""
        return self.free.get(store_id, 0) > 0 if store_id else any(free > 0 for free in self.free.values())


def tell_usable(tx: Tx, run: Run) -> Page:
    """Tell the next members what became usable when the day of the run began, once each."""
    charter = charters.current(tx)
    first = int(run.cursor or 0) + 1
    last = first + _MEMBERS - 1
    begins, ends = days.day_span(days.start_of_day(run.day, charter.zone) - 1, charter.zone)
    found = expiring.list_usable(tx, (first, last), begins, ends)
    told = each(tx, found, lambda usable: _tell_usable(tx, run, usable), lambda usable: usable.member_id)
    highest = expiring.last_member(tx)
    looked_at = max(0, min(last, highest) - first + 1)
    return Page(str(last) if last < highest else "", looked_at, sum(told.answers), told.left_out)


def _tell_usable(tx: Tx, run: Run, usable: Usable) -> bool:
    say = Say("points_usable", {"points": usable.points, "available": usable.available})
    key = f"points_usable:{usable.member_id}:{run.day}"
    return pushes.push_to(tx, usable.user_id, "points", say, key, run.due_at + _NEWS_MS)


def tell_expiring(tx: Tx, run: Run) -> Page:
    """Tell the next members what lapses in so many days as the charter's `expiry.notice_days` name, and what they
    could have for it now."""
    charter = charters.current(tx)
    notices = sorted(set(charter.expiry.notice_days))
    place, *after = json.loads(run.cursor) if run.cursor else (0, *BEGINNING)
    if place >= len(notices):
        return Page("", looked_at=0, reached=0)
    found = _expiring_in(tx, charter, run, notices[place], (after[0], after[1]))
    shelves = _shelves(tx) if found else []
    lost = [one for one in found if one.points]
    told = each(
        tx, lost, lambda one: _tell_expiring(tx, charter, one, notices[place], shelves), lambda one: one.member_id
    )
    full = len(found) == _PAGE
    cursor = json.dumps((place, *found[-1].place) if full else (place + 1, *BEGINNING))
    ended = not full and place + 1 == len(notices)
    return Page("" if ended else cursor, len(found), sum(told.answers), told.left_out)


def _expiring_in(tx: Tx, charter: Charter, run: Run, notice: int, after: tuple[int, int]) -> list[Expiring]:
    day = days.add_days(run.day, notice)
    begins, ends = days.start_of_day(day, charter.zone), days.end_of_day(day, charter.zone)
    return expiring.list_expiring(tx, begins, ends, after, _PAGE)


def _tell_expiring(tx: Tx, charter: Charter, found: Expiring, notice: int, shelves: list[Shelf]) -> bool:
    told = {
        "points": found.points,
        "expires_at": found.expires_at,
        "available": found.available,
        "gifts": [_shown(shelf) for shelf in _within_reach(tx, charter, found, shelves)],
    }
    key = f"points_expiring:{found.member_id}:{found.expires_at}:{notice}"
    return pushes.push_to(tx, found.user_id, "points", Say("points_expiring", told), key, found.expires_at)


def _shelves(tx: Tx) -> list[Shelf]:
    return [
        Shelf(gift, {shelf.store_id: shelf.free for shelf in stocks.list_shelves(tx, gift.id)})
        for gift in gifts.list_offered(tx)
    ]


def _within_reach(tx: Tx, charter: Charter, found: Expiring, shelves: list[Shelf]) -> list[Shelf]:
    """What the member could have at once at their store; what costs about as much as lapses comes first."""
    reachable = [
        shelf
        for shelf in shelves
        if shelf.gift.terms.points <= found.available
        and shelf.has_any(found.home_store_id)
        and gift_rules.is_open_to(shelf.gift.terms, found.tier, charter)
    ]
    nearest = sorted(reachable, key=lambda shelf: abs(shelf.gift.terms.points - found.points))
    return [shelf for shelf in nearest[: 2 * _SHOWN] if _may_have(tx, charter, found.member_id, shelf.gift)][:_SHOWN]


def _may_have(tx: Tx, charter: Charter, member_id: int, gift: Gift) -> bool:
    if not gift.terms.per_member and not gift.terms.per_month:
        return True
    had = reservations.count_had(tx, gift.id, member_id, gift_rules.month_begins(tx.now, charter))
    return gift_rules.limit_reached(gift.terms, had) is None


def _shown(shelf: Shelf) -> dict[str, Any]:
    terms = shelf.gift.terms
    return {"name": gift_rules.in_all_languages(terms.names), "points": terms.points, "cash": terms.cash}
