"""How was a case dealt with? Asked once, whether the member confirmed it or said nothing more."""

from __future__ import annotations

import pytest

from actions import case_desk, case_scores, case_times, feedback
from actions.feedback import Said
from db import cases, people
from db.database import Database, Tx
from loyalty.errors import AnswerUnclear, CaseNotFound, CaseSettled
from loyalty.jobs import DAY_MS
from tests.actions.job_runs import keys, works
from tests.actions.shops import ANN, CLERK, Shop, add_member, open_shop
from tests.conftest import Clock


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


def said(words: str, source: str) -> Said:
    return Said(words, "", "", source)


async def resolved(db: Database, shop: Shop, key: str = "1") -> int:
    opened = await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said("cold", f"21:{key}"))
    await db.write(case_desk.say, shop.clerk, opened.case_id, "resolve", said("done", f"11:{key}"))
    return opened.case_id


async def confirmed(db: Database, shop: Shop) -> int:
    case_id = await resolved(db, shop)
    await db.write(feedback.confirm, shop.ann, case_id)
    return case_id


async def unanswered(db: Database, shop: Shop, clock: Clock) -> int:
    """Asked again after two days, closed after five."""
    case_id = await resolved(db, shop)
    for days in (2, 3):
        clock.now += days * DAY_MS
        await works(db, case_times.close)
    return case_id


def _score(tx: Tx, case_id: int) -> tuple[str, bool, int]:
    case = cases.get(tx, case_id)
    assert case is not None
    return case.state, case.score_asked_at > 0, case.score


async def test_who_confirms_is_asked_and_scores(db: Database, shop: Shop) -> None:
    case_id = await confirmed(db, shop)
    assert await db.read(_score, case_id) == ("confirmed", True, 0)
    rated = await db.write(case_scores.rate, shop.ann, case_id, 4)
    assert (rated.score, rated.case_id) == (4, 0)


async def test_closed_without_a_word_it_is_asked_about_once(db: Database, shop: Shop, clock: Clock) -> None:
    case_id = await unanswered(db, shop, clock)
    assert await db.read(_score, case_id) == ("unanswered", True, 0)
    await works(db, case_times.close)
    assert await db.read(keys) == [f"case_score:{case_id}"]
    assert (await db.write(case_scores.rate, shop.ann, case_id, 5)).score == 5


async def test_who_wants_no_questions_is_not_asked_about_a_closed_case(db: Database, shop: Shop, clock: Clock) -> None:
    await db.write(people.choose_topic, ANN, "surveys", False)
    assert await db.read(_score, await unanswered(db, shop, clock)) == ("unanswered", False, 0)


async def test_opened_again_and_closed_again_it_is_not_asked_about_again(
    db: Database, shop: Shop, clock: Clock
) -> None:
    case_id = await unanswered(db, shop, clock)
    await db.write(feedback.reopen, shop.ann, case_id)
    await db.write(case_desk.say, shop.clerk, case_id, "resolve", said("really", "11:2"))
    for days in (2, 3):
        clock.now += days * DAY_MS
        await works(db, case_times.close)
    assert await db.read(_score, case_id) == ("unanswered", True, 0)
    assert len(await db.read(keys)) == 1


async def test_the_first_score_counts(db: Database, shop: Shop) -> None:
    case_id = await confirmed(db, shop)
    await db.write(case_scores.rate, shop.ann, case_id, 4)
    with pytest.raises(CaseSettled):
        await db.write(case_scores.rate, shop.ann, case_id, 1)


async def test_an_open_case_has_no_score_yet(db: Database, shop: Shop) -> None:
    with pytest.raises(CaseSettled):
        await db.write(case_scores.rate, shop.ann, await resolved(db, shop), 4)


@pytest.mark.parametrize("score", [0, 6])
async def test_there_are_five_scores(db: Database, shop: Shop, score: int) -> None:
    with pytest.raises(AnswerUnclear):
        await db.write(case_scores.rate, shop.ann, await confirmed(db, shop), score)


async def test_nobody_scores_for_another(db: Database, shop: Shop) -> None:
    case_id = await confirmed(db, shop)
    bob = await db.write(people.meet, 22, "en")
    await db.write(add_member, "Bob", "13900139000", 22)
    with pytest.raises(CaseNotFound):
        await db.write(case_scores.rate, bob, case_id, 1)


async def test_a_word_beside_a_good_score_stands_in_the_thread(db: Database, shop: Shop) -> None:
    case_id = await confirmed(db, shop)
    await db.write(case_scores.rate, shop.ann, case_id, 5)
    await db.write(case_scores.add_words, shop.ann, case_id, said("so quick", "21:9"))
    assert "so quick" in repr(await db.write(case_desk.look, shop.clerk, case_id))


async def test_a_word_beside_a_low_score_stands_in_the_case_that_it_opened(db: Database, shop: Shop) -> None:
    case_id = await confirmed(db, shop)
    rated = await db.write(case_scores.rate, shop.ann, case_id, 1)
    await db.write(case_scores.add_words, shop.ann, case_id, said("so slow", "21:9"))
    assert "so slow" in repr(await db.write(case_desk.look, shop.manager, rated.case_id))
    assert "so slow" not in repr(await db.write(case_desk.look, shop.manager, case_id))


def _heard(tx: Tx, user_id: int) -> bool:
    rows = tx.all("SELECT payload FROM outbox WHERE chat_id = :user_id", user_id=user_id)
    return any(b"so quick" in tx.vault.open_system("outbox", str(user_id), bytes(row[0])) for row in rows)


@pytest.mark.parametrize("works_here", [True, False])
async def test_who_had_the_case_reads_the_word_if_they_still_work_there(
    db: Database, shop: Shop, works_here: bool
) -> None:
    case_id = await confirmed(db, shop)
    await db.write(case_scores.rate, shop.ann, case_id, 5)
    await db.write(lambda tx: tx.run("UPDATE staff SET active = :on WHERE user_id = :id", on=int(works_here), id=CLERK))
    await db.write(case_scores.add_words, shop.ann, case_id, said("so quick", "21:9"))
    assert await db.read(_heard, CLERK) is works_here
