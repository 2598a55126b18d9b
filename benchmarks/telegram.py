"""The other side of a bot under test: the simulator, and people who write to it as fast as they are answered."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from simulator.people import Bot, Person
from simulator.server import serving
from simulator.wire import Json
from simulator.world import World

TOKEN = "123456:BENCH-token-of-nobody-in-particular-000"
FIRST_USER = 5_000_000


@dataclass
class Telegram:
    """A simulator with one bot and many people. Latencies are seconds from sending to the bot's answer."""

    people_count: int
    world: World = field(default_factory=World)
    bot: Bot = field(init=False)
    people: list[Person] = field(init=False)
    latencies: list[float] = field(default_factory=list)
    _sent_at: dict[int, float] = field(default_factory=dict)
    _text: str = ""
    _left: int = 0
    _waiting: int = 0
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.bot = self.world.add_bot(TOKEN, "bench_bot", "Bench")
        self.people = [self._person(number) for number in range(self.people_count)]
        self.world.on_call = self._called

    def _person(self, number: int) -> Person:
        phone = f"+86138{number:08d}"
        return self.world.add_person(f"P{number}", language_code="en", phone=phone, user_id=FIRST_USER + number)

    async def closed_loop(self, text: str, total: int, at_once: int) -> float:
        """`at_once` people each write again as soon as they are answered, `total` times in all; messages per second."""
        self._begin(text, total)
        began = time.perf_counter()
        for person in self.people[:at_once]:
            self._write(person)
        await self._done.wait()
        return total / (time.perf_counter() - began)

    async def paced(self, texts: list[str], rate: float) -> list[float]:
        """Everybody in turn, so many per second; the latencies."""
        self._begin("", 0)
        self._waiting = len(texts)
        for number, text in enumerate(texts):
            self._write(self.people[number % len(self.people)], text)
            await asyncio.sleep(1 / rate)
        await asyncio.wait_for(self._done.wait(), 60)
        return self.latencies

    def _begin(self, text: str, total: int) -> None:
        self._text, self._left, self._waiting = text, total, total
        self.latencies = []
        self._done.clear()
        self._sent_at.clear()

    def _write(self, person: Person, text: str = "") -> None:
        if not text:
            if self._left == 0:
                return
            self._left -= 1
        self._sent_at[person.id] = time.perf_counter()
        person.send(self.bot, text or self._text)

    def _called(self, entry: Json) -> None:
        if not entry["method"].startswith("send"):
            return
        chat = int(entry["params"]["chat_id"])
        sent_at = self._sent_at.pop(chat, None)
        if sent_at is None:
            return
        self.latencies.append(time.perf_counter() - sent_at)
        self._waiting -= 1
        if self._waiting == 0:
            self._done.set()
        elif self._left:
            self._write(self.people[chat - FIRST_USER])


@contextlib.asynccontextmanager
async def telegram(people: int) -> AsyncIterator[tuple[Telegram, str]]:
    """The Telegram side in this process, and its address."""
    side = Telegram(people)
    async with serving(side.world) as url:
        yield side, url
