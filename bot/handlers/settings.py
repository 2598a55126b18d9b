"""Language, easy mode, quiet hours, and what the bot may write about of its own accord."""

from __future__ import annotations

from dataclasses import asdict

from actions import settings
from bot import menus
from bot.context import Ctx
from bot.dialogues import Dialogues
from bot.routing import Route
from bot.updates import Input
from db import members
from db.database import Tx
from db.people import Person
from loyalty.messages import Say


async def show(ctx: Ctx) -> None:
    await ctx.act(settings.show, say="settings", in_place=True)


async def languages(ctx: Ctx) -> None:
    await ctx.act(settings.show, say="language", in_place=True)


async def choose_language(ctx: Ctx) -> None:
    await ctx.act(_choose_language, ctx.services.dialogues, ctx.given, _choice(ctx))
    menus.refresh(ctx, ctx.given.sender_id)


async def choose_easy_mode(ctx: Ctx) -> None:
    await ctx.act(settings.choose_easy_mode, _choice(ctx) == "on", say="settings", in_place=True)


async def quiet_hours(ctx: Ctx) -> None:
    await ctx.act(settings.show, say="quiet_hours", in_place=True)


async def choose_quiet_hours(ctx: Ctx) -> None:
    await ctx.act(settings.choose_quiet_hours, _choice(ctx), say="settings", in_place=True)


async def topics(ctx: Ctx) -> None:
    await ctx.act(settings.show, say="topics", in_place=_is_ours(ctx))


async def choose_topic(ctx: Ctx) -> None:
    topic, _, choice = ":".join(ctx.verb_args).partition(":")
    await ctx.act(settings.choose_topic, topic, choice == "on", say="topics", in_place=True)


async def choose_frequency(ctx: Ctx) -> None:
    await ctx.act(settings.choose_frequency, _choice(ctx), say="topics", in_place=True)


def _is_ours(ctx: Ctx) -> bool:
    """Pressed in the settings; under a push, that message stays as it is."""
    return _choice(ctx) == "here"


def _choose_language(tx: Tx, person: Person, dialogues: Dialogues, given: Input, choice: str) -> list[Say]:
    """In the new language: the message with the choice, the keyboard of a member, and the question that stands."""
    chosen = asdict(settings.choose_language(tx, person, choice))
    asked = dialogues.ask_again(tx, person, given.chat_id)
    if members.get_by_user(tx, person.user_id) is None:
        return [Say("language_chosen", {"member": False}, edit=given.message_id), *asked]
    return [Say("settings", chosen, edit=given.message_id), Say("language_chosen", {"member": True}), *asked]


def _choice(ctx: Ctx) -> str:
    return ctx.verb_args[0] if ctx.verb_args else ""


ROUTES = (
    Route(
        show,
        command="settings",
        words=("设置", "設定", "設置", "settings"),
        verbs=("settings",),
        within_dialogue=True,
    ),
    Route(
        languages,
        command="language",
        words=("语言", "語言", "language", "中文", "english"),
        verbs=("languages",),
        within_dialogue=True,
    ),
    Route(choose_language, verbs=("lang",), within_dialogue=True),
    Route(choose_easy_mode, verbs=("easy",), within_dialogue=True),
    Route(quiet_hours, verbs=("quiethours",), within_dialogue=True),
    Route(choose_quiet_hours, verbs=("quiet",), within_dialogue=True),
    Route(topics, verbs=("topics",), within_dialogue=True),
    Route(choose_topic, verbs=("topic",), within_dialogue=True),
    Route(choose_frequency, verbs=("often",), within_dialogue=True),
)
