"""Signing up a customer who has no Telegram, at the counter."""

from __future__ import annotations

from dataclasses import asdict

from actions import desk, enrolling, purchases
from bot import presses
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Dialogue, Dialogues, Step, Turn, choice
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty import names, phones
from loyalty.messages import Say
from loyalty.roles import Role

_NAME = "enrol"


async def enrol(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given)


async def enrol_unknown(ctx: Ctx) -> None:
    await ctx.act(_begin_offered, ctx.services.dialogues, ctx.given)


def _begin_offered(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """Of the customer whose phone nobody was found by; if another has come since, the phone is asked."""
    purchases.counter(tx, person)
    phone = desk.phone_offered(tx, person, presses.number(given))
    answers: Answers = {"phone": enrolling.read_phone(tx, person, phone).e164} if phone else {}
    return dialogues.begin(tx, person, given.chat_id, _NAME, answers)


def _begin(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """`/enrol <phone> [name]`: what the message tells is asked no more."""
    purchases.counter(tx, person)
    told = given.args.split(maxsplit=1)
    answers: Answers = {}
    if told:
        answers["phone"] = enrolling.read_phone(tx, person, told[0]).e164
    if len(told) > 1:
        answers["name"] = names.clean(told[1])
    return dialogues.begin(tx, person, given.chat_id, _NAME, answers)


def _phone(turn: Turn, answer: Answer) -> str:
    typed = answer.value if answer.kind == "text" else ""
    return enrolling.read_phone(turn.tx, turn.person, typed).e164


def _name(_turn: Turn, answer: Answer) -> str:
    return names.clean(answer.value if answer.kind == "text" else "")


def _whose(turn: Turn) -> dict[str, str]:
    return {"name": turn.answers["name"], "phone": phones.mask(turn.answers["phone"])}


def _finish(turn: Turn) -> Say:
    """The new member is open at the counter, as one who was found."""
    if turn.answers["consent"] == "no":
        return Say("enrol_declined")
    enrolled = enrolling.enrol(turn.tx, turn.person, turn.answers["phone"], turn.answers["name"])
    desk.reopen(turn.tx, turn.person, enrolled.member_id)
    return Say("enrol_done", asdict(enrolled))


DIALOGUES = (
    Dialogue(
        _NAME,
        (Step("phone", _phone), Step("name", _name), Step("consent", choice("yes", "no"), _whose)),
        _finish,
    ),
)
ROUTES = (
    Route(
        enrol,
        command="enrol",
        words=("enrol", "enroll", "new member", "登记会员", "登記會員", "新会员", "新會員", "代办会员", "代辦會員"),
        role=Role.CLERK,
    ),
    Route(enrol_unknown, verbs=("enrolnew",), role=Role.CLERK, within_dialogue=True),
)
