"""Gifts a second, reserved by a member and handed over by a clerk, beside the bare statements one by one."""

from __future__ import annotations

from typing import Any

from actions import reservations, verifying
from benchmarks import engines, recordings, shops
from benchmarks.recordings import Transaction
from benchmarks.results import Effort, Outcome, at_least
from benchmarks.shops import Shop
from db import gifts, stocks, stores
from db.database import Database, Tx
from db.people import Person
from loyalty.gifts import Terms
from loyalty.lots import NEVER

_MEMBERS = 200
_REDEMPTIONS = 1_000
_GIFTS = 20
PRICE = 10
_LOTS = 5  # with other ends each, out of the first of which all is taken
_DAY_MS = 86_400_000


class Redemptions:
    """A reservation and its capture each time, of one member after the other, of one gift after the other."""

    def __init__(self) -> None:
        self._shop = Shop([], [])
        self._persons: list[Person] = []
        self._gifts: list[int] = []
        self._store = 0

    async def found(self, db: Database, count: int) -> None:
        self._shop = await shops.founded(db, min(_MEMBERS, count))
        await db.write(self._give, count)

    async def do(self, db: Database, number: int) -> None:
        said = await db.write(reservations.redeem, *self._wish(number))
        await db.write(verifying.hand_over, self._shop.clerks[0], str(said.params["code"]))

    async def record(self, db: Database, number: int) -> list[Transaction]:
        wish, clerk = self._wish(number), self._shop.clerks[0]
        reserved, said = await db.write(lambda tx: recordings.recorded(tx, reservations.redeem, *wish))
        code = str(said.params["code"])
        captured, _ = await db.write(lambda tx: recordings.recorded(tx, verifying.hand_over, clerk, code))
        return [reserved, captured]

    def _wish(self, number: int) -> tuple[Person, int, int, str]:
        person, gift = self._persons[number % len(self._persons)], self._gifts[number % len(self._gifts)]
        return person, gift, self._store, f"measured:{number}"

    def _give(self, tx: Tx, count: int) -> None:
        """Pieces on the shelf, and points enough."""
        self._store = stores.list_active(tx)[0].id
        self._gifts = [new_gift(tx, self._store, count) for _ in range(_GIFTS)]
        self._persons = [shops.person(tx, place) for place in range(len(self._shop.members))]
        for member_id in self._shop.members:
            for lot in range(1, _LOTS + 1):
                shops.give(tx, member_id, PRICE * count, tx.now + lot * 400 * _DAY_MS)


async def measure(effort: Effort) -> Outcome:
    sqlite, postgres = await engines.measured(Redemptions, _REDEMPTIONS, effort)
    targets = [
        at_least(2, sqlite.together, sqlite.bare),
        at_least(0.6, postgres.alone, postgres.bare),
        at_least(0.6, postgres.together, postgres.bare),
    ]
    return Outcome("redeem", __doc__ or "", engines.figures_of(sqlite, postgres), targets)


def new_gift(tx: Tx, store_id: int, pieces: int) -> int:
    """The id of a gift for everybody, with so many pieces at the store."""
    told: dict[str, Any] = {"tier": "", "per_member": 0, "per_month": 0, "starts_at": 0, "ends_at": NEVER}
    gift_id = gifts.add(tx, Terms({"en": "Mug"}, PRICE, 0, collect_from=0, **told), 0, shops.OWNER)
    stocks.put(tx, gift_id, store_id, pieces)
    return gift_id
