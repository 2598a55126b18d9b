"""The transport against a small server on loopback that misbehaves on demand."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMediaPhoto, ReplyParameters
from telegram.error import BadRequest, Conflict, Forbidden, RetryAfter, TimedOut

from bot.transport import AiohttpRequest, AnswerTimedOut, ConnectTimedOut, MaybeSent, NotSent, Timeouts

TOKEN = "42:" + "A" * 35
MESSAGE = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "hello"}
QUICK = Timeouts(connect=0.5, pool=0.1, write=0.5, read=0.3, upload=5)


class Server:
    """Answers the Bot API as told by `answer`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.connections: set[Any] = set()
        self.files: dict[str, tuple[str | None, bytes]] = {}
        self.answer: Any = MESSAGE
        self.status = 200
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.connections.add(request.transport)
        if request.content_type == "multipart/form-data":
            self.asked.append((request.method, request.path, await self._parts(request)))
        else:
            body = await request.read()
            self.asked.append((request.method, request.path, json.loads(body) if body else None))
        if callable(self.answer):
            return await self.answer(request)
        if isinstance(self.answer, bytes):
            return web.Response(body=self.answer, status=self.status)
        if self.status == 200:
            return web.json_response({"ok": True, "result": self.answer})
        return web.json_response({"ok": False, "error_code": self.status, **self.answer}, status=self.status)

    async def _parts(self, request: web.Request) -> dict[str, str]:
        fields = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                self.files[name] = (value.filename, value.file.read())
            else:
                fields[name] = str(value)
        return fields

    def refuse(self, status: int, description: str, **parameters: int) -> None:
        self.status, self.answer = status, {"description": description}
        if parameters:
            self.answer["parameters"] = parameters


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    app = web.Application(client_max_size=60_000_000)
    app.router.add_route("*", "/{path:.*}", served.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


def bot_at(url: str, timeouts: Timeouts = QUICK, pool_size: int = 8) -> Bot:
    request = AiohttpRequest(pool_size=pool_size, timeouts=timeouts)
    return Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", request=request)


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[Bot]:
    bot = bot_at(server.url)
    await bot.request.initialize()
    yield bot
    await bot.request.shutdown()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def test_a_message_goes_out_as_json_and_comes_back_as_an_object(server: Server, bot: Bot) -> None:
    message = await bot.send_message(5, "hello 你好", reply_parameters=ReplyParameters(3))
    assert (message.message_id, message.text) == (7, "hello")
    assert server.asked == [
        (
            "POST",
            f"/bot{TOKEN}/sendMessage",
            {"chat_id": 5, "text": "hello 你好", "reply_parameters": {"message_id": 3}},
        )
    ]


async def test_keyboards_arrive_as_structures(server: Server, bot: Bot) -> None:
    await bot.send_message(5, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="b")]]))
    assert server.asked[0][2]["reply_markup"] == {"inline_keyboard": [[{"text": "A", "callback_data": "b"}]]}


async def test_one_connection_serves_many_requests(server: Server, bot: Bot) -> None:
    for _ in range(3):
        await bot.send_message(5, "x")
    assert len(server.connections) == 1


async def test_a_file_is_uploaded_under_its_own_name(server: Server, bot: Bot) -> None:
    await bot.send_document(5, io.BytesIO(b"\x00\xff" * 10), filename='积分 "2025".xlsx', caption="c")
    assert server.asked[0][2] == {"chat_id": "5", "caption": "c"}
    assert server.files["document"] == ('积分 "2025".xlsx', b"\x00\xff" * 10)


async def test_a_file_name_cannot_smuggle_a_header(server: Server, bot: Bot) -> None:
    with pytest.raises(BadRequest):
        await bot.send_document(5, b"x", filename='a\r\nX-Evil: 1\r\n"; name="chat_id')
    assert server.asked == []


async def test_an_album_carries_its_files(server: Server, bot: Bot) -> None:
    server.answer = [MESSAGE, MESSAGE]
    await bot.send_media_group(5, [InputMediaPhoto(InputFile(b"one", attach=True)), InputMediaPhoto(b"two")])
    assert sorted(content for _, content in server.files.values()) == [b"one", b"two"]


async def test_a_file_is_downloaded(server: Server, bot: Bot) -> None:
    server.answer = {"file_id": "f", "file_unique_id": "u", "file_path": "photos/a 1.jpg"}
    file = await bot.get_file("f")
    server.answer = b"\x89PNG"
    assert bytes(await file.download_as_bytearray()) == b"\x89PNG"
    assert server.asked[-1][:2] == ("GET", f"/file/bot{TOKEN}/photos/a 1.jpg")


async def test_a_slow_download_may_take_longer_than_a_request(server: Server) -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(5):
            await response.write(b"x")
            await asyncio.sleep(0.1)
        return response

    server.answer = trickle
    async with AiohttpRequest(timeouts=Timeouts(connect=0.05, pool=0.05, write=0.05, read=0.25)) as request:
        assert await request.retrieve(f"{server.url}/slow") == b"x" * 5


async def test_nobody_listening_is_not_sent() -> None:
    async with AiohttpRequest(timeouts=QUICK) as request:
        with pytest.raises(NotSent, match="ClientConnectorError"):
            await request.post(f"http://127.0.0.1:{free_port()}/bot{TOKEN}/getMe")


async def test_an_unknown_host_is_not_sent() -> None:
    async with AiohttpRequest(timeouts=QUICK) as request:
        with pytest.raises(NotSent):
            await request.post("http://nowhere.invalid/botx/getMe")


async def test_a_malformed_address_is_not_sent_and_keeps_the_token_to_itself() -> None:
    async with AiohttpRequest(timeouts=QUICK) as request:
        with pytest.raises(NotSent) as caught:
            await request.post(f"not-a-url/bot{TOKEN}/getMe")
        assert TOKEN not in str(caught.value)


async def test_a_full_pool_is_not_sent(server: Server) -> None:
    server.answer = lambda _: asyncio.sleep(5)
    async with AiohttpRequest(pool_size=1, timeouts=Timeouts(connect=0.1, pool=0.1, read=5)) as request:
        first = asyncio.create_task(request.post(f"{server.url}/bot{TOKEN}/getMe"))
        await asyncio.sleep(0.05)
        with pytest.raises(ConnectTimedOut) as caught:
            await request.post(f"{server.url}/bot{TOKEN}/getMe")
        first.cancel()
    assert isinstance(caught.value, NotSent)
    assert isinstance(caught.value, TimedOut)


async def test_a_closed_transport_sends_nothing(server: Server) -> None:
    request = AiohttpRequest()
    with pytest.raises(NotSent):
        await request.post(f"{server.url}/bot{TOKEN}/getMe")


async def test_it_opens_again_after_it_was_closed(server: Server) -> None:
    request = AiohttpRequest()
    for _ in range(2):
        async with request:
            await request.post(f"{server.url}/bot{TOKEN}/getMe")
    assert len(server.asked) == 2


async def test_no_answer_in_time_is_maybe_sent(server: Server, bot: Bot) -> None:
    server.answer = lambda _: asyncio.sleep(5)
    with pytest.raises(AnswerTimedOut) as caught:
        await bot.send_message(5, "x")
    assert isinstance(caught.value, MaybeSent)
    assert isinstance(caught.value, TimedOut)


async def test_a_call_may_set_its_own_read_timeout(server: Server, bot: Bot) -> None:
    async def late(_: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return web.json_response({"ok": True, "result": MESSAGE})

    server.answer = late
    assert (await bot.send_message(5, "x", read_timeout=3)).message_id == 7


async def test_an_upload_that_stalls_ends_as_maybe_sent() -> None:
    hung_up = asyncio.Event()

    async def deaf(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hung_up.wait()
        writer.transport.abort()

    listener = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    bot = bot_at(url, Timeouts(connect=0.2, pool=0.1, read=0.1, upload=0.3))
    async with bot.request:
        with pytest.raises(AnswerTimedOut):
            await bot.send_document(5, b"x" * 20_000_000)
    hung_up.set()
    listener.close()
    await listener.wait_closed()


async def test_a_dropped_connection_is_maybe_sent(server: Server, bot: Bot) -> None:
    async def drop(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.close()
        return web.Response()

    server.answer = drop
    with pytest.raises(MaybeSent):
        await bot.send_message(5, "x")
    assert len(server.asked) == 1


async def test_an_answer_cut_off_is_maybe_sent(server: Server, bot: Bot) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"ok":')
        assert request.transport
        request.transport.close()
        return response

    server.answer = cut
    with pytest.raises(MaybeSent):
        await bot.send_message(5, "x")


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_server_error_is_maybe_sent(server: Server, bot: Bot, status: int) -> None:
    server.refuse(status, "Internal Server Error")
    with pytest.raises(MaybeSent, match=str(status)):
        await bot.send_message(5, "x")


async def test_an_answer_that_is_not_json_is_maybe_sent(server: Server, bot: Bot) -> None:
    server.answer = b"<html>proxy</html>"
    with pytest.raises(MaybeSent):
        await bot.send_message(5, "x")


async def test_too_many_requests_says_how_long_to_wait(server: Server, bot: Bot) -> None:
    server.refuse(429, "Too Many Requests: retry after 5", retry_after=5)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(5, "x")
    assert caught.value._retry_after.total_seconds() == 5


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (403, "Forbidden: bot was blocked by the user", Forbidden),
        (400, "Bad Request: chat not found", BadRequest),
        (409, "Conflict: terminated by other getUpdates request", Conflict),
        (413, "Request Entity Too Large", BadRequest),
    ],
)
async def test_a_refusal_is_neither_unsent_nor_maybe_sent(
    server: Server, bot: Bot, status: int, description: str, error: type[Exception]
) -> None:
    server.refuse(status, description)
    with pytest.raises(error) as caught:
        await bot.send_message(5, "x")
    assert not isinstance(caught.value, NotSent | MaybeSent)


async def test_text_that_is_not_unicode_is_refused_before_sending(server: Server, bot: Bot) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(5, "\ud83d")
    assert server.asked == []


async def test_cancelling_a_send_frees_its_connection(server: Server) -> None:
    server.answer = lambda _: asyncio.sleep(5)
    async with AiohttpRequest(pool_size=1, timeouts=Timeouts(pool=0.2, connect=0.2)) as request:
        sending = asyncio.create_task(request.post(f"{server.url}/bot{TOKEN}/getMe"))
        await asyncio.sleep(0.05)
        sending.cancel()
        await asyncio.wait([sending])
        server.answer = True
        assert await request.post(f"{server.url}/bot{TOKEN}/getMe") is True
