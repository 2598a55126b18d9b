"""Reviews of tiers in the database: what moves whom, once, and what members read in advance."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from actions import charters, points, refunds, reviews
from actions.refunds import Wanted
from db import accounts, erasure, reviews as rows, tiers
from db.accounts import Month
from db.database import Database, Tx, open_database
from db.reviews import Due
from db.tiers import Move
from loyalty import days
from loyalty.charter import DEFAULT_CHARTER
from loyalty.vault import Vault
from tests.actions.job_runs import keys, works
from tests.actions.shops import ANN, Shop, add_member, amended, buys, open_shop, tier
from tests.conftest import Clock

ZONE = ZoneInfo("Asia/Shanghai")
SEED = 20261121
GRACE = amended(("grace_months = 0", "grace_months = 2"))


async def review(db: Database) -> int:
    return await works(db, reviews.page)


async def silver(db: Database, clock: Clock, charter: str = DEFAULT_CHARTER) -> Shop:
    """Ann kept silver by what she spent on 2025-03-03. It is 2026-03-04; what she spends until 2027-03-03 counts."""
    shop = await open_shop(db, charter)
    await buys(db, shop, "2000")
    await review(db)
    clock.move(days=366)
    await review(db)
    return shop


async def on(db: Database, clock: Clock, day: date) -> int:
    """How many the review of that day reaches."""
    clock.now = round(datetime(day.year, day.month, day.day, 3, 30, tzinfo=ZONE).timestamp() * 1000)
    return await review(db)


async def due(db: Database, shop: Shop) -> Due:
    found = await db.read(rows.get, "spend", shop.member.id)
    assert found is not None
    return found


def changes(tx: Tx) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in tx.all("SELECT tier_before, tier_after, review FROM tier_change ORDER BY id")]


async def test_what_keeps_a_tier_renews_it(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    assert ((await due(db, shop)).period_from, (await due(db, shop)).keep_until) == ("2026-03-03", "2027-03-03")
    assert (await db.read(changes))[-1] == ("silver", "silver", "2026-03-03")


async def test_what_is_missing_is_announced_once_and_in_time(db: Database, clock: Clock) -> None:
    await silver(db, clock)
    assert await on(db, clock, date(2027, 1, 31)) == 0
    assert await on(db, clock, date(2027, 2, 1)) == 1
    assert await on(db, clock, date(2027, 2, 2)) == 0
    assert (await db.read(keys))[-1] == "tier_warning:1:2027-03-03"


async def test_who_did_not_keep_a_tier_goes_one_down_and_is_told(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    await on(db, clock, date(2027, 2, 1))
    await on(db, clock, date(2027, 3, 3))
    assert await tier(db, shop) == "silver", "the last day is the member's"
    assert await on(db, clock, date(2027, 3, 4)) == 1
    assert await tier(db, shop) == "classic"
    assert (await db.read(keys))[-1] == "tier_lowered:1:2027-03-03"
    assert (await db.read(changes))[-1] == ("silver", "classic", "2027-03-03")


async def test_points_say_what_the_announcement_says(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    await buys(db, shop, "300", "later")
    await on(db, clock, date(2027, 2, 1))
    told = await db.read(points.overview, shop.ann)
    warned = (await db.read(said))[-1]
    assert (told.needed_to_keep, told.keep_until) == (warned["needed"], warned["keep_until"]) == (
        170_000, (await db.read(end_of, date(2027, 3, 3)))
    )  # fmt: skip


async def test_a_purchase_in_time_keeps_the_tier_and_is_thanked_for(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    await on(db, clock, date(2027, 2, 1))
    await buys(db, shop, "2000", "in time")
    await on(db, clock, date(2027, 3, 4))
    assert await tier(db, shop) == "silver"
    assert (await db.read(keys))[-1] == "tier_kept:1:2027-03-03"


async def test_a_refund_lowers_what_counts(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    bought = await buys(db, shop, "2000", "in time")
    await db.write(refunds.refund, shop.clerk, Wanted(bought.purchase_id), 0, "back")
    assert (await due(db, shop)).kept == 0
    assert await on(db, clock, date(2027, 2, 1)) == 1


async def test_an_old_purchase_given_back_does_not_undo_what_a_review_confirmed(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    first = await db.read(first_purchase)
    await db.write(refunds.refund, shop.clerk, Wanted(first), 0, "back")
    assert await tier(db, shop) == "silver"


async def test_nobody_goes_down_in_the_grace(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock, GRACE)
    for day in (date(2027, 3, 4), date(2027, 4, 3), date(2027, 5, 3)):
        await on(db, clock, day)
        assert await tier(db, shop) == "silver"
    await on(db, clock, date(2027, 5, 4))
    assert await tier(db, shop) == "classic"


async def test_who_comes_back_in_the_grace_keeps_the_tier(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock, GRACE)
    await on(db, clock, date(2027, 4, 3))
    await buys(db, shop, "2000", "late, but in time")
    await on(db, clock, date(2027, 5, 4))
    assert (await tier(db, shop), (await due(db, shop)).period_from) == ("silver", "2027-03-03")


async def test_after_a_long_sleep_members_are_told_before_they_lose(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    assert await on(db, clock, date(2027, 4, 10)) == 1
    assert (await tier(db, shop), (await due(db, shop)).keep_until) == ("silver", "2027-05-10")
    await on(db, clock, date(2027, 5, 11))
    assert await tier(db, shop) == "classic"


async def test_a_member_without_telegram_is_reviewed_too(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    await db.write(_leave_telegram, shop.member.id)
    await on(db, clock, date(2027, 3, 4))
    assert await tier(db, shop) == "classic"


async def test_the_erased_are_not_looked_at_again(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    await db.write(erasure.destroy, shop.member.id)
    await on(db, clock, date(2027, 3, 4))
    assert (await due(db, shop)).review_on == "9999-12-31"
    assert await tier(db, shop) == "silver"


async def test_a_job_started_for_a_day_to_come_takes_nothing_away(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    await works(db, reviews.page, date(2028, 1, 1))
    assert (await tier(db, shop), await db.read(keys)) == ("silver", ["tier_reached:1:1"])


async def test_a_purchase_that_lifts_begins_a_new_period(db: Database, clock: Clock) -> None:
    shop = await silver(db, clock)
    await buys(db, shop, "8000", "gold")
    await review(db)
    assert ((await due(db, shop)).period_from, (await due(db, shop)).announced) == ("2026-03-04", False)


async def test_reaching_a_tier_is_told_with_what_it_brings(db: Database) -> None:
    shop = await open_shop(db)
    await buys(db, shop, "2000")
    assert (await db.read(said))[-1]["brings"][0]["note"] == "1.2"


async def test_reaching_a_tier_brings_its_coupon_once_a_year(db: Database) -> None:
    coupon = """
[[coupons]]
code = "hello"
name = { zh_Hans = "礼券", zh_Hant = "禮券", en = "Hello" }
kind = "amount"
off = 20
days = 30

[tier_review]"""
    shop = await open_shop(
        db, amended(("threshold = 2000", 'threshold = 2000\ncoupon = "hello"'), ("\n[tier_review]", coupon))
    )
    bought = await buys(db, shop, "2000")
    await db.write(refunds.refund, shop.clerk, Wanted(bought.purchase_id), 0, "back")
    await buys(db, shop, "2000", "again")
    assert await db.read(coupons_of, shop.member.id) == ["tier"]


async def test_where_the_charter_says_so_only_the_review_lifts(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, amended(('upgrade = "at_once"', 'upgrade = "at_review"')))
    await buys(db, shop, "8000")
    await review(db)
    told = await db.read(points.overview, shop.ann)
    assert (await tier(db, shop), told.needed_for_next, told.lifts_at) == (
        "classic", 0, await db.read(end_of, date(2026, 3, 3))
    )  # fmt: skip
    assert await on(db, clock, date(2026, 3, 4)) == 1
    assert (await tier(db, shop), (await db.read(keys))[-1]) == ("gold", "tier_reached:1:review:2026-03-03")


async def test_years_are_reviewed_on_the_first_of_january(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, amended(('period = "rolling"', 'period = "calendar_year"')))
    await buys(db, shop, "2000")
    await review(db)
    await on(db, clock, date(2026, 1, 1))
    assert (await tier(db, shop), (await due(db, shop)).keep_until) == ("silver", "2026-12-31")
    await on(db, clock, date(2026, 12, 1))
    await on(db, clock, date(2027, 1, 1))
    assert await tier(db, shop) == "classic"


async def crowd(db: Database, clock: Clock) -> None:
    """Silver for all, half of them with enough to keep it."""
    shop = await silver(db, clock)
    await db.write(_add_crowd, shop)


async def reviewed_through(db: Database, clock: Clock, random: Random | None = None) -> list[tuple[Any, ...]]:
    """What a crowd's lives of two years of shopping come to, reviewed on the days that matter; with a `random`, by jobs
    that are killed between their pages and started again."""
    clock.now = 1_740_974_400_000
    await crowd(db, clock)
    life = Random(SEED)
    for day in (date(2026, 3, 5) + timedelta(days=number * 29) for number in range(26)):
        clock.now = round(datetime(day.year, day.month, day.day, 3, 30, tzinfo=ZONE).timestamp() * 1000)
        await db.write(_shop, life)
        for _ in range(random.randrange(4) if random else 0):
            await works(db, reviews.page, pages=random.randrange(1, 4) if random else 0)
        await works(db, reviews.page)
    return await db.read(outcome)


async def test_reviews_run_twice_or_killed_between_pages_come_to_the_same(
    db: Database, clock: Clock, vault: Vault, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print("seed", SEED)
    monkeypatch.setattr(reviews, "_PAGE", 3)
    broken = await reviewed_through(db, clock, Random(SEED + 1))
    shutil.copy(sqlite_template, tmp_path / "undisturbed.db")
    undisturbed = await open_database(
        f"sqlite:///{tmp_path / 'undisturbed.db'}", vault=vault, clock=clock, random=Random(1).randbytes
    )
    assert await reviewed_through(undisturbed, clock) == broken
    await undisturbed.close()
    told = {key.partition(":")[0] for *_, key in broken if ":" in str(key)}
    assert told >= {"tier_warning", "tier_kept", "tier_lowered"}


async def test_reviews_at_once_from_several_sides_decide_once(db: Database, clock: Clock) -> None:
    await crowd(db, clock)
    for day in (date(2026, 3, 5), date(2027, 2, 2), date(2027, 3, 5)):
        clock.now = round(datetime(day.year, day.month, day.day, 3, 30, tzinfo=ZONE).timestamp() * 1000)
        await asyncio.gather(*(works(db, reviews.page) for _ in range(4)))
    lowered = [row for row in await db.read(changes) if row[2] == "2027-03-04" and row[1] == "classic"]
    assert len(lowered) == 6, "five of the crowd, and Ann"


def _add_crowd(tx: Tx, shop: Shop) -> None:
    for number in range(10):
        member = add_member(tx, f"Member {number}", f"1390000{number:04}", user_id=900 + number if number % 3 else 0)
        tiers.move(tx, member.id, Move("classic", "silver", 0, 0), tx.now)
        accounts.add_to_month(tx, member.id, Month("2026-05", 200_000 if number % 2 else 0, 1, 0))


def _shop(tx: Tx, life: Random) -> None:
    """Some of the crowd buy, some have something refunded."""
    month = datetime.fromtimestamp(tx.now / 1000, ZONE).date().isoformat()[:7]
    for member_id in range(2, 12):
        spent = life.choice((0, 0, 0, 30_000, 120_000, -20_000))
        accounts.add_to_month(tx, member_id, Month(month, spent, 1, 0))


def outcome(tx: Tx) -> list[tuple[Any, ...]]:
    """Where everybody stands, all decisions, and all that was told."""
    held = tx.all(
        "SELECT m.id, a.tier_since, a.period_from, a.keep_until, a.announced, a.review_on, m.tier "
        "FROM account a JOIN member m ON m.id = a.member_id ORDER BY m.id"
    )
    decided = tx.all("SELECT member_id, review, tier_before, tier_after FROM tier_change ORDER BY member_id, id")
    return [*held, *decided, *((key,) for key in sorted(keys(tx)))]


def _leave_telegram(tx: Tx, member_id: int) -> None:
    tx.run("UPDATE member SET user_id = 0 WHERE id = :member_id", member_id=member_id)


def first_purchase(tx: Tx) -> int:
    return tx.value("SELECT MIN(id) FROM purchase")


def coupons_of(tx: Tx, member_id: int) -> list[str]:
    return [row[0] for row in tx.all("SELECT why FROM coupon WHERE member_id = :id", id=member_id)]


def end_of(tx: Tx, day: date) -> int:
    return days.end_of_day(day, charters.current(tx).zone)


def said(tx: Tx) -> list[dict[str, Any]]:
    """The parameters of what is queued for Ann under a topic."""
    rows = tx.all("SELECT payload FROM outbox WHERE chat_id = :ann AND topic <> '' ORDER BY id", ann=ANN)
    return [orjson.loads(tx.vault.open_system("outbox", str(ANN), row[0]))["params"] for row in rows]
