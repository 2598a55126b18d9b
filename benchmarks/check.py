"""The proof of every member's sums (`regulars check`) beside one bare scan: the sums over the entries and the lots,
nothing else; the thorough proof (`--thorough`, and every night) for information.

Members with 20 entries each, 13 lots, ten purchases, three holds, a refund; a tenth of a million of them, or
`--share 10` for the whole.
"""

from __future__ import annotations

import mmap
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks import books, shops
from benchmarks.results import Effort, Figure, Outcome, at_most, within
from bot.jobs import books as proofs
from db import ledger_screens
from db.database import Database
from db.ledger_screens import Screen

MEMBERS = 100_000
_MIB = 1 << 20
# What a page may take, twice, and the connections' caches.
_FLAT = 32.0


async def measure(effort: Effort) -> Outcome:
    members = effort.of(MEMBERS, least=500)
    size = f"{members:,} members, {members * books.ENTRIES:,} entries"
    check, scan = Figure(f"proof of the sums, {size}", "s"), Figure("bare scan", "s")
    thorough = Figure("thorough proof", "s")
    memory = Figure("memory grown meanwhile", "MB")
    with TemporaryDirectory(prefix="bench-") as folder:
        async with shops.opened(Path(folder)):
            pass
        file = Path(folder) / "bench.db"
        books.fill(file, members)
        async with shops.opened(Path(folder)) as db:
            for _ in range(effort.runs):
                scan.samples.append(_scanned(file))
                took, grown = await _checked(db, ledger_screens.SUMS)
                check.samples.append(took)
                memory.samples.append(grown)
                thorough.samples.append((await _checked(db, ledger_screens.SCREENS))[0])
    figures = [check, thorough, scan, memory]
    return Outcome("check", __doc__ or "", figures, [at_most(3, check, scan), within(_FLAT, memory)])


def _scanned(file: Path) -> float:
    """Seconds for every row of both tables."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    began = time.perf_counter()
    for column, table in (("points", "entry"), ("remaining", "lot")):
        connection.execute(f"SELECT SUM({column}) FROM {table} NOT INDEXED").fetchone()
    took = time.perf_counter() - began
    connection.close()
    return took


async def _checked(db: Database, screens: Sequence[Screen]) -> tuple[float, float]:
    """Seconds, and by how many megabytes the process was larger than before at most. RuntimeError if it finds fault."""
    process, most = psutil.Process(), mmap.PAGESIZE
    before = process.memory_info().rss
    pages = 0

    def watch(_ids: int) -> None:
        nonlocal most, pages
        pages += 1
        if pages % 50 == 0:
            most = max(most, process.memory_info().rss - before)

    began = time.perf_counter()
    found = await proofs.check(db, watch, screens)
    took = time.perf_counter() - began
    if found:
        raise RuntimeError(f"the books of the benchmark are wrong: {found[0]}")
    return took, most / _MIB
