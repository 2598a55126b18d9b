"""The counter: finding a member by whatever the clerk has, and the member's view."""

from __future__ import annotations

from dataclasses import asdict, replace

from actions import customers, desk, handbook, staff, verifying as codes
from actions.customers import MemberView
from actions.desk import Hits, InDoubt, Lapsed, Missed, Outcome
from actions.handbook import Contents, Found, LookedUp
from actions.purchases import Asked, Recorded
from bot import menus
from bot.api import LARGEST_FILE
from bot.context import Ctx, refused
from bot.dialogues import Dialogues
from bot.handlers import verifying
from bot.pictures_sent import PictureUnusable, read_codes
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from bot.words import locale_of
from db import people
from db.database import Tx
from db.people import Person
from loyalty import cards
from loyalty.messages import Say
from loyalty.roles import Role

_TEMPLATES: dict[type, str] = {
    Recorded: "purchase_recorded",
    MemberView: "member_view",
    Hits: "desk_found",
    Lapsed: "desk_lapsed",
    InDoubt: "desk_doubt",
}


async def home(ctx: Ctx) -> None:
    """With words after it, they are looked up: members, and before the transaction the handbook."""
    if ctx.given.args:
        said = await ctx.ask(_ask_book, ctx.services.words.default_locale, ctx.given)
        await ctx.act(_look_up, said, ctx.given.args)
    else:
        await ctx.act(desk.home, say="desk_home")
    menus.refresh(ctx, ctx.given.sender_id)


async def list_stores(ctx: Ctx) -> None:
    await ctx.act(desk.home, id_at(ctx.given), say="desk_store", in_place=True)


async def choose_store(ctx: Ctx) -> None:
    await ctx.act(desk.choose_store, id_at(ctx.given), say="desk_home", in_place=True)


async def open_card(ctx: Ctx) -> None:
    token = cards.parse_start(ctx.given.args).value
    await ctx.act(desk.open_card, token, say=lambda found: found if isinstance(found, Say) else said(found))


async def find(ctx: Ctx) -> None:
    await ctx.act(_find, ctx.services.dialogues, ctx.given, purchase_key(ctx))


async def open_member(ctx: Ctx) -> None:
    await ctx.act(desk.open_member, id_at(ctx.given), say="member_view")


async def ask_amount(ctx: Ctx) -> None:
    await ctx.act(desk.ask_amount, id_at(ctx.given), say="desk_amount")


async def settle_doubt(ctx: Ctx) -> None:
    await ctx.act(_settle_doubt, ctx.services.dialogues, ctx.given, purchase_key(ctx))


async def visits(ctx: Ctx) -> None:
    await ctx.act(customers.visits, id_at(ctx.given), 0, say="member_visits")


async def turn_visits(ctx: Ctx) -> None:
    member_id, page = id_at(ctx.given), id_at(ctx.given, 1)
    await ctx.act(customers.visits, member_id, page, say="member_visits", in_place=True)


async def reveal(ctx: Ctx) -> None:
    await ctx.act(customers.reveal, id_at(ctx.given), say="member_revealed")


async def scan(ctx: Ctx, file_id: str) -> None:
    """Open the member whose card a picture shows; read before the transaction, in the scanner's process."""
    try:
        texts = await read_codes(ctx, file_id)
    except PictureUnusable as unusable:
        refusal = Say("desk_photo_refused", {"reason": unusable.reason})
        await ctx.act(desk.close, say=Say("desk_scanner_busy") if unusable.reason == "busy" else refusal)
    else:
        await ctx.act(_photo, ctx.services.dialogues, ctx.given, texts, purchase_key(ctx))


def _photo(tx: Tx, person: Person, dialogues: Dialogues, given: Input, texts: list[str], key: str) -> list[Say]:
    """Of a gift's code: hand it over; else of a card."""
    if code := codes.code_in(texts):
        return [verifying.hand_over(tx, person, code)]
    return _says(tx, person, dialogues, given, desk.open_photo(tx, person, texts, given.text, key), key)


def _settle_doubt(tx: Tx, person: Person, dialogues: Dialogues, given: Input, key: str) -> list[Say]:
    outcome = desk.settle_doubt(tx, person, argument(given) == "amount", key)
    return _says(tx, person, dialogues, given, outcome, key)


def picture_of(given: Input) -> str:
    """The file id of the picture somebody sent, the largest one Telegram will hand out; '' if there is none."""
    body = given.body or {}
    sizes = [size for size in body.get("photo", []) if size.get("file_size", 0) <= LARGEST_FILE]
    if given.kind == "photo" and sizes:
        return str(max(sizes, key=lambda size: size["width"] * size["height"])["file_id"])
    document = body.get("document", {}) if given.kind == "document" else {}
    return str(document["file_id"]) if document.get("mime_type", "").startswith("image/") else ""


def purchase_key(ctx: Ctx) -> str:
    """Of the purchase a message may become: retried, it is one; typed twice, two; and found again once it is edited."""
    return ctx.message_key


def answer(tx: Tx, person: Person, dialogues: Dialogues, given: Input, text: str, key: str) -> list[Say] | None:
    """What a text that answers no question comes to at the counter; None from somebody who does not work here."""
    outcome = desk.quick(tx, person, text, key)
    return None if outcome is None else _says(tx, person, dialogues, given, outcome, key)


def _says(tx: Tx, person: Person, dialogues: Dialogues, given: Input, outcome: Outcome, key: str) -> list[Say]:
    """What is still to be asked about a purchase is asked."""
    if isinstance(outcome, Asked):
        known = {"key": key, "who": outcome.member_ids, "sale": asdict(outcome.sale)}
        return dialogues.begin(tx, person, given.chat_id, "purchase", known)
    return [said(outcome)]


def said(outcome: Outcome) -> Say:
    """How an outcome is said."""
    if isinstance(outcome, Missed):
        nobody = refused(outcome.refusal)
        more = {"offer": outcome.offer, "still_open": outcome.still_open}
        return replace(nobody, params={**nobody.params, **more})
    return Say(_TEMPLATES[type(outcome)], asdict(outcome))


def _ask_book(tx: Tx, default: str, given: Input) -> Found | Contents:
    person = people.look_up(tx, given.sender_id, given.language)
    return handbook.ask(tx, person, locale_of(person, default), given.args)


def _look_up(tx: Tx, person: Person, said: Found | Contents, words: str) -> list[Say]:
    return [_looked_up(one) for one in handbook.look_up(tx, person, said, words)]


def _looked_up(found: LookedUp) -> Say:
    if isinstance(found, Found | Contents):
        return Say("handbook_found" if isinstance(found, Found) else "handbook", asdict(found))
    return said(found)


def _find(tx: Tx, person: Person, dialogues: Dialogues, given: Input, key: str) -> list[Say]:
    staff.require(tx, person.user_id, Role.CLERK)
    says = answer(tx, person, dialogues, given, given.args, key) if given.args else None
    return says or [Say("member_wanted")]


ROUTES = (
    Route(
        home,
        command="desk",
        words=("desk", "counter", "柜台", "櫃檯", "櫃台", "收银台", "收銀台"),
        verbs=("deskhome",),
        role=Role.CLERK,
    ),
    Route(list_stores, verbs=("deskstores",), role=Role.CLERK, within_dialogue=True),
    Route(choose_store, verbs=("deskstore",), role=Role.CLERK, within_dialogue=True),
    Route(
        find,
        command="member",
        words=("member", "find a member", "查会员", "查會員", "找会员", "找會員"),
        role=Role.CLERK,
    ),
    Route(open_card, links=("card",), within_dialogue=True),
    Route(open_member, verbs=("desk",), role=Role.CLERK),
    Route(ask_amount, verbs=("amount",), role=Role.CLERK),
    Route(settle_doubt, verbs=("doubt",), role=Role.CLERK, within_dialogue=True),
    Route(visits, verbs=("visits",), role=Role.CLERK, within_dialogue=True),
    Route(turn_visits, verbs=("visitpage",), role=Role.CLERK, within_dialogue=True),
    Route(reveal, verbs=("reveal",), role=Role.CLERK, within_dialogue=True),
)
