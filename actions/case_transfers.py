"""A case handed on: to another store, or into the hands of one colleague."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import case_access, case_people, case_views, cases, staff
from actions.case_views import Desk
from db import cases as rows, outbox, staff as posts, stores
from db.cases import Case, NewLine
from db.database import Tx
from db.people import Person
from loyalty import paging
from loyalty.errors import StaffNotFound, StoreNotFound
from loyalty.messages import Say


@dataclass(frozen=True, slots=True)
class Takers:
    """Who a case can be handed on to. colleagues: post_id and name, oneself as ''; stores: id and name."""

    case_id: int
    colleagues: list[dict[str, Any]]
    stores: list[dict[str, Any]]
    page: int  # from 0; of both at once
    pages: int


def takers(tx: Tx, person: Person, case_id: int, page: int = 0) -> Takers:
    """Colleagues who may have it and do not, by name, and the open stores but the case's own; a page of each.

    Refuses as `case_access.require_in_hand`.
    """
    case = case_access.require_in_hand(tx, person, case_id)
    able = [user_id for user_id in case_people.able(tx, case) if user_id != case.holder]
    found = [(posts.list_posts(tx, user_id)[0], user_id == person.user_id) for user_id in able]
    colleagues = [{"post_id": post.id, "name": "" if is_you else post.name} for post, is_you in found]
    others = [{"id": store.id, "name": store.name} for store in stores.list_active(tx) if store.id != case.store_id]
    return _paged(case.id, sorted(colleagues, key=lambda one: str(one["name"])), others, page)


def _paged(case_id: int, colleagues: list[dict[str, Any]], others: list[dict[str, Any]], page: int) -> Takers:
    """The two are turned together; where one is at its end, the other goes on alone."""
    pages = max(paging.cut(colleagues, 0).pages, paging.cut(others, 0).pages)
    page = min(max(page, 0), pages - 1)
    return Takers(case_id, _rows(colleagues, page), _rows(others, page), page, pages)


def _rows(found: list[dict[str, Any]], page: int) -> list[dict[str, Any]]:
    shown = paging.cut(found, page)
    return shown.rows if shown.page == page else []


def transfer(tx: Tx, person: Person, case_id: int, store_id: int) -> Desk:
    """To another store, where it is anybody's; its managers are told, and who had it.

    Refuses as `takers`, and StoreNotFound.
    """
    case = case_access.require_in_hand(tx, person, case_id)
    if all(store.id != store_id for store in stores.list_active(tx)):
        raise StoreNotFound
    free = case if case.state == "new" else cases.move(tx, case, "give_back", person.user_id, 0)
    moved = cases.change(tx, free, store_id=store_id)
    rows.add_line(tx, moved, NewLine("event", person.user_id, f"transfer {store_id}"))
    told = {"case_id": moved.id, "store": stores.name_of(tx, store_id), "by": posts.name_of(tx, person.user_id)}
    for user_id in sorted({*case_people.managers(tx, moved), case.holder} - {person.user_id, 0}):
        outbox.post(tx, Say("case_transferred", told, to=user_id, kind="notice"))
    cases.record(tx, person, "case_transferred", moved)
    return case_views.desk(tx, person, moved)


def assign(tx: Tx, person: Person, case_id: int, post_id: int) -> Desk:
    """To one who may have it; they are told, and who had it. A waiting case goes on waiting.

    Refuses as `takers`, StaffNotFound for who may not have it (any more), and CaseSettled.
    """
    case = case_access.require_in_hand(tx, person, case_id)
    user_id = staff.holder_of(tx, post_id)
    if user_id not in case_people.able(tx, case):
        raise StaffNotFound
    assigned = cases.move(tx, case, "assign", person.user_id, user_id)
    tell(tx, person, assigned, {user_id, case.holder} - {person.user_id, 0})
    cases.record(tx, person, "case_assigned", assigned, user_id=user_id)
    return case_views.desk(tx, person, assigned)


def tell(tx: Tx, person: Person, case: Case, users: set[int]) -> None:
    """That the person has put the case into the hands it is in now, or into nobody's."""
    told = {
        "case_id": case.id, "by": posts.name_of(tx, person.user_id), "holder": posts.name_of(tx, case.holder),
        "store": stores.name_of(tx, case.store_id), "waits": case.state == "waiting",
    }  # fmt: skip
    for user_id in sorted(users):
        is_theirs = user_id == case.holder
        outbox.post(tx, Say("case_assigned", told | {"yours": is_theirs}, to=user_id, kind="notice"))
