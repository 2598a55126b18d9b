"""Managers' reports: of which stores and which time. Each chapter has a module of its own, `reports_<chapter>`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import charters, staff
from db import stores
from db.database import Tx
from db.staff import CHAIN
from db.stores import Store
from loyalty import days
from loyalty.charter import Charter
from loyalty.errors import NoStoreYet, NotAllowed, StaleButton
from loyalty.reports import PERIODS, Period, Span, span
from loyalty.roles import Role


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about: stores the reader manages, and a time."""

    stores: tuple[Store, ...]  # all that the reader may choose from
    store_id: int  # the one that is chosen, 0: all of them
    with_chain: bool  # what is about no store in particular is in it, too
    period: Period
    span: Span
    charter: Charter

    @property
    def store_ids(self) -> tuple[int, ...]:
        """As queries take them; 0 stands for no store in particular."""
        if self.store_id:
            return (self.store_id,)
        return (*([CHAIN] if self.with_chain else []), *(store.id for store in self.stores))

    @property
    def instants(self) -> tuple[int, int]:
        """Epoch ms UTC, the end not included."""
        return self.span.instants(self.charter.zone)

    def params(self) -> dict[str, Any]:
        """What the message, its picture and its buttons say of it."""
        return {
            "period": self.period, "begins": self.span.begins.isoformat(), "ends": self.span.ends.isoformat(),
            "store_id": self.store_id, "stores": [{"id": store.id, "name": store.name} for store in self.stores],
            "store": next((store.name for store in self.stores if store.id == self.store_id), ""),
        }  # fmt: skip


def scope(tx: Tx, user_id: int, period: str, store_id: int, today: date | None = None) -> Scope:
    """The stores this person manages, or one of them; who manages the chain: all there are, closed ones too.

    today: the local day, if it is not that of tx.now. Refuses NotAllowed, NoStoreYet, and StaleButton for no period.
    """
    chosen = next((one for one in PERIODS if one == period), None)
    if chosen is None:
        raise StaleButton
    charter = charters.current(tx)
    with_chain = _manages_chain(tx, user_id)
    of = tuple(stores.list_all(tx) if with_chain else staff.stores_of(tx, user_id, Role.MANAGER))
    if store_id and all(store.id != store_id for store in of):
        raise NotAllowed(Role.MANAGER.value)
    if not of and not with_chain:
        raise NoStoreYet
    day = today or days.local_date(tx.now, charter.zone)
    return Scope(of, store_id, with_chain, chosen, span(chosen, day), charter)


def _manages_chain(tx: Tx, user_id: int) -> bool:
    """Refuses NotAllowed for who manages nothing."""
    staff.require(tx, user_id, Role.MANAGER)
    try:
        staff.require(tx, user_id, Role.MANAGER, CHAIN)
    except NotAllowed:
        return False
    return True
