"""Festival greetings: one for each member and festival in a year."""

from __future__ import annotations

from datetime import date, time

import pytest

from actions import greetings
from db.database import Database
from loyalty.jobs import Run
from tests.actions.celebrations import at, pushed, templates, works
from tests.actions.shops import Shop, add_member, amended, open_shop
from tests.actions.test_birthdays import guest
from tests.conftest import Clock

MID_AUTUMN = date(2026, 9, 25)
JUBILEE = """[[festivals]]
code = "jubilee"
name = { zh_Hans = "店庆", zh_Hant = "店慶", en = "Our anniversary" }
words = { zh_Hans = "谢谢", zh_Hant = "謝謝", en = "Thank you" }
dates = [2026-09-25]

[welcome] """


@pytest.fixture
async def shop(db: Database, clock: Clock) -> Shop:
    clock.now = at(MID_AUTUMN)
    return await open_shop(db)


async def test_everybody_on_telegram_is_greeted_on_the_day(db: Database, shop: Shop) -> None:
    await db.write(add_member, "Carl", "13800138777")
    assert await works(db, greetings.page, MID_AUTUMN) == 1
    ((template, told),) = await db.read(pushed)
    assert (template, told["festival"]) == ("greeting_festival", "mid_autumn")


async def test_on_other_days_nobody_is(db: Database, shop: Shop) -> None:
    assert await works(db, greetings.page, date(2026, 9, 24)) == 0


async def test_ten_runs_greet_once(db: Database, shop: Shop) -> None:
    assert sum([await works(db, greetings.page, MID_AUTUMN) for _ in range(10)]) == 1


async def test_next_year_it_comes_again(db: Database, shop: Shop, clock: Clock) -> None:
    await works(db, greetings.page, MID_AUTUMN)
    clock.now = at(date(2027, 9, 15))
    assert await works(db, greetings.page, date(2027, 9, 15)) == 1


async def test_two_festivals_on_one_day_each_have_their_greeting(db: Database, clock: Clock) -> None:
    clock.now = at(MID_AUTUMN)
    await open_shop(db, amended(("[welcome] ", JUBILEE)))
    assert await works(db, greetings.page, MID_AUTUMN) == 2
    assert [told["festival"] for _, told in await db.read(pushed)] == ["jubilee", "mid_autumn"]


async def test_pages_go_through_everybody(db: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greetings, "_PAGE", 2)
    for number in range(5):
        await db.write(guest, number, None)
    assert await works(db, greetings.page, MID_AUTUMN) == 6


async def test_it_is_of_no_use_after_the_day(db: Database, shop: Shop) -> None:
    await works(db, greetings.page, MID_AUTUMN)
    expires = await db.read(lambda tx: tx.value("SELECT expires_at FROM outbox WHERE topic = 'greetings'"))
    assert expires == at(date(2026, 9, 26), time()) - 1


async def test_a_festival_that_is_dropped_in_between_ends_the_run(db: Database, shop: Shop) -> None:
    page = await db.write(greetings.page, Run("greetings", at(MID_AUTUMN), MID_AUTUMN, "jubilee:0"))
    assert (page.cursor, await db.read(templates)) == ("", [])
