"""The proof that every member's points add up; nobody redeems from books that are wrong."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.jobs.upkeep import Chore, Upkeep
from db import accounts, ledger_checks, outbox, staff
from db.database import Database, Tx
from db.ledger_checks import Discrepancy
from loyalty.jobs import DAY_MS, Page
from loyalty.messages import Say
from loyalty.roles import Role

log = structlog.get_logger()

# Small enough that writers on PostgreSQL and the bot on SQLite notice nothing, large enough for whole runs of pages.
_PAGE = 500
_LAST = 1 << 62  # above every id


def _unheard(members: int) -> None:
    """Nobody watches."""


async def check(db: Database, progress: Callable[[int], None] = _unheard) -> list[Discrepancy]:
    """Prove all books, page by page; progress is told how many members each page had.

    Members whose books are wrong are frozen, those whose books are right again are not any more; owners are told.
    """
    found: list[Discrepancy] = []
    last = 0
    while True:
        page = await db.read(ledger_checks.page, last, _PAGE)
        wrong = sorted({discrepancy.member_id for discrepancy in page.found})
        frozen = await db.read(accounts.list_frozen, last + 1, page.last or _LAST)
        for member_id in sorted({*wrong, *frozen}):
            found += await db.write(_settle, member_id)
        progress(page.members)
        last = page.last
        if not last:
            break
    await db.write(_report, len({discrepancy.member_id for discrepancy in found}))
    return found


async def _work(upkeep: Upkeep) -> Page:
    members = 0

    def count(more: int) -> None:
        nonlocal members
        members += more

    found = await check(upkeep.db, count)
    return Page("", members, len({discrepancy.member_id for discrepancy in found}))


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
