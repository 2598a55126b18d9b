"""Calls of the Bot API by name: the fields as they are, the answer as Telegram's JSON.

python-telegram-bot's own methods build an object for every message sent; nobody here looks at them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from telegram import Bot
from telegram.request import RequestData

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


@dataclass(frozen=True, slots=True)
class Api:
    """One bot's way to Telegram, through its own connections and typed errors (see bot/transport.py)."""

    bot: Bot

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
        return await self.bot.request.post(f"{self.bot.base_url}/{method}", data, **timeout)
