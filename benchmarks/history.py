"""`/points`, action and rendering, of a member with a short history and of one with a very long one."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from actions import deals, points
from actions.deals import Deal
from actions.members import require_member
from benchmarks import shops
from benchmarks.results import Effort, Figure, Outcome, at_most
from benchmarks.telegram import FIRST_USER
from bot.words import Words
from db import people, stores
from db.database import Database, Tx
from db.people import Person
from loyalty.charter import DEFAULT_CHARTER, load
from loyalty.purchases import Sale

SHORT, LONG = 10, 100_000
_TOGETHER = 500  # entries in one transaction
_TIMES = 400
_PERIOD_MS = 2 * 365 * 86_400_000


async def measure(effort: Effort) -> Outcome:
    long = effort.of(LONG, least=100)
    figures = {entries: Figure(f"/points with {entries:,} entries", "ms") for entries in (SHORT, long)}
    with TemporaryDirectory(prefix="bench-") as folder:
        async with shops.opened(Path(folder)) as db:
            await shops.founded(db, len(figures))
            persons = {entries: await _with_history(db, place, entries) for place, entries in enumerate(figures)}
            words = Words(load(DEFAULT_CHARTER), shops.now_ms)
            for _ in range(effort.runs):
                for entries, figure in figures.items():
                    figure.samples.append(await _timed(db, words, persons[entries], effort.of(_TIMES, least=10)))
    return Outcome("history", __doc__ or "", list(figures.values()), [at_most(1.2, figures[long], figures[SHORT])])


async def _with_history(db: Database, place: int, entries: int) -> Person:
    """The member in that place, with so many purchases over two years."""
    for first in range(shops.PURCHASES_EACH, entries, _TOGETHER):
        await db.write(_buy, place, range(first, min(first + _TOGETHER, entries)), entries)
    return await db.read(_person, place)


def _buy(tx: Tx, place: int, numbers: range, entries: int) -> None:
    member, store = require_member(tx, _person(tx, place)), stores.list_active(tx)[0]
    for number in numbers:
        at = tx.now - _PERIOD_MS + _PERIOD_MS * number // entries
        sale = Sale(amount=1_000 + number % 500, payment="", lines=())
        deals.enter(tx, Deal(member, store, sale, at, 0, f"history:{place}:{number}"))


def _person(tx: Tx, place: int) -> Person:
    person = people.get(tx, FIRST_USER + place)
    assert person is not None
    return person


async def _timed(db: Database, words: Words, person: Person, times: int) -> float:
    """Milliseconds for one answer."""
    began = time.perf_counter()
    for _ in range(times):
        overview = await db.read(points.overview, person)
        words.render("points", "en", asdict(overview))
    return (time.perf_counter() - began) / times * 1000
