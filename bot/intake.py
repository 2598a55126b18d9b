"""Takes updates in: stored and committed first, acknowledged after (DESIGN §3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from bot import updates
from bot.batches import Batches
from bot.updates import Input
from bot.worker import Worker
from db import inbox
from db.database import Database
from db.inbox import Received

_Taken = tuple[Input, bytes]  # and Telegram's JSON of it


class Intake:
    """The one door for updates, whether polled or posted."""

    def __init__(self, db: Database, worker: Worker, bot_id: int) -> None:
        self._db = db
        self._worker = worker
        self._bot_id = bot_id
        self._arriving: Batches[_Taken, None] = Batches(self._take_in)

    @property
    def is_full(self) -> bool:
        """Whether updates come faster than they are handled: then they should be offered again later."""
        return self._worker.is_full

    async def store(self, batch: Sequence[dict[str, Any]]) -> None:
        """Store a batch in one commit and hand what is new to the worker. Raises DatabaseTrouble: then nothing of
        it may be acknowledged. What the bot has no business with is not even stored.

        What is posted while others are being stored is stored together after them.
        """
        taken = [(given, orjson.dumps(update)) for update in batch if (given := updates.read(update)).matters]
        if taken:
            await self._arriving.put(*taken)

    async def _take_in(self, taken: list[_Taken]) -> None:
        received = [Received(given.update_id, given.lane, payload) for given, payload in taken]
        new = await self._db.write(inbox.add, self._bot_id, received, self._worker.holder)
        self._worker.receive(given for given, _payload in taken if given.update_id in new)
