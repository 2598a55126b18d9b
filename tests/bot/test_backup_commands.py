"""`regulars backup`, `restore` and `key rotate`, as an operator runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import runtime
from bot.keys import read_keys
from db import members
from tests.actions.shops import add_member
from tests.bot.people import TOKEN, settings_for

ROOT = Path(__file__).parents[2]
NOW = 1_740_974_400_000


def regulars(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {
        "BOT_TOKEN": TOKEN,
        "DATABASE_URL": f"sqlite:///{folder / 'town.db'}",
        "CHARTER": str(folder / "charter.toml"),
        "KEY_FILE": str(folder / "town.key"),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def made(folder: Path) -> list[str]:
    return [str(path) for path in (folder / "backups").glob("*.records.age")]


def lose_the_database(folder: Path) -> None:
    for left in folder.glob("town.db*"):
        left.unlink()


async def test_a_backup_is_made_while_the_bot_has_the_database_open(tmp_path: Path) -> None:
    db, _ = await runtime.open_data(settings_for(tmp_path, "http://127.0.0.1:1"), lambda: NOW)
    await db.write(add_member, "Ann", "13800138000")
    done = regulars(tmp_path, "backup")
    await db.close()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == made(tmp_path)


async def test_it_is_restored_into_a_new_database_and_proven(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "http://127.0.0.1:1")
    db, _ = await runtime.open_data(settings, lambda: NOW)
    ann = await db.write(add_member, "Ann", "13800138000")
    await db.close()
    backup = regulars(tmp_path, "backup").stdout.strip()
    lose_the_database(tmp_path)
    done = regulars(tmp_path, "restore", backup, "--to", f"sqlite:///{tmp_path / 'town.db'}")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything adds up."), done.stderr
    assert regulars(tmp_path, "check").returncode == 0
    db, _ = await runtime.open_data(settings, lambda: NOW)
    assert await db.read(members.name_of, ann.id) == "Ann"
    await db.close()


async def test_what_cannot_be_restored_is_said_in_one_sentence(tmp_path: Path) -> None:
    db, _ = await runtime.open_data(settings_for(tmp_path, "http://127.0.0.1:1"), lambda: NOW)
    await db.close()
    backup = regulars(tmp_path, "backup").stdout.strip()
    for words, said in (
        ((backup, "--to", f"sqlite:///{tmp_path / 'town.db'}"), "holds data"),
        ((str(tmp_path / "none"), "--to", "sqlite:///new.db"), "There is no file"),
        ((str(tmp_path / "charter.toml"), "--to", "sqlite:///new.db", "--keys", backup), "damaged"),
    ):
        done = regulars(tmp_path, "restore", *words)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert said in done.stderr


async def test_where_a_backup_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    db, _ = await runtime.open_data(settings_for(tmp_path, "http://127.0.0.1:1"), lambda: NOW)
    await db.close()
    (tmp_path / "file").touch()
    done = regulars(tmp_path, "backup", "--to", str(tmp_path / "file" / "20250303044500"))
    assert (done.returncode, done.stdout) == (2, "")
    where = tmp_path / "file" / "20250303044500"
    assert done.stderr == f"The backup cannot be written to {where}: Not a directory.\n"


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


async def test_a_damaged_backup_is_named_as_it_is(tmp_path: Path) -> None:
    db, _ = await runtime.open_data(settings_for(tmp_path, "http://127.0.0.1:1"), lambda: NOW)
    await db.close()
    backup = Path(regulars(tmp_path, "backup").stdout.strip())
    cut_short(backup)
    done = regulars(tmp_path, "restore", str(backup), "--to", "sqlite:///new.db")
    assert backup.name in done.stderr


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("new5.db", "sqlite:///new5.db or"),
        ("/srv/new5.db", "sqlite:////srv/new5.db or"),
        ("mysql://me:secret@host/db", "sqlite:///path/to/file.db or postgresql://user:password@host/name."),
    ],
)
def test_an_address_that_is_none_is_said_in_one_sentence(tmp_path: Path, to: str, said: str) -> None:
    done = regulars(tmp_path, "restore", "regulars.records.age", "--to", to)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert said in done.stderr
    assert "secret" not in done.stderr


async def test_a_new_key_is_added_for_the_bot_to_take_over(tmp_path: Path) -> None:
    db, _ = await runtime.open_data(settings_for(tmp_path, "http://127.0.0.1:1"), lambda: NOW)
    done = regulars(tmp_path, "key", "rotate")
    await db.close()
    assert done.returncode == 0, done.stderr
    assert "Key 2 is in" in done.stdout
    told = read_keys(tmp_path / "town.key", 1 << 62)
    assert (sorted(told.keys), told.current) == ([1, 2], 2)
    assert read_keys(tmp_path / "town.key", NOW).current == 1
    assert (tmp_path / "town.key").stat().st_mode & 0o777 == 0o600
