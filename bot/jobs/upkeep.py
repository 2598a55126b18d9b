"""What the jobs that guard people's data work with, and when they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from actions import charters
from bot import backups
from bot.settings import Settings
from bot.witness import Witness
from db import outbox, staff
from db.database import Database, Tx
from loyalty.messages import Say
from loyalty.roles import Role
from loyalty.vault import Vault


@dataclass(frozen=True, slots=True)
class Upkeep:
    settings: Settings
    db: Database
    vault: Vault
    random: Callable[[int], bytes]

    @property
    def url(self) -> str:
        return self.settings.database_url.get_secret_value()

    @property
    def backups(self) -> backups.Place:
        return backups.place_of(self.settings)

    @property
    def witness(self) -> Witness:
        return Witness(self.settings.witness_file, self.vault)

    async def now(self) -> int:
        """Epoch ms UTC."""
        return await self.db.read(_now)


async def start(scheduler: AsyncIOScheduler, settings: Settings, db: Database) -> None:
    """Let them all run from now on."""
    schedule(scheduler, await begin(settings, db), (await db.read(charters.current)).zone)


async def begin(settings: Settings, db: Database) -> Upkeep:
    """With the vault that the database seals with, and its randomness."""
    vault, random = await db.read(_powers)
    return Upkeep(settings, db, vault, random)


def schedule(scheduler: AsyncIOScheduler, upkeep: Upkeep, zone: ZoneInfo) -> None:
    """At the chain's own hours: people are written to by day, files are copied by night.

    Each can be run at any time and as often as one likes: what is done is not done again.
    """
    from bot.jobs import copies, drills, erasures, keys, retention, testimony

    every = {"misfire_grace_time": None, "coalesce": True}
    for job in (testimony.testify, keys.follow, erasures.settle):
        scheduler.add_job(job, "interval", minutes=1, args=[upkeep], **every)
    scheduler.add_job(retention.look_after, "cron", hour=10, timezone=zone, args=[upkeep.db], **every)
    scheduler.add_job(copies.back_up, "cron", hour=3, minute=30, timezone=zone, args=[upkeep], **every)
    scheduler.add_job(drills.drill, "cron", day_of_week="sun", hour=4, minute=30, timezone=zone, args=[upkeep], **every)


def tell_owners(tx: Tx, say: Say, dedup_key: str) -> None:
    """Once for each owner and dedup_key."""
    for user_id in staff.list_users(tx, Role.OWNER):
        outbox.post(tx, Say(say.template, say.params, to=user_id, kind="notice", dedup_key=f"{dedup_key}:{user_id}"))


def _now(tx: Tx) -> int:
    return tx.now


def _powers(tx: Tx) -> tuple[Vault, Callable[[int], bytes]]:
    return tx.vault, tx.random
