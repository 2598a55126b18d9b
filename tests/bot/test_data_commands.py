"""The commands that look after the data need no token."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loyalty.charter import DEFAULT_CHARTER
from tests.bot.people import TOKEN

ROOT = Path(__file__).parents[2]


def regulars(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """In an environment without BOT_TOKEN."""
    environ = {name: value for name, value in os.environ.items() if name != "BOT_TOKEN"} | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a charter, a key file and a backup."""
    folder = tmp_path_factory.mktemp("installation")
    first_start(folder)
    assert regulars(folder, "backup").returncode == 0
    return folder


def first_start(folder: Path) -> None:
    """Of the bot, until all it would still need is Telegram."""
    nowhere = {"BOT_TOKEN": TOKEN, "BOT_API_URL": "http://127.0.0.1:1", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=folder, env=os.environ | nowhere, stdout=subprocess.PIPE, text=True
    ) as bot:
        assert bot.stdout is not None
        assert any("telegram_unreachable" in line for line in bot.stdout)
        bot.kill()


@pytest.mark.parametrize(
    "words", [("migrate",), ("check",), ("backup",), ("charter", "show"), ("charter", "check"), ("charter", "publish")]
)
def test_it_works_without_a_token(installation: Path, words: tuple[str, ...]) -> None:
    done = regulars(installation, *words)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words",
    [
        ("check",), ("backup",), ("charter", "show"), ("charter", "publish"), ("job", "list"), ("job", "run", "books"),
        ("job", "run", "birthdays", "--dry-run")
    ],
)  # fmt: skip
def test_where_there_is_no_database_it_says_so_and_makes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = regulars(tmp_path, *words)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert f"There is no database at {tmp_path / 'data' / 'regulars.db'}" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_charter_can_be_checked_before_there_is_a_database(tmp_path: Path) -> None:
    (tmp_path / "charter.toml").write_text(DEFAULT_CHARTER, encoding="utf-8")
    done = regulars(tmp_path, "charter", "check")
    assert done.stdout == "The file is sound. There is no database yet to compare it with.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["charter.toml"]


def test_a_wrong_address_is_answered_with_examples_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=regulars.db\n", encoding="utf-8")
    done = regulars(tmp_path, "check")
    assert done.stderr == ("DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name.\n")


def test_a_backup_is_restored_without_a_token(installation: Path) -> None:
    (records,) = sorted((installation / "backups").glob("*.records.age"))[:1]
    done = regulars(installation, "restore", str(records), "--to", "sqlite:///restored.db")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [("run",), ("update", "list")])
def test_what_asks_telegram_or_is_about_one_bot_needs_it(installation: Path, words: tuple[str, ...]) -> None:
    done = regulars(installation, *words)
    assert done.returncode == 2
    assert "Set BOT_TOKEN" in done.stderr


def test_the_files_of_an_installation_are_its_owners_alone(installation: Path) -> None:
    made = [path for path in installation.rglob("*") if path.is_file()]
    assert made
    assert [path for path in made if path.stat().st_mode & 0o077] == []
