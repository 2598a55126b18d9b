"""Reading a whole SQLite database while it is in use, and filling a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db import migrate
from db.database import Row
from db.dumps import Source, Target
from db.sqlite_locks import LockFile


class SqliteSource(Source):
    list_columns = (
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY m.rowid, c.cid"
    )
    list_references = (
        "SELECT m.name, f.\"table\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str) -> Iterator[Row]:
        return iter(self._connection.execute(sql))


class SqliteTarget(Target):
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def clear(self, table: str) -> None:
        self._connection.execute(f"DELETE FROM {table}")

    def insert(self, table: str, columns: list[str], rows: list[Row]) -> None:
        places = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)

    def insert_keys(self, columns: list[str], rows: list[Row]) -> None:
        places = ", ".join(f"?{n}" for n in range(1, len(columns) + 1))
        member = f"?{columns.index('member_id') + 1}"
        self._connection.executemany(
            f"INSERT INTO member_key ({', '.join(columns)}) SELECT {places} "
            f"WHERE EXISTS (SELECT 1 FROM member WHERE id = {member} AND status <> 'erased')",
            rows,
        )


@contextmanager
def source(path: Path) -> Iterator[SqliteSource]:
    """A snapshot by SQLite's backup API, from a second, read-only connection: the program may be at work meanwhile.

    The copy is a nameless file of SQLite's own, gone with the connection even after a kill.
    """
    with closing(sqlite3.connect("")) as copy:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as live:
            live.backup(copy)
        yield SqliteSource(copy)


@contextmanager
def target(path: Path, revision: str) -> Iterator[SqliteTarget]:
    """A new file with the schema of that revision; what is put in is kept if the block ends well."""
    with closing(LockFile(path)):
        try:
            migrate.upgrade_sqlite(path, to=revision)
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute("PRAGMA foreign_keys = OFF")
                yield SqliteTarget(connection)
        except BaseException:
            path.unlink(missing_ok=True)  # half a database is worse than none
            raise
