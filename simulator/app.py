"""The simulator as an ASGI application: Bot API, files, the person's side, the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.calls import perform
from simulator.errors import NOT_FOUND, UNAUTHORIZED, ApiError, ConnectionDropped, bad_request
from simulator.files import MAX_DOWNLOAD_BYTES, MAX_UPLOAD_BYTES
from simulator.methods import catalogue  # noqa: F401  # importing it registers the methods
from simulator.methods.table import Upload
from simulator.people import Bot
from simulator.persons_api import PersonsApi
from simulator.scanning import scan_route
from simulator.wire import Json, decode, encode
from simulator.world import World

PAGE = Path(__file__).parent / "page"
TOO_LARGE = "Request Entity Too Large"
JSON_HEADERS = [(b"content-type", b"application/json")]


def create_app(world: World) -> Starlette:
    """The whole simulator around one world."""
    routes: list[Any] = [
        Route("/bot{token}/{method}", _BotApi(world), methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", _Download(world), methods=["GET"]),
        *PersonsApi(world).routes(),
        scan_route(world),
        Route("/", _index),
        Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
    ]
    return Starlette(routes=routes)


async def _index(_: Request) -> Response:
    index = PAGE / "index.html"
    return FileResponse(index) if index.exists() else Response("The page is not built.", 404)


class _BotApi:
    """`/bot<token>/<method>` as a bare ASGI application: no request object on the hot path."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, answer = await self._answer(scope, receive)
        except ConnectionDropped:
            if not await _hung_up(receive):
                raise
            return
        except ClientDisconnect:
            return
        await _respond(send, status, encode(answer))

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, Json]:
        params = scope["path_params"]
        try:
            bot = _bot(self.world, params["token"])
            raw, uploads = await _arguments(scope, receive)
        except ApiError as refusal:
            return refusal.code, refusal.response()
        return await perform(self.world, bot, params["method"], raw, uploads)


class _Download:
    """`/file/bot<token>/<path>`."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._response(scope)(scope, receive, send)

    def _response(self, scope: Scope) -> ASGIApp:
        params = scope["path_params"]
        try:
            _bot(self.world, params["token"])
        except ApiError as refusal:
            return Response(encode(refusal.response()), refusal.code, media_type="application/json")
        stored = self.world.files.by_path.get(params["path"])
        if stored is None or (stored.size or 0) > MAX_DOWNLOAD_BYTES:
            return Response(encode(ApiError(404, NOT_FOUND).response()), 404, media_type="application/json")
        return Response(stored.data, media_type="application/octet-stream")


def _bot(world: World, token: str) -> Bot:
    bot = world.bots.get(token)
    if bot is not None:
        return bot
    number, colon, _ = token.partition(":")
    raise ApiError(401, UNAUTHORIZED) if number.isdigit() and colon else ApiError(404, NOT_FOUND)


async def _arguments(scope: Scope, receive: Receive) -> tuple[Json, dict[str, Upload]]:
    """Arguments of the query string and the body, and the uploads."""
    raw: Json = dict(_pairs(scope["query_string"])) if scope["query_string"] else {}
    kind = _content_type(scope)
    if kind.startswith(b"multipart/form-data"):
        return await _multipart(scope, receive, raw)
    body = await _read(receive)
    if not body:
        return raw, {}
    if kind.startswith(b"application/json"):
        return raw | _json_object(body), {}
    return raw | dict(_pairs(body)), {}


def _content_type(scope: Scope) -> bytes:
    kinds: Iterator[bytes] = (value.lower() for name, value in scope["headers"] if name == b"content-type")
    return next(kinds, b"")


def _pairs(data: bytes) -> list[tuple[str, str]]:
    return parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)


def _json_object(body: bytes) -> Json:
    try:
        value = decode(body)
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("request must be a JSON object")
    return value


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > MAX_UPLOAD_BYTES:
            raise ApiError(413, TOO_LARGE)
        if not message.get("more_body"):
            return bytes(body)


async def _multipart(scope: Scope, receive: Receive, raw: Json) -> tuple[Json, dict[str, Upload]]:
    request = Request(scope, receive)
    uploads: dict[str, Upload] = {}
    async with request.form(max_files=20, max_fields=200, max_part_size=MAX_UPLOAD_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read()
                uploads[name] = Upload(value.filename or "file", value.content_type or "", data)
            else:
                raw[name] = value
    if sum(len(upload.data) for upload in uploads.values()) > MAX_UPLOAD_BYTES:
        raise ApiError(413, TOO_LARGE)
    return raw | uploads, uploads


async def _respond(send: Send, status: int, body: bytes) -> None:
    headers = [*JSON_HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _hung_up(receive: Receive) -> bool:
    """Cut the TCP connection where there is one (uvicorn); in process the exception itself is the cut."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        return False
    transport.abort()
    await receive()
    return True
