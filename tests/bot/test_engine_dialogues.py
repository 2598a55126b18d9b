"""Dialogues: their state is a row, so they outlive restarts, upgrades, changes of language and silence."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest

from bot import dialogues as module
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn, choice
from bot.handlers.joining import DIALOGUES as JOINING
from bot.updates import Input
from db import dialogues as places, members, people
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say
from simulator.world import World
from tests.bot.engine import services_of
from tests.bot.people import Resident, Town, open_town
from tests.conftest import Clock

ANN = 7
WEEK = 7 * 24 * 3_600_000


def _number(_turn: Turn, answer: Answer) -> int:
    if not answer.value.isdecimal():
        raise AnswerUnclear
    return int(answer.value)


def _finish(turn: Turn) -> Say:
    if turn.answers["size"] == 13:
        raise AnswerUnclear
    turn.tx.run("INSERT INTO audit_of_orders (what) VALUES (:what)", what=str(turn.answers))
    return Say("ordered", turn.answers)


ORDER = Dialogue(
    "order",
    (
        Step("drink", choice("tea", "coffee"), lambda turn: {"for": turn.person.user_id}),
        Step("milk", choice("yes", "no"), needed=lambda turn: turn.answers["drink"] == "coffee"),
        Step("size", _number),
    ),
    _finish,
)
DIALOGUES = Dialogues([ORDER])


def given(value: str = "", kind: str = "text") -> Input:
    return Input(1, kind, ANN, ANN, private=True, data=value if kind == "press" else "")


@pytest.fixture
async def shop(db: Database) -> Database:
    await db.write(lambda tx: tx.run("CREATE TABLE audit_of_orders (what TEXT)"))
    return db


def _as_ann(tx: Tx, act: Any, *args: Any) -> Any:
    return act(tx, people.meet(tx, ANN, "en"), *args)


async def begin(db: Database, **answers: Any) -> list[str]:
    def _begin(tx: Tx, person: Person) -> list[Say]:
        return DIALOGUES.begin(tx, person, ANN, "order", answers)

    return [say.template for say in await db.write(_as_ann, _begin)]


async def hear(db: Database, value: str, dialogues: Dialogues = DIALOGUES) -> list[str] | None:
    says = await db.write(_as_ann, dialogues.hear, Answer("text", value, given()))
    return None if says is None else [say.template for say in says]


async def press(db: Database, data: str) -> list[str]:
    return [say.template for say in await db.write(_as_ann, DIALOGUES.press, given(data, "press"))]


async def orders(db: Database) -> list[str]:
    return [what for (what,) in await db.read(lambda tx: tx.all("SELECT what FROM audit_of_orders"))]


async def test_questions_come_one_after_another_and_the_last_answer_ends_it(shop: Database) -> None:
    asked = [await begin(shop), await hear(shop, "coffee"), await hear(shop, "no"), await hear(shop, "2")]
    assert asked == [["order_drink"], ["order_milk"], ["order_size"], ["ordered"]]
    assert await shop.read(places.get, ANN, ANN) is None


async def test_a_question_that_is_not_needed_is_not_asked(shop: Database) -> None:
    await begin(shop)
    assert await hear(shop, "tea") == ["order_size"]


async def test_what_is_known_beforehand_is_not_asked(shop: Database) -> None:
    assert await begin(shop, drink="tea") == ["order_size"]


async def test_all_known_beforehand_is_done_at_once(shop: Database) -> None:
    assert await begin(shop, drink="tea", size=2) == ["ordered"]
    assert len(await orders(shop)) == 1


async def test_an_answer_that_is_refused_leaves_the_question(shop: Database) -> None:
    await begin(shop)
    with pytest.raises(AnswerUnclear):
        await hear(shop, "water")
    assert await hear(shop, "tea") == ["order_size"]


async def test_a_refused_end_keeps_the_last_question(shop: Database) -> None:
    await begin(shop, drink="tea")
    with pytest.raises(AnswerUnclear):
        await hear(shop, "13")
    assert await orders(shop) == []
    assert await hear(shop, "12") == ["ordered"]


async def test_beginning_again_forgets_the_answers(shop: Database) -> None:
    await begin(shop)
    await hear(shop, "tea")
    await begin(shop)
    assert await hear(shop, "coffee") == ["order_milk"]


async def test_without_a_question_nothing_is_an_answer(shop: Database) -> None:
    assert await hear(shop, "tea") is None


async def test_a_button_answers_its_own_question(shop: Database) -> None:
    await begin(shop)
    assert await press(shop, "d:order:drink:tea") == ["order_size"]


@pytest.mark.parametrize(
    "data", ["d:order:size:2", "d:order:milk:yes", "d:other:drink:tea", "d:order", "d", "d:order:drink", "d:::"]
)
async def test_a_button_of_another_question_is_stale(shop: Database, data: str) -> None:
    await begin(shop)
    with pytest.raises((StaleButton, AnswerUnclear)):
        await press(shop, data)
    assert await hear(shop, "tea") == ["order_size"]


async def test_a_button_pressed_again_is_stale(shop: Database) -> None:
    await begin(shop)
    await press(shop, "d:order:drink:tea")
    with pytest.raises(StaleButton):
        await press(shop, "d:order:drink:tea")


async def test_a_value_may_hold_colons(shop: Database) -> None:
    said = Dialogues([Dialogue("order", (Step("drink", lambda _turn, answer: answer.value),), _said)])
    await shop.write(_as_ann, lambda tx, person: said.begin(tx, person, ANN, "order"))
    (say,) = await shop.write(_as_ann, said.press, given("d:order:drink:a:b:c", "press"))
    assert say.params["drink"] == "a:b:c"


def _said(turn: Turn) -> Say:
    return Say("ordered", turn.answers)


async def test_an_answer_after_a_week_of_silence_is_told_so(shop: Database, clock: Clock) -> None:
    await begin(shop)
    clock.move(ms=WEEK + 1)
    assert await hear(shop, "tea") == ["dialogue_lapsed"]
    assert await hear(shop, "tea") is None


async def test_an_answer_within_the_week_counts(shop: Database, clock: Clock) -> None:
    await begin(shop)
    clock.move(ms=WEEK)
    assert await hear(shop, "tea") == ["order_size"]


async def test_a_question_that_an_upgrade_took_away_is_ended_kindly(shop: Database) -> None:
    await begin(shop)
    without_it = Dialogues([Dialogue("order", ORDER.steps[1:], _finish)])
    assert await hear(shop, "tea", without_it) == ["dialogue_outdated"]
    assert await hear(shop, "tea", without_it) is None


async def test_a_dialogue_that_an_upgrade_took_away_is_ended_kindly(shop: Database) -> None:
    await begin(shop)
    assert await hear(shop, "tea", Dialogues([])) == ["dialogue_outdated"]


async def test_a_question_that_an_upgrade_added_is_asked(shop: Database) -> None:
    await begin(shop, drink="tea")
    more = Dialogues([Dialogue("order", (*ORDER.steps, Step("sugar", choice("yes", "no"))), _finish)])
    assert await hear(shop, "2", more) == ["order_sugar"]


# Half-way through joining, as the person who does it.


async def half_way(town: Town) -> Resident:
    """Ann has agreed and shared her phone; her name is asked for."""
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.press("Join")
    await ann.press("I agree")
    await ann.shares_contact()
    assert "name" in ann.hears()
    return ann


async def goes_on(ann: Resident) -> None:
    await ann.types("Ann Li")
    await ann.types("17 May 1990")
    assert await ann.town.db.read(members.get_by_user, ann.id) is not None


async def test_joining_goes_on_after_a_restart(tmp_path: Path, log: io.StringIO) -> None:
    world = World()
    async with open_town(tmp_path, world=world) as town:
        ann = await half_way(town)
    async with open_town(tmp_path, world=world) as town:
        await goes_on(Resident(town, ann.person))


async def test_joining_goes_on_after_a_change_of_language(town: Town) -> None:
    ann = await half_way(town)
    await ann.does(lambda: ann.person.send(town.bot, "/language"))
    await ann.press("繁體中文")
    await ann.opens()
    await ann.does(lambda: ann.person.send(town.bot, "/join"))
    await goes_on(ann)
    assert "會員" in ann.reads()


async def test_a_language_chosen_by_button_leaves_the_question_standing(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.types("/language")
    languages = ann.chat()[-1]
    await ann.does(lambda: ann.person.start(town.bot, "s_nowhere"))
    await ann.press("Join")
    await ann.press("I agree")
    await ann.shares_contact()
    await ann.does(lambda: ann.person.press(town.bot, languages.id, "English"))
    await goes_on(ann)


async def test_cancel_gets_out_of_joining(town: Town) -> None:
    ann = await half_way(town)
    await ann.types("/cancel")
    assert "cancelled" in ann.hears()
    await ann.types("Ann Li")
    assert await town.db.read(places.get, ann.id, ann.id) is None
    assert await town.db.read(members.get_by_user, ann.id) is None


@pytest.mark.parametrize("command", ["/points", "/card", "/history"])
async def test_a_command_for_members_only_leaves_joining_as_it_is(town: Town, command: str) -> None:
    ann = await half_way(town)
    await ann.types(command)
    await goes_on(ann)


async def test_after_a_week_of_silence_joining_has_lapsed_kindly(town: Town) -> None:
    ann = await half_way(town)
    town.clock.forward(WEEK + 60_000)
    await ann.types("Ann Li")
    assert len(ann.answers()) == 1
    assert ann.buttons()
    assert await town.db.read(members.get_by_user, ann.id) is None


async def test_after_an_upgrade_without_its_step_joining_ends_kindly(town: Town) -> None:
    ann = await half_way(town)
    registry = services_of(town).dialogues
    (joining,) = JOINING
    steps = tuple(step for step in joining.steps if step.name != "name")
    registry._by_name["join"] = Dialogue("join", steps, joining.finish)
    await ann.types("Ann Li")
    assert len(ann.answers()) == 1
    assert "wrong" not in ann.hears()
    assert await town.db.read(places.get, ann.id, ann.id) is None


async def test_twenty_taps_on_a_question_are_one_answer_and_no_error(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.press("Join")
    question = ann.chat()[-1]
    presses = []
    await ann.does(lambda: presses.extend(ann.person.press(town.bot, question.id, "I agree") for _ in range(20)))
    assert len(ann.answers()) == 1
    assert "phone" in ann.hears()
    await asyncio.sleep(0.1)
    assert all(press.answer and not press.answer.text for press in presses)


async def test_a_late_tap_on_a_question_says_that_it_is_over(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.press("Join")
    question = ann.chat()[-1]
    await ann.press("I agree")
    town.clock.forward(60_000)
    await ann.does(lambda: ann.person.press(town.bot, question.id, "I agree"))
    assert len(ann.answers()) == 1


def test_a_week_is_how_long_a_question_stands() -> None:
    assert module.IDLE_MS == WEEK
