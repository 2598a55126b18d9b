"""Answers by store and by month in the charter's time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count

import pytest

from actions import satisfaction
from db.database import Database, Tx
from loyalty.satisfaction import Recommending, Result, Scores
from tests.actions.shops import Shop, add_store, open_shop

_NUMBERS = count(1)


def at(text: str) -> int:
    """UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


JANUARY, FEBRUARY, MARCH = at("2025-01-10 08:00"), at("2025-02-10 08:00"), at("2025-03-10 08:00")
SINCE, UNTIL = at("2025-01-01 00:00"), at("2025-04-01 00:00")


def put_survey(tx: Tx, shop: Shop, about: str, asked_at: int, score: int, store_id: int | None = None) -> None:
    tx.run(
        "INSERT INTO survey (member_id, about, subject_id, store_id, asked_at, score, words_sealed) "
        "VALUES (:member_id, :about, :subject, :store_id, :asked_at, :score, :nothing)",
        member_id=shop.member.id, about=about, subject=next(_NUMBERS), asked_at=asked_at, score=score, nothing=b"",
        store_id=shop.store_id if store_id is None else store_id,
    )  # fmt: skip


def put_recommendation(tx: Tx, shop: Shop, asked_at: int, score: int, store_id: int) -> None:
    tx.run(
        "INSERT INTO recommendation (member_id, quarter, store_id, asked_at, score, words_sealed) "
        "VALUES (:member_id, :quarter, :store_id, :asked_at, :score, :nothing)",
        member_id=shop.member.id, quarter=f"{next(_NUMBERS)}", store_id=store_id, asked_at=asked_at, score=score,
        nothing=b"",
    )  # fmt: skip


def put_case(tx: Tx, shop: Shop, score_asked_at: int, score: int) -> None:
    tx.run(
        "INSERT INTO service_case (kind, category, severity, store_id, opened_by, opened_at, source, state, "
        "answer_due, resolve_due, score_asked_at, score, key) VALUES ('complaint', 'other', 'normal', :store_id, 1, 1, "
        "'member', 'confirmed', 0, 0, :score_asked_at, :score, :key)",
        store_id=shop.store_id, score_asked_at=score_asked_at, score=score, key=f"k{next(_NUMBERS)}",
    )  # fmt: skip


async def found(db: Database, stores: Iterable[int] | None = None) -> list[Result]:
    return await db.read(satisfaction.results, None if stores is None else set(stores), SINCE, UNTIL)


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def test_visits_gifts_cases_and_recommending_are_told_apart(db: Database, shop: Shop) -> None:
    await db.write(put_survey, shop, "visit", MARCH, 5)
    await db.write(put_survey, shop, "visit", MARCH, 0)
    await db.write(put_survey, shop, "gift", MARCH, 2)
    await db.write(put_case, shop, MARCH, 3)
    await db.write(put_recommendation, shop, MARCH, 10, shop.store_id)
    assert await found(db) == [
        Result(
            shop.store_id, "西门店", date(2025, 3, 1), visits=Scores(2, (0, 0, 0, 0, 1)),
            gifts=Scores(1, (0, 1, 0, 0, 0)), cases=Scores(1, (0, 0, 1, 0, 0)),
            recommending=Recommending(1, (*(0,) * 10, 1)),
        )
    ]  # fmt: skip


async def test_a_recommendation_of_nought_is_an_answer(db: Database, shop: Shop) -> None:
    await db.write(put_recommendation, shop, MARCH, 0, shop.store_id)
    await db.write(put_recommendation, shop, MARCH, -1, shop.store_id)
    told = (await found(db))[0].recommending
    assert (told.asked, told.answered, told.nps) == (2, 1, -100)


async def test_months_follow_one_another_by_the_charters_clock(db: Database, shop: Shop) -> None:
    # 16:30 UTC on 31 January is half past midnight on 1 February in Xi'an.
    for asked_at in (JANUARY, at("2025-01-31 15:30"), at("2025-01-31 16:30"), FEBRUARY):
        await db.write(put_survey, shop, "visit", asked_at, 4)
    assert [(result.month, result.visits.asked) for result in await found(db)] == [
        (date(2025, 1, 1), 2),
        (date(2025, 2, 1), 2),
    ]


async def test_what_was_asked_before_or_after_is_left_out(db: Database, shop: Shop) -> None:
    for asked_at in (SINCE - 1, SINCE, UNTIL - 1, UNTIL):
        await db.write(put_survey, shop, "visit", asked_at, 4)
    assert sum(result.visits.asked for result in await found(db)) == 2


async def test_a_case_nobody_was_asked_about_does_not_count(db: Database, shop: Shop) -> None:
    await db.write(put_case, shop, 0, 0)
    assert await found(db) == []


async def test_only_the_stores_one_asks_for_are_told(db: Database, shop: Shop) -> None:
    other = await db.write(add_store, "dongmen", "东门店")
    for store_id in (shop.store_id, other):
        await db.write(put_survey, shop, "visit", MARCH, 5, store_id)
    await db.write(put_recommendation, shop, MARCH, 9, 0)
    assert [result.store for result in await found(db)] == ["", "西门店", "东门店"]
    assert [result.store for result in await found(db, [other])] == ["东门店"]
    assert await found(db, []) == []
