"""Webhooks: secret, order, retries, what getWebhookInfo tells."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from simulator import webhooks
from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api, refused


@dataclass
class Receiver:
    """A bot's web server: keeps what arrives and answers as told."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    gate: asyncio.Event | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.changed.set()
        if self.gate is not None:
            await self.gate.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.answer or {}, status=status)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.changed.clear()
                await asyncio.wait({asyncio.create_task(self.changed.wait())}, timeout=0.02)

    @property
    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.bodies]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "RETRY_FIRST", 0.01)


@pytest.fixture
async def receiver(api: Api) -> AsyncIterator[Receiver]:
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield one
    if one.gate is not None:
        one.gate.set()
    await api("deleteWebhook")
    await runner.cleanup()


async def test_updates_arrive_with_the_secret(api: Api, ann: Person, bot: Bot, receiver: Receiver) -> None:
    await api("setWebhook", url=receiver.url, secret_token="s3cret")
    ann.send(bot, "hello")
    await receiver.until(lambda: not bot.updates.pending)
    assert (receiver.texts, receiver.secrets) == (["hello"], ["s3cret"])


async def test_what_waited_before_the_webhook_arrives_too(api: Api, ann: Person, bot: Bot, receiver: Receiver) -> None:
    ann.send(bot, "early")
    await api("setWebhook", url=receiver.url)
    await receiver.until(lambda: not bot.updates.pending)
    assert receiver.texts == ["early"]


async def test_a_refused_update_comes_again_before_the_next(
    api: Api, ann: Person, bot: Bot, receiver: Receiver
) -> None:
    receiver.statuses = [500, 503]
    await api("setWebhook", url=receiver.url)
    ann.send(bot, "1")
    ann.send(bot, "2")
    await receiver.until(lambda: not bot.updates.pending)
    assert receiver.texts == ["1", "1", "1", "2"]


async def test_chats_do_not_wait_for_each_other(
    api: Api, ann: Person, bot: Bot, world: World, receiver: Receiver
) -> None:
    bob = world.add_person("Bob")
    receiver.gate = asyncio.Event()
    await api("setWebhook", url=receiver.url)
    for text in ("1", "2"):
        ann.send(bot, f"ann {text}")
        bob.send(bot, f"bob {text}")
    await receiver.until(lambda: len(receiver.bodies) == 2)
    assert sorted(receiver.texts) == ["ann 1", "bob 1"]
    receiver.gate.set()
    await receiver.until(lambda: not bot.updates.pending)
    assert [text for text in receiver.texts if "ann" in text] == ["ann 1", "ann 2"]


async def test_connections_are_limited(api: Api, bot: Bot, world: World, receiver: Receiver) -> None:
    receiver.gate = asyncio.Event()
    await api("setWebhook", url=receiver.url, max_connections=3)
    for number in range(8):
        world.add_person(f"P{number}").send(bot, "x")
    await receiver.until(lambda: len(receiver.bodies) >= 3)
    await asyncio.sleep(0.05)
    assert len(receiver.bodies) == 3


async def test_the_last_error_and_the_queue_are_told(api: Api, ann: Person, bot: Bot, receiver: Receiver) -> None:
    receiver.statuses = [500] * 1000
    await api("setWebhook", url=receiver.url, allowed_updates=["message"], max_connections=7)
    ann.send(bot, "1")
    ann.send(bot, "2")
    await receiver.until(lambda: len(receiver.bodies) > 1)
    info = await api("getWebhookInfo")
    assert (info["pending_update_count"], info["max_connections"], info["allowed_updates"]) == (2, 7, ["message"])
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_updates_wait_while_the_bot_is_down(api: Api, ann: Person, bot: Bot, receiver: Receiver) -> None:
    await api("setWebhook", url="http://127.0.0.1:1/hook")
    ann.send(bot, "patient")
    webhook = bot.webhook
    assert webhook is not None
    await receiver.until(lambda: webhook.last_error is not None)
    assert (await api("getWebhookInfo"))["last_error_message"] == "Connection refused"
    await api("setWebhook", url=receiver.url)
    await receiver.until(lambda: not bot.updates.pending)
    assert receiver.texts == ["patient"]


async def test_a_bot_may_answer_with_a_call(api: Api, ann: Person, bot: Bot, world: World, receiver: Receiver) -> None:
    receiver.answer = {"method": "sendMessage", "chat_id": ann.id, "text": "at once"}
    await api("setWebhook", url=receiver.url)
    ann.send(bot, "hello")
    await receiver.until(lambda: not bot.updates.pending)
    assert world.messages(bot.id, ann)[-1].text == "at once"


async def test_pending_updates_can_be_dropped(api: Api, ann: Person, bot: Bot) -> None:
    ann.send(bot, "x")
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api("getUpdates") == []


@pytest.mark.parametrize(
    ("args", "description"),
    [
        ({"url": "ftp://127.0.0.1/"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://shop.example/hook"},
            "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
        ),
        (
            {"url": "http://127.0.0.1/", "secret_token": "a b"},
            "Bad Request: secret token contains unallowed characters",
        ),
    ],
)
async def test_bad_webhooks_are_refused(api: Api, args: dict[str, str], description: str) -> None:
    with refused(description):
        await api("setWebhook", **args)
    assert (await api("getWebhookInfo"))["url"] == ""
