"""The second person's answer to what a colleague would like to give for a case."""

from __future__ import annotations

from dataclasses import asdict

from actions import compensations
from bot.context import Ctx
from bot.presses import id_at
from bot.routing import Route
from bot.updates import Input
from db.database import Tx
from db.people import Person
from loyalty.messages import Say
from loyalty.roles import Role


async def agree(ctx: Ctx) -> None:
    await ctx.act(_decide, ctx.given, agrees=True)


async def decline(ctx: Ctx) -> None:
    await ctx.act(_decide, ctx.given, agrees=False)


def _decide(tx: Tx, person: Person, given: Input, agrees: bool) -> Say:
    """Only an answer takes the question's place: a refusal leaves it."""
    outcome = compensations.decide(tx, person, id_at(given), agrees)
    return Say("compensation_settled", asdict(outcome), edit=given.message_id)


ROUTES = (
    Route(agree, verbs=("compyes",), role=Role.MANAGER, within_dialogue=True),
    Route(decline, verbs=("compno",), role=Role.MANAGER, within_dialogue=True),
)
