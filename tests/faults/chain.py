"""A chain whose bot is a process of its own, beside a Telegram that this process serves."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bot import runtime
from bot.settings import load
from db.database import Tx
from loyalty.charter import DEFAULT_CHARTER
from loyalty.roles import Role
from simulator.people import Bot, Person
from simulator.server import serving
from simulator.world import World
from tests.actions.shops import add_member, add_store, hire

ROOT = Path(__file__).parents[2]
TOKEN = "123456:FAULT-token-of-nobody-in-particular-00"
SECRET = "fault-secret"
OWNER_ID = 7_000_001
_READY_WITHIN = 60
# Amounts in minor units, each used once: they tell purchases, replies and receipts apart.
_FIRST_AMOUNT = 1_000


class Process:
    """The bot, started; what it printed is in `lines`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []
        self._ready = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def printed(self) -> str:
        return "".join(self.lines)

    async def ready(self) -> None:
        """Until it says so."""
        await asyncio.wait_for(self._ready.wait(), _READY_WITHIN)
        assert self.alive, self.printed

    async def kill(self) -> None:
        """kill -9"""
        if self.alive:
            self._process.kill()
        await self.ended()

    async def stop(self) -> float:
        """SIGTERM; how many seconds the end took."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.ended(), 20)
        return time.monotonic() - began

    async def ended(self) -> int:
        """Its exit code."""
        code = await self._process.wait()
        await asyncio.shield(self._reader)
        return code

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode())
            if b"event=ready" in line:
                self._ready.set()
        self._ready.set()


@dataclass
class Chain:
    """One store, clerks and members, each clerk with a member of their own; what was asked is counted here."""

    folder: Path
    database_url: str
    world: World
    bot: Bot
    url: str
    clerks: list[Person] = field(default_factory=list)
    members: list[Person] = field(default_factory=list)
    amounts: list[tuple[int, int]] = field(default_factory=list)  # amount, number of clerk and member
    points_asked: Counter[int] = field(default_factory=Counter)
    processes: list[Process] = field(default_factory=list)

    async def start(self, module: str = "bot", **environ: str) -> Process:
        """The bot, not necessarily ready."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, "run", cwd=ROOT, env={**_inherited(), **self.environment, **environ},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self.processes.append(Process(process))
        return self.processes[-1]

    async def started(self, module: str = "bot", **environ: str) -> Process:
        process = await self.start(module, **environ)
        await process.ready()
        return process

    @property
    def environment(self) -> dict[str, str]:
        return {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": self.url,
            "DATABASE_URL": self.database_url,
            "OWNERS": str(OWNER_ID),
            "CHARTER": str(self.folder / "charter.toml"),
            "KEY_FILE": str(self.folder / "chain.key"),
            "LOG_LEVEL": "DEBUG",
            "PACE": "0",
        }

    # What people do

    def buys(self, number: int) -> int:
        """A clerk records a purchase of their member; its amount in minor units."""
        amount = _FIRST_AMOUNT + len(self.amounts)
        self.amounts.append((amount, number))
        self.clerks[number].send(self.bot, f"/purchase {phone(number)} {money(amount)}")
        return amount

    def asks_points(self, number: int) -> None:
        self.points_asked[number] += 1
        self.members[number].send(self.bot, "/points")

    # What came of it

    def said(self, person: Person) -> list[str]:
        """The bot's messages in a chat."""
        return [message.shown for message in self.world.messages(self.bot, person) if message.sender.is_bot]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Straight from the database, also while no bot is running."""
        if self.database_url.startswith("sqlite"):
            path = self.database_url.removeprefix("sqlite:///").partition("?")[0]
            with closing(sqlite3.connect(path)) as connection:
                return connection.execute(sql).fetchall()
        with psycopg.connect(self.database_url) as server:
            return server.execute(sql.encode()).fetchall()

    def in_hand(self) -> int:
        """Messages that processes had claimed and not marked as sent: only these may be sent twice."""
        return int(self.rows("SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND lease_until > 0")[0][0])

    def is_settled(self) -> bool:
        waiting = "SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'new'), "
        return not self.bot.updates.pending and self.rows(
            waiting + "(SELECT COUNT(*) FROM outbox WHERE state = 'queued')"
        ) == [(0, 0)]

    async def settled(self, seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not self.is_settled():
                assert self.processes[-1].alive, self.processes[-1].printed[-2_000:]
                await asyncio.sleep(0.1)

    def check_effects(self) -> None:
        """Each update took effect exactly once."""
        recorded = Counter(amount for (amount,) in self.rows("SELECT amount FROM purchase"))
        assert recorded == Counter(amount for amount, _ in self.amounts)
        assert self.rows("SELECT COUNT(*) FROM entry WHERE kind = 'earn'") == [(len(self.amounts),)]
        assert self.rows("SELECT DISTINCT state FROM inbox") == [("done",)]

    def check_replies(self) -> int:
        """Each was answered at least once, each receipt came; how many messages came more often than once."""
        expected = 2 * len(self.amounts) + sum(self.points_asked.values())
        clerks, members = [self.said(one) for one in self.clerks], [self.said(one) for one in self.members]
        for amount, number in self.amounts:
            assert any(f"¥{money(amount)}" in text for text in clerks[number]), f"no reply about {amount}"
            assert any(f"¥{money(amount)}" in text for text in members[number]), f"no receipt for {amount}"
        for number, asked in self.points_asked.items():
            assert len([text for text in members[number] if not text.startswith("🧾")]) >= asked
        return sum(map(len, clerks)) + sum(map(len, members)) - expected


def _inherited() -> dict[str, str]:
    # As on any installation: compiled once, not at each start.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def phone(number: int) -> str:
    return f"138{number:08d}"


def money(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def free_port() -> int:
    """Below those that the kernel gives to outgoing connections, which might take it while the bot is dead."""
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def webhook(address: str, port: int) -> dict[str, str]:
    """Settings of a bot that is posted to at `address` and listens at `port`."""
    return {
        "BOT_MODE": "webhook",
        "WEBHOOK_URL": address,
        "WEBHOOK_SECRET": SECRET,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(port),
    }


@contextlib.asynccontextmanager
async def chain(folder: Path, database_url: str, pairs: int) -> AsyncIterator[Chain]:
    """A chain with so many clerks and as many members; every bot that was started is dead afterwards."""
    world = World()
    bot = world.add_bot(TOKEN, "fault_test_bot", "Regulars")
    (folder / "charter.toml").write_text(DEFAULT_CHARTER, encoding="utf-8")
    async with serving(world) as url:
        made = Chain(folder, database_url, world, bot, url)
        await _settle_in(made, pairs)
        try:
            yield made
        finally:
            for process in made.processes:
                await process.kill()


async def _settle_in(made: Chain, pairs: int) -> None:
    for number in range(pairs):
        made.clerks.append(made.world.add_person(f"Clerk {number}", language_code="en"))
        made.members.append(made.world.add_person(f"Member {number}", language_code="en", phone=f"+86{phone(number)}"))
    for person in (*made.clerks, *made.members):
        made.world.private_chat(made.bot, person).started = True
    await in_database(made, _furnish, [one.id for one in made.clerks], [one.id for one in made.members])


async def in_database(made: Chain, action: Callable[..., Any], *args: Any) -> Any:
    """While no bot is running: one transaction, with the keys of this installation."""
    db, _ = await runtime.open_data(load(made.environment, made.folder), lambda: time.time_ns() // 1_000_000)
    try:
        return await db.write(action, *args)
    finally:
        await db.close()


def _furnish(tx: Tx, clerk_ids: list[int], member_ids: list[int]) -> None:
    store_id = add_store(tx, "ximen", "West Gate")
    for number, (clerk_id, member_id) in enumerate(zip(clerk_ids, member_ids, strict=True)):
        hire(tx, clerk_id, store_id, Role.CLERK)
        add_member(tx, f"Member {number}", phone(number), member_id)


def calls(made: Chain, prefix: str = "send") -> Iterator[Mapping[str, Any]]:
    """The calls so far whose method begins so."""
    return (entry for entry in list(made.world.log) if entry["method"].startswith(prefix))
