"""How a method is declared, and how its arguments are read from strings or JSON."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import QUERY_TOO_OLD, bad_request
from simulator.people import Bot
from simulator.wire import decode
from simulator.world import World

INTEGER, FLOAT, BOOLEAN, STRING, CHAT, FILE, OBJECT, ARRAY = (
    "Integer",
    "Float",
    "Boolean",
    "String",
    "Integer or String",
    "InputFile or String",
    "Object",
    "Array",
)
# What Telegram says when these are missing; anything else gets a plain sentence.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "callback_query_id": QUERY_TOO_OLD,
    "user_id": "invalid user_id specified",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "voice": "there is no voice in the request",
    "sticker": "there is no sticker in the request",
    "video": "there is no video in the request",
    "audio": "there is no audio in the request",
    "animation": "there is no animation in the request",
}
UNREADABLE = {"reply_markup": "can't parse reply keyboard markup JSON object"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One call: who calls, with which arguments (already of their types) and uploads."""

    world: World
    bot: Bot
    args: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.args.get(name, default)


Handler = Callable[[Call], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its name, what runs it, and the types of its parameters."""

    name: str
    run: Handler
    required: dict[str, str]
    parameters: dict[str, str]


METHODS: dict[str, Method] = {}


def method(title: str, required: dict[str, str] | None = None, /, **optional: str) -> Callable[[Handler], Handler]:
    """Register the function under that name (found in any case, as on Telegram)."""
    needed = required or {}

    def register(run: Handler) -> Handler:
        METHODS[title.lower()] = Method(title, run, needed, needed | optional)
        return run

    return register


def read_arguments(chosen: Method, raw: dict[str, Any]) -> dict[str, Any]:
    """The arguments with their types; refuses missing and malformed ones, ignores unknown ones like Telegram."""
    args: dict[str, Any] = {}
    for name, value in raw.items():
        kind = chosen.parameters.get(name)
        if kind is not None and value is not None and value != "":
            args[name] = READERS[kind](name, value)
    for name in chosen.required:
        if name not in args:
            raise bad_request(MISSING.get(name, f"parameter {name} is required"))
    return args


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _wrong(name, INTEGER)
    try:
        return int(value)
    except ValueError:
        raise _wrong(name, INTEGER) from None


def _float(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _wrong(name, FLOAT) from None
    if not math.isfinite(number):
        raise _wrong(name, FLOAT)
    return number


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in ("true", "false", "1", "0", "yes", "no"):
        raise _wrong(name, BOOLEAN)
    return str(value).lower() in ("true", "1", "yes")


def _string(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise _wrong(name, STRING)


def _chat(_name: str, value: Any) -> int | str:
    text = str(value)
    if text.lstrip("-").isdigit():
        return int(text)
    if text.startswith("@"):
        return text
    raise bad_request("chat not found")


def _file(name: str, value: Any) -> Upload | str:
    return value if isinstance(value, Upload) else _string(name, value)


def _object(name: str, value: Any) -> Any:
    value = _json(name, value)
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup") if name == "reply_markup" else _wrong(name, OBJECT)
    return value


def _array(name: str, value: Any) -> list[Any]:
    value = _json(name, value)
    if not isinstance(value, list):
        raise _wrong(name, ARRAY)
    return value


def _json(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return decode(value)
    except ValueError:
        raise bad_request(UNREADABLE.get(name, f"can't parse {name} JSON object")) from None


def _wrong(name: str, kind: str) -> Exception:
    return bad_request(f"parameter {name} must be of type {kind}")


READERS: dict[str, Callable[[str, Any], Any]] = {
    INTEGER: _integer,
    FLOAT: _float,
    BOOLEAN: _boolean,
    STRING: _string,
    CHAT: _chat,
    FILE: _file,
    OBJECT: _object,
    ARRAY: _array,
}
