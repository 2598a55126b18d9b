"""Pieces of gifts: restocked, taken out, moved between stores; what comes free goes to those who wait."""

from __future__ import annotations

from typing import Any

from actions import catalogue, offers, staff
from db import audit, stocks, stores
from db.database import Tx
from db.people import Person
from db.stocks import Shelf
from loyalty import gifts as rules
from loyalty.errors import GiftTextUnreadable, StoreNotFound, TooFewPieces
from loyalty.messages import Say
from loyalty.roles import Role


def managed_stores(tx: Tx, person: Person, gift_id: int) -> list[dict[str, Any]]:
    """The stores whose pieces the person may touch, with what is free there. Refuses NotAllowed and GiftNotFound."""
    catalogue.require(tx, gift_id)
    shelves = {shelf.store_id: shelf for shelf in stocks.list_shelves(tx, gift_id)}
    found = [(store, shelves.get(store.id, Shelf(0, "", 0, 0))) for store in catalogue.stores_for(tx, person)]
    return [{"id": store.id, "name": store.name, "stock": shelf.stock, "free": shelf.free} for store, shelf in found]


def read_change(text: str) -> int:
    """`20` more, or `-3`: fewer. Refuses GiftTextUnreadable."""
    sign = -1 if text.strip().startswith(("-", "−", "－")) else 1
    pieces = sign * rules.parse_count(text.strip().lstrip("+-−－＋"), "number", 1)
    if not pieces:
        raise GiftTextUnreadable("number")
    return pieces


def restock(tx: Tx, person: Person, gift_id: int, store_id: int, pieces: int) -> Say:
    """So many more pieces at a store, or fewer if negative.

    Refuses NotAllowed, GiftNotFound, StoreNotFound, and TooFewPieces where fewer are free than are to go.
    """
    _require_store(tx, person, gift_id, store_id)
    stocks.lock(tx, gift_id)
    if pieces < 0:
        _take_away(tx, gift_id, store_id, -pieces)
    if pieces > 0:
        stocks.put(tx, gift_id, store_id, pieces)
    stocks.note(tx, gift_id, store_id, "restocked" if pieces > 0 else "removed", pieces, person.user_id)
    audit.add(tx, person.user_id, "gift_restocked", store_id=store_id, gift=gift_id, pieces=pieces)
    offers.hand_on(tx, gift_id, store_id)
    return catalogue.look(tx, person, gift_id)


def move(tx: Tx, person: Person, gift_id: int, from_id: int, to_id: int, pieces: int) -> Say:
    """Free pieces from one store to another. Refuses as `restock`, for both stores, which are two."""
    if from_id == to_id:
        raise StoreNotFound
    for store_id in (from_id, to_id):
        _require_store(tx, person, gift_id, store_id)
    stocks.lock(tx, gift_id)
    _take_away(tx, gift_id, from_id, pieces)
    stocks.put(tx, gift_id, to_id, pieces)
    stocks.note(tx, gift_id, from_id, "moved", -pieces, person.user_id)
    stocks.note(tx, gift_id, to_id, "moved", pieces, person.user_id)
    audit.add(tx, person.user_id, "gift_moved", store_id=to_id, gift=gift_id, pieces=pieces, from_store=from_id)
    offers.hand_on(tx, gift_id, to_id)
    return catalogue.look(tx, person, gift_id)


def _take_away(tx: Tx, gift_id: int, store_id: int, pieces: int) -> None:
    if not stocks.take_away(tx, gift_id, store_id, pieces):
        raise TooFewPieces(stores.name_of(tx, store_id), stocks.get_free(tx, gift_id, store_id))


def _require_store(tx: Tx, person: Person, gift_id: int, store_id: int) -> None:
    staff.require(tx, person.user_id, Role.MANAGER, store_id)
    catalogue.require(tx, gift_id)
    if store_id not in {store.id for store in catalogue.stores_for(tx, person)}:
        raise StoreNotFound
