"""Stores: opened, changed and closed in chat, each with its join link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from actions import stores
from actions.stores import StoreView
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from db.database import Tx
from db.people import Person
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role
from loyalty.stores import suggest_code

_NEW, _EDIT = "store_new", "store_edit"
_OPTIONAL = ("district", "address")


async def list_managed(ctx: Ctx) -> None:
    await ctx.act(stores.list_managed, id_at(ctx.given), say="store_list", in_place=True)


async def look_at(ctx: Ctx) -> None:
    await ctx.act(stores.look_at, id_at(ctx.given), say=_shown(ctx), in_place=True)


async def add(ctx: Ctx) -> None:
    await ctx.act(_begin_new, ctx.services.dialogues, ctx.given.chat_id, ctx.services.bot_username)


async def change(ctx: Ctx) -> None:
    store_id, field = id_at(ctx.given), argument(ctx.given, 1)
    username = ctx.services.bot_username
    await ctx.act(_begin_edit, ctx.services.dialogues, ctx.given.chat_id, username, store_id, field)


async def confirm_closing(ctx: Ctx) -> None:
    await ctx.act(stores.look_at_closable, id_at(ctx.given), say="store_close_confirm", in_place=True)


async def close(ctx: Ctx) -> None:
    await ctx.act(stores.set_active, id_at(ctx.given), active=False, say=_shown(ctx), in_place=True)


async def reopen(ctx: Ctx) -> None:
    await ctx.act(stores.set_active, id_at(ctx.given), active=True, say=_shown(ctx), in_place=True)


async def poster(ctx: Ctx) -> None:
    await ctx.act(stores.poster, id_at(ctx.given))


def _shown(ctx: Ctx) -> Any:
    return lambda view: _say("store_view", view, ctx.services.bot_username)


def _say(template: str, view: StoreView, username: str) -> Say:
    return Say(template, asdict(view) | {"link": f"https://t.me/{username}?start={view.start}"})


def _begin_new(tx: Tx, person: Person, dialogues: Dialogues, chat_id: int, username: str) -> list[Say]:
    stores.check_may_add(tx, person)
    return dialogues.begin(tx, person, chat_id, _NEW, {"username": username})


def _begin_edit(
    tx: Tx, person: Person, dialogues: Dialogues, chat_id: int, username: str, store_id: int, field: str
) -> list[Say]:
    stores.look_at(tx, person, store_id)
    if field not in stores.FIELDS:
        raise StaleButton
    return dialogues.begin(tx, person, chat_id, _EDIT, {"username": username, "store": store_id, "field": field})


def _code(turn: Turn, answer: Answer) -> str:
    if answer.kind not in ("text", "press"):
        raise AnswerUnclear
    return stores.read_code(turn.tx, answer.value)


def _suggestion(turn: Turn) -> dict[str, Any]:
    return {"code": suggest_code(turn.answers["name"], lambda code: stores.is_taken(turn.tx, code))}


def _value(turn: Turn, answer: Answer) -> str:
    return _read(turn.answers["field"], answer)


def _parser(field: str) -> Callable[[Turn, Answer], str]:
    return lambda _turn, answer: _read(field, answer)


def _read(field: str, answer: Answer) -> str:
    """What was typed; '' by the button that leaves an optional field empty."""
    if answer.kind == "press" and answer.value == "none" and field in _OPTIONAL:
        return ""
    if answer.kind != "text":
        raise AnswerUnclear
    return stores.read(field, answer.value)


def _current(turn: Turn) -> dict[str, Any]:
    field = turn.answers["field"]
    view = stores.look_at(turn.tx, turn.person, turn.answers["store"])
    return {"field": field, "value": getattr(view, field), "optional": field in _OPTIONAL}


def _finish_new(turn: Turn) -> Say:
    told = turn.answers
    view = stores.add(turn.tx, turn.person, told["name"], told["code"], told["district"], told["address"])
    return _say("store_added", view, told["username"])


def _finish_edit(turn: Turn) -> Say:
    told = turn.answers
    view = stores.change(turn.tx, turn.person, told["store"], told["field"], told["value"])
    return _say("store_view", view, told["username"])


DIALOGUES = (
    Dialogue(
        _NEW,
        (
            Step("name", _parser("name")),
            Step("code", _code, _suggestion),
            Step("district", _parser("district")),
            Step("address", _parser("address")),
        ),
        _finish_new,
    ),
    Dialogue(_EDIT, (Step("value", _value, _current),), _finish_edit),
)
ROUTES = (
    Route(
        list_managed,
        command="store",
        words=("stores", "门店", "門店", "門市", "店铺", "店鋪"),
        verbs=("stores",),
        role=Role.MANAGER,
    ),
    Route(look_at, verbs=("store",), role=Role.MANAGER),
    Route(add, verbs=("storenew",), role=Role.MANAGER),
    Route(change, verbs=("storeedit",), role=Role.MANAGER),
    Route(confirm_closing, verbs=("storeclose",), role=Role.MANAGER),
    Route(close, verbs=("storeclosed",), role=Role.MANAGER),
    Route(reopen, verbs=("storeopen",), role=Role.MANAGER),
    Route(poster, verbs=("storeqr",), role=Role.MANAGER),
)
