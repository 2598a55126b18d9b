"""The command menus Telegram shows: members see theirs, staff see more, each in their language."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from actions import staff
from bot.context import Ctx
from bot.words import N_, Words, choose_locale
from db import people
from db.database import Tx
from db.people import Person
from loyalty.roles import Role, may

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Entry:
    command: str
    description: str  # msgid
    role: Role | None = None


ENTRIES = (
    Entry("card", N_("My membership card")),
    Entry("points", N_("My points")),
    Entry("history", N_("Where my points came from")),
    Entry("gifts", N_("Gifts for my points")),
    Entry("profile", N_("My details")),
    Entry("settings", N_("Language, messages, large print")),
    Entry("privacy", N_("My data and my rights")),
    Entry("help", N_("What I can do here")),
    Entry("member", N_("Find a member"), Role.CLERK),
    Entry("purchase", N_("Record a purchase"), Role.CLERK),
    Entry("verify", N_("Hand over a gift"), Role.CLERK),
    Entry("refund", N_("Refund a purchase"), Role.CLERK),
    Entry("enrol", N_("Sign up a customer without Telegram"), Role.CLERK),
    Entry("desk", N_("My counter"), Role.CLERK),
    Entry("gift", N_("Our gifts"), Role.MANAGER),
    Entry("staff", N_("Who works here"), Role.MANAGER),
    Entry("store", N_("Our stores"), Role.MANAGER),
    Entry("audit", N_("Who did what"), Role.MANAGER),
)

DESCRIPTION = N_(
    "Your member card and your points, right here in this chat. Join in a minute, show the card when you pay, and ask "
    "for your points whenever you like."
)
SHORT_DESCRIPTION = N_("Member card and points, in this chat.")

# setMyCommands takes two-letter codes: 简 and 繁 share "zh", so who chose either gets a menu of their own chat.
_BY_TELEGRAM_LANGUAGE = {"": "", "zh": "zh_Hans", "en": "en"}


def commands(words: Words, locale: str, role: Role | None) -> list[BotCommand]:
    """The menu of somebody with this role, in this language."""
    shown = [entry for entry in ENTRIES if entry.role is None or may(role, entry.role)]
    return [BotCommand(entry.command, words.gettext(locale, entry.description)) for entry in shown]


async def publish(bot: Bot, words: Words) -> None:
    """What everybody sees who has no menu of their own: the commands, and what the bot says of itself."""
    for language, locale in _BY_TELEGRAM_LANGUAGE.items():
        spoken = words.language(locale or words.default_locale)
        menu = commands(words, locale or words.default_locale, None)
        await bot.set_my_commands(menu, scope=BotCommandScopeAllPrivateChats(), language_code=language)
        await bot.set_my_description(spoken.gettext(DESCRIPTION), language_code=language)
        await bot.set_my_short_description(spoken.gettext(SHORT_DESCRIPTION), language_code=language)


def needs_own(telegram_language: str) -> bool:
    """Whether somebody whose app speaks this would otherwise see the menu in the other Chinese script."""
    return choose_locale("", telegram_language, "") == "zh_Hant"


async def refresh(ctx: Ctx, user_id: int) -> None:
    """One person's own menu anew, after a change of role or language: a courtesy, whose failure is only logged."""
    person, role = await ctx.ask(_whom, user_id)
    if person is None:
        return
    words = ctx.services.words
    locale = choose_locale(person.language, person.telegram_language or None, words.default_locale)
    try:
        await publish_for(ctx.bot, words, user_id, locale, role)
    except TelegramError as error:
        log.warning("menu_not_set", error=str(error))


def _whom(tx: Tx, user_id: int) -> tuple[Person | None, Role | None]:
    return people.get(tx, user_id), staff.strongest_role(tx, user_id)


async def publish_for(bot: Bot, words: Words, chat_id: int, locale: str, role: Role | None) -> None:
    """One person's own menu, after a change of role or language."""
    await bot.set_my_commands(commands(words, locale, role), scope=BotCommandScopeChat(chat_id))
