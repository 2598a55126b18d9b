"""A piece of a gift that came free goes to whoever waits first, before anybody else sees it."""

from __future__ import annotations

from datetime import time

from actions import charters
from db import gifts, members, outbox, people, stocks, stores, waiting
from db.database import Tx
from db.gifts import Gift
from db.members import Member
from db.waiting import Wait
from loyalty import hours
from loyalty.gifts import in_all_languages
from loyalty.messages import Picture, Say


def hand_on(tx: Tx, gift_id: int, store_id: int) -> None:
    """Offer the free pieces at this store to those who wait, in order, while the gift is on offer.

    The caller holds `stocks.lock`.
    """
    gift = gifts.get(tx, gift_id)
    while gift and gift.offered and gift.terms.ends_at >= tx.now and stocks.get_free(tx, gift_id, store_id) > 0:
        wait = waiting.first(tx, gift_id, store_id)
        if wait is None:
            return
        if find_reachable(tx, wait.member_id) is None:
            waiting.leave(tx, wait.id)
        elif stocks.reserve(tx, gift_id, store_id):
            _offer(tx, wait, store_id)


def tell(tx: Tx, wait_id: int) -> bool:
    """Tell the member what is offered, unless it is their night: then a later call does. False if nothing was said."""
    wait = waiting.get(tx, wait_id)
    member = find_reachable(tx, wait.member_id) if wait and wait.state == "offered" else None
    if wait is None or member is None or is_night(tx, member):
        return False
    gift = gifts.get(tx, wait.gift_id)
    assert gift is not None
    decide_by = min(hours.decide_by(charters.current(tx), tx.now), gift.terms.ends_at)
    if not waiting.mark_told(tx, wait.id, decide_by):
        return False
    outbox.post(tx, _offered(tx, gift, wait, member, decide_by))
    return True


def find_reachable(tx: Tx, member_id: int) -> Member | None:
    """The member, if a message would arrive."""
    member = members.get(tx, member_id)
    if member is None or member.status != "active":
        return None
    person = people.get(tx, member.user_id)
    return member if person and person.reachable else None


def is_night(tx: Tx, member: Member) -> bool:
    """Whether the member is in quiet hours now: their own, or else the charter's."""
    charter, person = charters.current(tx), people.get(tx, member.user_id)
    begins, ends = charter.quiet_hours.begins, charter.quiet_hours.ends
    if person and person.quiet_from:
        begins, ends = time.fromisoformat(person.quiet_from), time.fromisoformat(person.quiet_until)
    return hours.is_quiet(begins, ends, tx.now, charter.zone)


def picture_of(tx: Tx, gift_id: int) -> Picture:
    """The gift's picture; the courier draws a plain one with its name if it has none."""
    gift = gifts.get(tx, gift_id)
    assert gift is not None
    if gift.picture_id:
        return Picture("gift", {"picture_id": gift.picture_id})
    names, colour = in_all_languages(gift.terms.names), charters.current(tx).programme.colour
    return Picture("gift", {"name": names, "colour": colour})


def _offer(tx: Tx, wait: Wait, store_id: int) -> None:
    """The piece that was put aside is theirs, unless they left since they were found."""
    if waiting.offer(tx, wait.id, store_id):
        tell(tx, wait.id)
    else:
        stocks.release(tx, wait.gift_id, store_id)


def _offered(tx: Tx, gift: Gift, wait: Wait, member: Member, decide_by: int) -> Say:
    store = stores.get(tx, wait.offered_store_id)
    assert store is not None
    told = {
        "wait_id": wait.id,
        "name": in_all_languages(gift.terms.names),
        "points": gift.terms.points,
        "cash": gift.terms.cash,
        "store": store.name,
        "decide_by": decide_by,
    }
    picture, key = picture_of(tx, gift.id), f"gift_offer:{wait.id}"
    return Say("gift_offered", told, to=member.user_id, picture=picture, kind="notice", dedup_key=key)
