"""`/score`: one's own figures by month; for managers their stores', for the team what three did best."""

from __future__ import annotations

from dataclasses import asdict

from actions import scores, team_scores
from actions.team_scores import Quizzed, Stores, Team
from bot.context import Ctx
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from bot.words import locale_of
from db.database import Tx
from db.people import Person
from loyalty.messages import Say
from loyalty.roles import Role


async def own(ctx: Ctx) -> None:
    await ctx.act(scores.own, say="score")


async def turn(ctx: Ctx) -> None:
    await ctx.act(scores.own, argument(ctx.given), say="score", in_place=True)


async def list_stores(ctx: Ctx) -> None:
    await ctx.act(team_scores.list_stores, argument(ctx.given), id_at(ctx.given, 1), say=_stores, in_place=True)


async def team(ctx: Ctx) -> None:
    store_id, month, page = id_at(ctx.given), argument(ctx.given, 1), id_at(ctx.given, 2)
    await ctx.act(team_scores.team, store_id, month, page, say="score_team", in_place=True)


async def praise(ctx: Ctx) -> None:
    await ctx.act(team_scores.praise, argument(ctx.given), say="score_praise", in_place=True)


async def show(ctx: Ctx) -> None:
    await ctx.act(team_scores.show, id_at(ctx.given), argument(ctx.given, 1), say="score_shown")


async def quizzed(ctx: Ctx) -> None:
    await ctx.act(_quizzed, ctx.services.words.default_locale, ctx.given, say="score_quizzes", in_place=True)


def _stores(found: Stores | Team) -> Say:
    return Say("score_team" if isinstance(found, Team) else "score_stores", asdict(found))


def _quizzed(tx: Tx, person: Person, default: str, given: Input) -> Quizzed:
    return team_scores.quizzed(tx, person, id_at(given), locale_of(person, default))


ROUTES = (
    Route(own, command="score", words=("score", "my figures", "业绩", "業績", "我的业绩", "我的業績"), role=Role.CLERK),
    Route(turn, verbs=("score",), role=Role.CLERK, within_dialogue=True),
    Route(list_stores, verbs=("scorestores",), role=Role.MANAGER, within_dialogue=True),
    Route(team, verbs=("scoreteam",), role=Role.MANAGER, within_dialogue=True),
    Route(praise, verbs=("scorepraise",), role=Role.CLERK, within_dialogue=True),
    Route(show, verbs=("scoreshow",), role=Role.MANAGER, within_dialogue=True),
    Route(quizzed, verbs=("scorequizzes",), role=Role.MANAGER, within_dialogue=True),
)
