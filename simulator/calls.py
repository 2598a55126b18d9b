"""One call of the Bot API from arguments to answer: faults, checks, the method, the log."""

import asyncio
import inspect
import time
from typing import Any

from simulator.errors import NOT_FOUND, ApiError, ConnectionDropped
from simulator.faults import Fault, before
from simulator.methods.table import METHODS, Call, Method, Upload, read_arguments
from simulator.people import Bot
from simulator.wire import Json
from simulator.world import World


async def perform(world: World, bot: Bot, name: str, raw: Json, uploads: dict[str, Upload]) -> tuple[int, Json]:
    """HTTP status and body of the answer. Raises ConnectionDropped when a fault cuts the line."""
    entry = _entry(world, bot, name, raw)
    world.log.append(entry)
    chosen = METHODS.get(name.lower())
    try:
        result = await _attempt(world, bot, chosen, raw, uploads, entry)
    except ApiError as refusal:
        entry |= {"status": refusal.code, "error": refusal.description}
        return refusal.code, refusal.response()
    except (ConnectionDropped, asyncio.CancelledError):
        entry |= {"error": entry["error"] or "connection dropped"}
        raise
    finally:
        if world.on_call is not None:
            world.on_call(entry)
    return 200, {"ok": True, "result": result}


async def _attempt(
    world: World, bot: Bot, chosen: Method | None, raw: Json, uploads: dict[str, Upload], entry: Json
) -> Any:
    fault = _fault(world, entry)
    if fault is not None:
        entry["fault"] = fault.kind
        await before(fault)
    if chosen is None:
        raise ApiError(404, NOT_FOUND)
    entry["method"] = chosen.name
    if ignored := raw.keys() - chosen.parameters.keys() - uploads.keys():
        entry["ignored"] = sorted(ignored)
    result = chosen.run(Call(world, bot, read_arguments(chosen, raw), uploads))
    if inspect.isawaitable(result):
        result = await result
    _note_result(entry, result)
    entry["status"] = 200
    if fault is not None and fault.kind == "answer_lost":
        entry["error"] = "answer lost"
        raise ConnectionDropped("the answer was lost")
    return result


def _fault(world: World, entry: Json) -> Fault | None:
    if not world.faults.rules:
        return None
    chat = str(entry["params"].get("chat_id", ""))
    number = int(chat) if chat.lstrip("-").isdigit() else None
    return world.faults.strike(entry["method"].lower(), number)


def _entry(world: World, bot: Bot, name: str, raw: Json) -> Json:
    params = {key: _elided(value) for key, value in raw.items()}
    base: Json = {"at": world.clock.now(), "bot": bot.id, "method": name, "params": params}
    return {**base, "status": None, "error": None, "monotonic": time.monotonic()}


def _elided(value: Any) -> Any:
    if isinstance(value, Upload):
        return f"<file {value.name} {len(value.data)} bytes>"
    return value


def _note_result(entry: Json, result: Any) -> None:
    if isinstance(result, dict) and "message_id" in result:
        entry["message_id"] = result["message_id"]
