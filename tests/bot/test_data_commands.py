"""The commands that look after the data need no token."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    """Migrated, with a charter, a key file and a backup."""
    folder = tmp_path_factory.mktemp("installation")
    assert regulars(folder, "migrate").returncode == 0
    (folder / "data" / "regulars.db").unlink()
    assert regulars(folder, "charter", "show").returncode == 0
    assert regulars(folder, "backup").returncode == 0
    return folder


@pytest.mark.parametrize(
    "words", [("migrate",), ("check",), ("backup",), ("charter", "show"), ("charter", "check"), ("charter", "publish")]
)
def test_it_works_without_a_token(installation: Path, words: tuple[str, ...]) -> None:
    done = regulars(installation, *words)
    assert (done.returncode, done.stderr) == (0, "")


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
