"""`/complaint`: staff log what they hear; a member who says it complains."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from actions import case_choices, complaints, feedback, purchases, staff
from actions.complaints import NEW, Heard
from actions.feedback import Said
from actions.members import require_member
from bot import attachments
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn, choice
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.cases import KINDS
from loyalty.errors import AnswerUnclear, MemberNotFound
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
    if len(given.args.split(maxsplit=1)) == 2:
        return Say("case_desk", asdict(complaints.log_line(tx, person, given.args, said)))
    who = {"who": _find(tx, person, given.args)} if given.args else {}
    file = {"file": asdict(replace(said, words=""))} if said.file_id else {}
    return dialogues.begin(tx, person, given.chat_id, NEW, who | file)


def _find(tx: Tx, person: Person, text: str) -> int:
    found = purchases.identify(tx, person, text)
    if len(found) != 1:
        raise MemberNotFound("name")
    return found[0]


def _who(turn: Turn, answer: Answer) -> int:
    if answer.kind == "press" and answer.value == "0":
        return 0
    if answer.kind != "text":
        raise AnswerUnclear
    return _find(turn.tx, turn.person, answer.value)


def _category(turn: Turn, answer: Answer) -> str:
    return _one_of(answer, [one["code"] for one in _classes(turn)["categories"]])


def _severity(turn: Turn, answer: Answer) -> str:
    return _one_of(answer, [one["code"] for one in _classes(turn)["severities"]])


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
    return {"visits": [asdict(visit) for visit in complaints.visits(turn.tx, turn.answers["who"])]}


def _words(_turn: Turn, answer: Answer) -> dict[str, str]:
    return attachments.told(answer)


def _finish(turn: Turn) -> Say:
    told = turn.answers
    heard = Heard(told["who"], told["kind"], told["severity"], told["category"], told.get("visit", 0))
    lines = [Said(**told[name]) for name in ("words", "file") if name in told]
    return Say("case_desk", asdict(complaints.log(turn.tx, turn.person, heard, *lines)))


DIALOGUES = (
    Dialogue(
        NEW,
        (
            Step("who", _who),
            Step("kind", choice(*KINDS)),
            Step("category", _category, _classes),
            Step("severity", _severity, _classes),
            Step("visit", _visit, _visits, needed=lambda turn: bool(_visits(turn)["visits"])),
            Step("words", _words),
        ),
        _finish,
    ),
)
ROUTES = (Route(complain, command="complaint"),)
