"""A store's month: totals and each colleague's figures for its managers; for the team what three did best.

Who sees what is the charter's `[staff] overview`. Nobody's place is told but the first three's, and never the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from actions import charters, purchases, quizzes, staff
from actions.scores import around, bounds, key_of, require_month
from db import audit, outbox, quizzes as quiz_rows, scores, staff as posts, stores
from db.database import Tx
from db.people import Person
from loyalty import days, scores as rules
from loyalty.errors import NotAllowed, StaleButton
from loyalty.messages import Say, params_of
from loyalty.roles import Role
from loyalty.scores import Figures

_PAGE = 12


@dataclass(frozen=True, slots=True)
class Stores:
    """A page of the stores one manages, each with id, name and the team's figures. earlier, later: `yyyymm`, or ''."""

    month: str  # its first day, ISO
    key: str  # the same as `yyyymm`
    stores: list[dict[str, Any]]
    page: int  # from 0
    pages: int
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class Team:
    """One store's month. colleagues: name and figures, by name; figures as `loyalty.scores.Figures.shown`."""

    store_id: int
    store: str
    month: str
    key: str
    total: dict[str, int]
    people: int  # who work there
    colleagues: list[dict[str, Any]]
    page: int
    pages: int
    earlier: str
    later: str
    several: bool  # whether the reader manages other stores, too


@dataclass(frozen=True, slots=True)
class Praise:
    """What the whole team may read. first: name, what and value of up to three."""

    store: str
    month: str
    total: dict[str, int]
    first: list[dict[str, Any]]
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class Shown:
    """people: how many work there besides the reader; nobody is told of a store twice on a day, whichever month."""

    store: str
    people: int


@dataclass(frozen=True, slots=True)
class Quizzed:
    """How a store's team does with quizzes: who did one and when last; what is answered right, by chapter."""

    store_id: int
    store: str
    people: int
    done: list[dict[str, Any]]
    chapters: list[dict[str, Any]]


def list_stores(tx: Tx, person: Person, told_month: str, page: int = 0) -> Stores | Team:
    """The stores the person manages, or the one if it is one. Refuses NotAllowed and StaleButton."""
    managed, month = _managed(tx, person), require_month(tx, told_month)
    if len(managed) == 1:
        return team(tx, person, next(iter(managed)), told_month)
    pages = max(1, -(-len(managed) // _PAGE))
    page = min(page, pages - 1)
    listed = [
        {"id": store_id, "name": name, "total": _total(_figures(tx, store_id, month)).shown}
        for store_id, name in list(managed.items())[page * _PAGE : (page + 1) * _PAGE]
    ]
    return Stores(month.isoformat(), key_of(month), listed, page, pages, **around(tx, month))


def team(tx: Tx, person: Person, store_id: int, told_month: str, page: int = 0) -> Team:
    """Refuses NotAllowed, also for stores the person does not manage, and StaleButton."""
    store, managed = _require_store(tx, person, store_id), _managed(tx, person)
    month = require_month(tx, told_month)
    found, names = _figures(tx, store_id, month), _names(tx, store_id)
    listed = sorted(names.items(), key=lambda named: (named[1], named[0]))
    colleagues = [{"name": name, "figures": found.get(user_id, Figures()).shown} for user_id, name in listed]
    pages = max(1, -(-len(colleagues) // _PAGE))
    page = min(page, pages - 1)
    return Team(
        store_id, store, month.isoformat(), key_of(month), _total(found).shown, len(names),
        colleagues[page * _PAGE : (page + 1) * _PAGE], page, pages, **around(tx, month), several=len(managed) > 1,
    )  # fmt: skip


def praise(tx: Tx, person: Person, told_month: str) -> Praise:
    """One's own store's month, where the charter shows it to the team. Refuses NotAllowed, StoreNeeded, NoStoreYet."""
    if charters.current(tx).staff.overview != "team":
        raise NotAllowed(Role.MANAGER.value)
    store = purchases.counter(tx, person)
    return _praise(tx, store.id, require_month(tx, told_month))


def show(tx: Tx, person: Person, store_id: int, told_month: str) -> Shown:
    """Tell everybody who works at the store what the team and its first three did. Refuses as `team`."""
    store, month = _require_store(tx, person, store_id), require_month(tx, told_month)
    told = params_of(_praise(tx, store_id, month)) | {"earlier": "", "later": ""}
    today = days.local_date(tx.now, charters.current(tx).zone)
    others = [post.user_id for post in posts.list_of_store(tx, store_id) if post.user_id != person.user_id]
    for user_id in others:
        key = f"praise:{store_id}:{today}:{user_id}"
        outbox.post(tx, Say("score_praise", told, to=user_id, kind="notice", dedup_key=key))
    audit.add(tx, person.user_id, "team_praised", store_id=store_id, month=key_of(month))
    return Shown(store, len(others))


def quizzed(tx: Tx, person: Person, store_id: int, locale: str) -> Quizzed:
    """Who did a quiz, and how the team answers; nobody's own answers. Refuses as `team`."""
    store, names = _require_store(tx, person, store_id), _names(tx, store_id)
    last = quiz_rows.last_done(tx, list(names))
    done = [{"name": names[user_id], "at": at} for user_id, at in sorted(last.items(), key=lambda one: -one[1])]
    return Quizzed(store_id, store, len(names), done, quizzes.shares(tx, list(names), locale))


def _managed(tx: Tx, person: Person) -> dict[int, str]:
    """Names of the open stores the person manages, by id. Refuses NotAllowed, also where nobody is to see them."""
    staff.require(tx, person.user_id, Role.MANAGER)
    if charters.current(tx).staff.overview == "off":
        raise StaleButton
    return {store.id: store.name for store in staff.stores_of(tx, person.user_id, Role.MANAGER)}


def _require_store(tx: Tx, person: Person, store_id: int) -> str:
    """Its name. Refuses NotAllowed, also for stores the person does not manage."""
    managed = _managed(tx, person)
    if store_id not in managed:
        raise NotAllowed(Role.MANAGER.value)
    return managed[store_id]


def _names(tx: Tx, store_id: int) -> dict[int, str]:
    """Who work at the store now, by Telegram id."""
    return {post.user_id: post.name for post in posts.list_of_store(tx, store_id)}


def _figures(tx: Tx, store_id: int, month: date) -> dict[int, Figures]:
    """By Telegram id, also of who has left."""
    begins, ends = bounds(tx, [month, days.add_months(month, 1)])
    return scores.of_store(tx, store_id, begins, ends)


def _total(found: dict[int, Figures]) -> Figures:
    return reduce(add, found.values(), Figures())


def _praise(tx: Tx, store_id: int, month: date) -> Praise:
    found, names = _figures(tx, store_id, month), _names(tx, store_id)
    first = rules.thanked({user_id: found.get(user_id, Figures()) for user_id in names})
    told = [{"name": names[merit.person], "what": merit.what, "value": merit.value} for merit in first]
    return Praise(stores.name_of(tx, store_id), month.isoformat(), _total(found).shown, told, **around(tx, month))
