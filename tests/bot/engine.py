"""Handlers that only the tests of the engine have, and what they are watched by."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from bot.context import Ctx
from bot.routing import Route
from bot.services import Services
from db.database import Tx
from db.people import Person
from tests.bot.people import Town

_numbers = count(500_000)


def services_of(town: Town) -> Services:
    services: Services = town.machinery.application.bot_data["services"]
    return services


def add_command(town: Town, command: str, handler: Callable[[Ctx], Awaitable[None]]) -> None:
    """A command that this town's bot has besides its own."""
    services_of(town).router._enter(Route(handler, command=command, verbs=(command,), within_dialogue=True))


@dataclass
class Poison:
    """A handler that fails until it is mended. effects: whose updates took effect, in order."""

    broken: bool = True
    tries: int = 0
    effects: list[int] = field(default_factory=list)

    async def __call__(self, ctx: Ctx) -> None:
        await ctx.act(self._act, ctx.given, say="edit_not_read")

    def _act(self, tx: Tx, person: Person, given: Any) -> None:
        self.tries += 1
        note(tx, person, "poison")
        if self.broken:
            raise KeyError(given.args)
        self.effects.append(person.user_id)


async def take_note(ctx: Ctx) -> None:
    """A handler that writes down what came, in the update's transaction."""
    await ctx.act(_take_note, ctx.given.args or ctx.given.data, say="edit_not_read")


def _take_note(tx: Tx, person: Person, what: str) -> None:
    note(tx, person, what)


def note(tx: Tx, person: Person, what: str) -> None:
    tx.run("INSERT INTO noted (actor, what) VALUES (:actor, :what)", actor=person.user_id, what=what)


async def open_notebook(town: Town) -> None:
    """The table that `note` writes to, and the command /note_down that does nothing else."""
    await town.write(
        lambda tx: tx.run("CREATE TABLE noted (id INTEGER PRIMARY KEY AUTOINCREMENT, actor INTEGER, what TEXT)")
    )
    add_command(town, "note_down", take_note)


async def noted(town: Town) -> list[tuple[int, str]]:
    """Who noted what, in order."""
    return await town.db.read(lambda tx: tx.all("SELECT actor, what FROM noted ORDER BY id"))


def raw(sender: int, text: str, number: int = 0) -> dict[str, Any]:
    """A private text message as Telegram posts it."""
    return {
        "update_id": number or next(_numbers),
        "message": {
            "message_id": next(_numbers),
            "date": 0,
            "from": {"id": sender, "is_bot": False, "first_name": "P", "language_code": "en"},
            "chat": {"id": sender, "type": "private", "first_name": "P"},
            "text": text,
        },
    }


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    """Waits until the condition holds, looking often."""
    async with asyncio.timeout(seconds):
        while not (found := condition()) or (asyncio.iscoroutine(found) and not await found):  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.01)


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Somebody else's program has begun to write to the file and does not end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def sends(town: Town, chat: int = 0, method: str = "send") -> list[dict[str, Any]]:
    """Calls that send something (to that chat), in order, with what became of them."""
    calls = [entry for entry in town.world.log if entry["method"].startswith(method)]
    return [entry for entry in calls if not chat or int(entry["params"]["chat_id"]) == chat]
