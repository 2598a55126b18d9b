"""What jobs work with that need more than a transaction: the settings, the keys, the files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot import backups
from bot.settings import DataSettings
from bot.witness import Witness
from db import outbox, staff
from db.database import Database, Tx
from loyalty.jobs import Page, Task
from loyalty.messages import Say
from loyalty.roles import Role
from loyalty.vault import Vault


@dataclass(frozen=True, slots=True)
class Upkeep:
    settings: DataSettings
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore(Task):
    """A task that is no matter of pages: it works with files, or in many transactions of its own.

    work: what it raises has it tried again, so that it must bear to be broken off anywhere and to begin anew. While it
    works, no other process does. The page it returns only says how many were looked at and reached.
    """

    work: Callable[[Upkeep], Awaitable[Page]]


async def begin(settings: DataSettings, db: Database) -> Upkeep:
    """With the vault that the database seals with, and its randomness."""
    vault, random = await db.read(_powers)
    return Upkeep(settings, db, vault, random)


def tell_owners(tx: Tx, say: Say, dedup_key: str) -> None:
    """Once for each owner and dedup_key."""
    for user_id in staff.list_users(tx, Role.OWNER):
        outbox.post(tx, Say(say.template, say.params, to=user_id, kind="notice", dedup_key=f"{dedup_key}:{user_id}"))


def _now(tx: Tx) -> int:
    return tx.now


def _powers(tx: Tx) -> tuple[Vault, Callable[[int], bytes]]:
    return tx.vault, tx.random
