"""What members are told of their points in time, and that it is what happens (to the point, and to the millisecond)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from actions import expiring, refunds, statements
from actions.refunds import Wanted
from db import accounts, erasure, ledger, reversals
from db.database import Database, Tx
from db.ledger import Posting
from loyalty import days, earning
from loyalty.charter import load
from tests.actions.gift_shops import GiftShop, add_rich, amend, give, open_gift_shop
from tests.actions.job_runs import keys, works
from tests.actions.shops import ANN, amended, balance, buys, in_order, open_shop
from tests.conftest import Clock

ZONE = ZoneInfo("Asia/Shanghai")
PENDING = amended(("pending_days = 0", "pending_days = 7"))


def end_of(*day: int) -> int:
    return days.end_of_day(date(*day), ZONE)


async def at(db: Database, clock: Clock, day: date, page: Any = expiring.tell_expiring, hour: int = 9) -> int:
    clock.now = round(datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).timestamp() * 1000)
    return await works(db, page)


def told(tx: Tx) -> list[dict[str, Any]]:
    """What Ann was told under the topic of points."""
    rows = tx.all("SELECT payload FROM outbox WHERE chat_id = :ann AND topic = 'points' ORDER BY id", ann=ANN)
    return [orjson.loads(tx.vault.open_system("outbox", str(ANN), row[0]))["params"] for row in rows]


def expire_all(tx: Tx) -> int:
    """As the hourly job does; how many points that were."""
    due = accounts.list_lapsed(tx, (0, 0), 1000)
    entries = [reversals.expire(tx, member_id, expires_at) for expires_at, member_id in due]
    return -sum(entry.points for entry in entries if entry)


@pytest.fixture
async def place(db: Database) -> GiftShop:
    """Ann has nothing yet; a mug for 100 lies at ximen."""
    return await open_gift_shop(db, points=0)


async def test_what_is_about_to_lapse_is_told_thirty_seven_and_one_day_before(
    db: Database, clock: Clock, place: GiftShop
) -> None:
    await db.write(give, place.shop.member.id, 120, end_of(2025, 6, 30))
    reached = [
        (date(2025, 4, 1) + timedelta(days=ahead)).isoformat()
        for ahead in range(100)
        if await at(db, clock, date(2025, 4, 1) + timedelta(days=ahead))
    ]
    assert reached == ["2025-05-31", "2025-06-23", "2025-06-29"]


async def test_the_notice_says_how_many_when_and_what_could_be_had(db: Database, clock: Clock, place: GiftShop) -> None:
    await db.write(give, place.shop.member.id, 120, end_of(2025, 6, 30))
    await db.write(give, place.shop.member.id, 50)
    await at(db, clock, date(2025, 6, 23))
    (said,) = await db.read(told)
    assert (said["points"], said["expires_at"], said["available"]) == (120, end_of(2025, 6, 30), 170)
    assert [(gift["name"]["en"], gift["points"]) for gift in said["gifts"]] == [("Mug", 100)]


@pytest.mark.parametrize("change", [{"points": 171}, {"tier": "gold"}, {"ends_at": 1}, {"per_member": 1}])
async def test_nothing_out_of_reach_is_held_out(
    db: Database, clock: Clock, place: GiftShop, change: dict[str, Any]
) -> None:
    await db.write(give, place.shop.member.id, 170, end_of(2025, 6, 30))
    if "per_member" in change:
        await db.write(give, place.shop.member.id, 100)
        await db.write(_redeemed, place)
    await amend(db, place, **change)
    await at(db, clock, date(2025, 6, 23))
    assert [said["gifts"] for said in await db.read(told)] in ([[]], [])


async def test_what_is_sold_out_at_the_members_store_is_not_held_out(
    db: Database, clock: Clock, place: GiftShop
) -> None:
    await db.write(give, place.shop.member.id, 170, end_of(2025, 6, 30))
    await db.write(_moves_home, place.shop.member.id, place.other_id)
    await at(db, clock, date(2025, 6, 23))
    assert (await db.read(told))[0]["gifts"] == []


@pytest.mark.parametrize(
    ("earned_on", "lapses_on"),
    [
        (date(2023, 3, 1), date(2025, 3, 31)),
        (date(2023, 3, 31), date(2025, 3, 31)),
        (date(2022, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2025, 11, 30)),
    ],
)
async def test_what_was_told_is_what_lapses_at_midnight_of_month_ends(
    db: Database, clock: Clock, earned_on: date, lapses_on: date
) -> None:
    clock.now = round(datetime(earned_on.year, earned_on.month, earned_on.day, 23, 59, tzinfo=ZONE).timestamp() * 1000)
    shop = await open_shop(db)
    await buys(db, shop, "86.50")
    await at(db, clock, lapses_on - timedelta(days=1))
    noticed = sum(said["points"] for said in await db.read(told))
    clock.now = days.end_of_day(lapses_on, ZONE)
    assert await db.write(expire_all) == 0, "its last millisecond is the member's"
    clock.move(ms=1)
    assert await db.write(expire_all) == noticed == 86
    assert await balance(db, shop) == 0


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Pacific/Kiritimati", "Asia/Shanghai"])
async def test_midnight_is_the_charters(db: Database, clock: Clock, zone: str) -> None:
    text = amended(('time_zone = "Asia/Shanghai"', f'time_zone = "{zone}"'))
    shop = await open_shop(db, text)
    await buys(db, shop, "86.50")
    lapse = earning.expires_at(load(text), clock.now)
    assert days.local_time(lapse, ZoneInfo(zone)).strftime("%m-%d %H:%M:%S") == "03-31 23:59:59"
    clock.now = lapse - 20 * 3_600_000
    assert await works(db, expiring.tell_expiring, days.local_date(lapse, ZoneInfo(zone)) - timedelta(days=1)) == 1
    assert (await db.read(told))[0]["expires_at"] == lapse


async def test_a_lot_partly_held_is_told_of_and_lapses_in_what_is_left_and_later_in_what_is_released(
    db: Database, clock: Clock, place: GiftShop
) -> None:
    member_id = place.shop.member.id
    await db.write(give, member_id, 100, end_of(2025, 6, 30))
    hold_id = await db.write(_hold, member_id, 30)
    await at(db, clock, date(2025, 6, 29))
    assert [said["points"] for said in await db.read(told)] == [70]
    clock.now = end_of(2025, 6, 30) + 1
    assert await db.write(expire_all) == 70
    clock.move(days=2)
    await db.write(_release, member_id, hold_id)
    assert await db.write(expire_all) == 30
    assert (await balance(db, place.shop), await in_order(db)) == (0, True)


async def test_what_is_owed_is_no_loss_and_not_told_as_one(db: Database, clock: Clock, place: GiftShop) -> None:
    bought = await buys(db, place.shop, "100")
    await db.write(_spend, place.shop.member.id, 100)
    await db.write(refunds.refund, place.shop.clerk, Wanted(bought.purchase_id), 0, "back")
    # Not through earning, which would settle what is owed.
    await db.write(_give_beside_a_debt, place.shop.member.id, 150, end_of(2025, 6, 30))
    await at(db, clock, date(2025, 6, 29))
    clock.now = end_of(2025, 6, 30) + 1
    lapsed = await db.write(expire_all)
    assert sum(said["points"] for said in await db.read(told)) == lapsed == 50


async def test_a_notice_is_given_once_however_often_the_job_runs(
    db: Database, clock: Clock, place: GiftShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "_PAGE", 2)
    for number in range(5):
        await db.write(_add_expiring, number)
    clock.now = round(datetime(2025, 6, 29, 9, tzinfo=ZONE).timestamp() * 1000)
    reached = await works(db, expiring.tell_expiring, pages=2) + await works(db, expiring.tell_expiring)
    assert (reached, await works(db, expiring.tell_expiring)) == (5, 0)


async def test_the_erased_are_told_nothing(db: Database, clock: Clock, place: GiftShop) -> None:
    await db.write(give, place.shop.member.id, 120, end_of(2025, 6, 30))
    await db.write(erasure.destroy, place.shop.member.id)
    assert await at(db, clock, date(2025, 6, 29)) == 0


async def test_pending_points_are_told_of_on_the_day_they_become_usable(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, PENDING)
    await buys(db, shop, "86.50", "a")
    await buys(db, shop, "20", "b")
    assert await at(db, clock, date(2025, 3, 10), expiring.tell_usable) == 0
    assert await at(db, clock, date(2025, 3, 11), expiring.tell_usable) == 1
    assert await at(db, clock, date(2025, 3, 11), expiring.tell_usable) == 0
    assert await db.read(told) == [{"points": 106, "available": 106}]
    assert await at(db, clock, date(2025, 3, 12), expiring.tell_usable) == 0


async def test_points_that_never_were_pending_are_no_news(db: Database, clock: Clock) -> None:
    await buys(db, await open_shop(db), "86.50")
    assert await at(db, clock, date(2025, 3, 4), expiring.tell_usable) == 0


async def test_all_members_are_gone_through_in_pages(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "_MEMBERS", 2)
    monkeypatch.setattr(statements, "_MEMBERS", 2)
    await open_gift_shop(db)
    for number in range(6):
        await db.write(add_rich, number)
    assert await at(db, clock, date(2026, 1, 10), statements.page) == 7
    assert await at(db, clock, date(2026, 1, 10), expiring.tell_usable) == 0


async def test_the_statement_adds_up_to_the_year(db: Database, clock: Clock, place: GiftShop) -> None:
    member_id = place.shop.member.id
    await db.write(give, member_id, 100, end_of(2025, 6, 30))
    hold_id = await db.write(_hold, member_id, 30)
    await db.write(_release, member_id, hold_id)
    await db.write(_spend, member_id, 20)
    bought = await buys(db, place.shop, "86.50")
    await buys(db, place.shop, "10", "more")
    await db.write(refunds.refund, place.shop.clerk, Wanted(bought.purchase_id), 0, "back")
    clock.now = end_of(2025, 6, 30) + 1
    await db.write(expire_all)
    assert await at(db, clock, date(2026, 1, 10), statements.page, 10) == 1
    (said,) = await db.read(told)
    assert (said["earned"], said["used"], said["lapsed"], said["visits"]) == (110, 20, 80, 1)
    assert said["earned"] - said["used"] - said["lapsed"] == await balance(db, place.shop)
    assert (await db.read(keys))[-1] == f"points_statement:{member_id}:2025"


async def test_nobody_gets_an_empty_statement(db: Database, clock: Clock, place: GiftShop) -> None:
    assert await at(db, clock, date(2026, 1, 10), statements.page, 10) == 0


def _redeemed(tx: Tx, place: GiftShop) -> None:
    from actions import reservations

    reservations.redeem(tx, place.shop.ann, place.gift_id, place.shop.store_id, "n")


def _moves_home(tx: Tx, member_id: int, store_id: int) -> None:
    tx.run("UPDATE member SET home_store_id = :store_id WHERE id = :id", id=member_id, store_id=store_id)


def _posting(tx: Tx, member_id: int, key: str, points: int = 0, kind: str = "") -> Posting:
    return Posting(member_id=member_id, kind=kind, points=points, reason="gift", key=key, actor=0, occurred_at=tx.now)


def _hold(tx: Tx, member_id: int, points: int) -> int:
    return ledger.hold(tx, _posting(tx, member_id, "hold"), points).id


def _release(tx: Tx, member_id: int, hold_id: int) -> None:
    ledger.release(tx, hold_id, _posting(tx, member_id, "release"))


def _spend(tx: Tx, member_id: int, points: int) -> None:
    ledger.spend(tx, _posting(tx, member_id, "spend", -points, "redeem"))


def _give_beside_a_debt(tx: Tx, member_id: int, points: int, expires_at: int) -> None:
    tx.run("UPDATE account SET deficit = 0, balance = balance + 100 WHERE member_id = :id", id=member_id)
    give(tx, member_id, points, expires_at)
    tx.run("UPDATE account SET deficit = 100, balance = balance - 100 WHERE member_id = :id", id=member_id)


def _add_expiring(tx: Tx, number: int) -> None:
    person = add_rich(tx, number, points=0)
    member_id = tx.value("SELECT id FROM member WHERE user_id = :user_id", user_id=person.user_id)
    give(tx, member_id, 10 + number, end_of(2025, 6, 30))
