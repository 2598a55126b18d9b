"""The daily looks: by an index, whatever the number of members."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db import birthdays, series
from db.database import open_database
from loyalty.birthdays import Birthday
from loyalty.vault import Vault
from tests.conftest import Clock

LOOKS: list[tuple[str, Callable[..., Any], tuple[Any, ...]]] = [
    ("member_birthday", birthdays.list_told, (Birthday(8, 15, lunar=True), date(2026, 9, 25), 0, 200)),
    ("member_joined", series.list_joined, (0, 1, (0, 0), 200)),
    ("purchase_time", series.list_gone_quiet, (0, 1, (0, 0), 200)),
    ("purchase_time", series.list_buyers, (0, 1, (0, 0), 200)),
    ("rhythm_due", series.list_due, (date(2026, 9, 25), 0, 200)),
]


@pytest.mark.parametrize(("index", "look", "args"), LOOKS)
async def test_a_look_for_whom_it_concerns_goes_by_its_index(
    index: str, look: Callable[..., Any], args: tuple[Any, ...], sqlite_template: Path, tmp_path: Path, vault: Vault,
    clock: Clock,
) -> None:  # fmt: skip
    asked: list[tuple[str, dict[str, Any]]] = []
    db = await open_database(f"sqlite:///{_copy(sqlite_template, tmp_path)}", vault=vault, clock=clock, random=bytes)
    await db.read(lambda tx: look(_Listening(tx, asked), *args))
    await db.close()
    with sqlite3.connect(sqlite_template) as connection:
        plan = [
            str(row[-1]) for sql, params in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        ]
    connection.close()
    assert [line for line in plan if index in line]
    assert [line for line in plan if line.startswith("SCAN") and "INDEX" not in line] == []


class _Listening:
    """A transaction that notes what it is asked."""

    def __init__(self, tx: Any, asked: list[tuple[str, dict[str, Any]]]) -> None:
        self._tx, self._asked = tx, asked

    def all(self, sql: str, **params: Any) -> Any:
        self._asked.append((sql, params))
        return self._tx.all(sql, **params)


def _copy(template: Path, folder: Path) -> Path:
    copied = folder / "look.db"
    copied.write_bytes(template.read_bytes())
    return copied
