"""`/queue` and `/complaint`: staff take cases, answer, ask, note, hand on and resolve; and log what they hear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from actions import case_choices, case_desk, compensations, feedback, purchases, staff
from actions.case_desk import Desk
from actions.feedback import Said
from actions.members import require_member
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from bot.words import choose_locale
from db.database import Tx
from db.people import Person
from loyalty.cases import KINDS
from loyalty.errors import AnswerUnclear, MemberNotFound, PointsInvalid, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role

_NEW = "complaint"
_MOST_POINTS = 1_000_000


async def queue(ctx: Ctx) -> None:
    await ctx.act(case_desk.queue, say="case_queue")


async def further(ctx: Ctx) -> None:
    await ctx.act(case_desk.queue, (id_at(ctx.given), id_at(ctx.given, 1)), say="case_queue", in_place=True)


async def look(ctx: Ctx) -> None:
    await ctx.act(case_desk.look, id_at(ctx.given), say="case_desk")


async def whole(ctx: Ctx) -> None:
    await ctx.act(case_desk.whole, id_at(ctx.given))


async def take(ctx: Ctx) -> None:
    await ctx.act(case_desk.take, id_at(ctx.given), say="case_desk", in_place=True)


async def give_back(ctx: Ctx) -> None:
    await ctx.act(case_desk.give_back, id_at(ctx.given), say="case_desk", in_place=True)


async def say(ctx: Ctx) -> None:
    await ctx.act(_begin_say, ctx.services.dialogues, ctx.given)


async def hand_on(ctx: Ctx) -> None:
    await ctx.act(_stores, id_at(ctx.given), say="case_stores")


async def transfer(ctx: Ctx) -> None:
    await ctx.act(case_desk.transfer, id_at(ctx.given), id_at(ctx.given, 1), say="case_desk", in_place=True)


async def classes(ctx: Ctx) -> None:
    await ctx.act(_classes, id_at(ctx.given), say="case_classes")


async def classify(ctx: Ctx) -> None:
    what = {"s": "severity", "c": "category"}.get(argument(ctx.given, 1))
    if what is None:
        raise StaleButton
    chosen = {what: argument(ctx.given, 2)}
    await ctx.act(case_desk.classify, id_at(ctx.given), say="case_desk", in_place=True, **chosen)


async def complain(ctx: Ctx) -> None:
    await ctx.act(_complain, ctx.services.dialogues, ctx.given)


def _complain(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> Say | list[Say]:
    """Staff log what they hear, on one line or asked step by step; a member who says /complaint complains."""
    if staff.strongest_role(tx, person.user_id) is None:
        require_member(tx, person)
        return dialogues.begin(tx, person, given.chat_id, feedback.NEW, {"kind": "complaint"})
    purchases.counter(tx, person)
    if len(given.args.split(maxsplit=1)) == 2:
        return Say("case_desk", asdict(case_desk.log_line(tx, person, given.args, _of(given))))
    known = {"who": _find(tx, person, given.args)} if given.args else {}
    return dialogues.begin(tx, person, given.chat_id, _NEW, known)


def _of(given: Input) -> Said:
    return Said(given.args, "", "", f"{given.chat_id}:{given.message_id}")


def _begin_say(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    way = argument(given, 1)
    if way not in ("answer", "ask", "note", "resolve"):
        raise StaleButton
    desk = case_desk.look(tx, person, id_at(given))
    return dialogues.begin(tx, person, given.chat_id, case_desk.SAY, {"case": desk.case_id, "way": way})


def _stores(tx: Tx, person: Person, case_id: int) -> dict[str, Any]:
    case_desk.look(tx, person, case_id)
    return case_choices.other_stores(tx, case_id)


def _classes(tx: Tx, person: Person, case_id: int) -> dict[str, Any]:
    return {"case_id": case_desk.look(tx, person, case_id).case_id, **case_choices.classes(tx)}


def _words(turn: Turn, answer: Answer) -> dict[str, str]:
    """What is said, or one of the charter's ready answers by its button, in the member's language."""
    if answer.kind == "press":
        chosen, telegram, default = case_choices.reader(turn.tx, turn.answers["case"])
        words = case_choices.ready_answer(turn.tx, answer.value, choose_locale(chosen, telegram or None, default))
        return asdict(Said(words, "", "", f"{answer.given.chat_id}:{answer.given.message_id}:ready"))
    return _told(turn, answer)


def _asked(turn: Turn) -> dict[str, Any]:
    return {"case_id": turn.answers["case"], "way": turn.answers["way"], **case_choices.ready_answers(turn.tx)}


def _points(_turn: Turn, answer: Answer) -> int:
    told = answer.value.strip().lstrip("+")
    if not told.isascii() or not told.isdigit() or int(told) > _MOST_POINTS:
        raise PointsInvalid(_MOST_POINTS)
    return int(told)


def _compensates(turn: Turn) -> bool:
    """Only a member can be given points."""
    return turn.answers["way"] == "resolve" and bool(
        case_desk.look(turn.tx, turn.person, turn.answers["case"]).member_id
    )


def _finish_say(turn: Turn) -> Say:
    told = turn.answers
    desk = case_desk.say(turn.tx, turn.person, told["case"], told["way"], Said(**told["words"]), told.get("points", 0))
    return Say("case_desk", asdict(desk))


def _find(tx: Tx, person: Person, text: str) -> int:
    found = purchases.identify(tx, person, text)
    if len(found) != 1:
        raise MemberNotFound("name")
    return found[0]


def _who(turn: Turn, answer: Answer) -> int:
    if answer.kind == "press" and answer.value == "0":
        return 0
    if answer.kind != "text":
        raise AnswerUnclear
    return _find(turn.tx, turn.person, answer.value)


def _kind(_turn: Turn, answer: Answer) -> str:
    if answer.value not in KINDS:
        raise AnswerUnclear
    return answer.value


def _severity(turn: Turn, answer: Answer) -> str:
    if answer.value not in [one["code"] for one in case_choices.classes(turn.tx)["severities"]]:
        raise AnswerUnclear
    return answer.value


def _told(_turn: Turn, answer: Answer) -> dict[str, str]:
    said = attachments.said(answer.given) if answer.kind != "press" else None
    if said is None:
        raise AnswerUnclear
    return asdict(said)


def _finish_new(turn: Turn) -> Say:
    told = turn.answers
    desk: Desk = case_desk.log(turn.tx, turn.person, told["who"], told["kind"], told["severity"], Said(**told["words"]))
    return Say("case_desk", asdict(desk))


def _route(handler: Callable[..., Any], verb: str, *, within: bool = True) -> Route:
    return Route(handler, verbs=(verb,), role=Role.CLERK, within_dialogue=within)


DIALOGUES = (
    Dialogue(
        case_desk.SAY,
        (
            Step("words", _words, _asked),
            Step("points", _points, lambda turn: compensations.limit(turn.tx, turn.person), needed=_compensates),
        ),
        _finish_say,
    ),
    Dialogue(
        _NEW,
        (
            Step("who", _who),
            Step("kind", _kind),
            Step("severity", _severity, lambda turn: case_choices.classes(turn.tx)),
            Step("words", _told),
        ),
        _finish_new,
    ),
)
ROUTES = (
    Route(queue, command="queue", words=("工单", "工單", "待办", "待辦", "queue"), verbs=("queue",), role=Role.CLERK),
    _route(further, "queuefrom"),
    _route(look, "case", within=False),
    _route(whole, "caseall"),
    _route(take, "casetake"),
    _route(give_back, "caseback"),
    _route(say, "casesay", within=False),
    _route(hand_on, "casestores"),
    _route(transfer, "caseto"),
    _route(classes, "caseclasses"),
    _route(classify, "caseis"),
    Route(complain, command="complaint"),
)
