"""Calls of the Bot API by name: the fields as they are, the answer as Telegram's JSON.

python-telegram-bot's own methods build an object for every message sent; nobody here looks at them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import orjson
from telegram import Bot
from telegram.error import BadRequest, RetryAfter
from telegram.request import BaseRequest, RequestData

# Telegram gives bots no larger files.
LARGEST_FILE = 20 * 1024 * 1024

Upload = tuple[str, bytes, str]  # file name, content, MIME type


@dataclass(frozen=True, slots=True)
class _Fields:
    """What `AiohttpRequest` asks of python-telegram-bot's RequestData."""

    parameters: Mapping[str, Any]
    multipart_data: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def contains_files(self) -> bool:
        return bool(self.multipart_data)

    @property
    def json_parameters(self) -> dict[str, str]:
        return {name: _as_text(value) for name, value in self.parameters.items()}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


class Board(Protocol):
    """Where the quiet is written that other processes of this bot were asked for."""

    async def post(self, seconds: float) -> None: ...

    async def look(self) -> float: ...


class Gate:
    """The quiet Telegram asks for with a 429: nobody calls before it is over, in no process that shares the board."""

    def __init__(self) -> None:
        self.board: Board | None = None
        self._quiet_until = 0.0  # loop time

    @property
    def quiet_for(self) -> float:
        """Seconds; not above 0 where anybody may call."""
        return self._quiet_until - asyncio.get_running_loop().time()

    async def close(self, told: RetryAfter) -> None:
        """For as long as Telegram said."""
        self._extend(seconds_of(told))
        if self.board:
            await self.board.post(seconds_of(told))

    async def passed(self) -> None:
        """Until anybody may call."""
        while True:
            while (left := self.quiet_for) > 0:  # noqa: ASYNC110 - the time to wait for may move on
                await asyncio.sleep(left)
            if not self.board:
                return
            others = await self.board.look()
            if others <= 0 and self.quiet_for <= 0:
                return
            self._extend(others)

    def _extend(self, seconds: float) -> None:
        self._quiet_until = max(self._quiet_until, asyncio.get_running_loop().time() + seconds)


def seconds_of(told: RetryAfter) -> float:
    """How long Telegram wants quiet."""
    after = told.retry_after
    return float(after if isinstance(after, int | float) else after.total_seconds())


@dataclass(frozen=True, slots=True)
class Api:
    """One bot's way to Telegram, through its own connections and typed errors (see bot/transport.py).

    Whatever goes this way waits for the end of the quiet that Telegram asked of any other call that went it.
    """

    bot: Bot
    gate: Gate = field(default_factory=Gate)
    request: BaseRequest | None = None  # connections of its own; the bot's for sending if left out

    async def call(
        self,
        method: str,
        fields: Mapping[str, Any],
        files: Mapping[str, Upload] | None = None,
        read_timeout: float | None = None,
    ) -> Any:
        """The `result` Telegram answers with. Raises python-telegram-bot's errors, NotSent and MaybeSent."""
        data = cast("RequestData", _Fields(fields, files or {}))
        timeout = {} if read_timeout is None else {"read_timeout": read_timeout}
        await self.gate.passed()
        try:
            return await (self.request or self.bot.request).post(f"{self.bot.base_url}/{method}", data, **timeout)
        except RetryAfter as told:
            await self.gate.close(told)
            raise

    async def download(self, file_id: str) -> bytes:
        """A file somebody sent. Raises as `call`; BadRequest if it is larger than LARGEST_FILE."""
        file = await self.call("getFile", {"file_id": file_id})
        if file.get("file_size", 0) > LARGEST_FILE:
            raise BadRequest("file is too big")
        return await self.bot.request.retrieve(f"{self.bot.base_file_url}/{file['file_path']}")
