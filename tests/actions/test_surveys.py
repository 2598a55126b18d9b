"""How was it? Asked of a share, each seldom; the first answer counts; what was bad opens a case."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from actions import surveys
from db import people
from db.database import Database, Tx
from loyalty.errors import AnswerUnclear, NotAMember, StaleButton
from loyalty.jobs import DAY_MS, HOUR_MS, Run
from loyalty.pushes import Frequency
from tests.actions.shops import ANN, Shop, amended, buys, open_shop
from tests.conftest import Clock

ALWAYS = amended(
    ("visits_percent = 20", "visits_percent = 100"),
    ("gifts_percent = 50", "gifts_percent = 100"),
    ("recommend_percent = 10", "recommend_percent = 0"),
)


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db, ALWAYS)


async def run(db: Database, due_at: int) -> int:
    """A whole run of the job; how many it asked."""
    reached, cursor, begun = 0, "", False
    while cursor or not begun:
        page = await db.write(surveys.page, Run("surveys", due_at, date(2025, 3, 3), cursor))
        reached, cursor, begun = reached + page.reached, page.cursor, True
    return reached


async def asked(db: Database, shop: Shop, clock: Clock, key: str = "chat:1:1") -> int:
    """Bought, and asked two hours later; the question's id."""
    await buys(db, shop, key=key)
    clock.move(hours=2, minutes=30)
    assert await run(db, clock.now) == 1
    return int(await db.read(lambda tx: tx.value("SELECT MAX(id) FROM survey")))


def told(tx: Tx) -> list[int]:
    rows = tx.all("SELECT chat_id FROM outbox WHERE kind = 'notice' AND topic = '' AND chat_id <> 21 ORDER BY chat_id")
    return [row[0] for row in rows]


async def test_a_visit_is_asked_about_once_two_hours_later(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop)
    assert await run(db, clock.now) == 0
    due_at = clock.now + 2 * HOUR_MS + 1
    clock.now = due_at
    assert [await run(db, due_at), await run(db, due_at)] == [1, 0]


async def test_runs_at_once_ask_once(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop)
    clock.move(hours=2, minutes=30)
    assert sum(await asyncio.gather(*(run(db, clock.now) for _ in range(4)))) == 1


async def test_nobody_is_asked_again_within_the_pause(db: Database, shop: Shop, clock: Clock) -> None:
    await asked(db, shop, clock)
    await buys(db, shop, key="chat:1:2")
    clock.move(hours=2, minutes=30)
    assert await run(db, clock.now) == 0
    clock.now += 60 * DAY_MS
    await asked(db, shop, clock, "chat:1:3")


async def test_only_a_share_is_asked(db: Database, clock: Clock) -> None:
    shop = await open_shop(db, amended(("visits_percent = 20", "visits_percent = 0")))
    await buys(db, shop)
    clock.move(hours=2, minutes=30)
    assert await run(db, clock.now) == 0


async def test_what_was_taken_back_is_not_asked_about(db: Database, shop: Shop, clock: Clock) -> None:
    await buys(db, shop)
    await db.write(lambda tx: tx.run("UPDATE purchase SET status = 'undone'"))
    clock.move(hours=2, minutes=30)
    assert await run(db, clock.now) == 0


async def test_a_good_score_is_kept_quietly_and_counts_once(db: Database, shop: Shop, clock: Clock) -> None:
    survey_id = await asked(db, shop, clock)
    assert (await db.write(surveys.rate, shop.ann, survey_id, 5)).score == 5
    with pytest.raises(StaleButton):
        await db.write(surveys.rate, shop.ann, survey_id, 1)
    assert await db.read(told) == []


async def test_who_is_to_be_asked_whether_they_recommend_us_is_not_asked_about_visits(
    db: Database, clock: Clock
) -> None:
    shop = await open_shop(db, ALWAYS.replace("recommend_percent = 0", "recommend_percent = 100"))
    await buys(db, shop)
    clock.move(hours=2, minutes=30)
    assert await run(db, clock.now) == 0


@pytest.mark.parametrize("frequency", ["weekly", "own", "none"])
async def test_who_cannot_be_asked_by_a_message_of_its_own_is_not(
    db: Database, shop: Shop, clock: Clock, frequency: Frequency
) -> None:
    await db.write(people.choose_frequency, ANN, frequency)
    await buys(db, shop)
    clock.move(hours=2, minutes=30)
    assert await run(db, clock.now) == 0


async def test_nobody_answers_for_another(db: Database, shop: Shop, clock: Clock) -> None:
    survey_id = await asked(db, shop, clock)
    with pytest.raises(NotAMember):
        await db.write(surveys.rate, shop.clerk, survey_id, 1)
    with pytest.raises(StaleButton):
        await db.write(surveys.rate, shop.ann, survey_id + 1, 1)


@pytest.mark.parametrize("score", [0, 6, -1])
async def test_there_are_five_scores(db: Database, shop: Shop, clock: Clock, score: int) -> None:
    with pytest.raises(AnswerUnclear):
        await db.write(surveys.rate, shop.ann, await asked(db, shop, clock), score)
