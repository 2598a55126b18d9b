"""The bot itself: who it is, its menus, names and descriptions."""

from collections.abc import Callable

from simulator.commands import Scope, parse_commands, parse_language, parse_scope
from simulator.errors import bad_request
from simulator.methods.table import ARRAY, INTEGER, OBJECT, STRING, Call, method
from simulator.wire import Json

# Longest name and descriptions, in characters.
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
SCOPE = {"scope": OBJECT, "language_code": STRING}


@method("getMe")
def get_me(call: Call) -> Json:
    flags = {"can_join_groups": True, "can_read_all_group_messages": call.bot.reads_groups}
    more = ("supports_inline_queries", "can_connect_to_business", "has_main_web_app", "has_topics_enabled")
    rare = ("allows_users_to_create_topics", "can_manage_bots", "supports_guest_queries")
    return {**call.bot.wire, **flags, **dict.fromkeys((*more, *rare), False)}


@method("logOut")
def log_out(_call: Call) -> bool:
    return True


@method("close")
def close(_call: Call) -> bool:
    return True


@method("setMyCommands", {"commands": ARRAY}, **SCOPE)
def set_my_commands(call: Call) -> bool:
    call.bot.menus.set(*_scope(call), parse_commands(call.args["commands"]))
    call.world.tell("state", {}, None)
    return True


@method("getMyCommands", **SCOPE)
def get_my_commands(call: Call) -> list[Json]:
    return call.bot.menus.get(*_scope(call))


@method("deleteMyCommands", **SCOPE)
def delete_my_commands(call: Call) -> bool:
    call.bot.menus.delete(*_scope(call))
    call.world.tell("state", {}, None)
    return True


def _scope(call: Call) -> tuple[Scope, str]:
    scope = parse_scope(call.get("scope"))
    _, chat_id, _ = scope
    if chat_id and call.world.known_chat(call.bot, chat_id) is None:
        raise bad_request("chat not found")
    return scope, parse_language(call.get("language_code"))


def _setter(kind: str) -> Callable[[Call], bool]:
    def set_text(call: Call) -> bool:
        text = call.get(kind, "")
        language = parse_language(call.get("language_code"))
        if len(text) > TEXT_LIMITS[kind]:
            raise bad_request(f"{kind} is too long; it must be at most {TEXT_LIMITS[kind]} characters")
        call.bot.texts[kind, language] = text
        call.world.tell("state", {}, None)
        return True

    return set_text


def _getter(kind: str) -> Callable[[Call], Json]:
    return lambda call: {kind: call.bot.text(kind, parse_language(call.get("language_code")))}


for _kind, _title in (("name", "Name"), ("description", "Description"), ("short_description", "ShortDescription")):
    method(f"setMy{_title}", **{_kind: STRING}, language_code=STRING)(_setter(_kind))
    method(f"getMy{_title}", language_code=STRING)(_getter(_kind))


@method("setChatMenuButton", chat_id=INTEGER, menu_button=OBJECT)
def set_chat_menu_button(call: Call) -> bool:
    button = call.get("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: unsupported type")
    call.bot.menu_buttons[call.get("chat_id", 0)] = button
    call.world.tell("state", {}, None)
    return True


@method("getChatMenuButton", chat_id=INTEGER)
def get_chat_menu_button(call: Call) -> Json:
    buttons = call.bot.menu_buttons
    return buttons.get(call.get("chat_id", 0)) or buttons.get(0) or {"type": "commands"}
