"""`/gift`: managers create gifts step by step, with a picture, change and withdraw them, and see the life of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions import catalogue
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Dialogue, Dialogues, Step, Turn
from bot.pictures_sent import PictureUnusable, shrink
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.errors import AnswerUnclear, PictureRefused, StaleButton
from loyalty.gifts import Terms
from loyalty.messages import Say
from loyalty.roles import Role

_NONE = "-"  # what a button says for "no picture", "everyone", "open end"
_TERMS = ("names", "price", "tier", "limit", "until")


async def list_gifts(ctx: Ctx) -> None:
    await ctx.act(catalogue.list_gifts)


async def turn_gifts(ctx: Ctx) -> None:
    await ctx.act(catalogue.list_gifts, id_at(ctx.given), in_place=True)


async def look(ctx: Ctx) -> None:
    await ctx.act(catalogue.look, id_at(ctx.given))


async def look_again(ctx: Ctx) -> None:
    await ctx.act(catalogue.look, id_at(ctx.given), in_place=True)


async def fields(ctx: Ctx) -> None:
    await ctx.act(catalogue.choose_field, id_at(ctx.given), in_place=True)


async def create(ctx: Ctx) -> None:
    await ctx.act(_begin_new, ctx.services.dialogues, ctx.given.chat_id)


async def change(ctx: Ctx) -> None:
    await ctx.act(_begin_edit, ctx.services.dialogues, ctx.given)


async def withdraw(ctx: Ctx) -> None:
    await ctx.act(catalogue.withdraw, id_at(ctx.given), in_place=True)


async def offer_again(ctx: Ctx) -> None:
    await ctx.act(catalogue.offer_again, id_at(ctx.given), in_place=True)


async def take_picture(ctx: Ctx, file_id: str) -> None:
    """A picture, sent when it was asked for: shrunk before the transaction, in the scanner's process."""
    try:
        jpeg = await shrink(ctx, file_id)
    except PictureUnusable as unusable:
        await ctx.act(_refuse, unusable.reason)
    else:
        await ctx.act(_hear_picture, ctx.services.dialogues, ctx.given, jpeg)


def _begin_new(tx: Tx, person: Person, dialogues: Dialogues, chat_id: int) -> list[Say]:
    catalogue.stores_for(tx, person)
    return dialogues.begin(tx, person, chat_id, catalogue.NEW)


def _begin_edit(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    gift_id, field = id_at(given), argument(given, 1)
    catalogue.require_changeable(tx, person, gift_id)
    if field not in catalogue.FIELDS:
        raise StaleButton
    return dialogues.begin(tx, person, given.chat_id, catalogue.EDIT, {"gift": gift_id, "field": field})


def _hear_picture(tx: Tx, person: Person, dialogues: Dialogues, given: Input, jpeg: bytes) -> list[Say] | None:
    picture_id = catalogue.keep_picture(tx, person, jpeg)
    return dialogues.hear(tx, person, Answer("picture", str(picture_id), given))


def _refuse(_tx: Tx, _person: Person, reason: str) -> None:
    raise PictureRefused(reason)


def picture_answer(_turn: Turn, answer: Answer) -> int:
    """The id of a kept picture; 0 by the button for none."""
    if answer.kind == "picture":
        return int(answer.value)
    if (answer.kind, answer.value) == ("press", _NONE):
        return 0
    raise PictureRefused("not_sent" if answer.kind == "text" else "no_picture")


def _reading(field: str) -> Callable[[Turn, Answer], dict[str, Any]]:
    return lambda turn, answer: _read(turn, field, answer)


def _read(turn: Turn, field: str, answer: Answer) -> dict[str, Any]:
    if answer.kind not in ("text", "press"):
        raise AnswerUnclear
    return catalogue.read(turn.tx, field, answer.value)


def _pieces(turn: Turn, answer: Answer) -> dict[str, int]:
    """By store id, which JSON keeps as text."""
    if answer.kind != "text":
        raise AnswerUnclear
    found = catalogue.read_pieces(turn.tx, turn.person, answer.value)
    return {str(store_id): pieces for store_id, pieces in found.items()}


def _stores(turn: Turn) -> dict[str, Any]:
    managed = catalogue.stores_for(turn.tx, turn.person)
    return {"stores": [{"code": store.code, "name": store.name} for store in managed]}


def _tiers(turn: Turn) -> dict[str, Any]:
    return {"tiers": catalogue.tiers(turn.tx)}


def _question(turn: Turn) -> dict[str, Any]:
    return {"field": turn.answers["field"], **_tiers(turn)}


def _finish_new(turn: Turn) -> Say:
    told: Answers = {}
    for step in _TERMS:
        told |= turn.answers[step]
    terms = Terms(**{"starts_at": turn.tx.now, "per_month": 0, "collect_from": 0, **told})
    pieces = {int(store_id): count for store_id, count in turn.answers.get("pieces", {}).items()}
    return catalogue.create(turn.tx, turn.person, terms, turn.answers["picture"], pieces)


def _finish_edit(turn: Turn) -> Say:
    told = turn.answers
    changed = {"picture_id": told["picture"]} if told["field"] == "picture" else told["value"]
    return catalogue.change(turn.tx, turn.person, told["gift"], changed)


DIALOGUES = (
    Dialogue(
        catalogue.NEW,
        (
            Step("picture", picture_answer),
            Step("names", _reading("names")),
            Step("price", _reading("price")),
            Step("tier", _reading("tier"), _tiers),
            Step("limit", _reading("per_member")),
            Step("until", _reading("until")),
            Step("pieces", _pieces, _stores, needed=lambda turn: bool(_stores(turn)["stores"])),
        ),
        _finish_new,
    ),
    Dialogue(
        catalogue.EDIT,
        (
            Step("picture", picture_answer, needed=lambda turn: turn.answers["field"] == "picture"),
            Step(
                "value",
                lambda turn, answer: _read(turn, turn.answers["field"], answer),
                _question,
                needed=lambda turn: turn.answers["field"] != "picture",
            ),
        ),
        _finish_edit,
    ),
)
ROUTES = (
    Route(
        list_gifts,
        command="gift",
        words=("manage gifts", "管理礼品", "管理禮品", "礼品管理", "禮品管理"),
        verbs=("giftlist",),
        role=Role.MANAGER,
    ),
    Route(turn_gifts, verbs=("giftlistat",), role=Role.MANAGER),
    Route(look, verbs=("giftview",), role=Role.MANAGER),
    Route(look_again, verbs=("giftlife",), role=Role.MANAGER),
    Route(fields, verbs=("giftfields",), role=Role.MANAGER),
    Route(create, verbs=("giftnew",), role=Role.MANAGER),
    Route(change, verbs=("giftedit",), role=Role.MANAGER),
    Route(withdraw, verbs=("giftdrop",), role=Role.MANAGER),
    Route(offer_again, verbs=("giftback",), role=Role.MANAGER),
)
