"""Updates that were given up on: an owner can have them handled again."""

from __future__ import annotations

from actions import staff
from bot.context import Ctx
from bot.routing import Route
from db import audit, inbox
from db.database import Tx
from db.people import Person
from loyalty.errors import StaleButton
from loyalty.messages import Say
from loyalty.roles import Role


async def replay(ctx: Ctx) -> None:
    """The worker's next look for strays finds it."""
    reference = ctx.verb_args[0] if ctx.verb_args else ""
    await ctx.act(_revive, ctx.attempt.bot_id, reference)


def _revive(tx: Tx, person: Person, bot_id: int, reference: str) -> Say:
    staff.require(tx, person.user_id, Role.OWNER)
    if not reference.isdecimal():
        raise StaleButton
    revived = inbox.revive(tx, bot_id, int(reference))
    audit.add(tx, person.user_id, "update_replayed", reference=reference)
    return Say("update_replayed" if revived else "update_not_dead", {"reference": reference})


ROUTES = (Route(replay, verbs=("replay",), role=Role.OWNER),)
