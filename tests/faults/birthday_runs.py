"""Run as a process of its own: works the birthdays of some days, or is killed while it does.

`run URL DAY DAYS AT_ONCE` works DAYS days from DAY on, AT_ONCE runs of each side by side.
`kill URL DAY DAYS` works one day after the other; each is killed once, a little later in its work than the one before,
and prints how many times that was.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from actions import birthdays
from db.database import Database, Tx, open_database
from loyalty.jobs import Page, Run
from loyalty.vault import Vault
from tests.actions.celebrations import at

MASTER_KEY = b"test-only-master-key-of-32-bytes"
# Several pages a day, so that some are killed between two.
PAGE = 2


class _Undone(Exception):
    """Takes a page back that was only worked to count its statements."""

    def __init__(self, page: Page) -> None:
        self.page = page


async def work(db: Database, day: date) -> None:
    """One run of that day, from its beginning."""
    cursor = ""
    while True:
        page = await db.write(birthdays.page, Run("birthdays", at(day), day, cursor))
        if not page.cursor:
            return
        cursor = page.cursor


async def _open(url: str, day: date) -> Database:
    vault = Vault({1: MASTER_KEY}, 1, os.urandom)
    return await open_database(url, vault=vault, clock=lambda: at(day), random=os.urandom)


async def run(url: str, first: date, days: int, at_once: int) -> None:
    for day in (first + timedelta(days=n) for n in range(days)):
        db = await _open(url, day)
        await asyncio.gather(*(work(db, day) for _ in range(at_once)))
        await db.close()


def kill(url: str, first: date, days: int) -> int:
    """How many were killed."""
    # What is counted is taken back, so that each page learns of the coupon anew: a quarter more than others need.
    statements = _in_child(lambda: _count(url, first)) * 3 // 4
    killed = 0
    for number in range(days):
        day = first + timedelta(days=number)
        at_statement = 1 + number * statements // days
        killed += _in_child(lambda day=day, at=at_statement: _until(url, day, at)) < 0  # type: ignore[misc]
    return killed


def _in_child(work: Callable[[], int]) -> int:
    """Its exit code; negative if it was killed."""
    child = os.fork()
    if not child:
        os._exit(work())
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _until(url: str, day: date, statement: int) -> int:
    counted = _watch(lambda count: os.kill(os.getpid(), signal.SIGKILL) if count == statement else None)
    asyncio.run(run(url, day, 1, 1))
    return min(counted[0], 100)


def _count(url: str, day: date) -> int:
    """The statements of one day's work, which is taken back."""
    counted = _watch(lambda _: None)

    def probe(tx: Tx, run: Run) -> Page:
        raise _Undone(birthdays.page(tx, run))

    async def works() -> None:
        db, cursor, more = await _open(url, day), "", True
        while more:
            try:
                await db.write(probe, Run("birthdays", at(day), day, cursor))
            except _Undone as undone:
                cursor, more = undone.page.cursor, bool(undone.page.cursor)
        await db.close()

    asyncio.run(works())
    return min(counted[0], 255)


def _watch(look: Callable[[int], None]) -> list[int]:
    """Calls `look` before every statement of this process, with its number."""
    counted = [0]

    def watched(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            counted[0] += 1
            look(counted[0])
            return method(*args, **kwargs)

        return call

    for name in ("run", "one", "all", "value"):
        setattr(Tx, name, watched(getattr(Tx, name)))
    return counted


if __name__ == "__main__":
    birthdays._PAGE = PAGE
    mode, address, begins, count, *more = sys.argv[1:]
    if mode == "run":
        asyncio.run(run(address, date.fromisoformat(begins), int(count), int(more[0])))
    else:
        print(kill(address, date.fromisoformat(begins), int(count)))
