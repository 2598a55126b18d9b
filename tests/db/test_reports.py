"""What a report asks goes by indexes over the span of time, however many cases there ever were."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db import reports
from db.database import open_database
from loyalty.vault import Vault
from tests.conftest import Clock
from tests.db.test_birthdays import _copy

STORES = (0, 1, 2)
SPAN = (1_000, 2_000)
LOOKS: list[tuple[str, Callable[..., Any], tuple[Any, ...]]] = [
    ("COVERING INDEX service_case_opened (store_id=? AND opened_at>?", reports.count_opened, (STORES, *SPAN)),
    ("COVERING INDEX service_case_opened (store_id=? AND opened_at>?", reports.total, ("opened_at", STORES, *SPAN)),
    ("COVERING INDEX service_case_solved (store_id=? AND resolved_at>?", reports.total, ("resolved_at", STORES, *SPAN)),
    ("COVERING INDEX service_case_answered (store_id=? AND", reports.count_times, ("answer", STORES, *SPAN)),
    ("COVERING INDEX service_case_solved (store_id=? AND", reports.count_times, ("resolve", STORES, *SPAN)),
    ("INDEX service_case_open (store_id=? AND resolve_due>?", reports.count_open, (STORES,)),
    ("INDEX case_compensation_given (settled_at>?", reports.count_spent, (STORES, *SPAN)),
    ("COVERING INDEX service_case_opened (store_id=? AND opened_at>?", reports.list_complainers, (STORES, 1_000, 10)),
    ("INDEX service_case_opened (store_id=? AND", reports.list_cases, ("opened", 1, SPAN, (0, 0), 500)),
    ("INDEX service_case_solved (store_id=? AND", reports.list_cases, ("resolved", 1, SPAN, (0, 0), 500)),
    ("INDEX service_case_open (store_id=? AND resolve_due>?", reports.list_cases, ("open", 1, SPAN, (0, 0), 500)),
]


@pytest.mark.parametrize(("index", "look", "args"), LOOKS)
async def test_a_report_walks_an_index_over_its_time(
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
    assert [line for line in plan if index in line], plan
    assert [line for line in plan if line.startswith("SCAN") and line != "SCAN c"] == []


class _Listening:
    """A transaction that notes what it is asked."""

    def __init__(self, tx: Any, asked: list[tuple[str, dict[str, Any]]]) -> None:
        self.now = tx.now
        self._tx, self._asked = tx, asked

    def all(self, sql: str, **params: Any) -> Any:
        return self._noted(self._tx.all, sql, params)

    def value(self, sql: str, **params: Any) -> Any:
        return self._noted(self._tx.value, sql, params)

    def _noted(self, ask: Callable[..., Any], sql: str, params: dict[str, Any]) -> Any:
        self._asked.append((sql, params))
        return ask(sql, **params)
