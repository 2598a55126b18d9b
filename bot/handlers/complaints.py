"""`/complaint`: staff log what they hear; a member who says it complains."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from actions import case_choices, complaints, counter_lines, feedback, purchases, staff
from actions.case_views import Desk
from actions.complaints import NEW, Handed, Heard
from actions.feedback import Said
from actions.members import require_member
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Answers, Dialogue, Dialogues, Step, Turn, choice
from bot.handlers import counter_lines as whom
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.cases import KINDS
from loyalty.errors import AnswerUnclear
from loyalty.messages import Say


async def complain(ctx: Ctx) -> None:
    await ctx.act(_complain, ctx.services.dialogues, ctx.given)


def _complain(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> Say | list[Say]:
    """On one line, or asked step by step; a file whose caption it is comes with it."""
    said = attachments.captioned(given)
    if staff.strongest_role(tx, person.user_id) is None:
        require_member(tx, person)
        told = {"words": asdict(said)} if said.words or said.file_id else {}
        return dialogues.begin(tx, person, given.chat_id, feedback.NEW, {"kind": "complaint"} | told)
    purchases.counter(tx, person)
    return dialogues.begin(tx, person, given.chat_id, NEW, _told(tx, person, said))


def _told(tx: Tx, person: Person, said: Said) -> Answers:
    """What the line tells is asked no more; if there are words, nothing but whose they are."""
    file = {"file": asdict(replace(said, words=""))} if said.file_id else {}
    if not said.words:
        return file
    line = counter_lines.read(tx, person, said.words)
    if not line.words:
        return whom.known(line) | file
    told = {"words": asdict(replace(said, words=line.words)), "whole": line.whole}
    return whom.known(line) | {"kind": "complaint", "category": "", "visit": 0} | told


def _category(turn: Turn, answer: Answer) -> str:
    return _one_of(answer, [one["code"] for one in _classes(turn)["categories"]])


def _one_of(answer: Answer, codes: list[str]) -> str:
    if answer.value not in codes:
        raise AnswerUnclear
    return answer.value


def _visit(turn: Turn, answer: Answer) -> int:
    known = {str(visit["purchase_id"]) for visit in _visits(turn)["visits"]}
    return int(_one_of(answer, [*known, "0"]))


def _classes(turn: Turn) -> dict[str, Any]:
    return case_choices.classes(turn.tx)


def _visits(turn: Turn) -> dict[str, Any]:
    return {"visits": [asdict(visit) for visit in complaints.visits(turn.tx, turn.person, whom.member(turn))]}


def _words(_turn: Turn, answer: Answer) -> dict[str, str]:
    return attachments.told(answer)


def _finish(turn: Turn) -> Say:
    told = turn.answers
    heard = Heard(whom.member(turn), told["kind"], "", told["category"], told.get("visit", 0))
    words = replace(Said(**told["words"]), words=whom.words(turn))
    file = [Said(**told["file"])] if "file" in told else []
    return logged(complaints.log(turn.tx, turn.person, heard, words, *file, *attachments.gathered(told)))


def logged(found: Desk | Handed) -> Say:
    """The case, or where it went."""
    return Say("case_desk" if isinstance(found, Desk) else "complaint_handed", asdict(found))


DIALOGUES = (
    Dialogue(
        NEW,
        (
            *whom.steps(),
            Step("kind", choice(*KINDS), whom.named),
            Step("category", _category, _classes),
            Step("visit", _visit, _visits, needed=lambda turn: bool(_visits(turn)["visits"])),
            Step("words", _words),
        ),
        _finish,
    ),
)
ROUTES = (Route(complain, command="complaint"),)
