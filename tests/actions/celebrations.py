"""Working a job's pages for a day, and looking at what was pushed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import orjson

from db.database import Database, Tx
from loyalty.jobs import Page, Run

ZONE = ZoneInfo("Asia/Shanghai")
TEN = time(10)


def at(day: date, clock: time = TEN) -> int:
    """Epoch ms of a local time."""
    return int(datetime.combine(day, clock, ZONE).timestamp()) * 1000


async def works(db: Database, page: Callable[[Tx, Run], Page], day: date, cursor: str = "", clock: time = TEN) -> int:
    """All pages of the run that falls due on that local day; how many people it reached."""
    reached = 0
    while True:
        done = await db.write(page, Run("job", at(day, clock), day, cursor))
        reached += done.reached
        if not done.cursor:
            return reached
        assert done.cursor != cursor
        cursor = done.cursor


def pushed(tx: Tx) -> list[tuple[str, dict[str, object]]]:
    """Template and parameters of what waits to be sent, by key."""
    rows = tx.all("SELECT chat_id, payload FROM outbox WHERE topic <> '' ORDER BY id")
    bodies = [orjson.loads(tx.vault.open_system("outbox", str(chat), bytes(payload))) for chat, payload in rows]
    return [(body["template"], body["params"]) for body in bodies]


def templates(tx: Tx) -> list[str]:
    return [template for template, _ in pushed(tx)]


def coupons_of(tx: Tx, member_id: int) -> int:
    count: int = tx.value("SELECT COUNT(*) FROM coupon WHERE member_id = :member_id", member_id=member_id)
    return count
