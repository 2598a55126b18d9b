"""Calling the Bot API without a bot library."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest


class Refused(Exception):
    """An answer with ok: false."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body["description"])
        self.code: int = body["error_code"]
        self.parameters: dict[str, Any] = body.get("parameters", {})


@dataclass(slots=True)
class Api:
    """One bot's calls: `await api("sendMessage", chat_id=…, text=…)`."""

    client: httpx.AsyncClient
    token: str

    async def __call__(self, method: str, files: dict[str, Any] | None = None, /, **params: Any) -> Any:
        url = f"/bot{self.token}/{method}"
        if files:
            response = await self.client.post(url, data=params, files=files)
        else:
            response = await self.client.post(url, json=params)
        body = response.json()
        assert body["ok"] is (response.status_code == 200)
        if not body["ok"]:
            assert body["error_code"] == response.status_code
            raise Refused(body)
        return body["result"]

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """All waiting updates, acknowledged."""
        found: list[dict[str, Any]] = await self("getUpdates", **params)
        if found:
            await self("getUpdates", offset=found[-1]["update_id"] + 1)
        return found


def refused(description: str) -> Any:
    """Expects that answer, word for word."""
    return pytest.raises(Refused, check=lambda refusal: str(refusal) == description)
