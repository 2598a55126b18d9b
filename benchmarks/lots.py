"""Redeeming, and giving it up again, from a member whose points lie in few lots and from one with very many.

Without the commit, which takes as long for both and would hide the difference.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from actions import reservations
from benchmarks import redeem, shops
from benchmarks.results import Effort, Figure, Outcome, at_most
from db import stores
from db.database import Database, Tx
from db.people import Person

FEW, MANY = 5, 5_000
_EACH = redeem.PRICE // 2  # points in a lot: two of them make one gift
_TIMES = 300
_DAY_MS = 86_400_000


async def measure(effort: Effort) -> Outcome:
    many = effort.of(MANY, least=50)
    figures = {lots: Figure(f"redeemed from {lots:,} lots", "ms") for lots in (FEW, many)}
    with TemporaryDirectory(prefix="bench-") as folder:
        async with shops.opened(Path(folder)) as db:
            shop = await shops.founded(db, len(figures))
            gift = await db.write(_offer)
            for member_id, lots in zip(shop.members, figures, strict=True):
                await db.write(_fill, member_id, lots)
            for number in range(effort.runs):
                for place, figure in enumerate(figures.values()):
                    times = effort.of(_TIMES, least=10)
                    figure.samples.append(await _timed(db, place, gift, f"round:{number}", times))
    return Outcome("lots", __doc__ or "", list(figures.values()), [at_most(2, figures[many], figures[FEW])])


def _offer(tx: Tx) -> tuple[int, int]:
    """A gift and its store, with pieces for everybody."""
    store = stores.list_active(tx)[0]
    return redeem.new_gift(tx, store.id, 1_000_000), store.id


def _fill(tx: Tx, member_id: int, lots: int) -> None:
    """So many lots, ending on as many days."""
    for lot in range(lots):
        shops.give(tx, member_id, _EACH, tx.now + (lot + 1) * _DAY_MS)


async def _timed(db: Database, place: int, gift: tuple[int, int], key: str, times: int) -> float:
    """Milliseconds for one reservation with its cancelling, so that the lots stay as many."""
    person = await db.read(shops.person, place)
    return await db.write(_there_and_back, person, gift, key, times)


def _there_and_back(tx: Tx, person: Person, gift: tuple[int, int], key: str, times: int) -> float:
    began = time.perf_counter()
    for number in range(times):
        said = reservations.redeem(tx, person, *gift, f"{key}:{number}")
        reservations.cancel(tx, person, int(said.params["reservation_id"]))
    return (time.perf_counter() - began) / times * 1000
