"""A job to try the clock with: everybody is given one, in pages, and given another if a page comes twice."""

from __future__ import annotations

from collections import Counter

from actions.jobs import Job
from db import outbox
from db.database import Database, Tx
from loyalty.jobs import HOUR_MS, Page, Run
from loyalty.messages import Say
from tests.actions.shops import add_member

_PAGE = 3


def prepare(tx: Tx, members: int) -> None:
    """So many more members, and a table that takes whatever it is given."""
    tx.run("CREATE TABLE given (member_id BIGINT, day TEXT)")
    for number in range(members):
        add_member(tx, f"M{number}", f"139{number:08d}", user_id=1_000 + number)


def give(tx: Tx, run: Run) -> Page:
    rows = tx.all(
        "SELECT id, user_id FROM member WHERE id > :after ORDER BY id LIMIT :limit",
        after=int(run.cursor or 0), limit=_PAGE,
    )  # fmt: skip
    for member_id, user_id in rows:
        tx.run("INSERT INTO given VALUES (:id, :day)", id=member_id, day=run.day.isoformat())
        outbox.post(tx, Say("thanks", {"name": "Ann Lee"}, to=user_id, kind="notice"))
    return Page(str(rows[-1][0]) if len(rows) == _PAGE else "", len(rows), len(rows))


async def given(db: Database) -> Counter[tuple[int, str]]:
    """How often each member was given on each day."""
    return Counter(await db.read(lambda tx: tx.all("SELECT member_id, day FROM given")))


def gifts(name: str = "gifts", cron: str = "0 9 * * *", hours: int = 36) -> Job:
    return Job(name=name, cron=cron, catch_up_ms=hours * HOUR_MS, page=give)
