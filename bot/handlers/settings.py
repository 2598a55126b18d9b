"""Language, easy mode and quiet hours."""

from __future__ import annotations

from actions import settings
from bot import menus
from bot.context import Ctx
from bot.routing import Route


async def show(ctx: Ctx) -> None:
    await ctx.act(settings.show, say="settings", in_place=True)


async def languages(ctx: Ctx) -> None:
    await ctx.act(settings.show, say="language", in_place=True)


async def choose_language(ctx: Ctx) -> None:
    await ctx.act(settings.choose_language, _choice(ctx), say="language_chosen", in_place=True)
    await menus.refresh(ctx, ctx.given.sender_id)


async def choose_easy_mode(ctx: Ctx) -> None:
    await ctx.act(settings.choose_easy_mode, _choice(ctx) == "on", say="settings", in_place=True)


async def quiet_hours(ctx: Ctx) -> None:
    await ctx.act(settings.show, say="quiet_hours", in_place=True)


async def choose_quiet_hours(ctx: Ctx) -> None:
    await ctx.act(settings.choose_quiet_hours, _choice(ctx), say="settings", in_place=True)


def _choice(ctx: Ctx) -> str:
    return ctx.verb_args[0] if ctx.verb_args else ""


ROUTES = (
    Route(show, command="settings", words=("设置", "設定", "設置", "settings"), verbs=("settings",)),
    Route(
        languages,
        command="language",
        words=("语言", "語言", "language", "中文", "english"),
        verbs=("languages",),
        within_dialogue=True,
    ),
    Route(choose_language, verbs=("lang",), within_dialogue=True),
    Route(choose_easy_mode, verbs=("easy",)),
    Route(quiet_hours, verbs=("quiethours",)),
    Route(choose_quiet_hours, verbs=("quiet",)),
)
