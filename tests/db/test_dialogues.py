"""Where people are in a dialogue."""

from __future__ import annotations

from db import dialogues
from db.database import Database
from db.dialogues import Place
from tests.conftest import Clock

ANN, GROUP = 7, -100


async def put(db: Database, step: str = "name", answers: dict[str, object] | None = None, chat: int = ANN) -> str:
    return await db.write(dialogues.put, chat, ANN, "join", step, answers or {})


async def test_a_place_is_remembered_with_its_answers(db: Database, clock: Clock) -> None:
    question = await put(db, "birthday", {"name": "安"})
    assert await db.read(dialogues.get, ANN, ANN) == Place("join", "birthday", {"name": "安"}, clock.now, question)


async def test_a_question_asked_anew_is_another_one(db: Database) -> None:
    assert await put(db) != await put(db)


async def test_a_person_has_one_place_per_chat(db: Database) -> None:
    await put(db, "name")
    await put(db, "birthday")
    await put(db, "name", chat=GROUP)
    here, there = await db.read(dialogues.get, ANN, ANN), await db.read(dialogues.get, GROUP, ANN)
    assert here is not None
    assert there is not None
    assert (here.step, there.step) == ("birthday", "name")


async def test_who_is_nowhere_has_no_place(db: Database) -> None:
    assert await db.read(dialogues.get, ANN, ANN) is None


async def test_leaving_forgets(db: Database) -> None:
    await put(db)
    assert await db.write(dialogues.leave, ANN, ANN)
    assert not await db.write(dialogues.leave, ANN, ANN)


async def test_the_answers_lie_sealed(db: Database) -> None:
    await put(db, answers={"name": "Canary"})
    assert b"Canary" not in await db.read(lambda tx: tx.value("SELECT answers FROM dialogue"))


async def test_idle_places_are_forgotten(db: Database, clock: Clock) -> None:
    await put(db)
    clock.move(days=30)
    await put(db, chat=GROUP)
    assert [await db.write(dialogues.forget_idle, clock.now, 10) for _ in range(2)] == [1, 0]
