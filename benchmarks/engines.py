"""What an action does a second on each database, by 1 caller and by many, beside its statements run again bare."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from urllib.parse import urlsplit

from benchmarks import postgres, recordings, shops
from benchmarks.recordings import Transaction
from benchmarks.results import Effort, Figure
from db.database import Database

MANY = 32


class Work(Protocol):
    """What is measured, so many times; each time is one or more transactions."""

    async def found(self, db: Database, count: int) -> None:
        """Enter what `do` and `record` need for so many times."""

    async def do(self, db: Database, number: int) -> None: ...

    async def record(self, db: Database, number: int) -> list[Transaction]:
        """As `do`; the statements of its transactions."""


@dataclass(slots=True)
class Engine:
    """A database with a shop in it, of which each measurement gets a fresh copy."""

    folder: Path
    template: str  # address
    copy: Callable[[], str]  # the address of a fresh copy
    replay: Callable[[str, Sequence[Transaction]], None]
    work: Work
    count: int
    alone: Figure
    together: Figure
    bare: Figure
    statements: Figure | None  # the bare statements in one commit: what is left of the rest is the cost of commits
    transactions: list[Transaction] = field(default_factory=list)

    async def prepare(self) -> None:
        """Enter the shop, and write down the statements of the work."""
        async with shops.opened(self.folder, self.template) as db:
            await self.work.found(db, self.count)
        async with shops.opened(self.folder, self.copy()) as db:
            for number in range(self.count):
                self.transactions += await self.work.record(db, number)

    async def round(self) -> None:
        self.alone.samples.append(await self._rate(1))
        self.bare.samples.append(self._bare_rate(self.transactions))
        if self.statements:
            self.statements.samples.append(self._bare_rate([list(chain.from_iterable(self.transactions))]))
        self.together.samples.append(await self._rate(MANY))

    async def _rate(self, callers: int) -> float:
        async with shops.opened(self.folder, self.copy()) as db:
            began = time.perf_counter()
            await asyncio.gather(*(self._call(db, first, callers) for first in range(callers)))
            return self.count / (time.perf_counter() - began)

    async def _call(self, db: Database, first: int, callers: int) -> None:
        for number in range(first, self.count, callers):
            await self.work.do(db, number)

    def _bare_rate(self, transactions: Sequence[Transaction]) -> float:
        address = self.copy()
        began = time.perf_counter()
        self.replay(address, transactions)
        return self.count / (time.perf_counter() - began)


async def measured(work: Callable[[], Work], usual: int, effort: Effort) -> tuple[Engine, Engine]:
    """The rounds done on SQLite and on PostgreSQL, in turns; each has its own work."""
    count = effort.of(usual, least=MANY)
    with TemporaryDirectory(prefix="bench-") as folder, postgres.server() as server:
        engines = _on_sqlite(Path(folder), work(), count), _on_postgres(Path(folder), server, work(), count)
        for engine in engines:
            await engine.prepare()
        for _ in range(effort.runs):
            for engine in engines:
                await engine.round()
    return engines


def figures_of(*engines: Engine) -> list[Figure]:
    each = [(engine.together, engine.alone, engine.bare, engine.statements) for engine in engines]
    return [figure for figure in chain.from_iterable(each) if figure]


def _on_sqlite(folder: Path, work: Work, count: int) -> Engine:
    template, copy = folder / "template.db", folder / "copy.db"

    def fresh() -> str:
        for path in folder.glob("copy.db*"):
            path.unlink()
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    def replay(_address: str, transactions: Sequence[Transaction]) -> None:
        recordings.replay_on_sqlite(copy, transactions)

    figures = *_figures("SQLite", "bare sqlite3"), Figure("bare sqlite3, one commit for all", "/s")
    return Engine(folder, f"sqlite:///{template}", fresh, replay, work, count, *figures)


def _on_postgres(folder: Path, server: postgres.Server, work: Work, count: int) -> Engine:
    template = server.new_database()
    name, figures = urlsplit(template).path[1:], _figures("PostgreSQL", "raw psycopg")
    replay = recordings.replay_on_postgres
    return Engine(folder, template, lambda: server.new_database(name), replay, work, count, *figures, None)


def _figures(engine: str, bare: str) -> tuple[Figure, Figure, Figure]:
    return Figure(f"{engine}, 1 caller", "/s"), Figure(f"{engine}, {MANY} callers", "/s"), Figure(bare, "/s")
