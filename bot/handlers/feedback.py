"""`/feedback` and `/cases`: members complain, wish and praise, follow what becomes of it, and have the last word."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from actions import feedback
from actions.feedback import Said
from actions.members import require_member
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Aside, Dialogue, Dialogues, Step, Turn, choice
from bot.presses import id_at
from bot.routing import Route, fold
from bot.updates import Input
from db import dialogues as places
from db.database import Tx
from db.dialogues import Place
from db.people import Person
from loyalty.cases import KINDS
from loyalty.errors import AnswerUnclear
from loyalty.messages import Say

_WORDS = (
    *("投诉", "投訴", "客诉", "客訴", "我要投诉", "我要投訴", "我想投诉", "我想投訴", "我要客訴", "抱怨"),
    *("建议", "建議", "意见", "意見", "反馈", "反饋", "回饋", "表扬", "表揚"),
    *("feedback", "complaint", "complain", "i want to complain", "i want to make a complaint"),
)
_SHORTEST = 8  # letters, of Chinese half as many; what is shorter is rather a word that was not understood
_SOLVED = {
    *("yes", "solved", "yes solved", "yes it is", "it is", "all good"),
    *("是", "是的", "好了", "可以了", "解决了", "解決了", "已解决", "已解決", "已经解决了", "已經解決了"),
}
_CLAUSE = re.compile("[,，。.!！;；~～]")


async def begin(ctx: Ctx) -> None:
    await ctx.act(_begin, ctx.services.dialogues, ctx.given)


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


def is_offered(place: Place | None) -> bool:
    """Whether nothing was asked for: the member may go on as if there were no question."""
    return place is not None and (place.name, place.step) == (feedback.NEW, "kind") and "offered" in place.answers


def worth_reading(given: Input) -> Said | None:
    """What may be meant for people: a file, or more than a few letters."""
    said = attachments.said(given) if given.kind != "sticker" else None
    return said if said and (said.file_id or _letters(said.words) >= _SHORTEST) else None


def _letters(words: str) -> int:
    return sum(1 if ord(letter) < 0x2E80 else 2 for letter in words)


def says_solved(given: Input) -> bool:
    """Whether it begins with what the button says."""
    return given.kind == "text" and fold(_CLAUSE.split(given.text.strip())[0]) in _SOLVED


def last_word(tx: Tx, person: Person, given: Input) -> Say | None:
    """What a member who was just asked whether a case is solved writes in place of pressing a button."""
    case_id = feedback.asked_lately(tx, person.user_id)
    if case_id and says_solved(given):
        return Say("case_rate", asdict(feedback.confirm(tx, person, case_id)))
    said = worth_reading(given) if case_id else None
    return Say("case_view", asdict(feedback.mention(tx, person, case_id, said))) if said else None


def offer(tx: Tx, person: Person, dialogues: Dialogues, given: Input, said: Said) -> list[Say]:
    """Keep what was sent, with what was just before, for one tap."""
    place = places.get(tx, given.chat_id, person.user_id)
    before = place.answers if place and is_offered(place) else {}
    answers = before | _kept(before, asdict(said)) | {"offered": given.kind}
    return dialogues.begin(tx, person, given.chat_id, feedback.NEW, answers)


def _begin(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> Say | list[Say]:
    """Whoever says more than that they complain has complained: it goes on in the case they are writing in, if any."""
    require_member(tx, person)
    said = attachments.said(given) if given.kind == "text" and fold(given.text) not in _WORDS else None
    if said and (followed := follow(tx, person, given)):
        return followed
    told = {"kind": "complaint", "words": asdict(said)} if said else {}
    return dialogues.begin(tx, person, given.chat_id, feedback.NEW, told)


def _begin_more(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    view = feedback.look(tx, person, id_at(given))
    return dialogues.begin(tx, person, given.chat_id, feedback.MORE, {"case": view.case_id})


def _reopen(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    view = feedback.reopen(tx, person, id_at(given))
    return dialogues.begin(tx, person, given.chat_id, feedback.MORE, {"case": view.case_id, "unsolved": True})


def _dispute(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    told = feedback.dispute(tx, person, id_at(given))
    asked = dialogues.begin(tx, person, given.chat_id, feedback.MORE, {"case": told.case_id})
    return [Say("feedback_taken", asdict(told)), *asked]


def _stores(turn: Turn) -> dict[str, Any]:
    return feedback.stores_to_name(turn.tx, turn.person)


def _kind(turn: Turn, answer: Answer) -> str | Aside:
    if answer.kind != "press" and "offered" not in turn.answers:
        return _aside(turn, answer)
    return choice(*KINDS)(turn, answer)


def _store(turn: Turn, answer: Answer) -> int | Aside:
    if answer.kind != "press":
        return _aside(turn, answer)
    known = {str(store["id"]): store["id"] for store in _stores(turn)["stores"]}
    if answer.value not in (*known, "0"):
        raise AnswerUnclear
    return int(known.get(answer.value, 0))


def _aside(turn: Turn, answer: Answer) -> Aside:
    """The words, before they were asked for."""
    return Aside(_kept(turn.answers, attachments.told(answer)))


def _kept(answers: Answers, said: dict[str, str]) -> Answers:
    """The first message opens the case, the others follow."""
    return {"more": [*answers.get("more", []), said]} if "words" in answers else {"words": said}


def _of_kind(turn: Turn) -> dict[str, Any]:
    return {"offered": turn.answers.get("offered", ""), "kept": "words" in turn.answers}


def _of_store(turn: Turn) -> dict[str, Any]:
    return _stores(turn) | {"kept": "words" in turn.answers}


def _said(_turn: Turn, answer: Answer) -> dict[str, str]:
    return attachments.told(answer)


def _of_more(turn: Turn) -> dict[str, Any]:
    return {"case_id": turn.answers["case"], "unsolved": turn.answers.get("unsolved", False)}


def _finish(turn: Turn) -> Say:
    return Say("feedback_taken", asdict(feedback.open_said(turn.tx, turn.person, turn.answers)))


def _left(turn: Turn) -> list[Say]:
    """What we said that we keep is a case, whatever was not answered about it."""
    told = feedback.open_kept(turn.tx, turn.person, turn.answers)
    return [Say("feedback_taken", asdict(told))] if told else []


def _finish_more(turn: Turn) -> Say:
    view = feedback.add(turn.tx, turn.person, turn.answers["case"], Said(**turn.answers["words"]))
    return Say("case_added", asdict(view))


DIALOGUES = (
    Dialogue(
        feedback.NEW,
        (
            Step("kind", _kind, _of_kind),
            Step("store", _store, _of_store, needed=lambda turn: bool(_stores(turn)["stores"])),
            Step("words", _said, lambda turn: {"kind": turn.answers["kind"]}),
        ),
        _finish,
        left=_left,
        keeps=feedback.is_kept,
    ),
    Dialogue(feedback.MORE, (Step("words", _said, _of_more),), _finish_more),
)
ROUTES = (
    Route(
        begin,
        command="feedback",
        words=_WORDS,
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
