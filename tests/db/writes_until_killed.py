"""Run as a process of its own: writes rows for ever, printing the number of each one that was answered."""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count

from db.database import Database, Tx, open_database
from loyalty.vault import Vault


def _write(tx: Tx, n: int) -> None:
    tx.run("INSERT INTO written (n, half) VALUES (:n, 1)", n=n)
    tx.run("INSERT INTO written (n, half) VALUES (:n, 2)", n=n)


async def _caller(database: Database, numbers: count[int]) -> None:
    for n in numbers:
        await database.write(_write, n)
        print(n, flush=True)


async def main(url: str) -> None:
    vault = Vault({1: bytes(32)}, 1, os.urandom)
    database = await open_database(url, vault=vault, clock=lambda: 0, random=os.urandom)
    numbers = count()
    await asyncio.gather(*(_caller(database, numbers) for _ in range(16)))


asyncio.run(main(sys.argv[1]))
