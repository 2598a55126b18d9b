"""Cases in the hands of somebody who does not work there any more are anybody's again."""

from __future__ import annotations

from actions import case_people, cases, charters
from db import cases as rows
from db import outbox, staff, stores
from db.cases import Case
from db.database import Tx
from loyalty.messages import Say


def release(tx: Tx, user_id: int, name: str, by: int) -> list[int]:
    """Give back what they hold and may not see any more, and tell each store once. Returns the cases' ids.

    name: what colleagues called them; by: Telegram id of who removed them.
    """
    posts = {post.store_id for post in staff.list_posts(tx, user_id)}
    sees_all = staff.CHAIN in posts or (posts and charters.current(tx).service.everywhere)
    left = [case for case in rows.list_held(tx, user_id) if not sees_all and case.store_id not in posts]
    freed: dict[int, list[Case]] = {}
    for held in left:
        # Locked first and read again: the member may be writing to it right now.
        rows.lock(tx, held.id)
        case = cases.require(tx, held.id)
        if case.holder == user_id and case.state in ("taken", "waiting"):
            freed.setdefault(case.store_id, []).append(cases.move(tx, case, "give_back", by, 0))
    for of_store in freed.values():
        _tell(tx, of_store, name)
    return [case.id for of_store in freed.values() for case in of_store]


def _tell(tx: Tx, freed: list[Case], name: str) -> None:
    users = sorted({user_id for case in freed for user_id in case_people.hands(tx, case)})
    told = {"name": name, "cases": [case.id for case in freed], "store": stores.name_of(tx, freed[0].store_id)}
    for user_id in users:
        outbox.post(tx, Say("cases_freed", told, to=user_id, kind="notice"))
