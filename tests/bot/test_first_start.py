"""What the first start makes, and when it makes nothing; on both engines."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

import pytest
from structlog.testing import CapturingLogger

from actions import charters, staff
from bot import runtime
from bot.keys import open_keys
from bot.settings import Settings, SettingsError
from db import people, staff as posts
from db.database import Database, DatabaseDown, holds_data
from tests.bot.people import settings_for
from tests.conftest import Clock

NOWHERE = "http://127.0.0.1:1"


def prepared(folder: Path, url: str) -> Settings:
    """A migrated database without rows, and a key file."""
    settings = settings_for(folder, NOWHERE, url)
    open_keys(settings.key_file, may_create=True, random=secrets.token_bytes)
    return settings


async def test_no_files_are_made_for_a_database_nobody_could_look_at(tmp_path: Path, clock: Clock) -> None:
    settings = settings_for(tmp_path, NOWHERE, f"postgresql:///x?host={tmp_path}")
    with pytest.raises(DatabaseDown):
        await runtime.open_data(settings, clock)
    assert not settings.key_file.exists()
    assert not settings.charter.exists()


def test_a_file_whose_folder_is_closed_is_trouble_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", denied)  # root may look anywhere
    with pytest.raises(DatabaseDown):
        holds_data(f"sqlite:///{tmp_path}/regulars.db")


async def test_two_first_starts_at_once_publish_one_charter(database_url: str, tmp_path: Path, clock: Clock) -> None:
    settings = prepared(tmp_path, database_url)
    if database_url.startswith("sqlite"):
        db, _ = await runtime.open_data(settings, clock)
        await asyncio.gather(*(db.write(runtime._found, "", ()) for _ in range(8)))
        opened = [db]
    else:
        opened = [db for db, _ in await asyncio.gather(*(runtime.open_data(settings, clock) for _ in range(4)))]
    assert await opened[0].read(charters.current_version)
    assert await opened[0].read(lambda tx: tx.value("SELECT COUNT(*) FROM charter_version")) == 1
    await _close(opened)


async def test_the_log_says_what_to_set_for_an_owner_who_was_removed(
    database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = prepared(tmp_path, database_url).model_copy(update={"owners": (5, 6)})
    db, _ = await runtime.open_data(settings, clock)
    post = (await db.read(posts.list_posts, 5))[0]
    await db.write(staff.remove, await db.write(people.meet, 6, "en"), post.id)
    await db.close()
    log = CapturingLogger()
    monkeypatch.setattr(runtime, "log", log)
    again, _ = await runtime.open_data(settings, clock)
    (said,) = [call.kwargs for call in log.calls if call.method_name == "warning"]
    assert said["user_id"] == 5
    assert "OWNERS" in said["hint"]
    assert await again.read(posts.list_posts, 5) == []
    await again.close()


async def _close(opened: list[Database]) -> None:
    for db in opened:
        await db.close()


async def test_another_installations_key_file_is_recognised(database_url: str, tmp_path: Path, clock: Clock) -> None:
    settings = prepared(tmp_path, database_url)
    db, _ = await runtime.open_data(settings, clock)
    await db.close()
    settings.key_file.unlink()
    open_keys(settings.key_file, may_create=True, random=secrets.token_bytes)
    with pytest.raises(SettingsError, match="is not the one of this database"):
        await runtime.open_data(settings, clock)


async def test_a_charter_that_cannot_be_written_is_one_sentence(tmp_path: Path, clock: Clock) -> None:
    settings = settings_for(tmp_path, NOWHERE).model_copy(update={"charter": tmp_path / "no such folder" / "c.toml"})
    with pytest.raises(SettingsError, match="cannot be"):
        await runtime.open_data(settings, clock)
