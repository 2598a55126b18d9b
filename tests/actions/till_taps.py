"""Run as a process of its own: a clerk records many purchases with coupons at once; prints how each ended, as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter

from actions import purchases
from db import coupons, people
from db.database import Database, Tx, open_database
from loyalty.errors import Refusal
from loyalty.purchases import Sale
from loyalty.vault import Vault

KEY = b"test-only-master-key-of-32-bytes"
AMOUNT = 4_000


def _buy(tx: Tx, clerk: int, member_id: int) -> None:
    person, mine = people.get(tx, clerk), [coupon.id for coupon in coupons.list_held(tx, member_id)]
    assert person is not None
    purchases.record(tx, person, member_id, Sale(AMOUNT, "", ()), f"tap:{member_id}", mine)


async def _tap(database: Database, clerk: int, member_id: int) -> str:
    try:
        await database.write(_buy, clerk, member_id)
    except Refusal as refusal:
        return refusal.code
    return "done"


async def main(url: str, now: int, clerk: int, first: int, last: int) -> None:
    database = await open_database(url, vault=Vault({1: KEY}, 1, os.urandom), clock=lambda: now, random=os.urandom)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    taps = (_tap(database, clerk, member_id) for member_id in range(first, last))
    print(json.dumps(Counter(await asyncio.gather(*taps))), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
