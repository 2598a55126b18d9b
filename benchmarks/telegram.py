"""The other side of a bot under test: the simulator, and people who write to it as fast as they are answered."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from simulator.people import Bot, Person
from simulator.server import serving
from simulator.wire import Json
from simulator.world import World

TOKEN = "123456:BENCH-token-of-nobody-in-particular-000"
FIRST_USER = 5_000_000
_WARMING = 0.2  # of a closed loop's time, not counted
_PATIENCE = 30.0


@dataclass
class Telegram:
    """A simulator with one bot and many people. Latencies are seconds from sending to the bot's answer."""

    people_count: int
    world: World = field(default_factory=World)
    bot: Bot = field(init=False)
    people: list[Person] = field(init=False)
    _sent_at: dict[int, float] = field(default_factory=dict)
    _answered: list[tuple[float, float]] = field(default_factory=list)  # when, and how long it took
    _text: str = ""
    _until: float = 0.0
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.bot = self.world.add_bot(TOKEN, "bench_bot", "Bench")
        self.people = [self._person(number) for number in range(self.people_count)]
        self.world.on_call = self._called

    def _person(self, number: int) -> Person:
        """Somebody whom the bot may write to."""
        person = self.world.add_person(f"P{number}", language_code="en", user_id=FIRST_USER + number)
        self.world.private_chat(self.bot, person).started = True
        return person

    async def closed_loop(self, text: str, seconds: float, at_once: int) -> float:
        """`at_once` people each write again as soon as they are answered; answers per second once that has settled."""
        self._begin(text, seconds)
        began = time.perf_counter()
        for person in self.people[:at_once]:
            self._write(person, text)
        await self._answers()
        settled = began + seconds * _WARMING
        counted = sum(settled <= when < self._until for when, _ in self._answered)
        return counted / (self._until - settled)

    async def paced(self, texts: Sequence[str], rate: float, writers: int) -> list[float]:
        """The first `writers` people in turn, so many per second whether answered or not; the latencies."""
        self._begin("", 0)
        began = time.perf_counter()
        for number, text in enumerate(texts):
            await asyncio.sleep(began + number / rate - time.perf_counter())
            self._write(self.people[number % writers], text)
        await self._answers()
        return [latency for _, latency in self._answered]

    async def _answers(self) -> None:
        """Until everybody who waits for an answer has it."""
        patience = self._until - time.perf_counter() + _PATIENCE
        self._done.clear()
        if self._sent_at:
            await asyncio.wait_for(self._done.wait(), max(patience, _PATIENCE))

    def _begin(self, text: str, seconds: float) -> None:
        self._text, self._until = text, time.perf_counter() + seconds
        self._answered = []
        self._sent_at.clear()

    def _write(self, person: Person, text: str) -> None:
        self._sent_at[person.id] = time.perf_counter()
        person.send(self.bot, text)

    def _called(self, entry: Json) -> None:
        if not entry["method"].startswith("send"):
            return
        chat = int(entry["params"]["chat_id"])
        sent_at = self._sent_at.pop(chat, None)
        if sent_at is None:
            return
        now = time.perf_counter()
        self._answered.append((now, now - sent_at))
        if now < self._until:
            self._write(self.people[chat - FIRST_USER], self._text)
        elif not self._sent_at:
            self._done.set()


@contextlib.asynccontextmanager
async def telegram(people: int) -> AsyncIterator[tuple[Telegram, str]]:
    """The Telegram side in this process, and its address."""
    side = Telegram(people)
    async with serving(side.world) as url:
        yield side, url
    if side.bot.webhook:
        await side.bot.webhook.stop()
