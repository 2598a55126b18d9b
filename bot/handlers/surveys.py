"""Answering how it was, how a case was dealt with, whether one would recommend us: a tap, and a word if one likes."""

from __future__ import annotations

from typing import Any

from actions import case_scores, recommendations, surveys
from actions.feedback import Said
from actions.low_scores import Rated
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.messages import Say, params_of
from loyalty.recommendations import LIKELY

_RATING = "rating"
_NO_WORDS = "-"
_NO_ANSWER = -1
_LIKELY = {f"{likely}": likely for likely in LIKELY}
_ADDING = {
    "visit": surveys.add_words, "gift": surveys.add_words, "case": case_scores.add_words,
    "recommend": recommendations.add_words,
}  # fmt: skip


async def rate(ctx: Ctx) -> None:
    await ctx.act(_rate, ctx.services.dialogues, ctx.given)


async def rate_case(ctx: Ctx) -> None:
    await ctx.act(_rate_case, ctx.services.dialogues, ctx.given)


async def recommend(ctx: Ctx) -> None:
    await ctx.act(_recommend, ctx.services.dialogues, ctx.given)


def _rate(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    return _noted(tx, person, dialogues, given, surveys.rate(tx, person, id_at(given), id_at(given, 1)))


def _rate_case(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    return _noted(tx, person, dialogues, given, case_scores.rate(tx, person, id_at(given), id_at(given, 1)))


def _recommend(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    likely = _LIKELY.get(argument(given, 1), _NO_ANSWER)
    return _noted(tx, person, dialogues, given, recommendations.rate(tx, person, id_at(given), likely))


def _noted(tx: Tx, person: Person, dialogues: Dialogues, given: Input, rated: Rated) -> list[Say]:
    """In place of the buttons; then a word is asked for."""
    told = params_of(rated)
    asked = dialogues.begin(tx, person, given.chat_id, _RATING, told)
    return [Say("rating_noted", told, edit=given.message_id), *asked]


def _words(_turn: Turn, answer: Answer) -> dict[str, Any]:
    """What was said, {} for nothing."""
    if (answer.kind, answer.value) == ("press", _NO_WORDS):
        return {}
    return attachments.told(answer)


def _finish(turn: Turn) -> Say:
    told, words = turn.answers, turn.answers["words"]
    if words:
        _ADDING[told["about"]](turn.tx, turn.person, told["id"], Said(**words))
    return Say("rating_thanks", {"case_id": told["case_id"], "words": bool(words)})


DIALOGUES = (Dialogue(_RATING, (Step("words", _words, lambda turn: turn.answers),), _finish),)
ROUTES = (
    Route(rate, verbs=("rate",)),
    Route(rate_case, verbs=("caserate",)),
    Route(recommend, verbs=("recommend",)),
)
