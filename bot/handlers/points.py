"""A member's points: what there is, where it came from, all of it as a file."""

from __future__ import annotations

from actions import points
from bot import presses
from bot.context import Ctx
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person


async def overview(ctx: Ctx) -> None:
    await ctx.act(points.overview, say="points")


async def history(ctx: Ctx) -> None:
    await ctx.act(points.page, say="history")


async def turn_page(ctx: Ctx) -> None:
    await ctx.act(_page, ctx.given, say="history", in_place=True)


async def spreadsheet(ctx: Ctx) -> None:
    await ctx.act(points.spreadsheet)


def _page(tx: Tx, person: Person, given: Input) -> points.Page:
    return points.page(tx, person, presses.number(given))


ROUTES = (
    Route(
        overview,
        command="points",
        words=("积分", "積分", "查积分", "查積分", "我的积分", "我的積分", "points", "my points", "balance"),
        verbs=("points",),
    ),
    Route(
        history,
        command="history",
        words=("积分明细", "積分明細", "消费记录", "消費記錄", "明细", "明細", "history", "my history"),
        verbs=("history",),
    ),
    Route(turn_page, verbs=("hist",)),
    Route(spreadsheet, verbs=("histfile",)),
)
