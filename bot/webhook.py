"""The HTTP side: Telegram's webhook, and /healthz."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import updates
from bot.courier import Courier
from bot.intake import Intake
from db.database import DatabaseTrouble

log = structlog.get_logger()

PATH = "/telegram"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_LARGEST_UPDATE = 1_000_000

Health = Callable[[], Awaitable[dict[str, Any]]]


class Webhook:
    """Stores what Telegram posts; 200 only after the commit, so that anything else is posted again."""

    def __init__(self, intake: Intake, courier: Courier, secret: str) -> None:
        self._intake = intake
        self._courier = courier
        self._secret = secret.encode()

    async def receive(self, request: Request) -> Response:
        given = request.headers.get(_SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        update = _parsed(await _body(request))
        if update is None:
            return Response(status_code=400)
        try:
            await self._intake.store([update])
        except DatabaseTrouble as trouble:
            log.warning("intake_waits", trouble=type(trouble).__name__, updates=1)
            self._courier.apologise([updates.read(update)])
            return Response(status_code=503)
        return Response()


async def _body(request: Request) -> bytes:
    """At most a megabyte of it: Telegram's updates are far smaller."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_UPDATE:
            return b""
    return body


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None


def make_app(health: Health, webhook: Webhook | None) -> Starlette:
    """/healthz always; /telegram in webhook mode."""

    async def healthz(_request: Request) -> Response:
        state = await health()
        return JSONResponse(state, status_code=200 if state["ok"] else 503)

    routes = [Route("/healthz", healthz)]
    if webhook:
        routes.append(Route(PATH, webhook.receive, methods=["POST"]))
    return Starlette(routes=routes)


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the runtime ends everything in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(app: Starlette, host: str, port: int) -> Server:
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off", ws="none")
    return Server(config)
