"""Answering how it was: a tap from 1 to 5, and a word if one likes."""

from __future__ import annotations

from actions import surveys
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.errors import TextInvalid
from loyalty.messages import Say
from loyalty.surveys import LONGEST

_NO_WORDS = "-"


async def rate(ctx: Ctx) -> None:
    await ctx.act(_rate, ctx.services.dialogues, ctx.given)


def _rate(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    rated = surveys.rate(tx, person, id_at(given), id_at(given, 1))
    told = {"score": rated.score, "low": surveys.is_low(tx, rated)}
    asked = dialogues.begin(tx, person, given.chat_id, surveys.DIALOGUE, {"survey": rated.id, **told})
    return [Say("survey_rated", {"score": rated.score}, edit=given.message_id), *asked]


def _words(_turn: Turn, answer: Answer) -> str:
    if (answer.kind, answer.value) == ("press", _NO_WORDS):
        return ""
    words = answer.value.strip() if answer.kind == "text" else ""
    if not 0 < len(words) <= LONGEST:
        raise TextInvalid(LONGEST)
    return words


def _finish(turn: Turn) -> Say:
    words = turn.answers["words"]
    if words:
        surveys.add_words(turn.tx, turn.person, turn.answers["survey"], words)
    return Say("survey_thanks", {"low": turn.answers["low"], "words": bool(words)})


DIALOGUES = (Dialogue(surveys.DIALOGUE, (Step("words", _words, lambda turn: {"low": turn.answers["low"]}),), _finish),)
ROUTES = (Route(rate, verbs=("rate",)),)
