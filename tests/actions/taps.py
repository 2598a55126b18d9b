"""Run as a process of its own: many members tap "Confirm" at once; prints how each tap ended, as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter

from actions import reservations
from db import people
from db.database import Database, open_database
from db.people import Person
from loyalty.errors import Refusal
from loyalty.vault import Vault

KEY = b"test-only-master-key-of-32-bytes"


async def _tap(database: Database, person: Person, gift_id: int, store_id: int) -> str:
    try:
        said = await database.write(reservations.redeem, person, gift_id, store_id, "one tap")
    except Refusal as refusal:
        return refusal.code
    return said.template


async def main(url: str, now: int, gift_id: int, store_id: int, first: int, last: int) -> None:
    vault = Vault({1: KEY}, 1, os.urandom)
    database = await open_database(url, vault=vault, clock=lambda: now, random=os.urandom)
    crowd = [await database.read(people.get, user_id) for user_id in range(first, last)]
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    taps = (_tap(database, person, gift_id, store_id) for person in crowd if person)
    print(json.dumps(Counter(await asyncio.gather(*taps))), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
