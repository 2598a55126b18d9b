"""Who did what: for managers where they manage, for owners everywhere."""

from __future__ import annotations

from dataclasses import asdict

from actions import audit
from actions.audit import By, Filter, Page
from bot.buttons.audit import KINDS
from bot.context import Ctx
from bot.dialogues import Answer, Dialogue, Dialogues, Step, Turn
from bot.presses import argument, id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.errors import AnswerUnclear, StaleButton
from loyalty.messages import Say
from loyalty.roles import Role

_NAME = "audit"
_BY: dict[str, By] = {"all": "all", "person": "person", "member": "member", "kind": "kind"}


async def look(ctx: Ctx) -> None:
    """`/audit`, or `/audit <card, phone or name>` for one member."""
    await ctx.act(_look, ctx.given.args)


async def turn(ctx: Ctx) -> None:
    await ctx.act(_turn, ctx.given, in_place=True)


async def people(ctx: Ctx) -> None:
    await ctx.act(audit.people, id_at(ctx.given), say="audit_people", in_place=True)


async def kinds(ctx: Ctx) -> None:
    await ctx.act(audit.kinds, say="audit_kinds", in_place=True)


async def ask_member(ctx: Ctx) -> None:
    await ctx.act(_ask, ctx.services.dialogues, ctx.given, in_place=True)


def _look(tx: Tx, person: Person, text: str) -> Say:
    return _say(audit.find_member(tx, person, text) if text else audit.page(tx, person))


def _turn(tx: Tx, person: Person, given: Input) -> Say:
    by, value = argument(given), argument(given, 1)
    if by not in _BY or (by == "member" and not id_at(given, 1)):
        raise StaleButton
    return _say(audit.page(tx, person, Filter(_BY[by], value), id_at(given, 2)))


def _ask(tx: Tx, person: Person, dialogues: Dialogues, given: Input) -> list[Say]:
    """Refuses NotAllowed."""
    audit.kinds(tx, person)
    return dialogues.begin(tx, person, given.chat_id, _NAME)


def _say(page: Page) -> Say:
    told = asdict(page)
    told["lines"] = [line | {"action": KINDS.get(line["action"], line["action"])} for line in told["lines"]]
    if page.by == "kind":
        told["about"] = KINDS.get(page.value, page.value)
    return Say("audit", told)


def _read_member(turn: Turn, answer: Answer) -> str:
    """Whom the answer means; refused at once if it means nobody, or several."""
    if answer.kind != "text":
        raise AnswerUnclear
    audit.find_member(turn.tx, turn.person, answer.value)
    return answer.value


def _finish(turn: Turn) -> Say:
    return _say(audit.find_member(turn.tx, turn.person, turn.answers["member"]))


DIALOGUES = (Dialogue(_NAME, (Step("member", _read_member),), _finish),)
ROUTES = (
    Route(
        look,
        command="audit",
        words=("audit", "操作记录", "操作記錄", "审计", "審計"),
        role=Role.MANAGER,
    ),
    Route(turn, verbs=("audit",), role=Role.MANAGER),
    Route(people, verbs=("auditpeople",), role=Role.MANAGER),
    Route(kinds, verbs=("auditkinds",), role=Role.MANAGER),
    Route(ask_member, verbs=("auditmember",), role=Role.MANAGER),
)
