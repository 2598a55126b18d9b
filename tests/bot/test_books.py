"""The jobs that close the books: what lapsed is entered, what is wrong is found and frozen."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.jobs import books, expiry
from db import accounts, ledger, ledger_checks, ledger_screens
from db.database import Database, Tx
from db.ledger import Posting
from loyalty.errors import RedemptionsFrozen
from loyalty.jobs import Run
from tests.actions.shops import OWNER, Shop, add_member, in_order, open_shop
from tests.job_runs import work

DAY = 86_400_000


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


def earn(tx: Tx, member_id: int, points: int, days: int) -> None:
    posting = Posting(
        member_id=member_id, kind="earn", points=points, reason="gift", key=f"{member_id}:{days}", actor=0,
        occurred_at=tx.now,
    )  # fmt: skip
    ledger.earn(tx, posting, tx.now, tx.now + days * DAY)


def populate(tx: Tx, members: int) -> list[int]:
    ids = [add_member(tx, f"M{n}", f"139{n:08d}").id for n in range(members)]
    for number, member_id in enumerate(ids):
        earn(tx, member_id, 10 + number % 3, days=1 + number % 2)
        earn(tx, member_id, 5, days=9)
    return ids


def broken(tx: Tx, member_id: int, change: int) -> None:
    tx.run("UPDATE account SET balance = balance + :change WHERE member_id = :id", change=change, id=member_id)


async def test_what_lapsed_is_entered_in_pages_and_once(
    db: Database, shop: Shop, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "_PAGE", 7)
    ids = await db.write(populate, 30)
    clock.move(days=5)
    assert (await work(db, expiry.JOB)).reached == 30
    assert (await work(db, expiry.JOB)).looked_at == 0
    assert [(await db.read(accounts.get, member_id)).balance for member_id in ids] == [5] * 30
    assert await in_order(db)


async def test_two_processes_at_once_enter_it_once(db: Database, shop: Shop, clock) -> None:
    await db.write(populate, 20)
    clock.move(days=5)
    run = Run("expiry", 0, date(2025, 3, 8), "")
    at_once = await asyncio.gather(*(db.write(expiry.page, run) for _ in range(4)))
    assert sum(page.reached for page in at_once) == 20
    assert await in_order(db)


async def test_right_books_are_proven_page_by_page(db: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = tuple(replace(screen, rows=7) for screen in ledger_screens.SCREENS)
    monkeypatch.setattr(ledger_screens, "SCREENS", pages)
    await db.write(populate, 13)
    seen: list[int] = []
    assert await books.check(db, seen.append) == []
    assert max(seen) == 7
    assert len(seen) > 2 * len(pages)
    assert sum(seen) == await db.read(ledger_screens.extent, pages)


async def test_wrong_books_are_listed_frozen_and_told_to_the_owner(db: Database, shop: Shop) -> None:
    ids = await db.write(populate, 5)
    await db.write(broken, ids[3], 1)
    found = await books.check(db)
    assert {discrepancy.member_id for discrepancy in found} == {ids[3]}
    posting = Posting(member_id=ids[3], reason="gift", key="k", actor=0, occurred_at=0)
    with pytest.raises(RedemptionsFrozen):
        await db.write(ledger.hold, posting, 1)
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM outbox WHERE chat_id = :id", id=OWNER)) == 1


async def test_books_put_right_are_free_again(db: Database, shop: Shop) -> None:
    ids = await db.write(populate, 5)
    await db.write(broken, ids[3], 1)
    await books.check(db)
    await db.write(broken, ids[3], -1)
    assert await books.check(db) == []
    assert (await db.read(accounts.get, ids[3])).frozen_at == 0
    assert await db.read(ledger_checks.discrepancies) == []
