"""Adjusting a member's points by hand, and the second person's answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions import adjustments
from actions.adjustments import Order
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn, choice
from bot.presses import id_at
from bot.routing import Route
from bot.updates import Input
from db import members
from db.database import Tx
from db.people import Person
from loyalty.adjustments import LONGEST_NOTE, MOST, parse_points
from loyalty.errors import AnswerUnclear, PointsInvalid, TextInvalid
from loyalty.messages import Say
from loyalty.roles import Role

_NAME = "adjustment"
_KEY_BYTES = 16


async def adjust(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given)


async def agree(ctx: Ctx) -> None:
    await ctx.act(_decide, ctx.given, agrees=True)


async def decline(ctx: Ctx) -> None:
    await ctx.act(_decide, ctx.given, agrees=False)


def _begin(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    member_id = adjustments.prospect(tx, person, id_at(given)).member_id
    # Each time another: the button stays where it is, and may be wanted again.
    answers = {"member": member_id, "key": f"adjust:{tx.random(_KEY_BYTES).hex()}"}
    return dialogues.begin(tx, person, given.chat_id, _NAME, answers)


def _decide(tx: Tx, person: Person, given: Input, agrees: bool) -> Say:
    """Only an answer takes the question's place: a refusal leaves it."""
    outcome = adjustments.decide(tx, person, id_at(given), agrees)
    return Say("adjustment_settled", asdict(outcome), edit=given.message_id)


def _prospect(turn: Turn) -> dict[str, Any]:
    return asdict(adjustments.prospect(turn.tx, turn.person, turn.answers["member"]))


def _points(_turn: Turn, answer: Answer) -> int:
    if answer.kind != "text":
        raise PointsInvalid(MOST)
    return parse_points(answer.value)


def _points_told(turn: Turn) -> dict[str, Any]:
    return _prospect(turn) | {"points": turn.answers["points"]}


def _reason(turn: Turn, answer: Answer) -> str:
    if answer.value not in [reason["code"] for reason in _prospect(turn)["reasons"]]:
        raise AnswerUnclear
    return answer.value


def _note(_turn: Turn, answer: Answer) -> str:
    """A few words for colleagues; every adjustment by hand has them."""
    note = " ".join(answer.value.split()) if answer.kind == "text" else ""
    if not 0 < len(note) <= LONGEST_NOTE:
        raise TextInvalid(LONGEST_NOTE)
    return note


def _summary(turn: Turn) -> dict[str, Any]:
    told, prospect = turn.answers, _points_told(turn)
    names = {reason["code"]: reason["name"] for reason in prospect["reasons"]}
    after = prospect["before"] + told["points"]
    return prospect | {"reason": names.get(told["reason"], {}), "note": told["note"], "after": after}


def _finish(turn: Turn) -> Say:
    told = turn.answers
    if told["sure"] == "no":
        return Say("cancelled", {"member": members.get_by_user(turn.tx, turn.person.user_id) is not None})
    order = Order(told["member"], told["points"], told["reason"], told["note"])
    outcome = adjustments.adjust(turn.tx, turn.person, order, told["key"])
    return Say("adjustment_settled", asdict(outcome))


DIALOGUES = (
    Dialogue(
        _NAME,
        (
            Step("points", _points, _prospect),
            Step("reason", _reason, _points_told),
            Step("note", _note),
            Step("sure", choice("yes", "no"), _summary),
        ),
        _finish,
    ),
)
ROUTES = (
    Route(adjust, verbs=("adjust",), role=Role.MANAGER),
    Route(agree, verbs=("adjustyes",), role=Role.MANAGER, within_dialogue=True),
    Route(decline, verbs=("adjustno",), role=Role.MANAGER, within_dialogue=True),
)
