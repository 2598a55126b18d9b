"""A chain with real members, entered through the same actions as in life before anything is measured."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from actions import charters, joining, purchases
from actions.joining import Application
from benchmarks.telegram import FIRST_USER, TOKEN
from bot import runtime
from bot.settings import Settings, load
from db import ledger, people, staff, stores
from db.database import Database, Tx
from db.ledger import Posting
from db.people import Person
from loyalty.purchases import Sale
from loyalty.roles import Role

CLERK, OWNER = 4_000_000, 3_999_999
PURCHASES_EACH = 3


@dataclass(frozen=True, slots=True)
class Shop:
    """Who is there. Members are the people of `benchmarks.telegram`, in the same order."""

    clerks: list[Person]
    members: list[int]  # ids


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def environment(folder: Path, database_url: str = "") -> dict[str, str]:
    """Settings of an installation in that folder."""
    return {
        "BOT_TOKEN": TOKEN,
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'bench.db'}",
        "CHARTER": str(folder / "charter.toml"),
        "KEY_FILE": str(folder / "bench.key"),
        # People here write far faster than any Telegram would carry the answers.
        "PACE": "0",
    }


@contextlib.asynccontextmanager
async def opened(folder: Path, database_url: str = "") -> AsyncIterator[Database]:
    """The installation's database, as the bot itself opens it."""
    settings: Settings = load(environment(folder, database_url), folder)
    db, _ = await runtime.open_data(settings, now_ms)
    try:
        yield db
    finally:
        await db.close()


async def founded(db: Database, members: int, clerks: Sequence[int] = (CLERK,)) -> Shop:
    """One store, its clerks (Telegram ids), and members who have bought something before."""
    hired = await db.write(_hire, clerks)
    shop = Shop(hired, list(await asyncio.gather(*(db.write(join, number) for number in range(members)))))
    for before in range(PURCHASES_EACH):
        await asyncio.gather(*(buy(db, shop, number, f"before:{before}:{number}") for number in range(members)))
    return shop


def phone(number: int) -> str:
    """The phone of the member with this place in the list."""
    return f"+86138{number:08d}"


async def buy(db: Database, shop: Shop, number: int, key: str) -> None:
    """One purchase of one member, recorded by the next of the clerks."""
    await db.write(purchases.record, *sold(shop, number, key))


def sold(shop: Shop, number: int, key: str) -> tuple[Person, int, Sale, str]:
    """What `purchases.record` is given: the members buy in turn, with the clerks in turn."""
    # One place on, so that clerks who are members do not credit themselves.
    clerk = shop.clerks[(number + 1) % len(shop.clerks)]
    sale = Sale(amount=1_000 + 37 * (number % 200), payment="", lines=())
    return clerk, shop.members[number % len(shop.members)], sale, key


def give(tx: Tx, member_id: int, points: int, expires_at: int) -> None:
    """Points out of nowhere, usable at once, as a lot of their own."""
    posting = Posting(
        member_id=member_id, kind="earn", points=points, reason="purchase", key=f"given:{member_id}:{expires_at}",
        actor=0, occurred_at=tx.now,
    )  # fmt: skip
    ledger.earn(tx, posting, tx.now, expires_at)


def person(tx: Tx, place: int) -> Person:
    """The member with this place in the list."""
    known = people.get(tx, FIRST_USER + place)
    assert known is not None
    return known


def _hire(tx: Tx, clerks: Sequence[int]) -> list[Person]:
    store_id = stores.add(tx, "bench", "Bench store", "", "", OWNER)
    assert store_id is not None
    for user_id in clerks:
        staff.appoint(tx, user_id, store_id, Role.CLERK, f"Clerk {user_id}", invited_by=OWNER)
    return [people.meet(tx, user_id, "en") for user_id in clerks]


def join(tx: Tx, number: int) -> int:
    """The member in this place of the list, signed up; their id."""
    version, _ = charters.current_version(tx)
    application = Application(
        name=f"Member {number}", phone=phone(number), birthday=None, store_id=0, by_store_link=False, referral="",
        accepted=version,
    )  # fmt: skip
    return joining.join(tx, people.meet(tx, FIRST_USER + number, "en"), application).member.id
