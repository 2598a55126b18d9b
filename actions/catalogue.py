"""Managers keep the catalogue: create gifts, change and withdraw them, see the life of each; all of it audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from actions import campaigns, charters, offers, staff
from db import audit, dialogues, gifts, members, outbox, people, reservations, stocks, waiting
from db.database import Tx
from db.gifts import Gift
from db.people import Person
from db.staff import CHAIN
from db.stores import Store
from loyalty import days, gifts as rules, paging
from loyalty.errors import GiftNotFound, GiftTextUnreadable, StoreNotManaged
from loyalty.gifts import Terms
from loyalty.lots import NEVER
from loyalty.messages import Say
from loyalty.roles import Role
from loyalty.variants import comparable

FIELDS = ("names", "price", "tier", "per_member", "per_month", "starts", "until", "collect_from", "picture")
NEW, EDIT = "gift_new", "gift_edit"

_PICTURE_STEP = "picture"
_MOST_MOVEMENTS = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """One gift in the managers' list."""

    gift_id: int
    name: dict[str, str]
    points: int
    offered: bool
    free: int  # at all stores


@dataclass(frozen=True, slots=True)
class Life:
    """One gift, and what has become of its pieces. Names by locale, times in epoch ms UTC, 0 where there is none."""

    gift_id: int
    name: dict[str, str]
    points: int
    cash: int
    offered: bool
    tier: dict[str, str]
    per_member: int
    per_month: int
    starts_at: int
    ends_at: int
    collect_from: int
    created_at: int
    shelves: list[dict[str, Any]]  # store, stock, reserved
    held: int
    captured: int
    cancelled: int
    lapsed: int
    waiting: int
    movements: list[dict[str, Any]]  # the latest: at, kind, pieces, store
    may_change: bool
    may_stock: bool
    may_move: bool


def list_gifts(tx: Tx, person: Person, page: int = 0) -> Say:
    """A page of all gifts, offered ones first. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    shown = paging.cut(gifts.list_all(tx), page)
    listed = [asdict(_listed(tx, gift)) for gift in shown.rows]
    return Say("gift_list", {"gifts": listed, "page": shown.page, "pages": shown.pages})


def look(tx: Tx, person: Person, gift_id: int) -> Say:
    """A gift's life. Refuses NotAllowed and GiftNotFound."""
    staff.require(tx, person.user_id, Role.MANAGER)
    gift = require(tx, gift_id)
    return Say("gift_life", asdict(_life(tx, person, gift)), picture=offers.picture_of(tx, gift_id))


def choose_field(tx: Tx, person: Person, gift_id: int) -> Say:
    """What to change about a gift. Refuses NotAllowed and GiftNotFound."""
    gift = require_changeable(tx, person, gift_id)
    told = {"gift_id": gift_id, "name": rules.in_all_languages(gift.terms.names)}
    return Say("gift_fields", told, picture=offers.picture_of(tx, gift_id))


def stores_for(tx: Tx, person: Person) -> list[Store]:
    """The stores whose pieces the person may touch. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    return staff.stores_of(tx, person.user_id, Role.MANAGER)


def create(tx: Tx, person: Person, terms: Terms, picture_id: int, pieces: Mapping[int, int]) -> Say:
    """Offer a new gift, with pieces by store id. Refuses NotAllowed, also for stores the person does not manage."""
    staff.require(tx, person.user_id, Role.MANAGER)
    gift_id = gifts.add(tx, terms, picture_id, person.user_id)
    for store_id, count in pieces.items():
        staff.require(tx, person.user_id, Role.MANAGER, store_id)
        stocks.put(tx, gift_id, store_id, count)
        if count:
            stocks.note(tx, gift_id, store_id, "restocked", count, person.user_id)
    audit.add(tx, person.user_id, "gift_created", gift=gift_id, points=terms.points, cash=terms.cash)
    return look(tx, person, gift_id)


def change(tx: Tx, person: Person, gift_id: int, changed: Mapping[str, Any]) -> Say:
    """Set terms, or picture_id; what is reserved keeps what it was reserved for. Refuses NotAllowed, GiftNotFound."""
    gift = require_changeable(tx, person, gift_id)
    told = dict(changed)
    picture_id = told.pop("picture_id", gift.picture_id)
    gifts.change(tx, gift_id, replace(gift.terms, **told), picture_id)
    audit.add(tx, person.user_id, "gift_changed", gift=gift_id, fields=sorted(changed))
    return look(tx, person, gift_id)


def withdraw(tx: Tx, person: Person, gift_id: int) -> Say:
    """Offer it no more; what is reserved can still be collected, and who waits is told. Refuses as `change`."""
    gift = require_changeable(tx, person, gift_id)
    stocks.lock(tx, gift_id)
    if gifts.set_offered(tx, gift_id, offered=False):
        for wait in waiting.disband(tx, gift_id):
            if wait.offered_store_id:
                stocks.release(tx, gift_id, wait.offered_store_id)
            _tell_withdrawn(tx, wait.member_id, gift)
        audit.add(tx, person.user_id, "gift_withdrawn", gift=gift_id)
    return look(tx, person, gift_id)


def offer_again(tx: Tx, person: Person, gift_id: int) -> Say:
    """Refuses as `change`."""
    require_changeable(tx, person, gift_id)
    if gifts.set_offered(tx, gift_id, offered=True):
        audit.add(tx, person.user_id, "gift_offered_again", gift=gift_id)
    return look(tx, person, gift_id)


def keep_picture(tx: Tx, person: Person, jpeg: bytes) -> int:
    """The id of a new picture: a JPEG of at most 1280 pixels. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    return gifts.add_picture(tx, jpeg, person.user_id)


def wants_picture(tx: Tx, user_id: int) -> bool:
    """Whether this person has been asked for a picture, of a gift or of a campaign."""
    place = dialogues.get(tx, user_id, user_id)
    return place is not None and place.name in (NEW, EDIT, campaigns.NEW) and place.step == _PICTURE_STEP


def require(tx: Tx, gift_id: int) -> Gift:
    """Refuses GiftNotFound."""
    gift = gifts.get(tx, gift_id)
    if gift is None:
        raise GiftNotFound
    return gift


def require_changeable(tx: Tx, person: Person, gift_id: int) -> Gift:
    """The gift, if the person created it or manages the whole chain. Refuses NotAllowed and GiftNotFound."""
    staff.require(tx, person.user_id, Role.MANAGER)
    gift = require(tx, gift_id)
    if gift.created_by != person.user_id:
        staff.require(tx, person.user_id, Role.MANAGER, CHAIN)
    return gift


def read(tx: Tx, field: str, text: str) -> dict[str, Any]:
    """What one of FIELDS but the picture is to be, as typed, as terms. Refuses GiftTextUnreadable and NameInvalid."""
    charter = charters.current(tx)
    if field == "names":
        return {"names": rules.parse_names(text)}
    if field == "price":
        points, cash = rules.parse_price(text, charter.currency)
        return {"points": points, "cash": cash}
    if field == "tier":
        return {"tier": _tier(tx, text)}
    if field in ("per_member", "per_month"):
        return {field: rules.parse_count(text, "limit")}
    return _read_day(tx, field, text)


def read_pieces(tx: Tx, person: Person, text: str) -> dict[int, int]:
    """Pieces by store id, of `20` or of one line per store.

    Refuses NotAllowed, GiftTextUnreadable, and StoreNotManaged for another store.
    """
    managed = stores_for(tx, person)
    told = rules.parse_pieces(text, "pieces" if len(managed) > 1 else "number")
    if set(told) == {""}:
        return {store.id: told[""] for store in managed}
    if "" in told:
        raise GiftTextUnreadable("pieces")
    known = {comparable(word): store.id for store in managed for word in (store.code, store.name)}
    if others := [name for name in told if comparable(name) not in known]:
        raise StoreNotManaged(others[0], [store.code for store in managed])
    return {known[comparable(name)]: pieces for name, pieces in told.items()}


def tiers(tx: Tx) -> list[dict[str, Any]]:
    """Those that can be asked for: all but the lowest."""
    return [{"code": tier.code, "name": tier.names} for tier in charters.current(tx).tiers[1:]]


def _tier(tx: Tx, text: str) -> str:
    """A tier's code of its code or name; '' for '-', which is all."""
    if text in ("-", "all"):
        return ""
    for tier in charters.current(tx).tiers:
        words = (tier.code, tier.name.zh_Hans, tier.name.zh_Hant, tier.name.en)
        if comparable(text) in map(comparable, words):
            return tier.code
    raise GiftTextUnreadable("tier")


def _read_day(tx: Tx, field: str, text: str) -> dict[str, Any]:
    zone = charters.current(tx).zone
    if text == "-":
        return {"starts": {"starts_at": tx.now}, "until": {"ends_at": NEVER}, "collect_from": {"collect_from": 0}}[
            field
        ]
    day = rules.parse_day(text, days.local_date(tx.now, zone))
    if field == "until":
        return {"ends_at": days.end_of_day(day, zone)}
    return {"starts_at" if field == "starts" else "collect_from": days.start_of_day(day, zone)}


def _tell_withdrawn(tx: Tx, member_id: int, gift: Gift) -> None:
    member = members.get(tx, member_id)
    person = people.get(tx, member.user_id) if member and member.status == "active" else None
    if person and person.reachable:
        told = {"name": rules.in_all_languages(gift.terms.names)}
        outbox.post(tx, Say("gift_withdrawn", told, to=person.user_id, kind="notice"))


def _listed(tx: Tx, gift: Gift) -> Listed:
    free = sum(shelf.free for shelf in stocks.list_shelves(tx, gift.id))
    return Listed(gift.id, rules.in_all_languages(gift.terms.names), gift.terms.points, gift.offered, free)


def _life(tx: Tx, person: Person, gift: Gift) -> Life:
    terms, states = gift.terms, reservations.count_by_state(tx, gift.id)
    tier, managed = charters.current(tx).tier(terms.tier), len(stores_for(tx, person))
    return Life(
        gift_id=gift.id, name=rules.in_all_languages(terms.names), points=terms.points, cash=terms.cash,
        offered=gift.offered, tier=tier.names if terms.tier else {},
        per_member=terms.per_member, per_month=terms.per_month, starts_at=terms.starts_at,
        ends_at=terms.ends_at if terms.ends_at < NEVER else 0, collect_from=terms.collect_from,
        created_at=gift.created_at,
        shelves=[asdict(shelf) for shelf in stocks.list_shelves(tx, gift.id)],
        **{state: states.get(state, 0) for state in ("held", "captured", "cancelled", "lapsed")},
        waiting=waiting.count(tx, gift.id),
        movements=[asdict(movement) for movement in stocks.list_movements(tx, gift.id, _MOST_MOVEMENTS)],
        may_change=_may_change(tx, person, gift), may_stock=managed > 0, may_move=managed > 1,
    )  # fmt: skip


def _may_change(tx: Tx, person: Person, gift: Gift) -> bool:
    place = None if gift.created_by == person.user_id else CHAIN
    return staff.is_allowed(tx, person.user_id, Role.MANAGER, place)
