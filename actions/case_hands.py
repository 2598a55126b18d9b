"""Cases in the hands of somebody who does not work there any more are anybody's again."""

from __future__ import annotations

from actions import case_people, cases, charters
from db import cases as rows, outbox, staff, stores
from db.cases import Case
from db.database import Tx
from loyalty.messages import Say
from loyalty.roles import Role


def release(tx: Tx, user_id: int, name: str, by: int) -> list[int]:
    """Give back what they hold and may not have any more, and tell each store once. Returns the cases' ids.

    name: what colleagues called them, '' if nobody knows; by: Telegram id of who removed them, 0 for the programme.
    """
    held = rows.list_held(tx, user_id)
    left = [case for case in held if not may_hold(tx, user_id, case)] if held else []
    freed: dict[int, list[Case]] = {}
    for known in left:
        # Locked first and read again: the member may be writing to it right now.
        rows.lock(tx, known.id)
        case = cases.require(tx, known.id)
        if case.holder == user_id and case.state in ("taken", "waiting"):
            freed.setdefault(case.store_id, []).append(cases.move(tx, case, "give_back", by, 0))
    for of_store in freed.values():
        _tell(tx, of_store, name)
    return [case.id for of_store in freed.values() for case in of_store]


def may_hold(tx: Tx, user_id: int, case: Case) -> bool:
    """Who works at its store, for the chain, or manages any where it is about none; all, if the charter says so."""
    posts = staff.list_posts(tx, user_id)
    return any(
        post.store_id in (staff.CHAIN, case.store_id)
        or (not case.store_id and post.role is not Role.CLERK)
        or charters.current(tx).service.everywhere
        for post in posts
    )


def _tell(tx: Tx, freed: list[Case], name: str) -> None:
    users = sorted({user_id for case in freed for user_id in case_people.hands(tx, case)})
    told = {"name": name, "cases": [case.id for case in freed], "store": stores.name_of(tx, freed[0].store_id)}
    for user_id in users:
        outbox.post(tx, Say("cases_freed", told, to=user_id, kind="notice"))
