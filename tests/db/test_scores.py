"""Figures of staff are counted along indexes, however many purchases and cases there ever were."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db import quizzes, scores

MONTHS = list(range(0, 13_000, 1_000))
LOOKS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (scores.of_person, (11, MONTHS)),
    (scores.of_store, (1, 0, 1_000)),
    (quizzes.list_shares, ([11, 12], ["5d2cc6a7"])),
    (quizzes.last_done, ([11, 12],)),
    (quizzes.list_of, (11, 10)),
]


class _Asked:
    """Stands for a transaction, and finds out how what it is asked would be answered."""

    def __init__(self, file: Path) -> None:
        self.plan: list[str] = []
        self._connection = sqlite3.connect(file)

    def all(self, sql: str, **params: Any) -> list[Any]:
        self.plan += [str(row[-1]) for row in self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", params)]
        return []

    def close(self) -> None:
        self._connection.close()


@pytest.mark.parametrize(("look", "args"), LOOKS)
def test_nothing_is_scanned_but_the_list_of_staff(
    look: Callable[..., Any], args: tuple[Any, ...], sqlite_template: Path
) -> None:
    asked = _Asked(sqlite_template)
    look(asked, *args)
    asked.close()
    assert asked.plan
    assert [line for line in asked.plan if line.startswith("SCAN") and not line.startswith("SCAN staff")] == []


def test_purchases_of_a_year_are_counted_from_the_index_alone(sqlite_template: Path) -> None:
    asked = _Asked(sqlite_template)
    scores.of_person(asked, 11, MONTHS)  # type: ignore[arg-type]  # as above
    asked.close()
    assert [line for line in asked.plan if "COVERING INDEX purchase_recorder (recorded_by=? AND recorded_at>?" in line]
