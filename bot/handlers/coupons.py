"""A member's coupons, and which of them a clerk takes for a purchase."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions import coupon_checks, purchases, quotes, wallets
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db import dialogues as places
from db.database import Tx
from db.people import Person
from loyalty import coupons as rules
from loyalty.earning import Line
from loyalty.errors import AnswerUnclear, CodeInvalid, StaleButton
from loyalty.messages import Say
from loyalty.purchases import Sale
from loyalty.roles import Role

_NOTHING_OFF = "-"


async def wallet(ctx: Ctx) -> None:
    await ctx.act(wallets.wallet, say="coupon_wallet")


async def turn_page(ctx: Ctx) -> None:
    await ctx.act(wallets.wallet, id_at(ctx.given), say="coupon_wallet", in_place=True)


async def ended(ctx: Ctx) -> None:
    await ctx.act(wallets.ended, id_at(ctx.given), say="coupon_ended", in_place=True)


async def show(ctx: Ctx) -> None:
    await ctx.act(wallets.show, id_at(ctx.given))


async def pick(ctx: Ctx) -> None:
    await ctx.act(_pick, ctx.given)


def is_offered(turn: Turn) -> bool:
    """Whether anything can be taken off the purchase of this dialogue."""
    return _offer(turn.tx, turn.person, turn.answers) is not None


def offered(turn: Turn) -> dict[str, Any]:
    """What is shown of it."""
    found = _offer(turn.tx, turn.person, turn.answers)
    return _params(turn.tx, turn.person, turn.answers, found) if found else {}


def choose(turn: Turn, answer: Answer) -> dict[str, Any]:
    """The coupons that are taken, by their button or by the code of one; none of them, and no member price either."""
    if answer.kind == "press":
        if answer.value == _NOTHING_OFF:
            return {"taken": None}
        taken = _unpacked(answer.value)
    elif answer.kind == "text":
        taken = _with_code(turn, answer.value)
    else:
        raise AnswerUnclear
    _offer(turn.tx, turn.person, turn.answers, taken)
    return {"taken": taken}


def sale_of(answers: Answers) -> Sale:
    """The sale that the purchase's dialogue was told."""
    told = answers["sale"]
    return Sale(told["amount"], told["payment"], tuple(Line(**line) for line in told["lines"]))


def _with_code(turn: Turn, text: str) -> list[int]:
    try:
        coupon_id = coupon_checks.own_by_code(turn.tx, _buyer(turn.answers), text)
    except CodeInvalid:
        # The next customer's phone, most likely: what stands is to be answered first.
        raise AnswerUnclear from None
    found = _offer(turn.tx, turn.person, turn.answers)
    choice = next((one for one in found.choices if one.coupon_id == coupon_id), None) if found else None
    if choice is None:
        raise AnswerUnclear
    store = purchases.counter(turn.tx, turn.person)
    coupon_checks.require_fits(turn.tx, store, coupon_id, sale_of(turn.answers))
    return found.taken if found and choice.taken else choice.instead


def _pick(tx: Tx, person: Person, given: Input) -> Say:
    """The question again, with other coupons."""
    place = places.get(tx, given.chat_id, person.user_id)
    if place is None or (place.name, place.step) != ("purchase", "saving"):
        raise StaleButton
    found = _offer(tx, person, place.answers, _unpacked(argument(given)))
    if found is None:
        raise StaleButton
    shown = _params(tx, person, place.answers, found)
    return Say("purchase_saving", shown | {"question": place.question}, edit=given.message_id)


def _offer(tx: Tx, person: Person, answers: Answers, taken: list[int] | None = None) -> quotes.Offer | None:
    return quotes.offer(tx, _buyer(answers), purchases.counter(tx, person), sale_of(answers), taken)


def _params(tx: Tx, person: Person, answers: Answers, found: quotes.Offer) -> dict[str, Any]:
    buyer = purchases.list_candidates(tx, person, [_buyer(answers)])[0]
    choices = [asdict(choice) | {"packed": rules.pack(choice.instead)} for choice in found.choices]
    return asdict(found) | {"buyer": asdict(buyer), "choices": choices, "packed": rules.pack(found.taken)}


def _buyer(answers: Answers) -> int:
    member_id: int = answers.get("pick") or answers["who"][0]
    return member_id


def _unpacked(text: str) -> list[int]:
    try:
        return rules.unpack(text.removeprefix("t"))
    except ValueError:
        raise StaleButton from None


ROUTES = (
    Route(
        wallet,
        command="coupons",
        words=(
            "coupons",
            "my coupons",
            "coupon",
            "vouchers",
            "优惠券",
            "優惠券",
            "我的优惠券",
            "我的優惠券",
            "卡包",
            "券",
        ),
        verbs=("coupons",),
    ),
    Route(turn_page, verbs=("couponpage",)),
    Route(ended, verbs=("couponended",)),
    Route(show, verbs=("coupon",)),
    Route(pick, verbs=("couponpick",), role=Role.CLERK, within_dialogue=True),
)
