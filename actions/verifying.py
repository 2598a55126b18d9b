"""Handing over what a code stands for: once only, at the right store, in time; and guessing is throttled."""

from __future__ import annotations

from dataclasses import dataclass

from actions import coupon_checks, purchases, reservations, staff
from actions.coupon_checks import Given, Good
from db import (
    accounts,
    audit,
    coupons,
    dialogues,
    gifts,
    members,
    outbox,
    reservations as rows,
    staff as posts,
    stores,
    verifying,
)
from db.database import Tx
from db.people import Person
from db.reservations import Reservation
from db.stores import Store
from loyalty import codes
from loyalty.errors import (
    CodeInvalid,
    CodeUnknown,
    CollectedElsewhere,
    CollectLater,
    OwnGift,
    Refusal,
    ReservationEnded,
    Throttled,
)
from loyalty.gifts import in_all_languages
from loyalty.messages import Say
from loyalty.roles import Role
from loyalty.throttles import VERIFYING

DIALOGUE = "verify"

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the clerk gives to whom. cash: minor units to be taken in return."""

    name: dict[str, str]
    member: str
    store: str
    points: int
    cash: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A wrong code: what is refused, while the miss is kept."""

    refusal: Refusal


def start(tx: Tx, person: Person) -> None:
    """Whether this person may verify now. Refuses NotAllowed, StoreNeeded, StoreNotFound and Throttled."""
    purchases.counter(tx, person)
    _require_unlocked(tx, person)


def works_here(tx: Tx, person: Person) -> bool:
    return staff.strongest_role(tx, person.user_id) is not None


def hand_over(tx: Tx, person: Person, text: str) -> HandedOver | Given | Good | Missed:
    """Capture the reservation with this code, typed or scanned, at the clerk's store; the member is told.

    The code of a coupon is accepted as `coupon_checks.accept` does, and refused so. Refuses as `start` does,
    CodeInvalid, ReservationEnded, CollectedElsewhere, CollectLater and OwnGift. A code that nobody has is Missed, and
    counts: five in ten minutes lock this clerk's `/verify`, and the managers are told.
    """
    store = purchases.counter(tx, person)
    # One clerk's tries one after another: the sixth must see the fifth.
    tx.serialise(f"verify:{person.user_id}")
    _require_unlocked(tx, person)
    code = codes.normalise(text)
    found = rows.get_by_code(tx, code)
    if found is None:
        coupon = coupons.get_by_code(tx, code)
        return coupon_checks.accept(tx, person, store, coupon) if coupon else Missed(_miss(tx, person, store))
    accounts.lock(tx, found.member_id)
    reservation = rows.get(tx, found.id)
    assert reservation is not None
    _require_collectable(tx, person, reservation, store)
    reservations.capture(tx, reservation, person.user_id)
    return _handed_over(tx, person, reservation, store)


def wants_picture(tx: Tx, user_id: int) -> bool:
    """Whether this person has been asked for a code."""
    place = dialogues.get(tx, user_id, user_id)
    return place is not None and place.name == DIALOGUE


def done(tx: Tx, person: Person) -> None:
    """The question for a code is answered."""
    if wants_picture(tx, person.user_id):
        dialogues.leave(tx, person.user_id, person.user_id)


def code_in(texts: list[str]) -> str | None:
    """The first text read from a picture that may be one of our codes."""
    return next((text for text in texts if _may_be_code(text)), None)


def _require_unlocked(tx: Tx, person: Person) -> None:
    until = VERIFYING.locked_until(_misses(tx, person), tx.now)
    if until:
        raise Throttled(-(-(until - tx.now) // 1000))


def _misses(tx: Tx, person: Person) -> list[int]:
    since = tx.now - VERIFYING.window_ms - VERIFYING.lock_ms
    return verifying.list_misses(tx, person.user_id, since)


def _miss(tx: Tx, person: Person, store: Store) -> CodeUnknown:
    verifying.add_miss(tx, person.user_id)
    misses = _misses(tx, person)
    if VERIFYING.locked_until(misses, tx.now):
        _tell_managers(tx, person, store)
    return CodeUnknown(VERIFYING.left(misses, tx.now), VERIFYING.lock_ms // _MINUTE_MS)


def _tell_managers(tx: Tx, person: Person, store: Store) -> None:
    audit.add(tx, person.user_id, "verify_locked", store_id=store.id)
    name = next((post.name for post in posts.list_posts(tx, person.user_id)), "")
    told = {"name": name, "store": store.name, "minutes": VERIFYING.lock_ms // _MINUTE_MS}
    for user_id in _managers(tx, store.id) - {person.user_id}:
        outbox.post(tx, Say("verify_locked", told, to=user_id, kind="notice"))


def _managers(tx: Tx, store_id: int) -> set[int]:
    """Of the store and of the chain; the owners too."""
    return {user_id for role in (Role.MANAGER, Role.OWNER) for user_id in posts.list_users(tx, role, store_id)}


def _require_collectable(tx: Tx, person: Person, reservation: Reservation, store: Store) -> None:
    member = members.get(tx, reservation.member_id)
    if member and member.user_id == person.user_id:
        raise OwnGift
    if reservation.state != "held":
        raise reservations.ended(tx, reservation)
    if reservation.collect_by < tx.now:
        raise ReservationEnded("overdue", reservation.collect_by, store.name)
    if reservation.store_id != store.id:
        lies_at = stores.get(tx, reservation.store_id)
        raise CollectedElsewhere(lies_at.name if lies_at else "")
    if reservation.collect_from > tx.now:
        raise CollectLater(reservation.collect_from)


def _handed_over(tx: Tx, person: Person, reservation: Reservation, store: Store) -> HandedOver:
    gift, named = gifts.get(tx, reservation.gift_id), members.get_named(tx, reservation.member_id)
    assert gift is not None
    assert named is not None
    member, holder = named
    name = in_all_languages(gift.terms.names)
    audit.add(
        tx, person.user_id, "gift_handed_over", store_id=store.id, member_id=reservation.member_id,
        gift=gift.id, reservation=reservation.id, price=reservation.points, cash=reservation.cash,
    )  # fmt: skip
    if member.user_id:
        told = {"name": name, "store": store.name, "points": reservation.points, "cash": reservation.cash}
        outbox.post(tx, Say("gift_collected", told, to=member.user_id, kind="notice"))
    return HandedOver(name, holder, store.name, reservation.points, reservation.cash)


def _may_be_code(text: str) -> bool:
    try:
        codes.normalise(text)
    except CodeInvalid:
        return False
    return True
