"""`/feedback` and `/cases`: members complain, wish and praise, follow what becomes of it, and have the last word."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions import feedback
from actions.feedback import Said
from actions.members import require_member
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn, choice
from bot.presses import id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.cases import KINDS
from loyalty.errors import AnswerUnclear
from loyalty.messages import Say


async def begin(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given.chat_id)


async def list_own(ctx: Ctx) -> None:
    await ctx.act(feedback.list_own, say="case_list")


async def older(ctx: Ctx) -> None:
    await ctx.act(feedback.list_own, id_at(ctx.given), say="case_list", in_place=True)


async def look(ctx: Ctx) -> None:
    await ctx.act(feedback.look, id_at(ctx.given), say="case_view")


async def whole(ctx: Ctx) -> None:
    await ctx.act(feedback.whole, id_at(ctx.given))


async def write(ctx: Ctx) -> None:
    await ctx.act(_begin_more, ctx.services.dialogues, ctx.given)


async def confirm(ctx: Ctx) -> None:
    await ctx.act(feedback.confirm, id_at(ctx.given), say="case_rate", in_place=True)


async def reopen(ctx: Ctx) -> None:
    await ctx.act(_reopen, ctx.services.dialogues, ctx.given)


async def dispute(ctx: Ctx) -> None:
    await ctx.act(_dispute, ctx.services.dialogues, ctx.given)


def follow(tx: Tx, person: Person, given: Input) -> Say | None:
    """What answers no question, if it belongs to the case the member was just writing in."""
    said = attachments.said(given)
    view = feedback.follow(tx, person, said) if said else None
    return Say("case_added", asdict(view)) if view else None


def _begin(tx: Tx, person: Person, dialogues: Dialogues, chat_id: int) -> list[Say]:
    require_member(tx, person)
    return dialogues.begin(tx, person, chat_id, feedback.NEW)


def _begin_more(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    view = feedback.look(tx, person, id_at(given))
    return dialogues.begin(tx, person, given.chat_id, feedback.MORE, {"case": view.case_id})


def _reopen(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    view = feedback.reopen(tx, person, id_at(given))
    asked = dialogues.begin(tx, person, given.chat_id, feedback.MORE, {"case": view.case_id})
    return [Say("case_view", asdict(view), edit=given.message_id), *asked]


def _dispute(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    told = feedback.dispute(tx, person, id_at(given))
    asked = dialogues.begin(tx, person, given.chat_id, feedback.MORE, {"case": told.case_id})
    return [Say("feedback_taken", asdict(told)), *asked]


def _stores(turn: Turn) -> dict[str, Any]:
    return feedback.stores_to_name(turn.tx, turn.person)


def _store(turn: Turn, answer: Answer) -> int:
    known = {str(store["id"]): store["id"] for store in _stores(turn)["stores"]}
    if answer.kind != "press" or answer.value not in (*known, "0"):
        raise AnswerUnclear
    return int(known.get(answer.value, 0))


def _said(_turn: Turn, answer: Answer) -> dict[str, str]:
    return attachments.told(answer)


def _finish(turn: Turn) -> Say:
    told = turn.answers
    opened = feedback.open_own(turn.tx, turn.person, told["kind"], told.get("store", 0), Said(**told["words"]))
    return Say("feedback_taken", asdict(opened))


def _finish_more(turn: Turn) -> Say:
    view = feedback.add(turn.tx, turn.person, turn.answers["case"], Said(**turn.answers["words"]))
    return Say("case_added", asdict(view))


DIALOGUES = (
    Dialogue(
        feedback.NEW,
        (
            Step("kind", choice(*KINDS)),
            Step("store", _store, _stores, needed=lambda turn: bool(_stores(turn)["stores"])),
            Step("words", _said, lambda turn: {"kind": turn.answers["kind"]}),
        ),
        _finish,
    ),
    Dialogue(feedback.MORE, (Step("words", _said, lambda turn: {"case_id": turn.answers["case"]}),), _finish_more),
)
ROUTES = (
    Route(
        begin,
        command="feedback",
        words=(
            "投诉",
            "投訴",
            "建议",
            "建議",
            "意见",
            "意見",
            "反馈",
            "反饋",
            "表扬",
            "表揚",
            "feedback",
            "complaint",
            "complain",
        ),
        verbs=("feedback",),
    ),
    Route(
        list_own,
        command="cases",
        words=("我的反馈", "我的反饋", "我的投诉", "我的投訴", "my cases", "cases"),
        verbs=("cases",),
    ),
    Route(older, verbs=("casesfrom",), within_dialogue=True),
    Route(look, verbs=("mycase",)),
    Route(whole, verbs=("mycaseall",), within_dialogue=True),
    Route(write, verbs=("casewrite",)),
    Route(confirm, verbs=("casesolved",)),
    Route(reopen, verbs=("casereopen",)),
    Route(dispute, verbs=("dispute",)),
)
