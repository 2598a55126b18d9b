"""Reading a whole PostgreSQL database from one snapshot, and filling a new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import IsolationLevel, sql

from db import migrate
from db.database import Row
from db.dumps import Source, Target

_AT_ONCE = 5_000
# A dump takes as long as it takes.
_PATIENT = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"


class PostgresSource(Source):
    list_columns = (
        "SELECT c.table_name, c.column_name FROM information_schema.columns c "
        "JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema "
        "WHERE c.table_schema = current_schema AND t.table_type = 'BASE TABLE' "
        "ORDER BY c.table_name, c.ordinal_position"
    )
    list_references = (
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema::regnamespace"
    )

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str) -> Iterator[Row]:
        with self._connection.cursor(name="dump") as cursor:
            cursor.itersize = _AT_ONCE
            yield from cursor.execute(sql.encode())


class PostgresTarget(Target):
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def clear(self, table: str) -> None:
        self._connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))

    def insert(self, table: str, columns: list[str], rows: list[Row]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self._connection.cursor().copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def insert_keys(self, columns: list[str], rows: list[Row]) -> None:
        known = {
            row[0] for row in self._connection.execute(
                "SELECT id FROM member WHERE status <> 'erased' AND id = ANY(%s)",
                [[row[columns.index("member_id")] for row in rows]],
            )
        }  # fmt: skip
        self.insert("member_key", columns, [row for row in rows if row[columns.index("member_id")] in known])

    def continue_numbering(self) -> None:
        """What is added later gets ids above those that were put in."""
        for (table,) in self._connection.execute(
            "SELECT table_name FROM information_schema.columns "
            "WHERE table_schema = current_schema AND is_identity = 'YES' AND column_name IN ('id', 'seq')"
        ).fetchall():
            column = "seq" if table == "inbox" else "id"
            self._connection.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, {}), (SELECT COALESCE(MAX({}), 0) + 1 FROM {}), false)"
                ).format(sql.Literal(table), sql.Literal(column), sql.Identifier(column), sql.Identifier(table))
            )


@contextmanager
def source(conninfo: str) -> Iterator[PostgresSource]:
    """One repeatable-read snapshot, however long it takes; the program may be at work meanwhile."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(_PATIENT)
        connection.commit()
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield PostgresSource(connection)


@contextmanager
def target(conninfo: str, revision: str) -> Iterator[PostgresTarget]:
    """The database with the schema of that revision; what is put in is kept if the block ends well."""
    migrate.upgrade_postgres(conninfo, to=revision)
    with psycopg.connect(conninfo) as connection:
        connection.execute(_PATIENT)
        filled = PostgresTarget(connection)
        yield filled
        filled.continue_numbering()
