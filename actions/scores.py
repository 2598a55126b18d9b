"""One's own service figures, month by month, beside the month before and one's own best; never beside a colleague's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import charters, staff
from db import scores, staff as posts
from db.database import Tx
from db.people import Person
from loyalty import days, scores as rules
from loyalty.errors import StaleButton
from loyalty.roles import Role


@dataclass(frozen=True, slots=True)
class Score:
    """Figures as `loyalty.scores.Figures.shown`. month: its first day (ISO); earlier, later: `yyyymm`, '' for none."""

    name: str
    month: str
    now: dict[str, int]
    before: dict[str, int]
    best: dict[str, int]
    starred: bool  # whether the month is the best in anything
    earlier: str
    later: str
    team: str  # what the reader may see of the store: 'stores', 'team' or ''
    managers: bool  # whether the store's managers see the reader's figures of the month


def own(tx: Tx, person: Person, told_month: str = "") -> Score:
    """told_month: `yyyymm`, '' for this one. Refuses NotAllowed, and StaleButton for no month to be shown."""
    staff.require(tx, person.user_id, Role.CLERK)
    month = require_month(tx, told_month)
    months = rules.months_until(month)
    figures = scores.of_person(tx, person.user_id, bounds(tx, [*months, days.add_months(month, 1)]))
    now, best = figures[-1].shown, rules.bests(figures)
    return Score(
        name=posts.name_of(tx, person.user_id), month=month.isoformat(), now=now,
        before=figures[-2].shown, best=best, starred=rules.is_best(now, best), team=_team(tx, person),
        managers=charters.current(tx).staff.overview != "off", **around(tx, month),
    )  # fmt: skip


def require_month(tx: Tx, told: str) -> date:
    """The first day of `yyyymm`, '' for this month. Refuses StaleButton."""
    month = rules.read_month(told, days.local_date(tx.now, charters.current(tx).zone))
    if month is None:
        raise StaleButton
    return month


def around(tx: Tx, month: date) -> dict[str, Any]:
    """The months before and after as `yyyymm`, '' where there is none to be shown."""
    today = days.local_date(tx.now, charters.current(tx).zone)
    near = {"earlier": key_of(days.add_months(month, -1)), "later": key_of(days.add_months(month, 1))}
    return {name: key if rules.read_month(key, today) else "" for name, key in near.items()}


def bounds(tx: Tx, firsts: list[date]) -> list[int]:
    """When these days begin (epoch ms)."""
    zone = charters.current(tx).zone
    return [days.start_of_day(first, zone) for first in firsts]


def key_of(month: date) -> str:
    """As buttons carry it."""
    return f"{month:%Y%m}"


def _team(tx: Tx, person: Person) -> str:
    overview = charters.current(tx).staff.overview
    if overview == "off":
        return ""
    if staff.is_allowed(tx, person.user_id, Role.MANAGER):
        return "stores"
    return "team" if overview == "team" else ""
