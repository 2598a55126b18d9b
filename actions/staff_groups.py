"""Which Telegram groups show cases: a manager says so there, and is told once when it cannot go on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions import case_board, cases, staff
from db import outbox, staff as posts, staff_groups, stores
from db.database import Tx
from db.people import Person
from db.staff_groups import Group
from db.stores import Store
from loyalty.case_errors import GroupElsewhere
from loyalty.errors import StoreNotFound
from loyalty.messages import Say
from loyalty.roles import Role


@dataclass(frozen=True, slots=True)
class Settled:
    """A group that shows cases from now on. store '': of the whole chain."""

    store: str
    topic_id: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The stores a manager may show there, by code and name."""

    stores: list[dict[str, str]]


def settle(tx: Tx, person: Person, group: Group, code: str) -> Settled | Choices:
    """Show the cases of the store with this code there; '' for the manager's only store, or the chain they manage.

    group.store_id is not looked at. Refuses NotAllowed, StoreNotFound, and GroupElsewhere if it shows the cases of
    another store, which the person does not manage.
    """
    post = staff.require(tx, person.user_id, Role.MANAGER)
    managed = staff.stores_of(tx, person.user_id, Role.MANAGER)
    store = next((store for store in managed if store.code == code.lower()), None)
    if code and store is None:
        raise StoreNotFound
    if not code and post.store_id != posts.CHAIN:
        if len(managed) > 1:
            return Choices([{"code": one.code, "name": one.name} for one in managed])
        store = managed[0] if managed else None
        if store is None:
            raise StoreNotFound
    return _put(tx, person, group, store)


def _put(tx: Tx, person: Person, group: Group, store: Store | None) -> Settled:
    shown = staff_groups.get(tx, group.chat_id)
    if shown and not staff.is_allowed(tx, person.user_id, Role.MANAGER, shown.store_id):
        raise GroupElsewhere(stores.name_of(tx, shown.store_id))
    staff_groups.put(tx, replace(group, store_id=store.id if store else posts.CHAIN), person.user_id)
    return Settled(store.name if store else "", group.topic_id)


def lose(tx: Tx, chat_id: int) -> bool:
    """The bot cannot write there any more: its managers are told, once. False if it is no group of ours."""
    group = staff_groups.mark_gone(tx, chat_id)
    if group is None:
        return False
    outbox.give_up_chat(tx, chat_id)
    told = {"title": group.title, "store": stores.name_of(tx, group.store_id)}
    for user_id in posts.list_users(tx, Role.MANAGER, group.store_id) or posts.list_users(tx, Role.OWNER):
        outbox.post(tx, Say("group_lost", told, to=user_id, kind="notice"))
    return True


def move(tx: Tx, chat_id: int, to_chat_id: int, case_id: int) -> None:
    """Telegram gave it another id; what was to be shown is shown there."""
    if staff_groups.move(tx, chat_id, to_chat_id) and case_id:
        case_board.show(tx, cases.require(tx, case_id))
