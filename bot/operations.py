"""What an operator does from the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from actions import audit, charters
from bot import backups, restoring, tampering
from bot.jobs import books
from bot.jobs.testimony import prove
from bot.keys import add_key, read_keys
from bot.runtime import Clock, open_data, read_charter
from bot.settings import DataSettings, Settings, SettingsError
from bot.witness import Witness, WitnessDamaged
from db import accounts, audit as audit_rows, charters as versions, inbox, ledger_screens
from db.database import Database, Tx, holds_data
from loyalty.audit import Problem
from loyalty.charter import Charter, describe_changes, load
from loyalty.vault import KEY_BYTES, Vault

# Long enough for every process to have read the key file again before the new key seals anything.
_ROTATION_MS = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Checked:
    """problems: what is wrong, a line each; none if all is right."""

    members: int
    entries: int  # of points
    deeds: int  # in the record of who did what
    problems: list[str]

    @property
    def extent(self) -> str:
        """How much was looked through."""
        return f"Looked through: members {self.members:,}, entries of points {self.entries:,}, deeds {self.deeds:,}."


async def open_existing(settings: DataSettings, clock: Clock) -> tuple[Database, Charter]:
    """The database there is, and the charter in force. SettingsError if there is none, and then nothing is made."""
    require_data(settings)
    return await open_data(settings, clock)


def require_data(settings: DataSettings) -> None:
    """Refuses a database that is not there, or empty, with SettingsError."""
    if holds_data(settings.database_url.get_secret_value()):
        return
    raise SettingsError(
        f"There is no database at {settings.database_place}: run this in the bot's folder, or set DATABASE_URL."
    )


@asynccontextmanager
async def _data(settings: DataSettings, clock: Clock) -> AsyncIterator[Database]:
    db, _ = await open_existing(settings, clock)
    try:
        yield db
    finally:
        await db.close()


async def charter_in_force(settings: DataSettings, clock: Clock) -> str:
    """Its text, as it was published."""
    async with _data(settings, clock) as db:
        return await db.read(_latest_text)


def _latest_text(tx: Tx) -> str:
    version = versions.latest(tx)
    return version.text if version else ""


async def check_charter(settings: DataSettings, clock: Clock) -> list[str]:
    """What publishing the file would change, a line each. CharterError if the file is not sound."""
    proposed = load(read_charter(settings.charter, may_create=False))
    if not holds_data(settings.database_url.get_secret_value()):
        return ["The file is sound. There is no database yet to compare it with."]
    async with _data(settings, clock) as db:
        changes = describe_changes(await db.read(charters.current), proposed)
    if not changes:
        return ["The file is sound and says what is in force."]
    return ["The file is sound. Publishing it changes:"] + [
        f"  {change.path}: {change.before or '(not set)'} -> {change.after or '(not set)'}" for change in changes
    ]


async def publish_charter(settings: DataSettings, clock: Clock) -> int:
    """The version now in force. CharterError if the file is not sound."""
    text = read_charter(settings.charter, may_create=False)
    async with _data(settings, clock) as db:
        return await db.write(charters.publish, text, 0)


async def dead_updates(settings: Settings, clock: Clock) -> list[str]:
    async with _data(settings, clock) as db:
        dead = await db.read(inbox.list_dead, _bot_id(settings))
    return [f"{one.update_id}  {_when(one.received_at)}  {one.error}" for one in dead] or ["None."]


async def replay(settings: Settings, clock: Clock, update_id: int) -> bool:
    async with _data(settings, clock) as db:
        return await db.write(inbox.revive, _bot_id(settings), update_id)


async def check(
    settings: DataSettings, clock: Clock, begin: Callable[[int], Callable[[int], None]], thorough: bool
) -> Checked:
    """Prove members' points and the record of who did what.

    thorough: not only the sums of every member, but each lot, hold, purchase and refund.
    begin is told how many ids there are to look through, and returns what is told how many each page was.
    """
    async with _data(settings, clock) as db:
        screens = ledger_screens.SCREENS if thorough else ledger_screens.SUMS
        found = await books.check(db, begin(await db.read(ledger_screens.extent, screens)), screens)
        proof = await _proof(settings, db)
        members, entries = await db.read(accounts.count), await db.read(accounts.count_entries)
    wrong = [f"member {one.member_id}: {one.check}: {one.kept}, not {one.counted}" for one in found]
    return Checked(members, entries, proof.reached.place, [*wrong, *map(tampering.describe, proof.problems)])


async def _proof(settings: DataSettings, db: Database) -> audit.Proof:
    try:
        remembered = Witness(settings.witness_file, await db.read(_vault)).remembers()
    except WitnessDamaged:
        return audit.Proof(problems=(Problem("rewound", 0),), done=True)
    return await prove(db, remembered)


def back_up(settings: DataSettings, clock: Clock, to: Path | None) -> Path:
    """Make a backup, while the bot runs or not; its path. to: a folder other than the usual one."""
    url = settings.database_url.get_secret_value()
    require_data(settings)
    place = backups.place_of(settings)
    try:
        return backups.make(replace(place, folder=to) if to else place, url, clock())
    except OSError as error:
        raise SettingsError(f"The backup cannot be written to {to or place.folder}: {error.strerror}.") from None


async def restore(
    settings: DataSettings, clock: Clock, random: Callable[[int], bytes], files: restoring.Files, to: str
) -> list[str]:
    """Fill the empty database at the address `to`, and prove what came out; what there is to say of it, a line each."""
    now = clock()
    master = read_keys(settings.key_file, now)
    vault, place = Vault(master.keys, master.current, random), backups.place_of(settings)
    async with restoring.restored(place, files, to, vault, now, random) as it:
        wrong, proof = await books.check(it.db), await prove(it.db)
        if to == settings.database_url.get_secret_value():
            Witness(settings.witness_file, vault).note(await it.db.read(audit_rows.head))
        lines = [f"Restored {await it.db.read(accounts.count)} members as of {_when(it.heading.made_at)}."]
        lines += [f"{it.erased_again} members who were erased since then have been erased again."] * (
            it.erased_again > 0
        )
        lines += [f"{it.keyless} members cannot be read: the file of keys is older than they are."] * (it.keyless > 0)
    return [*lines, "Everything adds up." if not wrong and not proof.problems else "It does not add up: run check."]


def rotate_key(settings: DataSettings, clock: Clock, random: Callable[[int], bytes]) -> tuple[int, str]:
    """Add a master key; its version, and when it takes over (UTC)."""
    begins_at = clock() + _ROTATION_MS
    return add_key(settings.key_file, random(KEY_BYTES), begins_at), _when(begins_at)


def _vault(tx: Tx) -> Vault:
    return tx.vault


def _bot_id(settings: Settings) -> int:
    return int(settings.bot_token.get_secret_value().partition(":")[0])


def _when(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1000, dt.UTC).isoformat(timespec="seconds")
