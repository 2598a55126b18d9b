"""`/tasks`: whom to greet or call today, and what came of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import get_args

from actions import care
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.care import Outcome
from db.database import Tx
from db.people import Person
from loyalty import notes
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role

_OUTCOMES = get_args(Outcome)


async def tasks(ctx: Ctx) -> None:
    await ctx.act(care.today, say="care_list")


async def look(ctx: Ctx) -> None:
    await ctx.act(care.look, id_at(ctx.given), say="care_task")


async def settle(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given)


async def put_off(ctx: Ctx) -> None:
    await ctx.act(care.put_off, id_at(ctx.given), id_at(ctx.given, 1), say="care_list", in_place=True)


def _begin(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """The tap settles it; what is noted then may come late, or never."""
    outcome = next((one for one in _OUTCOMES if one == argument(given, 1)), None)
    if outcome is None:
        raise StaleButton
    member_id = care.settle(tx, person, id_at(given), outcome)
    return dialogues.begin(tx, person, given.chat_id, care.WORDS, {"member": member_id, "outcome": outcome})


def _words(_turn: Turn, answer: Answer) -> str:
    if answer.kind == "press" and answer.value == "none":
        return ""
    if answer.kind != "text":
        raise AnswerUnclear
    return notes.read(answer.value)


def _finish(turn: Turn) -> Say:
    told = turn.answers
    return Say("care_list", asdict(care.remember(turn.tx, turn.person, told["member"], told["words"])))


DIALOGUES = (
    Dialogue(care.WORDS, (Step("words", _words, lambda turn: {"outcome": turn.answers["outcome"]}),), _finish),
)
ROUTES = (
    Route(tasks, command="tasks", words=("回访", "回訪", "关怀", "關懷", "tasks"), verbs=("tasks",), role=Role.CLERK),
    Route(look, verbs=("task",), role=Role.CLERK),
    Route(settle, verbs=("tasksettle",), role=Role.CLERK),
    Route(put_off, verbs=("tasklater",), role=Role.CLERK, within_dialogue=True),
)
