"""The proof that every member's points add up; nobody redeems from books that are wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence

import structlog

from bot.jobs.upkeep import Chore, Upkeep
from db import accounts, ledger_checks, ledger_screens, outbox, staff
from db.database import Database, Tx
from db.ledger_checks import Discrepancy
from db.ledger_screens import Screen
from loyalty.jobs import DAY_MS, Page
from loyalty.messages import Say
from loyalty.roles import Role

log = structlog.get_logger()

# One for each of two cores; with more, whoever else reads would wait.
_SIDE_BY_SIDE = 2
_LAST = 1 << 62  # above every id

_Found = dict[int, list[Discrepancy]]  # by member


def _unheard(ids: int) -> None:
    """Nobody watches."""


async def check(
    db: Database, progress: Callable[[int], None] = _unheard, screens: Sequence[Screen] | None = None
) -> list[Discrepancy]:
    """Prove all books by these screens (None: by all there are), page by page.

    progress is told how many ids each page went on, of `ledger_screens.extent`.

    Members whose books are wrong are frozen, those whose books are right again are not any more; owners are told.
    """
    found: _Found = {}
    await _look_through(db, found, progress, ledger_screens.SCREENS if screens is None else screens)
    for member_id in await db.read(accounts.list_frozen, 0, _LAST):
        await _look_closely(db, found, member_id)
    wrong = [discrepancy for member_id in sorted(found) for discrepancy in found[member_id]]
    await db.write(_report, len({discrepancy.member_id for discrepancy in wrong}))
    return wrong


async def _look_through(
    db: Database, found: _Found, progress: Callable[[int], None], screens: Sequence[Screen]
) -> None:
    """Every screen, some side by side."""
    left = iter(screens)
    lookers = [asyncio.create_task(_look(db, left, found, progress)) for _ in range(_SIDE_BY_SIDE)]
    try:
        await asyncio.gather(*lookers)
    finally:
        for looker in lookers:
            looker.cancel()


async def _look(db: Database, screens: Iterator[Screen], found: _Found, progress: Callable[[int], None]) -> None:
    for screen in screens:
        end, after = await db.read(ledger_screens.last_id, screen), 0
        while True:
            page = await db.read(ledger_screens.page, screen, after)
            for member_id in page.doubtful:
                await _look_closely(db, found, member_id)
            progress((page.last or max(end, after)) - after)
            if not page.last:
                break
            after = page.last


async def _look_closely(db: Database, found: _Found, member_id: int) -> None:
    """Once for each member, whatever makes them doubtful."""
    if member_id not in found:
        found[member_id] = []
        found[member_id] = await db.write(_settle, member_id)


async def _work(upkeep: Upkeep) -> Page:
    found = await check(upkeep.db)
    return Page("", await upkeep.db.read(accounts.count), len({discrepancy.member_id for discrepancy in found}))


def _settle(tx: Tx, member_id: int) -> list[Discrepancy]:
    """Look again while nobody changes the member's points, and freeze or thaw by what is found."""
    accounts.lock(tx, member_id)
    found = ledger_checks.discrepancies(tx, member_id, member_id)
    if not found:
        accounts.thaw(tx, member_id)
    elif accounts.freeze(tx, member_id):
        log.error("books_wrong", member=member_id, checks=[discrepancy.check for discrepancy in found])
    return found


def _report(tx: Tx, members: int) -> None:
    if members:
        for user_id in staff.list_users(tx, Role.OWNER):
            outbox.post(tx, Say("books_wrong", {"members": members}, to=user_id, kind="notice"))


JOB = Chore(name="books", cron="0 3 * * *", catch_up_ms=DAY_MS, sweep=True, work=_work)
