"""`/campaign`: managers write to many, in each language and with a picture; a second person agrees before it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions import campaigns, charters
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.handlers.catalogue import picture_answer
from bot.presses import id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.campaigns import LONGEST, LONGEST_WITH_PICTURE, Draft, parse_start, parse_text
from loyalty.charter import LOCALES
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role

_NONE = "-"  # what a button says for "no picture", "the same text", "now"
_BEFORE = "="  # and for what it was before it was declined
_STEPS = {"zh_Hans": "hans", "zh_Hant": "hant", "en": "en"}


async def list_all(ctx: Ctx) -> None:
    await ctx.act(campaigns.list_all)


async def turn(ctx: Ctx) -> None:
    await ctx.act(campaigns.list_all, id_at(ctx.given), in_place=True)


async def write(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given.chat_id)


async def rewrite(ctx: Ctx) -> None:
    await ctx.act(_begin_anew, ctx.services.dialogues, ctx.given)


async def look(ctx: Ctx) -> None:
    await ctx.act(campaigns.look, id_at(ctx.given), in_place=True)


async def ask(ctx: Ctx) -> None:
    await ctx.act(campaigns.ask, id_at(ctx.given), in_place=True)


async def agree(ctx: Ctx) -> None:
    await ctx.act(campaigns.decide, id_at(ctx.given), agree=True, in_place=True)


async def decline(ctx: Ctx) -> None:
    await ctx.act(campaigns.decide, id_at(ctx.given), agree=False, in_place=True)


async def pause(ctx: Ctx) -> None:
    await ctx.act(campaigns.pause, id_at(ctx.given), in_place=True)


async def resume(ctx: Ctx) -> None:
    await ctx.act(campaigns.resume, id_at(ctx.given), in_place=True)


async def stop(ctx: Ctx) -> None:
    await ctx.act(campaigns.stop, id_at(ctx.given), in_place=True)


def _begin(tx: Tx, person: Person, dialogues: Dialogues, chat_id: int) -> list[Say]:
    campaigns.audiences(tx, person)
    return dialogues.begin(tx, person, chat_id, campaigns.NEW)


def _begin_anew(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """The same questions, each with what was answered before."""
    campaign_id = id_at(given)
    draft = campaigns.declined(tx, person, campaign_id)
    before = {"picture": draft.picture_id, "audience": {"tier": draft.tier, "store_id": draft.store_id}}
    before |= {"start": draft.starts_at} | {step: draft.texts[locale] for locale, step in _STEPS.items()}
    return dialogues.begin(tx, person, given.chat_id, campaigns.NEW, {"instead_of": campaign_id, "before": before})


def _step(name: str, parse: Callable[[Turn, Answer], Any], params: Callable[[Turn], dict[str, Any]]) -> Step:
    """A question that can be answered with what was before, where that may still be."""

    def read(turn: Turn, answer: Answer) -> Any:
        if (answer.kind, answer.value) == ("press", _BEFORE) and (before := _before(turn, name)):
            return before
        return parse(turn, answer)

    return Step(name, read, lambda turn: params(turn) | {"before": _before(turn, name)})


def _before(turn: Turn, name: str) -> Any:
    """None where there is nothing, or it cannot be any more."""
    before = turn.answers.get("before", {}).get(name)
    if name == "start":
        return before if before and before >= turn.tx.now else None
    if name == "audience":
        return before if before in _audiences(_offered(turn)).values() else None
    if name == "picture":
        return before or None
    return before if before and len(before) <= _longest(turn) else None


def _text_step(locale: str) -> Step:
    name = _STEPS[locale]
    return _step(name, lambda turn, answer: _text(turn, answer, locale), lambda turn: _wanted(turn, locale))


def _wanted(turn: Turn, locale: str) -> dict[str, Any]:
    """The text of the language that everybody falls back on cannot be left out."""
    default = charters.current(turn.tx).programme.default_locale
    return {"needed": locale == default, "longest": _longest(turn)}


def _text(turn: Turn, answer: Answer, locale: str) -> str:
    wanted = _wanted(turn, locale)
    if (answer.kind, answer.value) == ("press", _NONE) and not wanted["needed"]:
        return ""
    if answer.kind != "text":
        raise AnswerUnclear
    return parse_text(answer.value, wanted["longest"])


def _longest(turn: Turn) -> int:
    return LONGEST_WITH_PICTURE if turn.answers["picture"] else LONGEST


def _offered(turn: Turn) -> dict[str, Any]:
    return campaigns.audiences(turn.tx, turn.person)


def _audience(turn: Turn, answer: Answer) -> dict[str, Any]:
    known = _audiences(_offered(turn))
    if answer.value not in known:
        raise AnswerUnclear if answer.kind == "text" else StaleButton
    return known[answer.value]


def _audiences(offered: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By `all`, `t:<tier>` or `s:<store id>`."""
    known: dict[str, dict[str, Any]] = {"all": {"tier": "", "store_id": 0}} if offered["everyone"] else {}
    known |= {f"t:{tier['code']}": {"tier": tier["code"], "store_id": 0} for tier in offered["tiers"]}
    known |= {f"s:{store['id']}": {"tier": "", "store_id": store["id"]} for store in offered["stores"]}
    return known


def _start(turn: Turn, answer: Answer) -> int:
    if (answer.kind, answer.value) == ("press", _NONE):
        return turn.tx.now
    if answer.kind != "text":
        raise AnswerUnclear
    return parse_start(answer.value, turn.tx.now, charters.current(turn.tx).zone)


def _finish(turn: Turn) -> list[Say]:
    told = turn.answers
    texts = {locale: told[step] for locale, step in _STEPS.items()}
    draft = Draft(texts, told["picture"], starts_at=told["start"], **told["audience"])
    return campaigns.create(turn.tx, turn.person, draft, told.get("instead_of", 0))


def _route(handler: Callable[..., Any], verb: str) -> Route:
    return Route(handler, verbs=(verb,), role=Role.MANAGER, within_dialogue=True)


DIALOGUES = (
    Dialogue(
        campaigns.NEW,
        (
            _step("picture", picture_answer, lambda _turn: {}),
            *map(_text_step, LOCALES),
            _step("audience", _audience, _offered),
            _step("start", _start, lambda _turn: {}),
        ),
        _finish,
    ),
)
ROUTES = (
    Route(
        list_all,
        command="campaign",
        words=("campaigns", "群发", "群發", "群发消息", "群發訊息"),
        verbs=("campaigns",),
        role=Role.MANAGER,
    ),
    Route(turn, verbs=("campaignsat",), role=Role.MANAGER),
    Route(write, verbs=("campaignnew",), role=Role.MANAGER),
    Route(rewrite, verbs=("campaignedit",), role=Role.MANAGER),
    _route(look, "campaign"),
    _route(ask, "campaignask"),
    _route(agree, "campaignyes"),
    _route(decline, "campaignno"),
    _route(pause, "campaignpause"),
    _route(resume, "campaigngo"),
    _route(stop, "campaignstop"),
)
