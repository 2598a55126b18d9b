"""The catalogue in a member's hands: turned over in place, reserved in three taps, waited for, given up."""

from __future__ import annotations

from dataclasses import replace

from actions import gifts, reservations, waiting
from bot.context import Ctx
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.messages import Say


async def browse(ctx: Ctx) -> None:
    await ctx.act(gifts.browse)


async def turn_page(ctx: Ctx) -> None:
    await ctx.act(gifts.browse, id_at(ctx.given), in_place=True)


async def choose_store(ctx: Ctx) -> None:
    await ctx.act(gifts.choose_store, id_at(ctx.given), id_at(ctx.given, 1), in_place=True)


async def confirm(ctx: Ctx) -> None:
    await ctx.act(gifts.confirm, id_at(ctx.given), id_at(ctx.given, 1), in_place=True)


async def redeem(ctx: Ctx) -> None:
    await ctx.act(_redeem, ctx.given)


async def mine(ctx: Ctx) -> None:
    await ctx.act(reservations.mine, say="gift_mine")


async def turn_mine(ctx: Ctx) -> None:
    await ctx.act(reservations.mine, id_at(ctx.given), say="gift_mine", in_place=True)


async def show_code(ctx: Ctx) -> None:
    await ctx.act(reservations.show, id_at(ctx.given))


async def keep(ctx: Ctx) -> None:
    await ctx.act(reservations.show, id_at(ctx.given), in_place=True)


async def ask_cancel(ctx: Ctx) -> None:
    await ctx.act(reservations.ask_cancel, id_at(ctx.given), in_place=True)


async def cancel(ctx: Ctx) -> None:
    await ctx.act(reservations.cancel, id_at(ctx.given), in_place=True)


async def wait(ctx: Ctx) -> None:
    await ctx.act(_wait, id_at(ctx.given), id_at(ctx.given, 1), in_place=True)


async def wait_at(ctx: Ctx) -> None:
    await ctx.act(_wait_at, id_at(ctx.given), id_at(ctx.given, 1), in_place=True)


async def leave(ctx: Ctx) -> None:
    await ctx.act(_leave, id_at(ctx.given), in_place=True)


async def take(ctx: Ctx) -> None:
    await ctx.act(waiting.take, id_at(ctx.given))


async def pass_on(ctx: Ctx) -> None:
    await ctx.act(waiting.pass_on, id_at(ctx.given), in_place=True)


def _redeem(tx: Tx, person: Person, given: Input) -> list[Say]:
    """The code comes as a message of its own, to be found again; the question becomes the gift's page."""
    gift_id = id_at(given)
    code = reservations.redeem(tx, person, gift_id, id_at(given, 1), argument(given, 2))
    return [replace(gifts.browse(tx, person, gift_id), edit=given.message_id), code]


def _wait(tx: Tx, person: Person, gift_id: int, page: int) -> Say:
    question = gifts.choose_where_to_wait(tx, person, gift_id, page)
    return question or _wait_at(tx, person, gift_id, 0)


def _wait_at(tx: Tx, person: Person, gift_id: int, store_id: int) -> Say:
    waiting.join(tx, person, gift_id, store_id)
    return gifts.browse(tx, person, gift_id)


def _leave(tx: Tx, person: Person, gift_id: int) -> Say:
    waiting.leave(tx, person, gift_id)
    return gifts.browse(tx, person, gift_id)


ROUTES = (
    Route(
        browse,
        command="gifts",
        words=("gifts", "礼品", "禮品", "兑换", "兌換", "礼品兑换", "禮品兌換", "积分兑换", "積分兌換", "redeem"),
        verbs=("gifts",),
    ),
    Route(turn_page, verbs=("gift",)),
    Route(choose_store, verbs=("giftget",)),
    Route(confirm, verbs=("giftat",)),
    Route(redeem, verbs=("giftdo",)),
    Route(
        mine,
        verbs=("giftmine",),
        words=("my gifts", "我的礼品", "我的禮品", "我的礼物", "我的禮物", "我的兑换", "我的兌換"),
    ),
    Route(turn_mine, verbs=("giftmineat",)),
    Route(show_code, verbs=("giftcode",)),
    Route(keep, verbs=("giftkeep",)),
    Route(ask_cancel, verbs=("giftoff",)),
    Route(cancel, verbs=("giftoffyes",)),
    Route(wait, verbs=("giftwait",)),
    Route(wait_at, verbs=("giftwaitat",)),
    Route(leave, verbs=("giftleave",)),
    Route(take, verbs=("gifttake",)),
    Route(pass_on, verbs=("giftpass",)),
)
