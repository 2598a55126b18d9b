"""Would you recommend us? Asked once a quarter of a share that buys, not too soon after another question."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from actions import charters, recommendations
from actions.feedback import Said
from db import cases, members, people, surveys
from db.database import Database, Tx
from db.surveys import Subject
from loyalty.errors import AnswerUnclear, NotAMember, StaleButton
from loyalty.jobs import DAY_MS
from loyalty.pushes import Frequency
from tests.actions.job_runs import keys, works
from tests.actions.shops import ANN, OWNER, Shop, add_member, amended, buys, open_shop, record_for
from tests.conftest import Clock

ALL = amended(("recommend_percent = 10", "recommend_percent = 100"), ("visits_percent = 20", "visits_percent = 0"))
# Ann's id is 1, so her turn begins on the quarter's first day.


@pytest.fixture
async def shop(db: Database) -> Shop:
    shop = await open_shop(db, ALL)
    await buys(db, shop)
    return shop


async def asks(db: Database, day: date | None = None) -> int:
    return await works(db, recommendations.page, day)


async def amend(db: Database, old: str, new: str) -> None:
    assert old in ALL
    await db.write(charters.publish, ALL.replace(old, new), OWNER)


async def asked(db: Database) -> int:
    """Asked; the question's id."""
    assert await asks(db) == 1
    return int(await db.read(lambda tx: tx.value("SELECT MAX(id) FROM recommendation")))


def said(words: str, file_kind: str = "") -> Said:
    return Said(words, file_kind, "AgAC" if file_kind else "", "21:7")


async def test_once_a_quarter(db: Database, shop: Shop, clock: Clock) -> None:
    assert [await asks(db), await asks(db)] == [1, 0]
    clock.now += 62 * DAY_MS
    assert [await asks(db), await asks(db)] == [1, 0]


async def test_runs_at_once_ask_once(db: Database, shop: Shop) -> None:
    assert sum(await asyncio.gather(*(asks(db) for _ in range(4)))) == 1
    assert len(await db.read(keys)) == 1


async def test_nobody_is_asked_where_the_share_is_nought(db: Database, shop: Shop) -> None:
    await amend(db, "recommend_percent = 100", "recommend_percent = 0")
    assert await asks(db) == 0


async def test_not_within_the_pause_but_as_soon_as_it_is_over(db: Database, shop: Shop, clock: Clock) -> None:
    await amend(db, "pause_days = 60", "pause_days = 20")
    await db.write(surveys.add, "visit", Subject(99, shop.member.id, shop.store_id, 0))
    clock.now += 19 * DAY_MS
    assert await asks(db) == 0
    clock.now += 2 * DAY_MS
    assert await asks(db) == 1


async def test_who_has_not_bought_for_a_year_is_not_asked(db: Database, shop: Shop, clock: Clock) -> None:
    clock.now += 366 * DAY_MS
    assert await asks(db) == 0


@pytest.mark.parametrize(("day", "reached"), [(date(2025, 1, 1), 0), (date(2025, 1, 2), 1), (date(2025, 3, 31), 1)])
async def test_a_turn_begins_on_a_day_of_the_members_own(db: Database, shop: Shop, day: date, reached: int) -> None:
    await db.write(lambda tx: tx.run("UPDATE member SET user_id = 0"))
    await db.write(_joins_as_the_hundredth, shop)
    assert await asks(db, day) == reached


def _joins_as_the_hundredth(tx: Tx, shop: Shop) -> None:
    """Whose turn begins on the second day of a quarter; the ninety-nine before are not on Telegram."""
    for number in range(99 - shop.member.id):
        add_member(tx, "Nobody", f"137{number:08}")
    bob = add_member(tx, "Bob", "13900139000", user_id=people.meet(tx, 22, "en").user_id)
    assert bob.id == 100
    record_for(tx, shop.clerk, bob.id, "20", "chat:1:9")


@pytest.mark.parametrize("frequency", ["weekly", "own", "none"])
async def test_who_cannot_be_asked_by_a_message_of_its_own_is_not(
    db: Database, shop: Shop, frequency: Frequency
) -> None:
    await db.write(people.choose_frequency, ANN, frequency)
    assert await asks(db) == 0


async def test_who_wants_no_questions_gets_none(db: Database, shop: Shop) -> None:
    await db.write(people.choose_topic, ANN, "surveys", False)
    assert await asks(db) == 0


@pytest.mark.parametrize(("score", "opens"), [(0, True), (3, True), (4, False), (10, False)])
async def test_a_very_low_answer_opens_a_case(db: Database, shop: Shop, score: int, opens: bool) -> None:
    rated = await db.write(recommendations.rate, shop.ann, await asked(db), score)
    assert (rated.score, rated.most, bool(rated.case_id)) == (score, 10, opens)


async def test_the_reason_of_a_very_low_answer_goes_into_the_case(db: Database, shop: Shop) -> None:
    rated = await db.write(recommendations.rate, shop.ann, await asked(db), 0)
    await db.write(recommendations.add_words, shop.ann, rated.id, said("too dear"))
    case = await db.read(cases.get, rated.case_id)
    assert case is not None
    assert case.store_id == shop.store_id
    lines = await db.read(cases.list_lines, case)
    assert [line.words for line in lines] == ["⭐ 0/10", "too dear"]


async def test_the_reason_of_another_stays_with_it(db: Database, shop: Shop) -> None:
    rated = await db.write(recommendations.rate, shop.ann, await asked(db), 9)
    await db.write(recommendations.add_words, shop.ann, rated.id, said("so kind"))
    assert await db.read(_reason) == "so kind"


def _reason(tx: Tx) -> str:
    member_id, sealed = tx.one("SELECT member_id, words_sealed FROM recommendation") or (0, b"")
    return members.vault_of(tx, member_id).open("recommendation", "words", bytes(sealed))


async def test_the_first_answer_counts(db: Database, shop: Shop) -> None:
    recommendation_id = await asked(db)
    await db.write(recommendations.rate, shop.ann, recommendation_id, 0)
    with pytest.raises(StaleButton):
        await db.write(recommendations.rate, shop.ann, recommendation_id, 10)


@pytest.mark.parametrize("score", [-1, 11])
async def test_there_are_eleven_answers(db: Database, shop: Shop, score: int) -> None:
    with pytest.raises(AnswerUnclear):
        await db.write(recommendations.rate, shop.ann, await asked(db), score)


async def test_nobody_answers_for_another(db: Database, shop: Shop) -> None:
    recommendation_id = await asked(db)
    with pytest.raises(NotAMember):
        await db.write(recommendations.rate, shop.clerk, recommendation_id, 1)
    with pytest.raises(StaleButton):
        await db.write(recommendations.rate, shop.ann, recommendation_id + 1, 1)
