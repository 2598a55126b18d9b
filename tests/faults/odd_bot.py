"""`python -m tests.faults.odd_bot run`: the bot with two handlers that no bot should have, and short leases if told so.

/die ends the process at once; /fail raises until the file named by MENDED exists. LEASES divides the leases' lengths.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from db import inbox, outbox

if (_shorter := int(os.environ.get("LEASES", "1"))) > 1:
    # Before the bot is imported, which derives its own rhythms from these.
    inbox.LEASE_MS //= _shorter
    outbox.LEASE_MS //= _shorter

from bot import cli, routes
from bot.routing import Route

if TYPE_CHECKING:
    from bot.context import Ctx


async def _die(_ctx: Ctx) -> None:
    os._exit(1)


async def _fail(ctx: Ctx) -> None:
    if not os.path.exists(os.environ["MENDED"]):  # noqa: ASYNC240, PTH110 - one look at a local file
        raise ValueError(ctx.given.text)
    await ctx.say("edit_not_read")


_ODD = (Route(_die, command="die"), Route(_fail, command="fail"))
_usual = routes.all_routes
routes.all_routes = lambda: (*_usual(), *_ODD)

cli.main()
