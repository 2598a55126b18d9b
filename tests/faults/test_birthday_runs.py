"""The birthday job run many times at once, by several processes, and killed at fifty points: everybody has it once
(trial 6)."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import date, timedelta

import pytest

from db import people
from db.database import Database, Tx, open_database
from loyalty.birthdays import Birthday, told_as
from loyalty.charter_greetings import Birthdays
from loyalty.vault import Vault
from tests.actions.celebrations import at
from tests.actions.shops import add_member, open_shop
from tests.conftest import Clock
from tests.demos import ROOT
from tests.faults.birthday_runs import MASTER_KEY

FIRST = date(2025, 3, 3)
KILLS = 50


async def reopen(url: str) -> Database:
    vault = Vault({1: MASTER_KEY}, 1, os.urandom)
    return await open_database(url, vault=vault, clock=Clock(at(FIRST - timedelta(days=9))), random=os.urandom)


async def populate(url: str, days: int, each: int) -> Database:
    """On each of these days so many have their birthday, solar or lunar; one in five is not on Telegram."""
    db = await reopen(url)
    await open_shop(db)
    await asyncio.gather(*(db.write(_born, FIRST + timedelta(days=n), n * each, each) for n in range(days)))
    return db


def _born(tx: Tx, day: date, first: int, each: int) -> None:
    told = told_as(day, Birthdays())
    for number in range(first, first + each):
        _member(tx, number, told[number % len(told)])


def _member(tx: Tx, number: int, birthday: Birthday) -> None:
    user_id = 0 if number % 5 == 0 else 10_000 + number
    if user_id:
        people.meet(tx, user_id, "en")
    add_member(tx, f"Guest {number}", f"139{number:08}", user_id, birthday)


async def process(mode: str, url: str, *more: object) -> str:
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.birthday_runs", mode, url, str(FIRST), *map(str, more)),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await running.communicate()
    assert running.returncode == 0
    return told.decode()


def counts(tx: Tx) -> dict[str, tuple[int, int]]:
    """How many there are of each, and for how many members."""
    of_members = "SELECT COUNT(*), COUNT(DISTINCT member_id) FROM"
    return {
        "given": tx.one(f"{of_members} birthday_given WHERE greeted_at <> 0") or (0, 0),
        "presents": tx.one(f"{of_members} coupon WHERE why = 'birthday'") or (0, 0),
        "noted": tx.one(f"{of_members} birthday_given WHERE coupon_id <> 0") or (0, 0),
        "greetings": tx.one("SELECT COUNT(*), COUNT(DISTINCT chat_id) FROM outbox WHERE topic = 'birthday'") or (0, 0),
        "counted": tx.one("SELECT granted, granted FROM coupon_definition WHERE code = 'birthday'") or (0, 0),
    }


def everybody_once(members: int) -> dict[str, tuple[int, int]]:
    on_telegram = members - members // 5
    return dict.fromkeys(("given", "presents", "noted", "counted"), (members, members)) | {
        "greetings": (on_telegram, on_telegram)
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_ten_runs_at_once_from_three_processes_give_once(database_url: str) -> None:
    db = await populate(database_url, days=3, each=15)
    await asyncio.gather(*(process("run", database_url, 3, runs) for runs in (4, 3, 3)))
    assert await db.read(counts) == everybody_once(45)
    await db.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_ten_runs_at_once_in_one_process_give_once(database_url: str) -> None:
    await (await populate(database_url, days=3, each=15)).close()
    await process("run", database_url, 3, 10)
    db = await reopen(database_url)
    assert await db.read(counts) == everybody_once(45)
    await db.close()


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
async def test_killed_at_fifty_points_it_still_gives_once(database_url: str) -> None:
    await (await populate(database_url, days=KILLS, each=5)).close()
    assert int(await process("kill", database_url, KILLS)) == KILLS
    await process("run", database_url, KILLS, 2)
    db = await reopen(database_url)
    assert await db.read(counts) == everybody_once(5 * KILLS)
    await db.close()
