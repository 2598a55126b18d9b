"""Command menus by scope and language, found in Telegram's order."""

import re
from typing import Any

from simulator.errors import ApiError, bad_request
from simulator.wire import Json

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")

Scope = tuple[str, int, int]


def parse_scope(value: Json | None) -> Scope:
    """A hashable scope: (type, chat id or 0, user id or 0)."""
    if value is None:
        return ("default", 0, 0)
    kind = value.get("type")
    if kind in PLAIN_SCOPES:
        return (str(kind), 0, 0)
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if "chat_id" not in value:
        raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
    if kind == "chat_member" and "user_id" not in value:
        raise bad_request("can't parse BotCommandScope: Can't find field \"user_id\"")
    user = int(value.get("user_id", 0)) if kind == "chat_member" else 0
    return (str(kind), int(value["chat_id"]), user)


def parse_language(code: str | None) -> str:
    """A two-letter ISO 639-1 code or nothing; longer codes are refused as Telegram refuses them."""
    if not _LANGUAGE.fullmatch(code or ""):
        raise bad_request("invalid language code specified")
    return code or ""


def parse_commands(items: list[Any]) -> list[Json]:
    """Checked commands; at most 100, names of a-z 0-9 _ up to 32, descriptions of 1-256 characters."""
    if len(items) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(item) for item in items]


def _command(item: Any) -> Json:
    if not isinstance(item, dict):
        raise _broken("expected an Object")
    for name in ("command", "description"):
        if not isinstance(item.get(name), str):
            raise _broken(f'Can\'t find field "{name}"')
    command, description = item["command"].removeprefix("/"), item["description"].strip()
    if not _NAME.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse BotCommand: {reason}")


class CommandMenus:
    """One bot's menus."""

    def __init__(self) -> None:
        self._menus: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, scope: Scope, language: str, commands: list[Json]) -> None:
        if commands:
            self._menus[scope, language] = commands
        else:
            self.delete(scope, language)

    def get(self, scope: Scope, language: str) -> list[Json]:
        return self._menus.get((scope, language), [])

    def all(self) -> list[tuple[Scope, str, list[Json]]]:
        """Every menu that was set."""
        return [(scope, language, commands) for (scope, language), commands in self._menus.items()]

    def delete(self, scope: Scope, language: str) -> None:
        self._menus.pop((scope, language), None)

    def shown_to(self, user_id: int, language: str, group_id: int | None, *, admin: bool = False) -> list[Json]:
        """The menu one person sees in the private chat (`group_id` None) or in a group.

        Order: https://core.telegram.org/bots/api#determining-list-of-commands
        """
        for scope in _scopes(user_id, group_id, admin):
            for code in (language.partition("-")[0].lower(), ""):
                if found := self._menus.get((scope, code)):
                    return found
        return []


def _scopes(user_id: int, group_id: int | None, admin: bool) -> list[Scope]:
    if group_id is None:
        return [("chat", user_id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    admins: list[Scope] = [("chat_administrators", group_id, 0)] if admin else []
    all_admins: list[Scope] = [("all_chat_administrators", 0, 0)] if admin else []
    chat: list[Scope] = [("chat_member", group_id, user_id), *admins, ("chat", group_id, 0)]
    return [*chat, *all_admins, ("all_group_chats", 0, 0), ("default", 0, 0)]
