"""Earn at the till, redeem in chat, return the goods, all at once from several connections: nothing reusable is left.

The same as `test_returns`, which takes every order one after another; here the orders are what the engines make of
them. On PostgreSQL two pools stand for two processes of the bot.
"""

from __future__ import annotations

import asyncio
import random as randomness
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from actions import refunds, reservations, verifying
from actions.refunds import Wanted
from actions.verifying import HandedOver
from db import accounts, ledger_checks, purchases as bought, reservations as rows
from db.database import Database, Tx, open_database
from loyalty.codes import grouped
from loyalty.errors import NotEnoughPoints, Refusal
from loyalty.vault import Vault
from tests.actions.gift_shops import GiftShop, open_gift_shop
from tests.actions.shops import record_for
from tests.conftest import Clock

STEPS = ("buy", "buy", "redeem", "redeem", "collect", "cancel", "return", "return part")


class Bustle:
    """One member, known to many tills at once."""

    def __init__(self, doors: list[Database], place: GiftShop, chance: randomness.Random) -> None:
        self.doors = doors
        self.place = place
        self.chance = chance

    async def round(self, number: int, size: int) -> None:
        """So many steps at once, each asked for twice, as by an impatient thumb, through different doors."""
        steps = [(self.chance.choice(STEPS), f"{number}:{at}", self.chance.randrange(1_000)) for at in range(size)]
        asked = [(door, step) for step in steps for door in self.chance.sample(self.doors * 2, 2)]
        self.chance.shuffle(asked)
        await asyncio.gather(*(self.take(door, *step) for door, step in asked))

    async def take(self, door: Database, step: str, key: str, number: int) -> None:
        deed: Callable[[Tx, str, int], object] = getattr(self, "_" + step.replace(" ", "_"))
        try:
            await door.write(deed, key, number)
        except Refusal:
            pass

    def _buy(self, tx: Tx, key: str, number: int) -> None:
        record_for(tx, self.place.shop.clerk, self.place.shop.member.id, str(number % 300 + 1), key)

    def _redeem(self, tx: Tx, key: str, _number: int) -> None:
        reservations.redeem(tx, self.place.shop.ann, self.place.gift_id, self.place.shop.store_id, key)

    def _collect(self, tx: Tx, _key: str, number: int) -> None:
        if held := self._one(_held(tx), number):
            found = rows.get(tx, held)
            assert found is not None
            # Somebody may have been faster since: then there is no code any more.
            if code := rows.code_of(tx, found):
                assert isinstance(verifying.hand_over(tx, self.place.shop.clerk, grouped(code)), HandedOver)

    def _cancel(self, tx: Tx, _key: str, number: int) -> None:
        if held := self._one(_held(tx), number):
            reservations.cancel(tx, self.place.shop.ann, held)

    def _return(self, tx: Tx, key: str, number: int, share: int = 1) -> None:
        sale = bought.get(tx, self._one(_sales(tx), number))
        if sale:
            amount = max(1, (sale.amount - sale.refunded) // share)
            refunds.refund(tx, self.place.shop.clerk, Wanted(sale.id, amount), sale.refunded, key)

    def _return_part(self, tx: Tx, key: str, number: int) -> None:
        self._return(tx, key, number, share=3)

    @staticmethod
    def _one(among: list[int], number: int) -> int:
        return among[number % len(among)] if among else 0

    async def close(self) -> None:
        """Give up what is held, bring back all that was bought."""
        held, sales = await self.doors[0].read(_held), await self.doors[0].read(_sales)
        for number in range(len(held)):
            await self.take(self.doors[0], "cancel", f"c{number}", 0)
        for number in range(len(sales)):
            await self.take(self.doors[0], "return", f"r{number}", number)


def _held(tx: Tx) -> list[int]:
    return [row[0] for row in tx.all("SELECT id FROM gift_reservation WHERE state = 'held' ORDER BY id")]


def _sales(tx: Tx) -> list[int]:
    return [row[0] for row in tx.all("SELECT id FROM purchase WHERE status = 'recorded' ORDER BY id")]


def _collected(tx: Tx) -> int:
    return tx.value("SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM gift_reservation WHERE state = 'captured'")


@pytest_asyncio.fixture
async def doors(
    database_url: str, vault: Vault, clock: Clock, random: Callable[[int], bytes]
) -> AsyncIterator[list[Database]]:
    """Two ways into PostgreSQL; only one process may hold SQLite's file."""
    count = 1 if database_url.startswith("sqlite") else 2
    opened = [await open_database(database_url, vault=vault, clock=clock, random=random) for _ in range(count)]
    yield opened
    for door in opened:
        await door.close()


@pytest.mark.parametrize("rounds", [12, pytest.param(400, marks=pytest.mark.long)])
async def test_nothing_reusable_is_left_however_the_steps_interleave(doors: list[Database], rounds: int) -> None:
    seed = randomness.randrange(1_000_000)
    print(f"seed {seed}")
    place = await open_gift_shop(doors[0], pieces=100_000, points=0)
    bustle = Bustle(doors, place, randomness.Random(seed))
    for number in range(rounds):
        await bustle.round(number, 16)
        assert await doors[0].read(ledger_checks.discrepancies) == []
    await bustle.close()
    account, collected = await doors[0].read(accounts.get, place.shop.member.id), await doors[0].read(_collected)
    assert collected > 0
    assert (account.balance, account.available) == (-collected, 0)
    with pytest.raises(NotEnoughPoints):
        await doors[0].write(reservations.redeem, place.shop.ann, place.gift_id, place.shop.store_id, "once more")
