"""Last week's report, sent to managers on Monday morning of the programme's own accord."""

from __future__ import annotations

from dataclasses import replace

from actions import reports, reports_service
from db import outbox, people, staff
from db.database import Tx
from loyalty.errors import NoStoreYet
from loyalty.jobs import Page, Run
from loyalty.messages import Say
from loyalty.roles import Role

TOPIC = "reports"
_PAGE = 10


def page(tx: Tx, run: Run) -> Page:
    """The week before the run's day, for 10 managers at a time."""
    managers = sorted({*staff.list_users(tx, Role.MANAGER), *staff.list_users(tx, Role.OWNER)})
    found = [user_id for user_id in managers if user_id > int(run.cursor or 0)][:_PAGE]
    reached = sum(_tell(tx, user_id, run) for user_id in found)
    return Page(str(found[-1]) if len(found) == _PAGE else "", len(found), reached)


def _tell(tx: Tx, user_id: int, run: Run) -> bool:
    """Once a day. False if they do not want it, or nothing happened."""
    said = None if TOPIC in people.list_unwanted(tx, user_id) else _said(tx, user_id, run)
    if said is None:
        return False
    key = f"report_weekly:{user_id}:{run.day}"
    return outbox.post(tx, replace(said, to=user_id, kind="notice", dedup_key=key))


def _said(tx: Tx, user_id: int, run: Run) -> Say | None:
    try:
        scope = reports.scope(tx, user_id, "last_week", 0, run.day)
    except NoStoreYet:  # theirs have closed
        return None
    told = reports_service.figures(tx, scope)
    return reports_service.said(scope, told, weekly=True) if told.anything else None
