"""The statements an action runs, written down as it runs them, and run again bare."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import psycopg

from db.database import R, Tx
from db.postgres import PostgresTx, translated_sql
from db.sqlite import SqliteTx

Statement = tuple[str, dict[str, Any]]
Transaction = list[Statement]


class RecordingSqliteTx(SqliteTx):
    """Does as SqliteTx does, and keeps what it was told."""

    __slots__ = ("statements",)

    def __init__(self, tx: SqliteTx) -> None:
        super().__init__(tx._connection, tx.now, tx.vault, tx.random)  # noqa: SLF001 - it takes tx's place
        self.statements: Transaction = []

    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.statements += [(sql, dict(row)) for row in rows]
        super().many(sql, rows)

    def _statement(self, sql: str, params: Mapping[str, Any], take: Callable[[Any], R]) -> R:
        self.statements.append((sql, dict(params)))
        return super()._statement(sql, params, take)


class RecordingPostgresTx(PostgresTx):
    """Does as PostgresTx does, and keeps what it was told."""

    __slots__ = ("statements",)

    def __init__(self, tx: PostgresTx) -> None:
        super().__init__(tx._connection, tx.now, tx.vault, tx.random)  # noqa: SLF001 - it takes tx's place
        self.statements: Transaction = []

    def put(self, sql: str, /, **params: Any) -> None:
        self.statements.append((sql, dict(params)))
        super().put(sql, **params)

    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.statements += [(sql, dict(row)) for row in rows]
        super().many(sql, rows)

    def _statement(self, sql: str, params: Mapping[str, Any], take: Callable[[Any], R]) -> R:
        self.statements.append((sql, dict(params)))
        return super()._statement(sql, params, take)


def recorded(tx: Tx, action: Callable[..., R], *args: object) -> tuple[Transaction, R]:
    """Run the action in this transaction; its statements with their parameters, in order, and its result."""
    tx.flush()  # what the engine itself put before: BEGIN
    recording = RecordingSqliteTx(tx) if isinstance(tx, SqliteTx) else RecordingPostgresTx(cast("PostgresTx", tx))
    result = action(recording, *args)
    recording.flush()
    return recording.statements, result


def replay_on_sqlite(path: Path, transactions: Sequence[Transaction]) -> None:
    """Each transaction with a commit of its own, as durable as ours."""
    with closing(sqlite3.connect(path, isolation_level=None, cached_statements=512)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        for statements in transactions:
            connection.execute("BEGIN IMMEDIATE")
            for sql, params in statements:
                connection.execute(sql, params).fetchall()
            connection.execute("COMMIT")


def replay_on_postgres(url: str, transactions: Sequence[Transaction]) -> None:
    """Each transaction with a commit of its own, on one connection as psycopg comes."""
    with psycopg.connect(url) as connection:
        for statements in transactions:
            for sql, params in statements:
                cursor = connection.execute(translated_sql(sql), params)
                if cursor.description:
                    cursor.fetchall()
            connection.commit()
