"""Waiting for a gift that is out of stock, and deciding about a piece that came free."""

from __future__ import annotations

from actions import offers, reservations
from actions.members import require_member
from db import accounts, stocks, waiting
from db.database import Tx
from db.people import Person
from db.waiting import Wait
from loyalty.errors import GiftNotFound, OfferEnded, StillInStock
from loyalty.messages import Say


def join(tx: Tx, person: Person, gift_id: int, store_id: int) -> None:
    """To the end of the line, for a piece at this store (0: at any). Somebody who is in it stays where they are.

    Refuses NotAMember, StillInStock, and as `reservations.allowed`.
    """
    member = require_member(tx, person)
    accounts.lock(tx, member.id)
    stocks.lock(tx, gift_id)
    reservations.allowed(tx, member, gift_id)
    shelves = stocks.list_shelves(tx, gift_id)
    if store_id and store_id not in {shelf.store_id for shelf in shelves}:
        raise GiftNotFound
    if any(shelf.free for shelf in shelves if store_id in (0, shelf.store_id)):
        raise StillInStock
    waiting.add(tx, gift_id, member.id, store_id)


def leave(tx: Tx, person: Person, gift_id: int) -> None:
    """Out of the line; nothing happens to somebody who is not in it. Refuses NotAMember."""
    wait = waiting.get_of(tx, gift_id, require_member(tx, person).id)
    if wait:
        waiting.leave(tx, wait.id)


def leave_all(tx: Tx, member_id: int) -> None:
    """Out of every line, as the member leaves; offers go to the next. The caller has taken `accounts.lock`."""
    # What they wait for may be offered, or an offer end, until its gift is locked: only then is it looked at.
    for gift_id in sorted({wait.gift_id for wait in waiting.list_standing(tx, member_id)}):
        stocks.lock(tx, gift_id)
    for wait in waiting.list_standing(tx, member_id):
        if wait.state == "offered":
            _end(tx, wait, "passed")
        else:
            waiting.leave(tx, wait.id)


def take(tx: Tx, person: Person, wait_id: int) -> Say:
    """Reserve the piece that is offered; the same press again shows the same code.

    Refuses NotAMember, OfferEnded, NotEnoughPoints (the offer stands), and as `reservations.allowed`.
    """
    member = require_member(tx, person)
    accounts.lock(tx, member.id)
    wait = _own(tx, member.id, wait_id)
    if wait.state == "taken":
        return reservations.show_by_key(tx, _key(wait))
    _require_standing(tx, wait)
    gift = reservations.allowed(tx, member, wait.gift_id)
    if not waiting.end_offer(tx, wait.id, "taken"):
        raise OfferEnded
    return reservations.reserve_offered(tx, member, gift, wait.offered_store_id, _key(wait))


def pass_on(tx: Tx, person: Person, wait_id: int) -> Say:
    """Let the next in line have it. Refuses NotAMember and OfferEnded."""
    member = require_member(tx, person)
    accounts.lock(tx, member.id)
    wait = _own(tx, member.id, wait_id)
    _end(tx, wait, "passed")
    return Say("gift_passed", picture=offers.picture_of(tx, wait.gift_id))


def lapse(tx: Tx, wait_id: int) -> bool:
    """End an offer nobody decided about in time, once; the next in line gets it. False if that is not so."""
    wait = waiting.get(tx, wait_id)
    if wait is None or wait.state != "offered" or not wait.told_at or wait.decide_by >= tx.now:
        return False
    return _has_ended(tx, wait, "lapsed")


def tell(tx: Tx, wait_id: int) -> bool:
    """Tell of an offer that came at night; who cannot be told any more has passed it on. False if neither is so yet."""
    wait = waiting.get(tx, wait_id)
    if wait and not wait.told_at and offers.find_reachable(tx, wait.member_id) is None:
        return _has_ended(tx, wait, "passed")
    return offers.tell(tx, wait_id)


def _end(tx: Tx, wait: Wait, state: waiting.End) -> None:
    if not _has_ended(tx, wait, state):
        raise OfferEnded


def _has_ended(tx: Tx, wait: Wait, state: waiting.End) -> bool:
    """The offer, by this; False if it had ended before. The piece is the next one's in line."""
    stocks.lock(tx, wait.gift_id)
    if not waiting.end_offer(tx, wait.id, state):
        return False
    stocks.release(tx, wait.gift_id, wait.offered_store_id)
    offers.hand_on(tx, wait.gift_id, wait.offered_store_id)
    return True


def _own(tx: Tx, member_id: int, wait_id: int) -> Wait:
    wait = waiting.get(tx, wait_id)
    if wait is None or wait.member_id != member_id:
        raise OfferEnded
    return wait


def _require_standing(tx: Tx, wait: Wait) -> None:
    if wait.state != "offered" or (wait.told_at and wait.decide_by < tx.now):
        raise OfferEnded


def _key(wait: Wait) -> str:
    return f"waiting:{wait.id}"
