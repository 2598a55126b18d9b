"""What SQLite's errors mean to the floors above."""

import re
import sqlite3

from db.database import (
    Conflict,
    DatabaseBusy,
    DatabaseDown,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseTrouble,
)

# By extended code first, then by primary code: https://sqlite.org/rescode.html
_TROUBLE: dict[int, type[DatabaseTrouble]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_PROTOCOL: DatabaseBusy,
    sqlite3.SQLITE_INTERRUPT: DatabaseBusy,
    sqlite3.SQLITE_FULL: DatabaseFull,
    # Where a full disk shows first: the WAL's index grows before the WAL does.
    sqlite3.SQLITE_IOERR_SHMSIZE: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_CANTOPEN: DatabaseDown,
    sqlite3.SQLITE_CORRUPT: DatabaseDown,
    sqlite3.SQLITE_IOERR: DatabaseDown,
    sqlite3.SQLITE_NOMEM: DatabaseDown,
    sqlite3.SQLITE_NOTADB: DatabaseDown,
}
_KEY = re.compile(r"CONSTRAINT\s+(\w+)\s+(?:PRIMARY\s+KEY|UNIQUE)\s*\(([^)]*)\)", re.IGNORECASE)
_COLUMN_KEY = re.compile(r"[(,]\s*(\w+)\s[^,]*?CONSTRAINT\s+(\w+)\s+(?:PRIMARY\s+KEY|UNIQUE)\b(?!\s*\()", re.IGNORECASE)
_INDEX = re.compile(r"CREATE\s+UNIQUE\s+INDEX\s+(\w+)\s+ON\s+\w+\s*\(([^)]*)\)", re.IGNORECASE)


def translated(error: Exception, connection: sqlite3.Connection | None = None) -> Exception:
    """A Conflict, a DatabaseTrouble, or the error itself: a wrong statement, or a value that nothing can be made of."""
    code = getattr(error, "sqlite_errorcode", 0)
    kind = _TROUBLE.get(code) or _TROUBLE.get(code & 0xFF)
    if kind is not None:
        return kind(str(error))
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict(_constraint(str(error), connection) if connection else "")
    return error


def _constraint(message: str, connection: sqlite3.Connection) -> str:
    """`UNIQUE constraint failed: gift.code, gift.store` tells the columns only: the name is in the table's own text."""
    what, _, place = message.partition(" constraint failed: ")
    if what not in ("UNIQUE", "PRIMARY KEY"):
        return place
    table = place.partition(".")[0]
    columns = frozenset(column.partition(".")[2] for column in place.split(", "))
    texts = connection.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,))
    names = {key: name for (text,) in texts for key, name in _keys(text)}
    return names.get(columns, place)


def _keys(text: str) -> list[tuple[frozenset[str], str]]:
    """Unique constraints in a CREATE statement: their columns and their names."""
    found = [(columns, name) for name, columns in [*_KEY.findall(text), *_INDEX.findall(text)]]
    found += _COLUMN_KEY.findall(text)
    return [(frozenset(re.split(r"\W+", columns.strip())), name) for columns, name in found]
