"""Asks Telegram for updates; the offset moves on only after they are stored."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter, TelegramError

from bot import updates
from bot.api import Api
from bot.courier import Courier
from bot.intake import Intake
from bot.logs import blame
from bot.worker import Worker
from db.database import DatabaseTrouble

log = structlog.get_logger()

# Only what the bot reads; anything else would be stored and thrown away.
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_LONG_POLL_SECONDS = 30
_MOST_BACKLOG = 2_000
# The last one bounds how late the bot notices that Telegram, or its database, is back.
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)


class Poller:
    """The long poll of one bot."""

    def __init__(self, api: Api, intake: Intake, worker: Worker, courier: Courier) -> None:
        self._api = api
        self._intake = intake
        self._worker = worker
        self._courier = courier
        self._offset = 0
        self._failures = 0

    async def run(self) -> None:
        """Until cancelled. Whatever goes wrong is waited out, longer each time."""
        while True:
            try:
                await self._poll()
            except RetryAfter:
                pass  # the next call waits for its end
            except TelegramError as error:
                await self._wait_out(error)
            while self._worker.backlog > _MOST_BACKLOG:  # noqa: ASYNC110 - a rare brake needs no event
                await asyncio.sleep(0.05)

    async def _poll(self) -> None:
        batch: list[dict[str, Any]] = await self._api.call(
            "getUpdates",
            {"offset": self._offset, "timeout": _LONG_POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES},
            read_timeout=_LONG_POLL_SECONDS + 10,
        )
        if not batch:
            # All before is acknowledged. Ids may start over lower after a quiet week, so ask for whatever there is.
            self._offset = self._failures = 0
            return
        try:
            await self._intake.store(batch)
        except DatabaseTrouble as trouble:
            log.warning("intake_waits", trouble=type(trouble).__name__, updates=len(batch))
            self._courier.apologise([updates.read(update) for update in batch])
            await self._pause()
        else:
            self._offset = batch[-1]["update_id"] + 1
            self._failures = 0

    async def _wait_out(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            log.error("another_bot_polls", hint="stop the other process, or use a webhook for several")
        elif isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            log.warning("telegram_unreachable", error=type(error).__name__)
        else:
            log.error("poll_refused", error=blame(error))
        await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(_PAUSES[min(self._failures, len(_PAUSES) - 1)])
        self._failures += 1
