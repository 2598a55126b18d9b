"""`/verify`: a code typed on one line or asked for, or a photo of it."""

from __future__ import annotations

from dataclasses import asdict

from actions import coupon_checks, purchases, reservations, verifying, wallets
from actions.coupon_checks import Given, Good
from actions.verifying import HandedOver, Missed
from bot.context import Ctx, refused
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.pictures_sent import PictureUnusable, read_codes
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty import cards, codes
from loyalty.errors import AnswerUnclear, PictureRefused
from loyalty.messages import Say
from loyalty.roles import Role

_TEMPLATES: dict[type, str] = {HandedOver: "gift_handed_over", Given: "coupon_gift_given", Good: "coupon_good"}


async def verify(ctx: Ctx) -> None:
    await ctx.act(_verify, ctx.services.dialogues, ctx.given, ctx.message_key)


async def open_link(ctx: Ctx) -> None:
    """The code on a member's screen, scanned with the phone's camera."""
    await ctx.act(_open_link, cards.parse_start(ctx.given.args).value)


async def scan(ctx: Ctx, file_id: str) -> None:
    """A photo of the code, sent when it was asked for."""
    try:
        texts = await read_codes(ctx, file_id)
    except PictureUnusable as unusable:
        await ctx.act(_refuse, unusable.reason)
    else:
        await ctx.act(_scanned, texts)


def is_code(tx: Tx, person: Person, text: str) -> bool:
    """Whether staff typed or pasted a code that nobody asked them for."""
    return codes.is_plainly_code(text) and verifying.works_here(tx, person)


def hand_over(tx: Tx, person: Person, text: str) -> Say:
    """What is said about a code. Refuses as `verifying.hand_over`."""
    return _said(verifying.hand_over(tx, person, text))


def _said(outcome: HandedOver | Given | Good | Missed) -> Say:
    if isinstance(outcome, Missed):
        return refused(outcome.refusal)
    return Say(_TEMPLATES[type(outcome)], asdict(outcome))


def _verify(tx: Tx, person: Person, dialogues: Dialogues, given: Input, key: str) -> list[Say]:
    verifying.start(tx, person)
    if not given.args:
        return dialogues.begin(tx, person, given.chat_id, verifying.DIALOGUE)
    code, amount = coupon_checks.split(given.args)
    outcome = verifying.hand_over(tx, person, code)
    if not isinstance(outcome, Good) or not amount:
        return [_said(outcome)]
    sale = purchases.read_sale(tx, amount)
    coupon_checks.require_fits(tx, purchases.counter(tx, person), outcome.coupon_id, sale)
    known = {"key": key, "who": [outcome.member_id], "sale": asdict(sale)}
    return dialogues.begin(tx, person, given.chat_id, "purchase", known)


def _open_link(tx: Tx, person: Person, code: str) -> Say:
    if verifying.works_here(tx, person):
        return hand_over(tx, person, code)
    own = reservations.show_by_code(tx, person, code) or wallets.show_by_code(tx, person, code)
    return own or Say("gift_code_of_another")


def _scanned(tx: Tx, person: Person, texts: list[str]) -> Say:
    code = verifying.code_in(texts)
    if code is None:
        raise PictureRefused("no_code")
    said = hand_over(tx, person, code)
    verifying.done(tx, person)
    return said


def _refuse(_tx: Tx, _person: Person, reason: str) -> None:
    raise PictureRefused(reason)


def _code(_turn: Turn, answer: Answer) -> str:
    if answer.kind != "text":
        raise AnswerUnclear
    return answer.value


def _finish(turn: Turn) -> Say:
    return hand_over(turn.tx, turn.person, turn.answers["code"])


DIALOGUES = (Dialogue(verifying.DIALOGUE, (Step("code", _code),), _finish),)
ROUTES = (
    Route(
        verify,
        command="verify",
        words=("verify", "核销", "核銷", "验码", "驗碼", "兑换核销", "兌換核銷"),
        verbs=("verify",),
        role=Role.CLERK,
    ),
    Route(open_link, links=("gift",)),
)
