"""The HTTP side: Telegram's webhook, and /healthz."""

from __future__ import annotations

import hmac
import socket
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
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import updates
from bot.courier import Courier
from bot.intake import Intake
from db.database import DatabaseTrouble

log = structlog.get_logger()

PATH = "/telegram"
_SECRET_HEADER = b"x-telegram-bot-api-secret-token"
_LARGEST_UPDATE = 1_000_000

Health = Callable[[], Awaitable[dict[str, Any]]]


class Webhook:
    """Stores what Telegram posts; 200 only after the commit, so that anything else is posted again.

    An ASGI application by itself: Starlette's requests, responses and middleware take a seventh of an answer's time.
    """

    def __init__(self, intake: Intake, courier: Courier, secret: str) -> None:
        self._intake = intake
        self._courier = courier
        self._secret = secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = await self._take(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _take(self, scope: Scope, receive: Receive) -> int:
        """The HTTP status that says what became of it."""
        if scope["method"] != "POST":
            return 405
        given = dict(scope["headers"]).get(_SECRET_HEADER, b"")
        if not hmac.compare_digest(given, self._secret):
            return 403
        if self._intake.is_full:
            return 503
        update = _parsed(await _body(receive))
        if update is None:
            return 400
        try:
            await self._intake.store([update])
        except DatabaseTrouble as trouble:
            log.warning("intake_waits", trouble=type(trouble).__name__, updates=1)
            self._courier.apologise([updates.read(update)])
            return 503
        return 200


async def _body(receive: Receive) -> bytes:
    """At most a megabyte of it: Telegram's updates are far smaller. b"" if there is more, or if the line broke."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        body += message.get("body", b"")
        if len(body) > _LARGEST_UPDATE:
            return b""
        if not message.get("more_body"):
            return bytes(body)


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return update if isinstance(update, dict) and updates.is_id(update.get("update_id")) else None


def make_app(health: Health, webhook: Webhook | None) -> ASGIApp:
    """/healthz always; /telegram in webhook mode."""

    async def healthz(_request: Request) -> Response:
        state = await health()
        return JSONResponse(state, status_code=200 if state["ok"] else 503)

    site = Starlette(routes=[Route("/healthz", healthz)])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = webhook if webhook and scope["type"] == "http" and scope["path"] == PATH else site
        await chosen(scope, receive, send)

    return app


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the runtime ends everything in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A socket that connections can wait at already. OSError if the address is taken, or not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    listener.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    # What is accepted inherits it; else the end of an answer waits, up to 40 ms, for its beginning to be acknowledged.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def make_server(app: ASGIApp) -> Server:
    """To be given what `listen` made."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    return Server(config)
