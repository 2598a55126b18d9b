"""Recording a purchase in one message or by question and answer, and undoing it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions import desk, purchases
from actions.purchases import Told
from bot import presses
from bot.context import Ctx, refused
from bot.dialogues import Answer, Answers, Dialogue, Dialogues, Step, Turn
from bot.handlers import coupons
from bot.handlers.desk import purchase_key, said
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.errors import AnswerUnclear, MemberNotFound, UndoTooLate
from loyalty.messages import Say, params_of
from loyalty.roles import Role

_NAME = "purchase"


async def purchase(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given, purchase_key(ctx))


async def undo(ctx: Ctx) -> None:
    await ctx.act(_undo, ctx.given)


def _begin(tx: Tx, person: Person, dialogues: Dialogues, given: Input, key: str) -> list[Say]:
    """What the message tells is asked no more; if it tells everything, the purchase is recorded."""
    purchases.counter(tx, person)
    try:
        told = purchases.hear(tx, person, given.args) if given.args else Told([], None)
    except MemberNotFound as refusal:
        return [said(desk.miss(tx, person, refusal, given.args))]
    answers: Answers = {"key": key}
    answers |= {"who": told.member_ids} if told.member_ids else {}
    answers |= {"sale": asdict(told.sale)} if told.sale else {}
    return dialogues.begin(tx, person, given.chat_id, _NAME, answers)


def _undo(tx: Tx, person: Person, given: Input) -> list[Say]:
    """The undoing takes the confirmation's place, and the right amount may follow; too late, the button goes."""
    purchase_id = presses.number(given)
    try:
        undone = purchases.undo(tx, person, purchase_id)
    except UndoTooLate as refusal:
        standing = params_of(purchases.recall(tx, person, purchase_id))
        return [Say("purchase_recorded", standing, edit=given.message_id), refused(refusal)]
    reopened = desk.reopen(tx, person, undone.member_id)
    return [Say("purchase_undone", {**asdict(undone), "reopened": reopened}, edit=given.message_id)]


def who(turn: Turn, answer: Answer) -> list[int]:
    """Whom a clerk may mean."""
    if answer.kind != "text":
        raise AnswerUnclear
    return purchases.identify(turn.tx, turn.person, answer.value)


def several(turn: Turn) -> bool:
    return len(turn.answers["who"]) > 1


def candidates(turn: Turn) -> dict[str, Any]:
    found = purchases.list_candidates(turn.tx, turn.person, turn.answers["who"])
    return {"candidates": [asdict(candidate) for candidate in found]}


def pick(turn: Turn, answer: Answer) -> int:
    chosen = next((known for known in turn.answers["who"] if str(known) == answer.value), None)
    if chosen is None:
        raise AnswerUnclear
    return purchases.require_customer(turn.tx, turn.person, chosen).id


def buyer(turn: Turn) -> int:
    """Who is meant, once `who` and `pick` are answered."""
    member_id: int = turn.answers.get("pick") or turn.answers["who"][0]
    return member_id


def _whose(turn: Turn) -> dict[str, Any]:
    return {"buyer": asdict(purchases.list_candidates(turn.tx, turn.person, [buyer(turn)])[0])}


def _sale(turn: Turn, answer: Answer) -> dict[str, Any]:
    return asdict(purchases.read_sale(turn.tx, answer.value))


def _finish(turn: Turn) -> Say:
    told = turn.answers
    taken = told["saving"]["taken"] if "saving" in told else None
    sale = coupons.sale_of(told)
    recorded = purchases.record(turn.tx, turn.person, buyer(turn), sale, told["key"], taken)
    return Say("purchase_recorded", params_of(recorded))


DIALOGUES = (
    Dialogue(
        _NAME,
        (
            Step("who", who),
            Step("pick", pick, candidates, needed=several),
            Step("sale", _sale, _whose),
            Step("saving", coupons.choose, coupons.offered, needed=coupons.is_offered),
        ),
        _finish,
    ),
)
ROUTES = (
    Route(
        purchase,
        command="purchase",
        words=("purchase", "记录消费", "記錄消費", "登记消费", "登記消費", "录入消费", "錄入消費"),
        role=Role.CLERK,
    ),
    Route(undo, verbs=("undo",), role=Role.CLERK),
)
