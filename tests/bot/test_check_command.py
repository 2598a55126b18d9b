"""`regulars check`, as an operator runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot import runtime
from db import audit
from db.database import Tx
from tests.actions.gift_shops import give
from tests.actions.shops import add_member
from tests.bot.people import TOKEN, settings_for

ROOT = Path(__file__).parents[2]


def check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {
        "BOT_TOKEN": TOKEN,
        "DATABASE_URL": f"sqlite:///{folder / 'town.db'}",
        "CHARTER": str(folder / "charter.toml"),
        "KEY_FILE": str(folder / "town.key"),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", "check", *options],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def wrong(tx: Tx) -> None:
    member = add_member(tx, "Ann", "13800138000")
    tx.run("UPDATE account SET balance = 7 WHERE member_id = :id", id=member.id)


async def opened(folder: Path, *actions) -> None:
    db, _ = await runtime.open_data(settings_for(folder, "http://127.0.0.1:1"), lambda: 1_740_974_400_000)
    for action in actions:
        await db.write(action)
    await db.close()


async def test_right_books_are_said_to_be_right(tmp_path: Path) -> None:
    await opened(tmp_path)
    done = check(tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything adds up.")


async def test_wrong_books_are_listed_and_fail(tmp_path: Path) -> None:
    await opened(tmp_path, wrong)
    done = check(tmp_path)
    assert done.returncode == 1
    assert "member 1: the balance is the sum of the entries: 7, not 0" in done.stdout
    assert "Ann" not in done.stdout


def taken_from_a_lot(tx: Tx) -> None:
    """The sums agree, and yet what is left of one lot is not what was taken from it."""
    member = add_member(tx, "Ann", "13800138000")
    give(tx, member.id, 10)
    tx.run("UPDATE lot SET points = points + 5 WHERE id = (SELECT MIN(id) FROM lot)")


def bought(tx: Tx) -> None:
    give(tx, add_member(tx, "Ann", "13800138000").id, 10)


async def test_it_says_how_much_was_proven(tmp_path: Path) -> None:
    await opened(tmp_path, bought)
    assert "Looked through: members 1, entries of points 1, deeds 2." in check(tmp_path).stdout


async def test_a_hole_in_the_record_is_said_in_a_sentence(tmp_path: Path) -> None:
    await opened(tmp_path, lambda tx: [audit.add(tx, 11, "member_opened") for _ in range(3)], hole)
    assert "has a gap: entry 2 is missing." in check(tmp_path).stdout


def hole(tx: Tx) -> None:
    tx.run("DELETE FROM audit WHERE place = 2")


async def test_lot_by_lot_only_when_asked_for(tmp_path: Path) -> None:
    await opened(tmp_path, taken_from_a_lot)
    assert check(tmp_path).returncode == 0
    assert check(tmp_path, "--thorough").returncode == 1
