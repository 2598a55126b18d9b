"""Updates that were given up on: an owner can have them handled again."""

from __future__ import annotations

from actions import staff
from bot import presses
from bot.context import Ctx
from bot.routing import Route
from bot.updates import Input
from db import audit, inbox
from db.database import Tx
from db.people import Person
from loyalty.messages import Say
from loyalty.roles import Role


async def replay(ctx: Ctx) -> None:
    """The worker's next look for strays finds it."""
    await ctx.act(_revive, ctx.attempt.bot_id, ctx.given)


def _revive(tx: Tx, person: Person, bot_id: int, given: Input) -> Say:
    staff.require(tx, person.user_id, Role.OWNER)
    update_id = presses.number(given)
    revived, reference = inbox.revive(tx, bot_id, update_id), str(update_id)
    audit.add(tx, person.user_id, "update_replayed", reference=reference)
    return Say("update_replayed" if revived else "update_not_dead", {"reference": reference})


ROUTES = (Route(replay, verbs=("replay",), role=Role.OWNER),)
