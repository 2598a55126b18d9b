"""`/note`: staff note what a member likes, wears, cannot eat or wishes for; members see it and put it right."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from actions import complaints, counter_lines, customers, notes, staff
from actions.feedback import Said
from actions.notes import CORRECT, NEW
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Dialogue, Dialogues, Step, Turn, choice
from bot.handlers import counter_lines as whom
from bot.handlers.complaints import logged
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty import notes as rules
from loyalty.errors import AnswerUnclear
from loyalty.messages import Attachment, Say
from loyalty.notes import FIELDS
from loyalty.roles import Role


async def note(ctx: Ctx) -> None:
    await ctx.act(_note, ctx.services.dialogues, ctx.given)


async def note_member(ctx: Ctx) -> None:
    await ctx.act(_note_member, ctx.services.dialogues, ctx.given)


async def file(ctx: Ctx) -> None:
    await ctx.act(notes.file, id_at(ctx.given), argument(ctx.given, 1), say="note_taken", in_place=True)


async def list_of(ctx: Ctx) -> None:
    await ctx.act(notes.list_of, id_at(ctx.given), say="member_notes")


async def turn(ctx: Ctx) -> None:
    await ctx.act(notes.list_of, id_at(ctx.given), id_at(ctx.given, 1), say="member_notes", in_place=True)


async def remove(ctx: Ctx) -> None:
    await ctx.act(notes.remove, id_at(ctx.given), say="member_notes", in_place=True)


async def show(ctx: Ctx) -> None:
    await ctx.act(notes.show, id_at(ctx.given))


async def show_own(ctx: Ctx) -> None:
    await ctx.act(notes.show_own, id_at(ctx.given))


async def list_own(ctx: Ctx) -> None:
    await ctx.act(notes.list_own, id_at(ctx.given), say="notes_own", in_place=True)


async def delete_own(ctx: Ctx) -> None:
    await ctx.act(notes.delete_own, id_at(ctx.given), say="notes_own", in_place=True)


async def correct(ctx: Ctx) -> None:
    await ctx.act(_begin_correct, ctx.services.dialogues, ctx.given)


def _note(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """All on one line, or asked for step by step."""
    staff.require(tx, person.user_id, Role.CLERK)
    said = attachments.captioned(given)
    return dialogues.begin(tx, person, given.chat_id, NEW, _told(tx, person, said) if said.words else {})


def _told(tx: Tx, person: Person, said: Said) -> Answers:
    line = counter_lines.read(tx, person, said.words)
    if not line.words:
        return whom.known(line)
    field, words = rules.read_line(line.words)
    told = {"words": asdict(replace(said, words=words)), "whole": line.whole}
    return whom.known(line) | {"field": field} | told


def _file(said: Said) -> Attachment | None:
    return Attachment(said.file_kind, said.file_id) if said.file_id else None


def _note_member(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    staff.require(tx, person.user_id, Role.CLERK)
    member = customers.require(tx, id_at(given))
    return dialogues.begin(tx, person, given.chat_id, NEW, {"who": [member.id]})


def _begin_correct(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    kept = notes.own(tx, person, id_at(given))
    return dialogues.begin(tx, person, given.chat_id, CORRECT, {"note": kept.note_id})


def _correction(_turn: Turn, answer: Answer) -> str:
    if answer.kind != "text":
        raise AnswerUnclear
    return rules.read(answer.value)


def _words(turn: Turn, answer: Answer) -> dict[str, str]:
    """Of a member a line, perhaps under a photo; of nobody in particular whatever it is."""
    told = attachments.told(answer)
    return told | {"words": rules.read(told["words"])} if whom.member(turn) else told


def _asked(turn: Turn) -> dict[str, Any]:
    return {"field": turn.answers.get("field", "other"), "nobody": not whom.member(turn)}


def _finish(turn: Turn) -> Say:
    """What is wished for by nobody in particular is a suggestion for the store."""
    member_id, said = whom.member(turn), Said(**turn.answers["words"])
    if not member_id:
        heard = replace(said, words=whom.words(turn))
        return logged(complaints.log(turn.tx, turn.person, complaints.overheard(turn.tx), heard))
    noted = notes.note(turn.tx, turn.person, member_id, turn.answers["field"], said.words, _file(said))
    return Say("note_taken", asdict(noted))


def _finish_correct(turn: Turn) -> Say:
    corrected = notes.correct(turn.tx, turn.person, turn.answers["note"], turn.answers["words"])
    return Say("notes_own", asdict(corrected))


DIALOGUES = (
    Dialogue(
        NEW,
        (
            *whom.steps(),
            Step("field", choice(*FIELDS), whom.named, needed=lambda turn: bool(whom.member(turn))),
            Step("words", _words, _asked),
        ),
        _finish,
    ),
    Dialogue(
        CORRECT,
        (Step("words", _correction, lambda turn: asdict(notes.own(turn.tx, turn.person, turn.answers["note"]))),),
        _finish_correct,
    ),
)
ROUTES = (
    Route(note, command="note", words=("备注", "備註", "note"), role=Role.CLERK),
    Route(note_member, verbs=("note",), role=Role.CLERK),
    Route(file, verbs=("notefile",), role=Role.CLERK, within_dialogue=True),
    Route(list_of, verbs=("notes",), role=Role.CLERK, within_dialogue=True),
    Route(turn, verbs=("notesat",), role=Role.CLERK, within_dialogue=True),
    Route(remove, verbs=("notedrop",), role=Role.CLERK, within_dialogue=True),
    Route(show, verbs=("noteshow",), role=Role.CLERK, within_dialogue=True),
    Route(show_own, verbs=("mynoteshow",), within_dialogue=True),
    Route(list_own, words=("my notes",), verbs=("mynotes",)),
    Route(delete_own, verbs=("mynotedrop",), within_dialogue=True),
    Route(correct, verbs=("mynote",)),
)
