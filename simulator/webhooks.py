"""Webhooks: updates pushed to the bot, in order within each chat, until it says 200."""

import asyncio
import contextlib
import ipaddress
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from simulator.calls import perform
from simulator.errors import ConnectionDropped, bad_request
from simulator.updates import Update
from simulator.wire import Json, decode

if TYPE_CHECKING:
    from simulator.people import Bot
    from simulator.world import World

# First and longest pause before a failed delivery is tried again, seconds.
RETRY_FIRST = 0.1
RETRY_LONGEST = 5.0
ANSWER_TIMEOUT = 60.0


def checked_url(url: str) -> None:
    """Refuse what Telegram refuses, but let plain HTTP through to this machine: the simulator goes nowhere else."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _is_loopback(parts.hostname):
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Webhook:
    """Delivers one bot's updates to its URL while it is set."""

    def __init__(self, world: "World", bot: "Bot", url: str, secret: str, connections: int) -> None:
        self.url = url
        self.secret = secret
        self.connections = connections
        self.last_error: tuple[int, str] | None = None
        self._world = world
        self._bot = bot
        self._lanes: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._runner = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        tasks = [task for task in (self._runner, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def info(self) -> Json:
        info: Json = {"url": self.url, "max_connections": self.connections, "ip_address": "127.0.0.1"}
        if self.last_error is not None:
            at, message = self.last_error
            info |= {"last_error_date": at // 1000, "last_error_message": message}
        return info

    async def _run(self) -> None:
        connector = aiohttp.TCPConnector(limit=self.connections)
        timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            while True:
                for update in self._ready():
                    self._launch(session, update)
                await self._bot.updates.bell.wait(None)

    def _ready(self) -> list[Update]:
        """The first waiting update of each chat that has none under way, as many as there are connections."""
        room = self.connections - len(self._lanes)
        found: dict[int, Update] = {}
        for update in self._bot.updates.pending:
            if len(found) >= room:
                break
            if update.lane not in self._lanes:
                found.setdefault(update.lane, update)
        return list(found.values())

    def _launch(self, session: aiohttp.ClientSession, update: Update) -> None:
        self._lanes.add(update.lane)
        task = asyncio.get_running_loop().create_task(self._deliver(session, update))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        pause = RETRY_FIRST
        while not await self._accepted(session, update):
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_LONGEST)
        self._bot.updates.remove(update)
        self._lanes.discard(update.lane)
        self._bot.updates.bell.ring()

    async def _accepted(self, session: aiohttp.ClientSession, update: Update) -> bool:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        try:
            async with session.post(self.url, data=update.body, headers=headers, ssl=_UNVERIFIED) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            self._failed(_described(problem))
            return False
        if not 200 <= response.status < 300:
            self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
            return False
        await self._perform(body)
        return True

    def _failed(self, message: str) -> None:
        self.last_error = (self._world.clock.now(), message)

    async def _perform(self, body: bytes) -> None:
        """Make the call that a bot may put into its answer."""
        with contextlib.suppress(ValueError, ConnectionDropped):
            call: Any = decode(body) if body else None
            if isinstance(call, dict) and isinstance(call.get("method"), str):
                await perform(self._world, self._bot, call.pop("method"), call, {})


def _loopback_context() -> ssl.SSLContext:
    # A webhook on this machine has a certificate of its own making, as Telegram accepts when it is uploaded.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_UNVERIFIED = _loopback_context()


def _described(problem: BaseException) -> str:
    if isinstance(problem, TimeoutError):
        return "Read timeout expired"
    if isinstance(problem, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Connection reset by peer"
