"""Opening, changing and closing stores."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions import charters, staff
from db import audit, staff as posts, stores
from db.database import Tx
from db.people import Person
from db.staff import CHAIN
from db.stores import Store
from loyalty import cards, names, paging, profiles
from loyalty.cards import StartLink
from loyalty.errors import NotAllowed, StoreCodeTaken, StoreNotFound
from loyalty.messages import Picture, Say
from loyalty.roles import Role
from loyalty.stores import parse_code

FIELDS = ("name", "district", "address")


@dataclass(frozen=True, slots=True)
class StoreList:
    """One page of the stores the person manages, open ones first."""

    stores: list[Store]
    may_add: bool
    page: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class StoreView:
    """One store; start is the payload of its join link, staff how many work there."""

    id: int
    code: str
    name: str
    district: str
    address: str
    active: bool
    start: str
    staff: int
    may_close: bool


def list_managed(tx: Tx, person: Person, page: int = 0) -> StoreList:
    """One page, open stores first. Refuses NotAllowed."""
    staff.require(tx, person.user_id, Role.MANAGER)
    whole_chain = _may_add(tx, person)
    at = {post.store_id for post in posts.list_posts(tx, person.user_id) if post.role is not Role.CLERK}
    managed = [store for store in stores.list_all(tx) if whole_chain or store.id in at]
    shown = paging.cut(sorted(managed, key=lambda store: not store.active), page)
    return StoreList(shown.rows, whole_chain, shown.page, shown.pages)


def look_at(tx: Tx, person: Person, store_id: int) -> StoreView:
    """Refuses NotAllowed, also for stores the person does not manage, and StoreNotFound."""
    return _view(tx, person, _managed(tx, person, store_id))


def look_at_closable(tx: Tx, person: Person, store_id: int) -> StoreView:
    """The store, for whoever may close it. Refuses as `set_active`."""
    check_may_add(tx, person)
    return look_at(tx, person, store_id)


def add(tx: Tx, person: Person, name: str, code: str, district: str, address: str) -> StoreView:
    """Open a store; all fields as `read` and `parse_code` give them, the last two may be ''.

    Refuses NotAllowed (managers of the chain and owners add stores) and StoreCodeTaken.
    """
    check_may_add(tx, person)
    store_id = stores.add(tx, code, name, district, address, person.user_id)
    if store_id is None:
        raise StoreCodeTaken(code)
    audit.add(tx, person.user_id, "store_added", store_id=store_id, code=code)
    return look_at(tx, person, store_id)


def change(tx: Tx, person: Person, store_id: int, field: str, value: str) -> StoreView:
    """Set one of FIELDS to a value as `read` gives it. The code stays: printed links carry it.

    Refuses NotAllowed and StoreNotFound.
    """
    store = _managed(tx, person, store_id)
    changed = _with(store, field, value)
    stores.change(tx, store_id, changed.name, changed.district, changed.address)
    audit.add(tx, person.user_id, "store_changed", store_id=store_id, field=field)
    return _view(tx, person, changed)


def set_active(tx: Tx, person: Person, store_id: int, *, active: bool) -> StoreView:
    """Close or reopen; nothing happens if it is so already. Refuses NotAllowed and StoreNotFound."""
    check_may_add(tx, person)
    store = _managed(tx, person, store_id)
    if stores.set_active(tx, store_id, active):
        audit.add(tx, person.user_id, "store_reopened" if active else "store_closed", store_id=store_id)
    return _view(tx, person, replace(store, active=active))


def poster(tx: Tx, person: Person, store_id: int) -> Say:
    """The store's join link as a picture to print. Refuses NotAllowed and StoreNotFound (closed, too)."""
    view = look_at(tx, person, store_id)
    if not view.active:
        raise StoreNotFound
    programme = charters.current(tx).programme
    face = {
        "programme": programme.names,
        "store": view.name,
        "brand_colour": programme.colour,
        "start": view.start,
    }
    return Say("store_poster", {"name": view.name}, picture=Picture("poster", face))


def check_may_add(tx: Tx, person: Person) -> None:
    """Refuses NotAllowed to all but owners and managers of the whole chain."""
    staff.require(tx, person.user_id, Role.MANAGER, CHAIN)


def read(field: str, text: str) -> str:
    """One of FIELDS as typed. Refuses NameInvalid, TextInvalid."""
    return names.clean(text) if field == "name" else profiles.read(field, text)


def read_code(tx: Tx, text: str) -> str:
    """A free store code as typed. Refuses StoreCodeInvalid, StoreCodeTaken."""
    code = parse_code(text)
    if is_taken(tx, code):
        raise StoreCodeTaken(code)
    return code


def is_taken(tx: Tx, code: str) -> bool:
    return stores.get_by_code(tx, code) is not None


def _may_add(tx: Tx, person: Person) -> bool:
    try:
        check_may_add(tx, person)
    except NotAllowed:
        return False
    return True


def _managed(tx: Tx, person: Person, store_id: int) -> Store:
    staff.require(tx, person.user_id, Role.MANAGER, store_id)
    store = stores.get(tx, store_id)
    if store is None:
        raise StoreNotFound
    return store


def _with(store: Store, field: str, value: str) -> Store:
    told = {"name": store.name, "district": store.district, "address": store.address} | {field: value}
    return replace(store, name=told["name"], district=told["district"], address=told["address"])


def _view(tx: Tx, person: Person, store: Store) -> StoreView:
    return StoreView(
        id=store.id,
        code=store.code,
        name=store.name,
        district=store.district,
        address=store.address,
        active=store.active,
        start=cards.start_payload(StartLink("store", store.code)),
        staff=posts.count_by_store(tx).get(store.id, 0),
        may_close=_may_add(tx, person),
    )
