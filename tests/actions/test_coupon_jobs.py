"""Reminders, lapsing and budget alerts: each in time, and once."""

from __future__ import annotations

import json
from typing import Any

from actions import charters, coupon_jobs, quotes
from db.coupons import Use
from db.database import Database, Tx
from loyalty import days
from loyalty.jobs import Run
from tests.actions.coupon_shops import TEN, coupon, granted, with_coupons
from tests.actions.shops import ANN, MANAGER, OWNER, open_shop
from tests.conftest import Clock


def a_run(tx: Tx, cursor: str = "") -> Run:
    return Run("coupons", tx.now, days.local_date(tx.now, charters.current(tx).zone), cursor)


async def remind(db: Database) -> int:
    return await db.write(lambda tx: coupon_jobs.remind(tx, a_run(tx)).reached)


def said(tx: Tx, chat_id: int, template: str) -> list[dict[str, Any]]:
    rows = tx.all("SELECT payload FROM outbox WHERE chat_id = :chat ORDER BY id", chat=chat_id)
    bodies = [json.loads(tx.vault.open_system("outbox", str(chat_id), bytes(row[0]))) for row in rows]
    return [body["params"] for body in bodies if body["template"] == template]


async def test_the_owner_is_reminded_so_many_days_before_and_once(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\ndays = 10"))
    await granted(db, shop, "ten")
    clock.move(days=6)
    assert await remind(db) == 0
    clock.move(days=1)
    assert [await remind(db), await remind(db)] == [1, 0]


async def test_what_lapses_together_comes_in_one_message(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\ndays = 10", f"{TEN.replace('ten', 'two')}\ndays = 9"))
    await granted(db, shop, "ten")
    await granted(db, shop, "two")
    clock.move(days=8)
    assert await remind(db) == 1
    (told,) = await db.read(said, ANN, "coupon_lapsing")
    assert [one["name"]["en"] for one in told["coupons"]] == ["two", "ten"]


async def test_nobody_is_reminded_of_what_they_got_just_now(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\ndays = 2"))
    await granted(db, shop, "ten")
    clock.move(hours=12)
    assert await remind(db) == 0


async def test_a_coupon_that_was_used_is_no_cause_for_a_reminder(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\ndays = 2"))
    used = await coupon(db, await granted(db, shop, "ten"))
    await db.write(quotes.use, used, Use(shop.store_id, 0, 1000, shop.clerk.user_id))
    clock.move(days=2)
    assert await remind(db) == 0


async def test_reminders_go_on_at_their_cursor(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\ndays = 2"))
    first, second = await granted(db, shop, "ten"), await granted(db, shop, "ten")
    clock.move(days=1, hours=1)
    until = (await coupon(db, first)).usable_until
    page = await db.write(lambda tx: coupon_jobs.remind(tx, a_run(tx, f"{until}:{first}")))
    assert (page.cursor, page.looked_at, page.reached) == ("", 1, 1)
    assert (await coupon(db, second)).state == "held"


async def test_what_is_over_lapses_after_its_last_day(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\ndays = 1"))
    coupon_id = await granted(db, shop, "ten")
    clock.move(days=1, hours=11)
    assert (await db.write(lambda tx: coupon_jobs.lapse(tx, a_run(tx)))).reached == 0
    clock.move(hours=2)
    assert (await db.write(lambda tx: coupon_jobs.lapse(tx, a_run(tx)))).reached == 1
    assert (await coupon(db, coupon_id)).state == "lapsed"


async def test_managers_of_the_chain_hear_of_a_budget_once_at_each_mark(db: Database) -> None:
    shop = await open_shop(db, with_coupons(f"{TEN}\nbudget = 25"))
    for _ in range(2):
        used = await coupon(db, await granted(db, shop, "ten"))
        await db.write(quotes.use, used, Use(shop.store_id, 0, 1000, shop.clerk.user_id))
    for _ in range(2):
        await db.write(lambda tx: coupon_jobs.watch_budgets(tx, a_run(tx)))
    assert [one["percent"] for one in await db.read(said, OWNER, "coupon_budget")] == [80]
    assert await db.read(said, MANAGER, "coupon_budget") == []
