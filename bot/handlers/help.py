"""What one can do here, and what becomes of one's data."""

from __future__ import annotations

from actions import help as helping
from bot import menus
from bot.context import Ctx
from bot.routing import Route


async def show_help(ctx: Ctx) -> None:
    await ctx.act(helping.overview, say="help")
    menus.follow(ctx)


async def rules(ctx: Ctx) -> None:
    await ctx.act(helping.rules, say="rules", in_place=True)


ROUTES = (
    Route(
        show_help,
        command="help",
        words=("帮助", "幫助", "说明", "說明", "help", "?"),
        verbs=("help",),
        within_dialogue=True,
    ),
    Route(rules, words=("会员章程", "會員章程", "章程", "rules"), verbs=("rules",), within_dialogue=True),
)
