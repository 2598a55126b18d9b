"""All rows of a database as lines of JSON, in two parts, and back again: the same for both engines.

The *records* are everything but what must be forgettable. The *keys* are what opens them: the wrapped data keys, with
the list of who was erased, and what was on its way in or out, which is sealed under no one member's key. There are
many files of records and one of keys, replaced each time: who is not in it is unreadable in all of them.
"""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any, Literal

import orjson

from db.database import Row

Part = Literal["records", "keys"]

_FORMAT = 1
_BATCH = 2_000
# Rows that go to the keys: all of a table, or those that fit.
_APART = {
    "member_key": "",
    "dialogue": "",
    "inbox": "state <> 'done'",
    "outbox": "state = 'queued' OR LENGTH(payload) > 0",
}
# Those of them that were on their way: of use only beside the very records they were taken with.
_IN_TRANSIT = ("dialogue", "inbox", "outbox")
# In the records as things stood, in the keys as they stand.
_IN_BOTH = "erasure"
# Pressed buttons are remembered for seconds; the version of the schema stands in the heading.
_LEFT_OUT = {"press", "alembic_version"}


class DumpUnreadable(Exception):
    """Cut short, not one of ours, or made by a newer version of the program."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line. stamp: the same for records and keys that were taken together; '' for keys taken alone."""

    part: Part
    stamp: str
    revision: str  # of the schema
    made_at: int  # epoch ms UTC
    audit_place: int  # where the audit's chain ended
    audit_mac: str


class Source(ABC):
    """One snapshot of a database, however long it takes to read."""

    list_columns: str  # what asks for the columns: table and column, those of a table in order
    list_references: str  # and for foreign keys: a table and one it refers to

    @abstractmethod
    def rows(self, sql: str) -> Iterator[Row]: ...

    @property
    def revision(self) -> str:
        ((version,),) = self.rows("SELECT version_num FROM alembic_version")
        return str(version)

    def columns(self) -> Mapping[str, list[str]]:
        """The tables, with their columns."""
        found: dict[str, list[str]] = {}
        for table, column in self.rows(self.list_columns):
            found.setdefault(table, []).append(column)
        return found

    def tables(self) -> list[str]:
        """Every table after those it refers to."""
        order: dict[str, set[str]] = {table: set() for table in self.columns()}
        for table, other in self.rows(self.list_references):
            if table != other:
                order[table].add(other)
        return [table for table in TopologicalSorter(order).static_order() if table not in _LEFT_OUT]


class Target(ABC):
    """An empty database with the schema of the dump."""

    @abstractmethod
    def clear(self, table: str) -> None:
        """Take out what the migrations put in."""

    @abstractmethod
    def insert(self, table: str, columns: list[str], rows: list[Row]) -> None: ...

    @abstractmethod
    def insert_keys(self, columns: list[str], rows: list[Row]) -> None:
        """Into member_key, for members that there are."""


def open_source(url: str) -> AbstractContextManager[Source]:
    """A snapshot of the database at `url`, which may be in use."""
    if url.startswith("sqlite:"):
        from db import sqlite, sqlite_dumps

        return sqlite_dumps.source(sqlite.parse_url(url)[0])
    from db import postgres, postgres_dumps

    return postgres_dumps.source(postgres.parse_url(url).conninfo)


def open_target(url: str, revision: str) -> AbstractContextManager[Target]:
    """The empty database at `url` with the schema of `revision`; what is put in is kept if the block ends well."""
    if url.startswith("sqlite:"):
        from db import sqlite, sqlite_dumps

        return sqlite_dumps.target(sqlite.parse_url(url)[0], revision)
    from db import postgres, postgres_dumps

    return postgres_dumps.target(postgres.parse_url(url).conninfo, revision)


def write(source: Source, part: Part, stamp: str, made_at: int) -> Iterator[bytes]:
    """The lines of one part."""
    ((place, mac),) = source.rows("SELECT place, mac FROM audit_head")
    heading = Heading(part, stamp, source.revision, made_at, place, mac)
    yield _line({"regulars": _FORMAT, **{name: getattr(heading, name) for name in Heading.__slots__}})
    count, columns = 0, source.columns()
    for table in source.tables():
        condition = _condition(part, table)
        if condition is not None:
            yield _line({"table": table, "columns": columns[table]})
            for row in source.rows(f"SELECT {', '.join(columns[table])} FROM {table} WHERE {condition}"):
                count += 1
                yield _line(row)
    yield _line({"rows": count})


def _condition(part: Part, table: str) -> str | None:
    """Which rows of the table belong to the part; None for no such table."""
    if table == _IN_BOTH:
        return "1 = 1"
    if part == "keys":
        return (_APART[table] or "1 = 1") if table in _APART else None
    if table not in _APART:
        return "1 = 1"
    return f"NOT ({_APART[table]})" if _APART[table] else None


def _line(value: Any) -> bytes:
    return orjson.dumps(value, default=_bytes) + b"\n"


def _bytes(value: Any) -> dict[str, str]:
    return {"b": base64.b64encode(value).decode()}


class Reading:
    """A dump being read: its heading, then what it holds, once."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.heading = self._heading()

    def batches(self) -> Iterator[tuple[str, list[str], list[Row]]]:
        """Table, columns, and some of its rows, none if it has none. DumpUnreadable if the dump ends early."""
        table, columns, batch, count = "", list[str](), list[Row](), 0
        for line in self._lines:
            value = _read(line)
            if isinstance(value, list):
                batch.append(tuple(map(_value, value)))
                count += 1
                if len(batch) < _BATCH:
                    continue
            if table:
                yield table, columns, batch
                batch = []
            if isinstance(value, dict) and "rows" in value:
                _require(value["rows"] == count)
                return
            if isinstance(value, dict):
                table, columns = value["table"], value["columns"]
        raise DumpUnreadable("the backup is cut short")

    def _heading(self) -> Heading:
        first = _read(b"".join(islice(self._lines, 1)) or b"0")
        _require(isinstance(first, dict) and first.get("regulars") == _FORMAT)
        return Heading(**{name: first[name] for name in Heading.__slots__})


def load_records(target: Target, records: Reading) -> None:
    _require(records.heading.part == "records")
    cleared = set()
    for table, columns, rows in records.batches():
        if table not in cleared:
            target.clear(table)
            cleared.add(table)
        target.insert(table, columns, rows)


def load_keys(target: Target, keys: Reading, stamp: str) -> list[dict[str, Any]]:
    """Add the keys, and what was on its way if both were taken together; the rows of who was erased since."""
    _require(keys.heading.part == "keys")
    erased: list[dict[str, Any]] = []
    for table, columns, rows in keys.batches():
        if table == "member_key":
            target.insert_keys(columns, rows)
        elif table == _IN_BOTH:
            erased += [dict(zip(columns, row, strict=True)) for row in rows]
        elif table in _IN_TRANSIT and keys.heading.stamp == stamp:
            target.insert(table, columns, rows)
    return erased


def _read(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        raise DumpUnreadable("the backup is damaged") from None


def _value(value: Any) -> Any:
    return base64.b64decode(value["b"]) if isinstance(value, dict) else value


def _require(sound: bool) -> None:
    if not sound:
        raise DumpUnreadable("the backup is damaged, cut short, or made by a newer version of the program")
