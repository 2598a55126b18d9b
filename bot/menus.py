"""The command menus Telegram shows: what each may use, newcomers, members and staff, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import TelegramError

from actions import staff
from bot.api import Api
from bot.context import Ctx
from bot.logs import blame
from bot.services import Services
from bot.words import N_, Words, choose_locale
from db import members, people
from db.database import DatabaseTrouble, Tx
from db.people import Person
from loyalty.roles import Role, may

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Entry:
    command: str
    description: str  # msgid
    role: Role | None = None  # the least that may


# Each in the order of use; who works here sees that first.
_AT_WORK = (
    Entry("desk", N_("My counter"), Role.CLERK),
    Entry("member", N_("Find a member"), Role.CLERK),
    Entry("purchase", N_("Record a purchase"), Role.CLERK),
    Entry("verify", N_("Hand over a gift"), Role.CLERK),
    Entry("refund", N_("Refund a purchase"), Role.CLERK),
    Entry("queue", N_("Open cases"), Role.CLERK),
    Entry("complaint", N_("Log what a customer says"), Role.CLERK),
    Entry("tasks", N_("Whom to greet today"), Role.CLERK),
    Entry("note", N_("Note something about a customer"), Role.CLERK),
    Entry("enrol", N_("Sign up a customer without Telegram"), Role.CLERK),
    Entry("score", N_("My figures, handbook, quiz"), Role.CLERK),
    Entry("staff", N_("Who works here"), Role.MANAGER),
    Entry("store", N_("Our stores"), Role.MANAGER),
    Entry("gift", N_("Our gifts"), Role.MANAGER),
    Entry("coupon", N_("Our coupons"), Role.MANAGER),
    Entry("campaign", N_("Write to many members"), Role.MANAGER),
    Entry("report", N_("How we are doing"), Role.MANAGER),
    Entry("jobs", N_("What runs by itself"), Role.MANAGER),
    Entry("audit", N_("Who did what"), Role.MANAGER),
    Entry("health", N_("How the bot and its messages are"), Role.MANAGER),
)
_OF_MEMBERS = (
    Entry("card", N_("My membership card")),
    Entry("points", N_("My points")),
    Entry("history", N_("Where my points came from")),
    Entry("gifts", N_("Gifts for my points")),
    Entry("coupons", N_("My coupons")),
    Entry("feedback", N_("Complaint, idea or praise")),
    Entry("cases", N_("What became of it")),
    Entry("profile", N_("My details")),
    Entry("settings", N_("Language, messages, large print")),
)
_OF_NEWCOMERS = (
    Entry("join", N_("Become a member")),
    Entry("language", "简体中文 · 繁體中文 · English"),
)
_OF_EVERYBODY = (
    Entry("help", N_("What I can do here")),
    Entry("privacy", N_("My data and my rights")),
)
# Saying these, the person's menu may have become another, or was never sent.
_FOLLOWED = frozenset(("joined", "welcome_back", "help", "erasure_done"))

DESCRIPTION = N_(
    "Your member card and your points, right here in this chat. Join in a minute, show the card when you pay, and ask "
    "for your points whenever you like."
)
SHORT_DESCRIPTION = N_("Member card and points, in this chat.")

# setMyCommands takes two-letter codes: 简 and 繁 share "zh", so who chose either gets a menu of their own chat.
_BY_TELEGRAM_LANGUAGE = {"": "", "zh": "zh_Hans", "en": "en"}


def commands(words: Words, locale: str, role: Role | None, member: bool) -> list[dict[str, str]]:
    """The menu of somebody with this role, member or not, in this language, as Telegram's BotCommands."""
    entries = (*_AT_WORK, *(_OF_MEMBERS if member else _OF_NEWCOMERS), *_OF_EVERYBODY)
    shown = [entry for entry in entries if entry.role is None or may(role, entry.role)]
    return [{"command": entry.command, "description": words.gettext(locale, entry.description)} for entry in shown]


async def publish(api: Api, words: Words) -> None:
    """What everybody sees who has no menu of their own: the commands, and what the bot says of itself."""
    everybody = {"scope": {"type": "all_private_chats"}}
    for language, locale in _BY_TELEGRAM_LANGUAGE.items():
        spoken = words.language(locale or words.default_locale)
        menu = commands(words, locale or words.default_locale, None, member=False)
        whose = {"language_code": language}
        await _put(api, "Commands", {**everybody, **whose}, {"commands": menu})
        await _put(api, "Description", whose, {"description": spoken.gettext(DESCRIPTION)})
        await _put(api, "ShortDescription", whose, {"short_description": spoken.gettext(SHORT_DESCRIPTION)})


async def _put(api: Api, what: str, whose: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Only if it is not so already: reading is free, but Telegram lets descriptions be changed seldom."""
    found = await api.call(f"getMy{what}", whose)
    if (found if isinstance(found, dict) else {"commands": found}) != wanted:
        await api.call(f"setMy{what}", {**whose, **wanted})


def needs_own(telegram_language: str) -> bool:
    """Whether somebody whose app speaks this would otherwise see the menu in the other Chinese script."""
    return choose_locale("", telegram_language, "") == "zh_Hant"


def refresh(ctx: Ctx, user_id: int) -> None:
    """One person's own menu anew, after a change of role or language: a courtesy that nobody waits for."""
    ctx.services.courier.do_besides(_refresh(ctx.services, user_id))


def follow(ctx: Ctx) -> None:
    """Their own menu anew for who has just been told what may change it."""
    if any(message.body["template"] in _FOLLOWED for message in ctx.attempt.posted):
        refresh(ctx, ctx.given.sender_id)


async def _refresh(services: Services, user_id: int) -> None:
    words = services.words
    try:
        person, role, member = await services.db.read(_whom, user_id)
        if person is not None:
            locale = choose_locale(person.language, person.telegram_language or None, words.default_locale)
            scope = {"type": "chat", "chat_id": user_id}
            menu = commands(words, locale, role, member)
            await services.api.call("setMyCommands", {"scope": scope, "commands": menu})
    except (TelegramError, DatabaseTrouble) as error:
        log.warning("menu_not_set", error=blame(error))


def _whom(tx: Tx, user_id: int) -> tuple[Person | None, Role | None, bool]:
    member = members.get_by_user(tx, user_id) is not None
    return people.get(tx, user_id), staff.strongest_role(tx, user_id), member
