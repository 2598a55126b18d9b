"""Pieces of gifts: more of them, fewer, or from one store to another."""

from __future__ import annotations

from typing import Any

from actions import stocks
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import id_at
from bot.routing import Route
from db.database import Tx
from db.people import Person
from loyalty import gifts as rules
from loyalty.errors import AnswerUnclear
from loyalty.messages import Say
from loyalty.roles import Role

_RESTOCK, _MOVE = "gift_restock", "gift_move"


async def restock(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given.chat_id, _RESTOCK, id_at(ctx.given))


async def move(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given.chat_id, _MOVE, id_at(ctx.given))


def _begin(tx: Tx, person: Person, dialogues: Dialogues, chat_id: int, name: str, gift_id: int) -> list[Say]:
    stocks.managed_stores(tx, person, gift_id)
    return dialogues.begin(tx, person, chat_id, name, {"gift": gift_id})


def _managed(turn: Turn) -> list[dict[str, Any]]:
    return stocks.managed_stores(turn.tx, turn.person, turn.answers["gift"])


def _several(turn: Turn) -> bool:
    return len(_managed(turn)) > 1


def _choices(turn: Turn) -> dict[str, Any]:
    return {"stores": _managed(turn)}


def _sources(turn: Turn) -> dict[str, Any]:
    return {"stores": [store for store in _managed(turn) if store["free"]]}


def _targets(turn: Turn) -> dict[str, Any]:
    return {"stores": [store for store in _managed(turn) if store["id"] != turn.answers["from"]]}


def _store(turn: Turn, answer: Answer) -> int:
    chosen = next((store["id"] for store in _managed(turn) if str(store["id"]) == answer.value), None)
    if chosen is None:
        raise AnswerUnclear
    return int(chosen)


def _at(turn: Turn) -> dict[str, Any]:
    """The store whose pieces it is about: the one chosen, or the only one."""
    chosen = turn.answers.get("store") or turn.answers.get("from")
    managed = _managed(turn)
    return {"store": next((store for store in managed if store["id"] == chosen), managed[0])}


def _change(_turn: Turn, answer: Answer) -> int:
    if answer.kind != "text":
        raise AnswerUnclear
    return stocks.read_change(answer.value)


def _pieces(_turn: Turn, answer: Answer) -> int:
    if answer.kind != "text":
        raise AnswerUnclear
    return rules.parse_count(answer.value, "number", 1)


def _finish_restock(turn: Turn) -> Say:
    told = turn.answers
    return stocks.restock(turn.tx, turn.person, told["gift"], _at(turn)["store"]["id"], told["pieces"])


def _finish_move(turn: Turn) -> Say:
    told = turn.answers
    return stocks.move(turn.tx, turn.person, told["gift"], told["from"], told["to"], told["pieces"])


DIALOGUES = (
    Dialogue(
        _RESTOCK,
        (Step("store", _store, _choices, needed=_several), Step("pieces", _change, _at)),
        _finish_restock,
    ),
    Dialogue(
        _MOVE,
        (Step("from", _store, _sources), Step("to", _store, _targets), Step("pieces", _pieces, _at)),
        _finish_move,
    ),
)
ROUTES = (
    Route(restock, verbs=("giftput",), role=Role.MANAGER),
    Route(move, verbs=("giftmove",), role=Role.MANAGER),
)
