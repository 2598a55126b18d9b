"""`/coupon`: managers make kinds of coupons in a few questions, change and stop them, and give one to a member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from actions import catalogue, coupon_book, purchases
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Dialogue, Dialogues, Step, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.coupons import Limits, Terms
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role

NEW, EDIT, GIVE = "coupon_new", "coupon_edit", "coupon_give"


async def list_kinds(ctx: Ctx) -> None:
    await ctx.act(coupon_book.list_kinds)


async def turn_kinds(ctx: Ctx) -> None:
    await ctx.act(coupon_book.list_kinds, id_at(ctx.given), in_place=True)


async def look(ctx: Ctx) -> None:
    await ctx.act(coupon_book.look, id_at(ctx.given), in_place=True)


async def fields(ctx: Ctx) -> None:
    await ctx.act(coupon_book.choose_field, id_at(ctx.given), in_place=True)


async def stop(ctx: Ctx) -> None:
    await ctx.act(coupon_book.stop, id_at(ctx.given), in_place=True)


async def resume(ctx: Ctx) -> None:
    await ctx.act(coupon_book.resume, id_at(ctx.given), in_place=True)


async def create(ctx: Ctx) -> None:
    await ctx.act(_begin_new, ctx.services.dialogues, ctx.given)


async def change(ctx: Ctx) -> None:
    await ctx.act(_begin_edit, ctx.services.dialogues, ctx.given)


async def give(ctx: Ctx) -> None:
    await ctx.act(_begin_give, ctx.services.dialogues, ctx.given)


def _begin_new(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    coupon_book.list_kinds(tx, person)
    return dialogues.begin(tx, person, given.chat_id, NEW)


def _begin_edit(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    kind, field = coupon_book.require_changeable(tx, person, id_at(given)), argument(given, 1)
    if field not in coupon_book.FIELDS:
        raise StaleButton
    return dialogues.begin(tx, person, given.chat_id, EDIT, {"kind": kind.id, "field": field})


def _begin_give(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    coupon_book.look(tx, person, id_at(given))
    key = f"{given.chat_id}:{given.update_id}"
    return dialogues.begin(tx, person, given.chat_id, GIVE, {"kind": id_at(given), "key": key})


def _reading(field: str) -> Callable[[Turn, Answer], dict[str, Any]]:
    return lambda turn, answer: _read(turn, field, answer)


def _read(turn: Turn, field: str, answer: Answer) -> dict[str, Any]:
    if answer.kind not in ("text", "press"):
        raise AnswerUnclear
    return coupon_book.read(turn.tx, field, answer.value)


def _examples(turn: Turn) -> dict[str, Any]:
    return {"field": turn.answers.get("field", ""), "tiers": catalogue.tiers(turn.tx)}


def _finish_new(turn: Turn) -> Say:
    told: Answers = {}
    for step in ("value", "name", "minimum", "until"):
        told |= turn.answers[step]
    limits = Limits(**turn.answers["limits"]["limits"])
    return coupon_book.create(turn.tx, turn.person, Terms(**told), limits)


def _finish_edit(turn: Turn) -> Say:
    return coupon_book.change(turn.tx, turn.person, turn.answers["kind"], turn.answers["value"])


def _who(turn: Turn, answer: Answer) -> list[int]:
    if answer.kind != "text":
        raise AnswerUnclear
    return coupon_book.understand(turn.tx, turn.person, answer.value)


def _several(turn: Turn) -> bool:
    return len(turn.answers["who"]) > 1


def _candidates(turn: Turn) -> dict[str, Any]:
    found = purchases.list_candidates(turn.tx, turn.person, turn.answers["who"])
    return {"candidates": [asdict(candidate) for candidate in found]}


def _pick(turn: Turn, answer: Answer) -> int:
    chosen = next((known for known in turn.answers["who"] if str(known) == answer.value), None)
    if chosen is None:
        raise AnswerUnclear
    return coupon_book.require_receiver(turn.tx, turn.person, chosen)


def _finish_give(turn: Turn) -> Say:
    told = turn.answers
    member_id: int = told.get("pick") or told["who"][0]
    return coupon_book.give(turn.tx, turn.person, told["kind"], member_id, told["key"])


DIALOGUES = (
    Dialogue(
        NEW,
        tuple(Step(field, _reading(field), _examples) for field in ("value", "name", "minimum", "until", "limits")),
        _finish_new,
    ),
    Dialogue(
        EDIT, (Step("value", lambda turn, answer: _read(turn, turn.answers["field"], answer), _examples),), _finish_edit
    ),
    Dialogue(GIVE, (Step("who", _who), Step("pick", _pick, _candidates, needed=_several)), _finish_give),
)
ROUTES = (
    Route(
        list_kinds,
        command="coupon",
        words=("manage coupons", "管理优惠券", "管理優惠券", "优惠券管理", "優惠券管理"),
        verbs=("couponkinds",),
        role=Role.MANAGER,
    ),
    Route(turn_kinds, verbs=("couponkindsat",), role=Role.MANAGER),
    Route(look, verbs=("couponkind",), role=Role.MANAGER),
    Route(fields, verbs=("couponfields",), role=Role.MANAGER),
    Route(create, verbs=("couponnew",), role=Role.MANAGER),
    Route(change, verbs=("couponedit",), role=Role.MANAGER),
    Route(stop, verbs=("couponstop",), role=Role.MANAGER),
    Route(resume, verbs=("couponresume",), role=Role.MANAGER),
    Route(give, verbs=("coupongive",), role=Role.MANAGER),
)
