"""What an operator does from the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from actions import audit, charters
from bot.jobs import books
from bot.runtime import Clock, open_data, read_charter
from bot.settings import Settings
from db import accounts, inbox
from db import charters as versions
from db.database import Database, Tx
from loyalty.charter import describe_changes, load


@asynccontextmanager
async def _data(settings: Settings, clock: Clock) -> AsyncIterator[Database]:
    db, _ = await open_data(settings, clock)
    try:
        yield db
    finally:
        await db.close()


async def charter_in_force(settings: Settings, clock: Clock) -> str:
    """Its text, as it was published."""
    async with _data(settings, clock) as db:
        return await db.read(_latest_text)


def _latest_text(tx: Tx) -> str:
    version = versions.latest(tx)
    return version.text if version else ""


async def check_charter(settings: Settings, clock: Clock) -> list[str]:
    """What publishing the file would change, a line each. CharterError if the file is not sound."""
    proposed = load(read_charter(settings.charter, may_create=False))
    async with _data(settings, clock) as db:
        changes = describe_changes(await db.read(charters.current), proposed)
    if not changes:
        return ["The file is sound and says what is in force."]
    return ["The file is sound. Publishing it changes:"] + [
        f"  {change.path}: {change.before or '(not set)'} -> {change.after or '(not set)'}" for change in changes
    ]


async def publish_charter(settings: Settings, clock: Clock) -> int:
    """The version now in force. CharterError if the file is not sound."""
    text = read_charter(settings.charter, may_create=False)
    async with _data(settings, clock) as db:
        return await db.write(charters.publish, text, 0)


async def dead_updates(settings: Settings, clock: Clock) -> list[str]:
    async with _data(settings, clock) as db:
        dead = await db.read(inbox.list_dead, _bot_id(settings))
    return [f"{one.update_id}  {_when(one.received_at)}  {one.error}" for one in dead] or ["None."]


async def replay(settings: Settings, clock: Clock, update_id: int) -> bool:
    async with _data(settings, clock) as db:
        return await db.write(inbox.revive, _bot_id(settings), update_id)


async def check(settings: Settings, clock: Clock, begin: Callable[[int], Callable[[int], None]]) -> list[str]:
    """What is wrong with members' points and with the record of who did what, a line each; none if all is right.

    begin is told how many members there are, and returns what is told after each page of them.
    """
    async with _data(settings, clock) as db:
        found = await books.check(db, begin(await db.read(accounts.count)))
        proof = await db.read(audit.verify)
        while not proof.done:
            proof = await db.read(audit.verify, proof)
    return [f"member {one.member_id}: {one.check}: {one.kept}, not {one.counted}" for one in found] + [
        f"audit: {problem.kind} at {problem.place}, {problem.places}" for problem in proof.problems
    ]


def _bot_id(settings: Settings) -> int:
    return int(settings.bot_token.get_secret_value().partition(":")[0])


def _when(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1000, dt.UTC).isoformat(timespec="seconds")
