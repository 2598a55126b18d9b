"""How the bot is, for managers and owners."""

from __future__ import annotations

from actions import health
from bot.context import Ctx
from bot.routing import Route
from loyalty.roles import Role


async def show(ctx: Ctx) -> None:
    await ctx.act(health.look, say="health", in_place=True)


ROUTES = (
    Route(show, command="health", words=("health", "运行状况", "運作狀況"), verbs=("health",), role=Role.MANAGER),
)
