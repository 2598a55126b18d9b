"""`/queue`: staff take cases, answer, ask, note, hand on, merge and resolve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from actions import (
    case_access,
    case_choices,
    case_desk,
    case_merges,
    case_praise,
    case_replies,
    case_transfers,
    compensations,
)
from actions.case_replies import Place
from actions.feedback import Said
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from bot.words import choose_locale
from db.database import Tx
from db.people import Person
from loyalty import digits
from loyalty.compensations import Gift
from loyalty.errors import AnswerUnclear, PointsInvalid, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role

_MOST_POINTS = 1_000_000
_COUPON = "c:"


async def queue(ctx: Ctx) -> None:
    await ctx.act(case_desk.queue, say="case_queue")


async def further(ctx: Ctx) -> None:
    await ctx.act(case_desk.queue, (id_at(ctx.given), id_at(ctx.given, 1)), say="case_queue", in_place=True)


async def look(ctx: Ctx) -> None:
    await ctx.act(case_desk.look, id_at(ctx.given), say="case_desk")


async def return_to(ctx: Ctx) -> None:
    await ctx.act(case_desk.look, id_at(ctx.given), say="case_desk", in_place=True)


async def whole(ctx: Ctx) -> None:
    await ctx.act(case_desk.whole, id_at(ctx.given))


async def take(ctx: Ctx) -> None:
    await ctx.act(case_desk.take, id_at(ctx.given), say="case_desk", in_place=True)


async def give_back(ctx: Ctx) -> None:
    await ctx.act(case_desk.give_back, id_at(ctx.given), say="case_desk", in_place=True)


async def pass_on(ctx: Ctx) -> None:
    await ctx.act(case_praise.pass_on, id_at(ctx.given), say="case_desk", in_place=True)


async def say(ctx: Ctx) -> None:
    await ctx.act(_begin_say, ctx.services.dialogues, ctx.given)


async def hand_on(ctx: Ctx) -> None:
    await ctx.act(case_transfers.takers, id_at(ctx.given), id_at(ctx.given, 1), say="case_takers", in_place=True)


async def transfer(ctx: Ctx) -> None:
    await ctx.act(case_transfers.transfer, id_at(ctx.given), id_at(ctx.given, 1), say="case_desk", in_place=True)


async def assign(ctx: Ctx) -> None:
    await ctx.act(case_transfers.assign, id_at(ctx.given), id_at(ctx.given, 1), say="case_desk", in_place=True)


async def choose_merge(ctx: Ctx) -> None:
    await ctx.act(case_merges.choices, id_at(ctx.given), say="case_merge", in_place=True)


async def merge(ctx: Ctx) -> None:
    await ctx.act(case_merges.merge, id_at(ctx.given), id_at(ctx.given, 1), say="case_desk", in_place=True)


async def classes(ctx: Ctx) -> None:
    await ctx.act(_classes, id_at(ctx.given), say="case_classes", in_place=True)


async def classify(ctx: Ctx) -> None:
    what = {"s": "severity", "c": "category"}.get(argument(ctx.given, 1))
    if what is None:
        raise StaleButton
    chosen = {what: argument(ctx.given, 2)}
    await ctx.act(_classify, id_at(ctx.given), chosen, say="case_classes", in_place=True)


def _begin_say(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    way = argument(given, 1)
    if way not in ("answer", "ask", "note", "resolve"):
        raise StaleButton
    case = case_desk.ready(tx, person, id_at(given), way)
    return dialogues.begin(tx, person, given.chat_id, case_desk.SAY, {"case": case.id, "way": way})


def _classes(tx: Tx, person: Person, case_id: int) -> dict[str, Any]:
    case = case_access.require(tx, person, case_id)
    return {"case_id": case.id, "severity": case.severity, "category": case.category, **case_choices.classes(tx)}


def _classify(tx: Tx, person: Person, case_id: int, chosen: dict[str, str]) -> dict[str, Any]:
    case_desk.classify(tx, person, case_id, **chosen)
    return _classes(tx, person, case_id)


def _words(turn: Turn, answer: Answer) -> dict[str, str]:
    """What is said, or to answer one of the charter's by its button, in the member's language."""
    if answer.kind != "press":
        return attachments.told(answer)
    if turn.answers["way"] != "answer":
        raise AnswerUnclear
    chosen, telegram, default = case_choices.reader(turn.tx, turn.answers["case"])
    words = case_choices.ready_answer(turn.tx, answer.value, choose_locale(chosen, telegram or None, default))
    return asdict(Said(words, "", "", f"{answer.given.chat_id}:{answer.given.message_id}:ready"))


def _asked(turn: Turn) -> dict[str, Any]:
    case = case_access.require(turn.tx, turn.person, turn.answers["case"])
    asked = {"case_id": case.id, "way": turn.answers["way"], "nobody": not case.member_id}
    return asked | (case_choices.ready_answers(turn.tx) if asked["way"] == "answer" else {"answers": []})


def _compensation(turn: Turn, answer: Answer) -> dict[str, Any]:
    """Points, typed or tapped, or one of the coupons offered."""
    turn.answers.pop("sure", None)
    if answer.value.startswith(_COUPON):
        code = answer.value.removeprefix(_COUPON)
        if code not in [coupon["code"] for coupon in _offer(turn)["coupons"]]:
            raise AnswerUnclear
        return asdict(Gift(coupon=code))
    told = digits.fold(answer.value).strip().lstrip("+")
    if answer.kind not in ("press", "text") or not told.isdecimal() or int(told) > _MOST_POINTS:
        raise PointsInvalid(_MOST_POINTS)
    return asdict(Gift(points=int(told)))


def _is_much(turn: Turn) -> bool:
    """More than anybody gives alone; a clerk cannot ask for that."""
    points, offer = turn.answers.get("compensation", {}).get("points", 0), _offer(turn)
    return bool(offer["manages"] and points > offer["most"])


def _sure(turn: Turn, answer: Answer) -> str:
    """On second thoughts the amount is asked again."""
    if answer.value not in ("yes", "no"):
        raise AnswerUnclear
    if answer.value == "no":
        del turn.answers["compensation"]
    return answer.value


def _much(turn: Turn) -> dict[str, Any]:
    return {"case_id": turn.answers["case"], "points": turn.answers["compensation"]["points"]}


def _offer(turn: Turn) -> dict[str, Any]:
    return asdict(compensations.offer(turn.tx, turn.person, turn.answers["case"]))


def _compensates(turn: Turn) -> bool:
    """Only a member can be given something."""
    case = case_access.require(turn.tx, turn.person, turn.answers["case"])
    return turn.answers["way"] == "resolve" and bool(case.member_id)


def _finish_say(turn: Turn) -> Say:
    told, gift = turn.answers, Gift(**turn.answers.get("compensation", {}))
    desk = case_desk.say(turn.tx, turn.person, told["case"], told["way"], Said(**told["words"]), gift)
    side = "note" if told["way"] == "note" else "staff"
    for picture in attachments.gathered(told):
        case_replies.take(turn.tx, turn.person, Place(desk.case_id, side), picture)
    return Say("case_desk", asdict(desk))


def _route(handler: Callable[..., Any], verb: str, *, within: bool = True) -> Route:
    return Route(handler, verbs=(verb,), role=Role.CLERK, within_dialogue=within)


DIALOGUES = (
    Dialogue(
        case_desk.SAY,
        (
            Step("words", _words, _asked),
            Step("compensation", _compensation, _offer, needed=_compensates),
            Step("sure", _sure, _much, needed=_is_much),
        ),
        _finish_say,
    ),
)
ROUTES = (
    Route(queue, command="queue", words=("工单", "工單", "待办", "待辦", "queue"), verbs=("queue",), role=Role.CLERK),
    _route(further, "queuefrom"),
    _route(look, "case", within=False),
    _route(return_to, "casehere"),
    _route(whole, "caseall"),
    _route(take, "casetake"),
    _route(give_back, "caseback"),
    _route(say, "casesay", within=False),
    _route(pass_on, "casepraise"),
    _route(hand_on, "casestores"),
    _route(transfer, "caseto"),
    _route(assign, "casewho"),
    _route(choose_merge, "casemerge"),
    _route(merge, "casejoin"),
    _route(classes, "caseclasses"),
    _route(classify, "caseis"),
)
