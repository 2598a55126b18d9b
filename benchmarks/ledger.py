"""Purchases a second through the action, points and receipt included, beside its bare statements one by one."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from actions import purchases
from benchmarks import postgres, recordings, shops
from benchmarks.recordings import Transaction
from benchmarks.results import Effort, Figure, Outcome, at_least
from benchmarks.shops import Shop
from db.database import Database

MANY = 32
_MEMBERS = 200
_PURCHASES = 1_500


@dataclass(slots=True)
class Engine:
    """A database with a shop in it, of which each measurement gets a fresh copy."""

    folder: Path
    template: str  # address
    copy: Callable[[], str]  # the address of a fresh copy
    replay: Callable[[str, Sequence[Transaction]], None]
    alone: Figure
    together: Figure
    bare: Figure
    shop: Shop = field(default_factory=lambda: Shop([], []))
    transactions: list[Transaction] = field(default_factory=list)

    async def prepare(self, count: int) -> None:
        """Enter the shop, and write down the statements of so many purchases."""
        async with shops.opened(self.folder, self.template) as db:
            self.shop = await shops.founded(db, min(_MEMBERS, count))
        async with shops.opened(self.folder, self.copy()) as db:
            for number in range(count):
                sale = shops.sold(self.shop, number, f"measured:{number}")
                self.transactions.append(await db.write(recordings.recorded, purchases.record, *sale))

    async def round(self) -> None:
        self.alone.samples.append(await self._rate(1))
        self.bare.samples.append(self._bare_rate(self.copy()))
        self.together.samples.append(await self._rate(MANY))

    async def _rate(self, callers: int) -> float:
        async with shops.opened(self.folder, self.copy()) as db:
            began = time.perf_counter()
            await asyncio.gather(*(self._call(db, first, callers) for first in range(callers)))
            return len(self.transactions) / (time.perf_counter() - began)

    async def _call(self, db: Database, first: int, callers: int) -> None:
        for number in range(first, len(self.transactions), callers):
            await shops.buy(db, self.shop, number, f"measured:{number}")

    def _bare_rate(self, address: str) -> float:
        began = time.perf_counter()
        self.replay(address, self.transactions)
        return len(self.transactions) / (time.perf_counter() - began)


async def measure(effort: Effort) -> Outcome:
    with TemporaryDirectory(prefix="bench-") as folder, postgres.server() as server:
        sqlite, on_postgres = _on_sqlite(Path(folder)), _on_postgres(Path(folder), server)
        for engine in (sqlite, on_postgres):
            await engine.prepare(effort.of(_PURCHASES, least=MANY))
        for _ in range(effort.runs):
            for engine in (sqlite, on_postgres):
                await engine.round()
    targets = [
        at_least(2, sqlite.together, sqlite.bare),
        at_least(0.4, sqlite.alone, sqlite.bare),
        at_least(0.7, on_postgres.alone, on_postgres.bare),
        at_least(0.7, on_postgres.together, on_postgres.bare),
    ]
    figures = [figure for one in (sqlite, on_postgres) for figure in (one.together, one.alone, one.bare)]
    return Outcome("ledger", __doc__ or "", figures, targets)


def _on_sqlite(folder: Path) -> Engine:
    template, copy = folder / "template.db", folder / "copy.db"

    def fresh() -> str:
        for path in folder.glob("copy.db*"):
            path.unlink()
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    def replay(_address: str, transactions: Sequence[Transaction]) -> None:
        recordings.replay_on_sqlite(copy, transactions)

    return Engine(folder, f"sqlite:///{template}", fresh, replay, *_figures("SQLite", "bare sqlite3"))


def _on_postgres(folder: Path, server: postgres.Server) -> Engine:
    template = server.new_database()
    name = urlsplit(template).path[1:]
    figures = _figures("PostgreSQL", "raw psycopg")
    return Engine(folder, template, lambda: server.new_database(name), recordings.replay_on_postgres, *figures)


def _figures(engine: str, bare: str) -> tuple[Figure, Figure, Figure]:
    return Figure(f"{engine}, 1 caller", "/s"), Figure(f"{engine}, {MANY} callers", "/s"), Figure(bare, "/s")
