"""What a clerk should know of the member at the counter besides points: read in a glance, with a queue waiting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from actions import charters
from db import coupons, desk, notes
from db.coupons import Coupon
from db.database import Tx
from db.members import Member
from loyalty import days
from loyalty.charter import LOCALES, Charter
from loyalty.jobs import DAY_MS
from loyalty.suggestions import Offer, choose

_FAVOURITES = 3
_FAVOURITES_OF_DAYS = 365
_NOTES = 12
_SHOWN_NOTES = 3
_LAPSING_DAYS = 7
# Due so long ago they have found it elsewhere, or no longer want it.
_DUE_DAYS_AGO, _DUE_DAYS_AHEAD = 14, 3
_MOST_OFFERS = 5


@dataclass(frozen=True, slots=True)
class Glance:
    """Names by locale. suggestion: why and names of one thing to offer; why '' for nothing in particular."""

    noted_allergies: str  # as staff noted them
    notes: list[str]  # other notes, newest first
    more_notes: int
    coupons: int  # usable now
    coupon: dict[str, str]  # the most urgent one's name
    gifts: int  # reserved, to be collected
    cases: int  # open
    favourites: list[dict[str, str]]
    suggestion: dict[str, Any]


def of(tx: Tx, member: Member, told_allergies: str, available: int, birthday: date | None) -> Glance:
    """told_allergies: as the member told; available: points; birthday: the day it is kept, if that is near."""
    charter, noted = charters.current(tx), notes.list_for_counter(tx, member.id, _NOTES)
    allergies = " · ".join(one.words for one in noted if one.field == "allergies")
    others = [one.words for one in noted if one.field != "allergies"]
    usable = [one for one in coupons.list_held(tx, member.id) if one.usable_from <= tx.now]
    cases, gifts = desk.count_pending(tx, member.id)
    offer = choose(_offers(tx, charter, member, usable, available, birthday), f"{told_allergies} {allergies}")
    return Glance(
        noted_allergies=allergies,
        notes=others[:_SHOWN_NOTES],
        more_notes=max(0, len(others) - _SHOWN_NOTES),
        coupons=len(usable),
        coupon=dict(usable[0].terms.names) if usable else {},
        gifts=gifts,
        cases=cases,
        favourites=_favourites(tx, charter, member),
        suggestion=asdict(offer) if offer else {"why": "", "names": {}},
    )


def _favourites(tx: Tx, charter: Charter, member: Member) -> list[dict[str, str]]:
    since = tx.now - _FAVOURITES_OF_DAYS * DAY_MS
    found = desk.list_favourites(tx, member.id, since, _FAVOURITES)
    return [charter.category_names(code) for code in found]


def _offers(
    tx: Tx, charter: Charter, member: Member, usable: list[Coupon], available: int, birthday: date | None
) -> Iterator[Offer]:
    """The most pressing first; what is not asked for is not looked up."""
    soon = tx.now + _LAPSING_DAYS * DAY_MS
    yield from (Offer("coupon", dict(one.terms.gift or one.terms.names)) for one in usable if one.usable_until <= soon)
    yield from _running_out(tx, charter, member)
    if birthday:
        yield Offer("birthday", {})
    open_to = charter.threshold(charter.tier(member.tier))
    for gift in desk.list_in_reach(tx, available, _MOST_OFFERS):
        if not gift.tier or open_to >= charter.threshold(charter.tier(gift.tier)):
            yield Offer("gift", dict(gift.names))


def _running_out(tx: Tx, charter: Charter, member: Member) -> Iterator[Offer]:
    today = days.local_date(tx.now, charter.zone)
    since, until = (days.add_days(today, by).isoformat() for by in (-_DUE_DAYS_AGO, _DUE_DAYS_AHEAD))
    for one in desk.list_running_out(tx, member.id, since, until, _MOST_OFFERS):
        yield Offer("rhythm", dict.fromkeys(LOCALES, one.item) if one.item else charter.category_names(one.category))
