"""One's data: the policy, who looked at it, all of it to take away, and being forgotten."""

from __future__ import annotations

from dataclasses import asdict

from actions import erasure, help as helping, privacy, retention
from bot import presses
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say

_NAME = "erasure"
# A button that erases must not lie in wait in an old chat.
_GOOD_FOR_MS = 60 * 60_000
_TYPED = ("erase", "删除", "刪除")


async def policy(ctx: Ctx) -> None:
    await ctx.act(helping.privacy, say="privacy", in_place=True)


async def looks(ctx: Ctx) -> None:
    await ctx.act(_looks, ctx.given, say="looks", in_place=True)


async def take_away(ctx: Ctx) -> None:
    await ctx.act(privacy.take_away)


async def leave(ctx: Ctx) -> None:
    await ctx.act(_leave, ctx.services.dialogues, ctx.given)


async def stay(ctx: Ctx) -> None:
    await ctx.act(retention.stay, say="retention_stayed", in_place=True)


def _looks(tx: Tx, person: Person, given: Input) -> privacy.Looks:
    return privacy.looks(tx, person, presses.id_at(given))


def _leave(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """First what would be lost. Refuses NotAMember."""
    erasure.preview(tx, person)
    return dialogues.begin(tx, person, given.chat_id, _NAME, {"asked_at": tx.now})


def _choice(_turn: Turn, answer: Answer) -> str:
    if answer.kind != "press" or answer.value not in ("on", "keep"):
        raise AnswerUnclear
    return answer.value


def _confirmation(turn: Turn, answer: Answer) -> str:
    if answer.kind == "text" and answer.value.strip().lower() in _TYPED:
        return "on"
    return _choice(turn, answer)


def _finish(turn: Turn) -> Say:
    if "keep" in (turn.answers["loss"], turn.answers.get("confirm")):
        return Say("erasure_kept")
    if turn.tx.now - turn.answers["asked_at"] > _GOOD_FOR_MS:
        raise StaleButton
    return Say("erasure_done", asdict(erasure.erase_own(turn.tx, turn.person)))


DIALOGUES = (
    Dialogue(
        _NAME,
        (
            Step("loss", _choice, lambda turn: asdict(erasure.preview(turn.tx, turn.person))),
            Step("confirm", _confirmation, needed=lambda turn: turn.answers.get("loss") == "on"),
        ),
        _finish,
    ),
)
ROUTES = (
    Route(policy, command="privacy", words=("隐私", "隱私", "privacy"), verbs=("privacy",), within_dialogue=True),
    Route(looks, verbs=("looks",)),
    Route(take_away, words=("我的数据", "导出数据", "匯出資料", "my data"), verbs=("mydata",)),
    Route(leave, words=("注销", "註銷", "退会", "退會", "erase me"), verbs=("leave",)),
    Route(stay, verbs=("stay",)),
)
