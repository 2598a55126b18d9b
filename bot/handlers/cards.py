"""The membership card."""

from __future__ import annotations

from actions import cards
from bot.context import Ctx
from bot.routing import Route


async def card(ctx: Ctx) -> None:
    await ctx.act(cards.show)


async def large_print(ctx: Ctx) -> None:
    await ctx.act(cards.show, large_print=True)


ROUTES = (
    Route(
        card,
        command="card",
        words=(
            *("会员卡", "會員卡", "会员码", "會員碼", "我的会员卡", "我的會員卡"),
            *("card", "my card", "membership card"),
        ),
        verbs=("card",),
    ),
    Route(large_print, verbs=("cardlarge",), words=("大字会员卡", "大字會員卡", "large card")),
)
