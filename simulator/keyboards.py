"""Reply markups: checked on the way in, found again when somebody presses a button."""

from typing import Any

from simulator.errors import bad_request
from simulator.wire import Json, utf16_length

MAX_BUTTONS = 100
MAX_PER_ROW = 8
MAX_CALLBACK_BYTES = 64
# What an inline button can do; exactly one of these.
ACTIONS: dict[str, type[Any]] = {
    "url": str,
    "callback_data": str,
    "web_app": dict,
    "login_url": dict,
    "switch_inline_query": str,
    "switch_inline_query_current_chat": str,
    "switch_inline_query_chosen_chat": dict,
    "copy_text": dict,
    "callback_game": dict,
    "pay": bool,
}
REQUESTS = ("request_contact", "request_location", "request_poll", "request_users", "request_chat", "web_app")
URL_SCHEMES = ("http://", "https://", "tg://")


def parse_markup(value: Any, *, inline_only: bool = False) -> Json | None:
    """The reply markup as a checked object; None when there is none or it is an empty object."""
    if value is None or value == {}:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        return {"inline_keyboard": _rows(value["inline_keyboard"], "inline_keyboard", _inline_button)}
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in value:
        return {**value, "keyboard": _rows(value["keyboard"], "keyboard", _reply_button)}
    if value.get("remove_keyboard") is True or value.get("force_reply") is True:
        return dict(value)
    raise bad_request("can't parse reply keyboard markup JSON object")


def _rows(rows: Any, field: str, parse: Any) -> list[list[Json]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{field}" must be of the type Array')
    if any(not isinstance(row, list) for row in rows):
        raise bad_request(f'field "{field}" must be an Array of Arrays')
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_PER_ROW for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [[parse(button) for button in row] for row in rows if row]


def _inline_button(button: Any) -> Json:
    what = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"{what}: Inline keyboard button must be an Object")
    _checked_text(button, what)
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise bad_request(f"{what}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"{what}: Button must have exactly one action, not {' and '.join(actions)}")
    _checked_action(button, actions[0], what)
    return button


def _checked_text(button: Json, what: str) -> None:
    if "text" not in button:
        raise bad_request(f'{what}: Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise bad_request(f'{what}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request(f"{what}: Button text must be non-empty")


def _checked_action(button: Json, action: str, what: str) -> None:
    value: Any = button[action]
    if not isinstance(value, ACTIONS[action]):
        raise bad_request(f'{what}: Field "{action}" must be of type {ACTIONS[action].__name__}')
    if action == "callback_data" and not 1 <= len(value.encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        _checked_url(value)
    if action == "copy_text" and not 1 <= utf16_length(str(value.get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _checked_url(url: str) -> None:
    if not url.startswith(URL_SCHEMES) and "." not in url:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply_button(button: Any) -> Json:
    what = "can't parse keyboard button"
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request(f"{what}: KeyboardButton must be an Object")
    _checked_text(button, what)
    if sum(1 for name in REQUESTS if button.get(name)) > 1:
        raise bad_request(f"{what}: Button must have at most one request")
    return button


def find_button(rows: list[list[Json]], button: str | tuple[int, int]) -> Json | None:
    """The button with that visible label, or at that (row, column); None when there is none."""
    if isinstance(button, tuple):
        row, column = button
        return rows[row][column] if 0 <= row < len(rows) and 0 <= column < len(rows[row]) else None
    return next((one for row in rows for one in row if one["text"] == button), None)


def button_kind(button: Json) -> str:
    """What pressing an inline button does: callback, url, copy, or the name of a rarer action."""
    if "callback_data" in button:
        return "callback"
    if "copy_text" in button:
        return "copy"
    return next((name for name in ACTIONS if name in button), "text")


def reply_kind(button: Json) -> str:
    """What pressing a reply keyboard button does: text, contact, location, …"""
    asked = next((name for name in REQUESTS if button.get(name)), "")
    return asked.removeprefix("request_") or "text"


def same_markup(one: list[list[Json]] | None, other: list[list[Json]] | None) -> bool:
    return (one or None) == (other or None)
