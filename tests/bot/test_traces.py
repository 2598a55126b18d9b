"""After an erasure, nothing of the person is left in any file: database, WAL, logs, backups, or what is restored from
an old one (trial 6)."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from actions import profiles
from bot import backups, logs, restoring
from bot.jobs import erasures, upkeep
from bot.jobs.upkeep import Upkeep
from db import ledger_checks, people
from db.database import Tx
from loyalty.birthdays import Birthday
from loyalty.roles import Role
from tests.actions.shops import add_store, hire
from tests.bot.joiners import reach
from tests.bot.people import Resident, Town, open_town
from tests.conftest import PostgresServer

PHONE = "+8613987654321"
CANARIES = [
    "Zephyrine", "Quuxbury", PHONE, PHONE[3:], "987654321", "zephyrine@quux.example", "Canary Lane 7", "peanutcanary",
    "1957-11-23",
]  # fmt: skip


@dataclass
class Scene:
    town: Town
    ann: Resident
    carl: Resident
    kept: Upkeep
    log: io.StringIO
    secrets: list[bytes]  # the wrapped key and what it sealed, as they stood in the rows

    @property
    def folder(self) -> Path:
        return self.kept.settings.key_file.parent

    async def leave(self) -> None:
        await self.ann.types("/privacy")
        await self.ann.press("🗑️ Leave")
        await self.ann.press("Go on")
        await self.ann.press("Erase everything now")
        assert await erasures.settle(self.kept) == 1

    def files(self) -> Iterator[tuple[str, bytes]]:
        for path in self.folder.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()
        yield "log", self.log.getvalue().encode()

    def traces(self) -> list[tuple[str, str]]:
        """Every file that holds a canary, in any of the ways a text is stored, or one of the secrets."""
        wanted = {f"{text} {encoding}": text.encode(encoding) for text in CANARIES for encoding in _ENCODINGS}
        wanted |= {f"secret {number}": secret for number, secret in enumerate(self.secrets)}
        return [(name, what) for name, data in self.files() for what, part in wanted.items() if part in data]


_ENCODINGS = ("utf-8", "utf-16-le")


@pytest.fixture(autouse=True)
def _pytests_own_logging() -> Iterator[None]:
    """As it was, after each scene has logged into a stream of its own."""
    root, loggers = logging.getLogger(), [logging.getLogger(name) for name in logs.OURS]
    before, levels = (root.handlers[:], root.level, logging.raiseExceptions), [one.level for one in loggers]
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    root.handlers[:], root.level, logging.raiseExceptions = before
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)
    structlog.reset_defaults()


@asynccontextmanager
async def scene(folder: Path, database_url: str = "") -> AsyncIterator[Scene]:
    """Zephyrine joined, told everything about herself, bought things, was looked at, took her data away."""
    log = io.StringIO()
    logs.configure(stream=log)
    async with open_town(folder, database_url) as town:
        carl = await town.newcomer("Carl")
        await town.write(hire, carl.id, await town.write(add_store, "ximen", "West Gate"), Role.CLERK)
        ann = await town.newcomer("Zephyrine", last_name="Quuxbury", phone=PHONE)
        await reach(ann, "joined")
        await town.write(_tell, ann.id)
        await carl.types(f"{PHONE[3:]} 86.50")
        await carl.types("Quuxbury")
        await carl.press("📞 Whole phone")
        await ann.types("my data")
        kept = await upkeep.begin(town.machinery.settings, town.db)
        yield Scene(town, ann, carl, kept, log, await town.db.read(_secrets))


def _tell(tx: Tx, user_id: int) -> None:
    person = people.get(tx, user_id)
    assert person is not None
    for field, value in (("email", CANARIES[5]), ("address", CANARIES[6]), ("allergies", CANARIES[7])):
        profiles.change_field(tx, person, field, value)
    profiles.change_name(tx, person, "Zephyrine Quuxbury")
    profiles.change_birthday(tx, person, Birthday(11, 23, 1957))


def _secrets(tx: Tx) -> list[bytes]:
    (member_id,) = tx.one("SELECT id FROM member") or (0,)
    found = [tx.value("SELECT wrapped FROM member_key WHERE member_id = :id", id=member_id)]
    found += list(tx.one("SELECT name_sealed, phone_sealed FROM member WHERE id = :id", id=member_id) or ())
    found += [row[0] for row in tx.all("SELECT value_sealed FROM profile_field")]
    found += [row[0] for row in tx.all("SELECT token FROM member_phone UNION SELECT token FROM member_lookup")]
    return [bytes(part) for part in found]


async def test_the_test_would_see_a_trace(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        assert {what for _, what in at.traces()} >= {"secret 0", "secret 1"}
        (at.folder / "notes.txt").write_text("call Zephyrine", encoding="utf-16")
        assert ("notes.txt", "Zephyrine utf-16-le") in at.traces()


async def test_no_file_holds_a_trace_after_an_erasure(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        backups.make(at.kept.backups, at.kept.url, at.town.clock.now())
        await at.leave()
        assert at.traces() == []
    assert at.traces() == []


async def test_the_ledger_stays_as_it_was(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        before = await at.town.db.read(_totals)
        await at.leave()
        assert await at.town.db.read(_totals) == before
        assert await at.town.db.read(ledger_checks.discrepancies) == []


def _totals(tx: Tx) -> tuple[int, ...]:
    return tx.one("SELECT COUNT(*), SUM(points), SUM(balance_after) FROM entry") or ()


async def test_an_old_backup_restored_holds_no_trace(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        old = backups.make(at.kept.backups, at.kept.url, at.town.clock.now())
        await at.leave()
        url = f"sqlite:///{at.folder / 'restored.db'}"
        files = restoring.Files(old, at.kept.backups.keys)
        powers = (at.kept.vault, at.town.clock.now(), at.kept.random)
        async with restoring.restored(at.kept.backups, files, url, *powers):
            assert at.traces() == []
        assert at.traces() == []


async def test_on_postgresql_no_row_holds_a_trace(tmp_path: Path, postgres: PostgresServer) -> None:
    url = postgres.new_database("template1")
    async with scene(tmp_path, url) as at:
        backups.make(at.kept.backups, at.kept.url, at.town.clock.now())
        await at.leave()
        rows = await at.town.db.read(_all_rows)
        assert [text for text in CANARIES if text in rows] == []
        assert [number for number, secret in enumerate(at.secrets) if secret.hex() in rows] == []
        assert at.traces() == []
    postgres.drop_database(url)


def _all_rows(tx: Tx) -> str:
    tables = tx.all("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    return "\n".join(str(row[0]) for (table,) in tables for row in tx.all(f"SELECT t::text FROM {table} t"))
