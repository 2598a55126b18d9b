"""The command menus Telegram shows: members see theirs, staff see more, each in their language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.words import N_, Words, choose_locale
from db.database import Database
from loyalty.charter import LOCALES
from loyalty.roles import Role, may


@dataclass(frozen=True, slots=True)
class Entry:
    command: str
    description: str  # msgid
    role: Role | None = None


ENTRIES = (
    Entry("card", N_("My membership card")),
    Entry("points", N_("My points")),
    Entry("history", N_("Where my points came from")),
    Entry("profile", N_("My details")),
    Entry("settings", N_("Language, messages, large print")),
    Entry("privacy", N_("My data and my rights")),
    Entry("help", N_("What I can do here")),
    Entry("member", N_("Find a member"), Role.CLERK),
    Entry("purchase", N_("Record a purchase"), Role.CLERK),
    Entry("desk", N_("My counter"), Role.CLERK),
    Entry("staff", N_("Who works here"), Role.MANAGER),
    Entry("store", N_("Our stores"), Role.MANAGER),
)

# setMyCommands takes two-letter codes: 简 and 繁 share "zh", so who chose either gets a menu of their own chat.
_BY_TELEGRAM_LANGUAGE = {"": "", "zh": "zh_Hans", "en": "en"}


def commands(words: Words, locale: str, role: Role | None) -> list[BotCommand]:
    """The menu of somebody with this role, in this language."""
    shown = [entry for entry in ENTRIES if entry.role is None or may(role, entry.role)]
    return [BotCommand(entry.command, words.gettext(locale, entry.description)) for entry in shown]


async def publish(bot: Bot, db: Database, words: Words) -> None:
    """The menus everybody sees who has none of their own."""
    for language, locale in _BY_TELEGRAM_LANGUAGE.items():
        menu = commands(words, locale or words.default_locale, None)
        await bot.set_my_commands(menu, scope=BotCommandScopeAllPrivateChats(), language_code=language)


async def publish_for(bot: Bot, words: Words, chat_id: int, locale: str, role: Role | None) -> None:
    """One person's own menu, after a change of role or language."""
    await bot.set_my_commands(commands(words, locale, role), scope=BotCommandScopeChat(chat_id))
