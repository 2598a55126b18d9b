"""A low score opens a case, once; what is added goes into its thread; nobody looks into what they did themselves."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from actions import case_desk, case_scores, charters, feedback, surveys
from actions.feedback import Said
from actions.low_scores import Rated
from db import cases, people, surveys as questions
from db.cases import Case
from db.database import Database, Tx
from db.people import Person
from db.surveys import Subject
from loyalty.errors import OwnCase, RatedCase, TextInvalid
from loyalty.roles import Role
from tests.actions.shops import ANN, CLERK, MANAGER, OWNER, Shop, amended, hire, open_shop

OTHER_MANAGER = 14


def said(words: str, source: str = "21:7", file_kind: str = "") -> Said:
    return Said(words, file_kind, "AgAC" if file_kind else "", source)


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def asked(db: Database, shop: Shop, about: str = "visit", subject_id: int = 7) -> int:
    subject = Subject(subject_id, shop.member.id, shop.store_id, 0)
    survey_id = await db.write(questions.add, about, subject)
    assert survey_id
    return survey_id


async def low(db: Database, shop: Shop, about: str = "visit", score: int = 1) -> Rated:
    return await db.write(surveys.rate, shop.ann, await asked(db, shop, about), score)


async def case_of(db: Database, case_id: int) -> Case:
    case = await db.read(cases.get, case_id)
    assert case is not None
    return case


async def thread(db: Database, case_id: int) -> list[str]:
    lines = await db.read(cases.list_lines, await case_of(db, case_id))
    return [line.words for line in lines if line.side == "member"]


def told(tx: Tx, case_id: int) -> list[int]:
    """Who was told of that case, but for the member."""
    rows = tx.all(
        "SELECT DISTINCT chat_id FROM outbox WHERE case_id = :id AND kind = 'notice' AND chat_id <> :ann "
        "ORDER BY chat_id",
        id=case_id, ann=ANN,
    )  # fmt: skip
    return [row[0] for row in rows]


async def resolved(db: Database, shop: Shop, by: Person) -> int:
    """A case of Ann's that this person has solved; its number."""
    opened = await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said("cold", f"21:{by.user_id}"))
    await db.write(case_desk.say, by, opened.case_id, "resolve", said("done", f"{by.user_id}:1"))
    return opened.case_id


async def rated_badly(db: Database, shop: Shop, by: Person) -> int:
    """The case that Ann's low score for how this person dealt with another one has opened."""
    case_id = await resolved(db, shop, by)
    await db.write(feedback.confirm, shop.ann, case_id)
    return (await db.write(case_scores.rate, shop.ann, case_id, 1)).case_id


@pytest.mark.parametrize(("score", "opens"), [(1, True), (2, True), (3, False), (5, False)])
async def test_up_to_the_charters_limit_a_score_opens_a_case(db: Database, shop: Shop, score: int, opens: bool) -> None:
    rated = await low(db, shop, score=score)
    assert bool(rated.case_id) is opens


async def test_the_charter_may_open_none(db: Database, shop: Shop) -> None:
    await db.write(charters.publish, amended(("\nlow = 2 ", "\nlow = 0 ")), OWNER)
    assert (await low(db, shop)).case_id == 0


async def test_the_case_knows_store_member_purchase_and_score(db: Database, shop: Shop) -> None:
    rated = await low(db, shop)
    case = await case_of(db, rated.case_id)
    assert (case.kind, case.source, case.store_id, case.member_id) == (
        "complaint", "survey", shop.store_id, shop.member.id,
    )  # fmt: skip
    assert (case.purchase_id, case.reservation_id) == (7, 0)
    assert await thread(db, rated.case_id) == ["⭐ 1/5"]


async def test_a_gift_is_known_by_its_reservation(db: Database, shop: Shop) -> None:
    rated = await low(db, shop, "gift", score=2)
    case = await case_of(db, rated.case_id)
    assert (case.purchase_id, case.reservation_id) == (0, 7)


async def test_managers_are_told_with_the_score(db: Database, shop: Shop) -> None:
    rated = await low(db, shop)
    assert await db.read(told, rated.case_id) == [MANAGER]


async def test_what_is_added_goes_into_the_same_case_and_to_the_managers(db: Database, shop: Shop) -> None:
    rated = await low(db, shop)
    await db.write(surveys.add_words, shop.ann, rated.id, said("a long queue"))
    assert await thread(db, rated.case_id) == ["⭐ 1/5", "a long queue"]
    assert await db.read(_heard) == [MANAGER]
    assert len(await db.read(cases.list_of_member, shop.member.id, 0, 9)) == 1


def _heard(tx: Tx) -> list[int]:
    """Who got more than the first message about a case."""
    rows = tx.all("SELECT chat_id FROM outbox WHERE case_id <> 0 GROUP BY chat_id HAVING COUNT(*) > 1")
    return [row[0] for row in rows]


async def test_what_is_added_reaches_who_has_taken_it(db: Database, shop: Shop) -> None:
    rated = await low(db, shop)
    await db.write(case_desk.take, shop.clerk, rated.case_id)
    await db.write(surveys.add_words, shop.ann, rated.id, said("a long queue"))
    assert CLERK in await db.read(told, rated.case_id)


@pytest.mark.parametrize("left", [False, True])
async def test_what_is_added_after_the_case_was_solved_is_read_all_the_same(
    db: Database, shop: Shop, left: bool
) -> None:
    rated = await low(db, shop)
    await db.write(case_desk.say, shop.clerk, rated.case_id, "resolve", said("sorry", "11:1"))
    await db.write(feedback.confirm, shop.ann, rated.case_id)
    if left:
        await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=CLERK))
    await db.write(lambda tx: tx.run("UPDATE outbox SET case_id = 0"))
    await db.write(surveys.add_words, shop.ann, rated.id, said("he was rude"))
    assert await db.read(told, rated.case_id) == [MANAGER if left else CLERK]


async def test_a_picture_may_be_added_to_a_low_score_only(db: Database, shop: Shop) -> None:
    bad = await low(db, shop)
    await db.write(surveys.add_words, shop.ann, bad.id, said("", file_kind="photo"))
    good = await db.write(surveys.rate, shop.ann, await asked(db, shop, "gift"), 5)
    with pytest.raises(TextInvalid):
        await db.write(surveys.add_words, shop.ann, good.id, said("", file_kind="photo"))


async def test_what_is_added_to_a_good_score_stays_with_it_sealed(db: Database, shop: Shop) -> None:
    rated = await low(db, shop, score=5)
    await db.write(surveys.add_words, shop.ann, rated.id, said(" lovely "))
    sealed = await db.read(lambda tx: bytes(tx.value("SELECT words_sealed FROM survey")))
    assert sealed
    assert b"lovely" not in sealed


async def test_managers_read_what_is_added_to_a_good_score_but_not_whose_it_is(db: Database, shop: Shop) -> None:
    rated = await low(db, shop, score=5)
    await db.write(surveys.add_words, shop.ann, rated.id, said("lovely"))
    assert await db.read(_bodies, MANAGER) == [
        {
            "template": "rating_heard",
            "params": {
                "scored": {"about": "visit", "score": 5, "most": 5, "rates": 0}, "store": "西门店", "words": "lovely",
            },
        }
    ]  # fmt: skip


def _bodies(tx: Tx, user_id: int) -> list[Any]:
    rows = tx.all("SELECT payload FROM outbox WHERE chat_id = :user_id ORDER BY id", user_id=user_id)
    return [orjson.loads(tx.vault.open_system("outbox", str(user_id), bytes(row[0]))) for row in rows]


async def test_what_is_added_after_the_case_was_merged_goes_where_that_goes_on(db: Database, shop: Shop) -> None:
    rated = await low(db, shop)
    other = await db.write(feedback.open_own, shop.ann, "complaint", shop.store_id, said("cold", "21:1"))
    await db.write(_merged, rated.case_id, other.case_id)
    await db.write(surveys.add_words, shop.ann, rated.id, said("a long queue"))
    assert "a long queue" in await thread(db, other.case_id)


def _merged(tx: Tx, case_id: int, into: int) -> None:
    tx.run("UPDATE service_case SET state = 'merged', merged_into = :into WHERE id = :id", id=case_id, into=into)


async def test_pressing_at_once_opens_one_case(db: Database, shop: Shop) -> None:
    survey_id = await asked(db, shop)
    pressed = await asyncio.gather(
        *(db.write(surveys.rate, shop.ann, survey_id, 1) for _ in range(4)), return_exceptions=True
    )
    assert len([one for one in pressed if isinstance(one, Rated)]) == 1
    assert len(await db.read(cases.list_of_member, shop.member.id, 0, 9)) == 1


async def test_a_member_who_works_here_neither_hears_of_it_nor_deals_with_it(db: Database, shop: Shop) -> None:
    await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    rated = await low(db, shop)
    ann = await db.read(people.get, ANN)
    assert ann is not None
    assert await db.read(told, rated.case_id) == [MANAGER]
    with pytest.raises(OwnCase):
        await db.write(case_desk.take, ann, rated.case_id)


async def test_where_the_member_is_the_only_manager_the_owners_hear(db: Database, shop: Shop) -> None:
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=MANAGER))
    await db.write(hire, ANN, shop.store_id, Role.MANAGER)
    rated = await low(db, shop)
    assert await db.read(told, rated.case_id) == [OWNER]


async def test_a_low_score_for_a_closed_case_opens_an_urgent_one_about_it(db: Database, shop: Shop) -> None:
    case = await case_of(db, await rated_badly(db, shop, shop.clerk))
    rated = await case_of(db, case.rates)
    assert (case.severity, case.category, case.store_id) == ("urgent", rated.category, rated.store_id)
    assert (rated.state, rated.score) == ("confirmed", 1)


async def test_whose_work_it_is_about_neither_reads_it_nor_writes_in_it(db: Database, shop: Shop) -> None:
    case_id = await rated_badly(db, shop, shop.clerk)
    for reading in (case_desk.look, case_desk.whole):
        with pytest.raises(RatedCase):
            await db.write(reading, shop.clerk, case_id)
    with pytest.raises(RatedCase):
        await db.write(case_desk.say, shop.clerk, case_id, "note", said("hm", "11:8"))
    assert (await db.read(case_desk.queue, shop.clerk))["cases"] == []
    assert [one["case_id"] for one in (await db.read(case_desk.queue, shop.manager))["cases"]] == [case_id]


async def test_only_managers_are_called_and_none_of_the_clerks_takes_it(db: Database, shop: Shop) -> None:
    case_id = await rated_badly(db, shop, shop.clerk)
    assert await db.read(told, case_id) == [MANAGER]
    with pytest.raises(RatedCase):
        await db.write(case_desk.take, shop.clerk, case_id)
    with pytest.raises(RatedCase):
        await db.write(case_desk.say, shop.clerk, case_id, "answer", said("no", "11:9"))
    assert (await db.write(case_desk.take, shop.manager, case_id)).state == "taken"


async def test_a_manager_who_had_the_case_leaves_it_to_another(db: Database, shop: Shop) -> None:
    await db.write(hire, OTHER_MANAGER, shop.store_id, Role.MANAGER)
    case_id = await rated_badly(db, shop, shop.manager)
    assert await db.read(told, case_id) == [OTHER_MANAGER]
    with pytest.raises(RatedCase):
        await db.write(case_desk.take, shop.manager, case_id)


async def test_without_another_manager_it_is_the_owners(db: Database, shop: Shop) -> None:
    case_id = await rated_badly(db, shop, shop.manager)
    assert await db.read(told, case_id) == [OWNER]


async def test_with_nobody_else_left_it_is_still_somebodys(db: Database, shop: Shop) -> None:
    case_id = await resolved(db, shop, shop.owner)
    await db.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id <> :id", id=OWNER))
    await db.write(feedback.confirm, shop.ann, case_id)
    rated = await db.write(case_scores.rate, shop.ann, case_id, 1)
    assert (await db.write(case_desk.take, shop.owner, rated.case_id)).state == "taken"
