"""Refunding a purchase: which one, how much of it, what that does to the points; then doing it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions import purchases, refunds
from actions.refunds import Refunded, Wanted
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Dialogue, Dialogues, Step, Turn
from bot.handlers import purchases as recording
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.dialogues import Place
from db.people import Person
from loyalty.errors import StaleButton
from loyalty.messages import Say
from loyalty.refunds import unpack
from loyalty.roles import Role

_NAME, _OTHER = "refund", "refund_other"


async def refund(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given)


async def list_purchases(ctx: Ctx) -> None:
    await ctx.act(_list, id_at(ctx.given))


async def turn(ctx: Ctx) -> None:
    member_id, amount, page = (id_at(ctx.given, place) for place in range(3))
    await ctx.act(refunds.list_refundable, member_id, amount, page, say="refund_purchases", in_place=True)


async def choose(ctx: Ctx) -> None:
    await ctx.act(_choose, ctx.services.dialogues, ctx.given)


async def choose_lines(ctx: Ctx) -> None:
    await ctx.act(_choose, ctx.services.dialogues, ctx.given, in_place=True)


async def ask_amount(ctx: Ctx) -> None:
    await ctx.act(_ask_amount, ctx.services.dialogues, ctx.given)


async def preview(ctx: Ctx) -> None:
    await ctx.act(refunds.preview, _wanted(ctx.given), say="refund_preview", in_place=True)


async def do(ctx: Ctx) -> None:
    await ctx.act(_do, ctx.given)


def is_offered(place: Place | None) -> bool:
    """Whether an amount is waited for, but the clerk may go on with the next customer instead."""
    return place is not None and place.name == _OTHER


def _begin(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """What the message tells is asked no more."""
    purchases.counter(tx, person)
    answers: Answers = {}
    if given.args:
        member_ids, amount = refunds.understand(tx, person, given.args)
        answers = {"who": member_ids, "amount": amount}
    return dialogues.begin(tx, person, given.chat_id, _NAME, answers)


def _finish(turn: Turn) -> Say:
    return _list(turn.tx, turn.person, recording.buyer(turn), turn.answers.get("amount", 0))


def _list(tx: Tx, person: Person, member_id: int, amount: int = 0) -> Say:
    """The purchase that is meant for certain is opened at once."""
    found = refunds.find(tx, person, member_id, amount)
    return Say("refund_preview" if isinstance(found, Refunded) else "refund_purchases", asdict(found))


def _choose(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> Say:
    """Instead of pressing a button, an amount may be typed at once."""
    choice = refunds.choose(tx, person, id_at(given), _lines(given, 1))
    dialogues.begin(tx, person, given.chat_id, _OTHER, {"purchase": choice.purchase_id})
    return Say("refund_choose", asdict(choice))


def _ask_amount(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    purchase_id = refunds.choose(tx, person, id_at(given)).purchase_id
    return dialogues.begin(tx, person, given.chat_id, _OTHER, {"purchase": purchase_id})


def _amount(turn: Turn, answer: Answer) -> int:
    return refunds.read_amount(turn.tx, turn.answers["purchase"], answer.value if answer.kind == "text" else "")


def _whose(turn: Turn) -> dict[str, Any]:
    return asdict(refunds.choose(turn.tx, turn.person, turn.answers["purchase"]))


def _preview_amount(turn: Turn) -> Say:
    wanted = Wanted(turn.answers["purchase"], turn.answers["amount"])
    return Say("refund_preview", asdict(refunds.preview(turn.tx, turn.person, wanted)))


def _do(tx: Tx, person: Person, given: Input) -> Say:
    """Only the refund takes the preview's place: a refusal leaves it."""
    wanted, before = _wanted(given), id_at(given, 2)
    key = f"counter:{wanted.purchase_id}:{before}"
    return Say("refund_done", asdict(refunds.refund(tx, person, wanted, before, key)), edit=given.message_id)


def _wanted(given: Input) -> Wanted:
    """Of `verb:purchase:amount:refunded before:lines`."""
    return Wanted(id_at(given), id_at(given, 1), _lines(given, 3))


def _lines(given: Input, place: int) -> tuple[int, ...]:
    try:
        return unpack(argument(given, place))
    except ValueError:
        raise StaleButton from None


DIALOGUES = (
    Dialogue(
        _NAME,
        (
            Step("who", recording.who),
            Step("pick", recording.pick, recording.candidates, needed=recording.several),
        ),
        _finish,
    ),
    Dialogue(_OTHER, (Step("amount", _amount, _whose),), _preview_amount),
)
ROUTES = (
    Route(
        refund,
        command="refund",
        words=("refund", "return", "退货", "退貨", "退款"),
        role=Role.CLERK,
    ),
    Route(list_purchases, verbs=("refunds",), role=Role.CLERK),
    Route(turn, verbs=("refundsat",), role=Role.CLERK),
    Route(choose, verbs=("refund",), role=Role.CLERK),
    Route(choose_lines, verbs=("refundpick",), role=Role.CLERK),
    Route(ask_amount, verbs=("refundsum",), role=Role.CLERK),
    Route(preview, verbs=("refundsee",), role=Role.CLERK),
    Route(do, verbs=("refunddo",), role=Role.CLERK),
)
