"""Purchases a second through the action, points and receipt included, beside its bare statements one by one."""

from __future__ import annotations

from actions import purchases
from benchmarks import engines, recordings, shops
from benchmarks.recordings import Transaction
from benchmarks.results import Effort, Outcome, at_least
from benchmarks.shops import Shop
from db.database import Database

_MEMBERS = 200
_PURCHASES = 1_500


class Purchases:
    """One purchase each time, of one member after the other."""

    def __init__(self) -> None:
        self._shop = Shop([], [])

    async def found(self, db: Database, count: int) -> None:
        self._shop = await shops.founded(db, min(_MEMBERS, count))

    async def do(self, db: Database, number: int) -> None:
        await shops.buy(db, self._shop, number, f"measured:{number}")

    async def record(self, db: Database, number: int) -> list[Transaction]:
        sale = shops.sold(self._shop, number, f"measured:{number}")
        statements, _ = await db.write(lambda tx: recordings.recorded(tx, purchases.record, *sale))
        return [statements]


async def measure(effort: Effort) -> Outcome:
    sqlite, postgres = await engines.measured(Purchases, _PURCHASES, effort)
    targets = [
        at_least(2, sqlite.together, sqlite.bare),
        at_least(0.4, sqlite.alone, sqlite.bare),
        at_least(0.7, postgres.alone, postgres.bare),
        at_least(0.7, postgres.together, postgres.bare),
    ]
    return Outcome("ledger", __doc__ or "", engines.figures_of(sqlite, postgres), targets)
