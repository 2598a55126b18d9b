"""Short quizzes: one question a message, what is right at once, the result at the end."""

from __future__ import annotations

from dataclasses import asdict

from actions import quizzes
from actions.quizzes import Answered, Asked, Past, Result
from bot.context import Ctx
from bot.presses import id_at
from bot.routing import Route
from bot.updates import Input
from bot.words import locale_of
from db.database import Tx
from db.people import Person
from loyalty.messages import Say
from loyalty.roles import Role

_TEMPLATES: dict[type, str] = {Asked: "quiz_question", Answered: "quiz_answered", Result: "quiz_result"}


async def begin(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.words.default_locale, say="quiz_question")


async def answer(ctx: Ctx) -> None:
    await ctx.act(_answer, ctx.given)


async def stop(ctx: Ctx) -> None:
    await ctx.act(quizzes.stop, id_at(ctx.given), say="quiz_result", in_place=True)


async def past(ctx: Ctx) -> None:
    await ctx.act(_past, ctx.services.words.default_locale, say="quiz_past")


def _begin(tx: Tx, person: Person, default: str) -> Asked:
    return quizzes.begin(tx, person, locale_of(person, default))


def _answer(tx: Tx, person: Person, given: Input) -> list[Say]:
    """The question's message then says what was right; what comes next is a new one."""
    said = quizzes.answer(tx, person, id_at(given), id_at(given, 1), id_at(given, 2))
    return [
        Say(_TEMPLATES[type(one)], asdict(one), edit=0 if place else given.message_id) for place, one in enumerate(said)
    ]


def _past(tx: Tx, person: Person, default: str) -> Past:
    return quizzes.past(tx, person, locale_of(person, default))


ROUTES = (
    Route(
        begin,
        words=("quiz", "short quiz", "小测验", "小測驗", "测验", "測驗"),
        verbs=("quiz",),
        role=Role.CLERK,
    ),
    Route(answer, verbs=("quizsay",), role=Role.CLERK, within_dialogue=True),
    Route(stop, verbs=("quizstop",), role=Role.CLERK, within_dialogue=True),
    Route(past, verbs=("quizzes",), role=Role.CLERK, within_dialogue=True),
)
