"""Reserving a gift, giving it up, and what happens when nobody collects it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from actions import charters, offers
from actions.members import require_member
from db import accounts, gifts, ledger, members, outbox, reservations, stocks, stores
from db.database import Tx
from db.gifts import Gift
from db.ledger import Posting
from db.members import Member
from db.people import Person
from db.reservations import NewReservation, Reservation
from loyalty import cards, codes, gifts as rules, hours, paging
from loyalty.cards import StartLink
from loyalty.charter import Programme
from loyalty.errors import (
    GiftNotFound,
    IdempotencyConflict,
    OutOfStock,
    ReservationEnded,
    ReservationNotFound,
    StoreNotFound,
)
from loyalty.messages import Picture, Say

_ON_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class Held:
    """One reservation as its owner reads it. Times in epoch ms UTC, cash in minor units, the name by locale."""

    reservation_id: int
    name: dict[str, str]
    store: str
    address: str
    points: int
    cash: int
    collect_from: int  # 0: at once
    collect_by: int
    code: str  # as it is read aloud, '' once it is resolved


@dataclass(frozen=True, slots=True)
class Mine:
    """One page of what a member has yet to collect."""

    held: list[Held]
    page: int  # from 0
    pages: int


def redeem(tx: Tx, person: Person, gift_id: int, store_id: int, nonce: str) -> Say:
    """Hold the points and one piece at this store, and give the member a code; the same nonce again, the same code.

    Refuses NotAMember, GiftNotFound, StoreNotFound, TierTooLow, GiftLimitReached, OutOfStock, NotEnoughPoints,
    RedemptionsFrozen, and IdempotencyConflict if the nonce was used for something else.
    """
    member = require_member(tx, person)
    key = f"gift:{member.id}:{nonce}"
    accounts.lock(tx, member.id)
    if known := reservations.get_by_key(tx, key):
        if (known.gift_id, known.store_id) != (gift_id, store_id):
            raise IdempotencyConflict
        return _shown(tx, known)
    gift = allowed(tx, member, gift_id)
    if not stocks.reserve(tx, gift_id, _open_store(tx, store_id)):
        raise OutOfStock
    return _shown(tx, _hold(tx, member, gift, store_id, key))


def reserve_offered(tx: Tx, member: Member, gift: Gift, store_id: int, key: str) -> Say:
    """Reserve a piece that was put aside before. Refuses NotEnoughPoints and RedemptionsFrozen."""
    return _shown(tx, _hold(tx, member, gift, store_id, key))


def show_by_key(tx: Tx, key: str) -> Say:
    """What was reserved under this key. Refuses ReservationNotFound and ReservationEnded."""
    known = reservations.get_by_key(tx, key)
    if known is None:
        raise ReservationNotFound
    return _shown(tx, known)


def allowed(tx: Tx, member: Member, gift_id: int) -> Gift:
    """The gift, if this member may have one now. Refuses GiftNotFound, TierTooLow and GiftLimitReached."""
    gift, charter = gifts.get(tx, gift_id), charters.current(tx)
    if gift is None or not gift.offered:
        raise GiftNotFound
    had = reservations.count_had(tx, gift_id, member.id, rules.month_begins(tx.now, charter))
    rules.require(gift.terms, member.tier, had, charter, tx.now)
    return gift


def mine(tx: Tx, person: Person, page: int = 0) -> Mine:
    """Refuses NotAMember."""
    member = require_member(tx, person)
    shown = paging.cut(reservations.list_held(tx, member.id), page, _ON_A_PAGE)
    held = [_held(tx, reservation, reservations.code_of(tx, reservation)) for reservation in shown.rows]
    return Mine(held, shown.page, shown.pages)


def show(tx: Tx, person: Person, reservation_id: int) -> Say:
    """The code again. Refuses NotAMember, ReservationNotFound and ReservationEnded."""
    return _shown(tx, _own(tx, person, reservation_id))


def show_by_code(tx: Tx, person: Person, code: str) -> Say | None:
    """The person's own reservation with this code; None for all else, so that nobody learns which codes there are.

    Refuses ReservationEnded.
    """
    member = members.get_by_user(tx, person.user_id)
    found = reservations.get_by_code(tx, code)
    return _shown(tx, found) if member and found and found.member_id == member.id else None


def ask_cancel(tx: Tx, person: Person, reservation_id: int) -> Say:
    """Whether to give it up, under the code's picture. Refuses as `show`."""
    return _said(tx, "gift_cancel", _own(tx, person, reservation_id))


def cancel(tx: Tx, person: Person, reservation_id: int) -> Say:
    """Give it up: the points are back with the expiry they had. Refuses as `show`."""
    member = require_member(tx, person)
    accounts.lock(tx, member.id)
    reservation = _own(tx, person, reservation_id)
    _release(tx, reservation, "cancelled", member.user_id)
    points = accounts.get(tx, member.id).available
    return Say(
        "gift_cancelled",
        {"name": _name(tx, reservation.gift_id), "points": reservation.points, "available": points},
        picture=offers.picture_of(tx, reservation.gift_id),
    )


def give_up_all(tx: Tx, member_id: int) -> None:
    """Release whatever the member holds, as they leave. The caller has taken `accounts.lock`."""
    for reservation in reservations.list_held(tx, member_id):
        _release(tx, reservation, "cancelled", by=0)


def lapse(tx: Tx, reservation_id: int) -> bool:
    """Release what was not collected in time, once; the member is told, at night by a later `tell_lapsed`.

    False if it is not overdue, or somebody was faster.
    """
    reservation = reservations.get(tx, reservation_id)
    if reservation is None or reservation.collect_by >= tx.now:
        return False
    accounts.lock(tx, reservation.member_id)
    try:
        _release(tx, reservation, "lapsed", by=0)
    except ReservationEnded:
        return False
    tell_lapsed(tx, reservation_id)
    return True


def tell_lapsed(tx: Tx, reservation_id: int) -> bool:
    """Tell the member that time is over, once, and not at night. False if nothing was said."""
    reservation = reservations.get(tx, reservation_id)
    member = members.get(tx, reservation.member_id) if reservation else None
    if reservation is None or member is None or offers.is_night(tx, member):
        return False
    if not reservations.mark_told(tx, reservation_id) or not member.user_id:
        return False
    told = {"name": _name(tx, reservation.gift_id), "points": reservation.points}
    outbox.post(tx, Say("gift_lapsed", told, to=member.user_id, kind="notice"))
    return True


def capture(tx: Tx, reservation: Reservation, by: int) -> None:
    """The gift is handed over: the piece leaves the stock, the points are spent. The caller has taken `accounts.lock`.

    Refuses ReservationEnded if somebody was faster.
    """
    _resolve(tx, reservation, "captured", by)
    stocks.hand_over(tx, reservation.gift_id, reservation.store_id)
    ledger.capture(tx, reservation.entry_id, _posting(tx, reservation, "capture", by))


def ended(tx: Tx, reservation: Reservation) -> ReservationEnded:
    """What to refuse with for one that is resolved."""
    return ReservationEnded(reservation.state, reservation.resolved_at, stores.name_of(tx, reservation.store_id))


def _hold(tx: Tx, member: Member, gift: Gift, store_id: int, key: str) -> Reservation:
    since = max(tx.now, gift.terms.collect_from)
    new = NewReservation(
        gift_id=gift.id, member_id=member.id, store_id=store_id, points=gift.terms.points, cash=gift.terms.cash,
        key=key, collect_from=gift.terms.collect_from, collect_by=hours.collect_by(charters.current(tx), since),
    )  # fmt: skip
    made = reservations.add(tx, new)
    entry = ledger.hold(tx, _posting(tx, made, "hold", member.user_id), made.points)
    reservations.set_entry(tx, made.id, entry.id)
    return replace(made, entry_id=entry.id)


def _release(tx: Tx, reservation: Reservation, state: reservations.State, by: int) -> None:
    """The piece to whoever waits first, then the points to their lots: locks in the order member, gift, lots."""
    stocks.lock(tx, reservation.gift_id)
    _resolve(tx, reservation, state, by)
    stocks.release(tx, reservation.gift_id, reservation.store_id)
    offers.hand_on(tx, reservation.gift_id, reservation.store_id)
    ledger.release(tx, reservation.entry_id, _posting(tx, reservation, "release", by, state=state))


def _resolve(tx: Tx, reservation: Reservation, state: reservations.State, by: int) -> None:
    if not reservations.resolve(tx, reservation.id, state, by):
        now = reservations.get(tx, reservation.id)
        assert now is not None
        raise ended(tx, now)


def _own(tx: Tx, person: Person, reservation_id: int) -> Reservation:
    member = require_member(tx, person)
    reservation = reservations.get(tx, reservation_id)
    if reservation is None or reservation.member_id != member.id:
        raise ReservationNotFound
    if reservation.state != "held":
        raise ended(tx, reservation)
    return reservation


def _posting(tx: Tx, reservation: Reservation, what: str, actor: int, **detail: str) -> Posting:
    return Posting(
        member_id=reservation.member_id, reason="gift", key=f"gift:{what}:{reservation.id}", actor=actor,
        occurred_at=tx.now, store_id=reservation.store_id, detail={"gift": _name(tx, reservation.gift_id), **detail},
    )  # fmt: skip


def _shown(tx: Tx, reservation: Reservation) -> Say:
    if reservation.state != "held":
        raise ended(tx, reservation)
    return _said(tx, "gift_reserved", reservation)


def _said(tx: Tx, template: str, reservation: Reservation) -> Say:
    """With its code, as text and as a picture."""
    code = reservations.code_of(tx, reservation)
    held = _held(tx, reservation, code)
    return Say(template, asdict(held), picture=_code_picture(charters.current(tx).programme, held, code))


def _code_picture(programme: Programme, held: Held, code: str) -> Picture:
    face = {
        "programme": programme.names,
        "colour": programme.colour,
        "title": held.name,
        "place": held.store,
        "code": code,
        "start": cards.start_payload(StartLink("gift", code)),
    }
    return Picture("code", face)


def _held(tx: Tx, reservation: Reservation, code: str) -> Held:
    store = stores.get(tx, reservation.store_id)
    return Held(
        reservation_id=reservation.id,
        name=_name(tx, reservation.gift_id),
        store=store.name if store else "",
        address=store.address if store else "",
        points=reservation.points,
        cash=reservation.cash,
        collect_from=reservation.collect_from if reservation.collect_from > tx.now else 0,
        collect_by=reservation.collect_by,
        code=codes.grouped(code) if code else "",
    )


def _name(tx: Tx, gift_id: int) -> dict[str, str]:
    gift = gifts.get(tx, gift_id)
    assert gift is not None
    return rules.in_all_languages(gift.terms.names)


def _open_store(tx: Tx, store_id: int) -> int:
    store = stores.get(tx, store_id)
    if store is None or not store.active:
        raise StoreNotFound
    return store_id
