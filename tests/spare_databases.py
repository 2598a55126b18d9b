"""PostgreSQL databases that tests use one after the other: emptying one takes a fraction of making and dropping it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from tests.conftest import PostgresServer

_BYTES_OF_DEAD_ROWS = 4_000_000
_HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Tells a database whose tables, columns, constraints, triggers, functions or settings were changed.
_SHAPE = """
SELECT (SELECT COUNT(*) || ':' || MAX(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT COUNT(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT attisdropped),
    (SELECT COUNT(*) || ':' || MAX(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
    (SELECT COUNT(*) || ':' || MAX(oid) FROM pg_trigger),
    (SELECT md5(string_agg(oid || prosrc, ' ' ORDER BY oid)) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace),
    (SELECT COUNT(*) || ':' || MAX(oid) FROM pg_attrdef), (SELECT MAX(oid) FROM pg_namespace),
    (SELECT COUNT(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
        WHERE d.datname = current_database())
"""
_EMPTY = """
DO $$ DECLARE touched regclass; BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR touched IN SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
    LOOP EXECUTE 'DELETE FROM ' || touched; END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
_TABLES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


class SpareDatabases:
    """Of one worker. What comes back is as the template is, or dropped."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._spare: list[str] = []
        with psycopg.connect(server.uri(server.template)) as template:
            self._shape = template.execute(_SHAPE).fetchone()
            self._bytes = _size(template)
            tables = [name for (name,) in template.execute(_TABLES)]
            self._rows = {name: rows for name in tables if (rows := template.execute(_all_of(name)).fetchall())}

    def take(self) -> str:
        """The address of a migrated database that nobody else uses."""
        return self._spare.pop() if self._spare else self._server.new_database()

    def put_back(self, url: str) -> None:
        """Whoever is still connected is not any more."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_HANG_UP)
            is_spare = connection.execute(_SHAPE).fetchone() == self._shape and self._is_small(connection)
            if is_spare:
                self._renew(connection)
        if is_spare:
            self._spare.append(url)
        else:
            self._server.drop_database(url)

    def drop_all(self) -> None:
        for url in self._spare:
            self._server.drop_database(url)

    def _is_small(self, connection: psycopg.Connection[Any]) -> bool:
        return _size(connection) < self._bytes + _BYTES_OF_DEAD_ROWS

    def _renew(self, connection: psycopg.Connection[Any]) -> None:
        with connection.transaction():
            connection.execute(_EMPTY)
            for table, rows in self._rows.items():
                places = sql.SQL(", ").join(sql.Placeholder() * len(rows[0]))
                insert = sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(table), places)
                connection.cursor().executemany(insert, rows)


def _all_of(table: str) -> sql.Composed:
    return sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))


def _size(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row
    return int(row[0])
