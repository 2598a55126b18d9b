"""What one test did to a database, the next does not find."""

from __future__ import annotations

import psycopg
import pytest

from tests.spare_databases import SpareDatabases


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE another (id BIGINT)",
        "CREATE SCHEMA another",
        "ALTER TABLE member ALTER COLUMN joined_at DROP NOT NULL",
        "ALTER TABLE outbox ALTER COLUMN kind SET DEFAULT 'another'",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 77', current_database()); END $$",
    ],
)
def test_what_was_changed_is_dropped(spare_databases: SpareDatabases, change: str) -> None:
    url = spare_databases.take()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change.encode())
    spare_databases.put_back(url)
    again = spare_databases.take()
    assert again != url
    spare_databases.put_back(again)


def test_what_was_filled_is_emptied_and_counts_from_one(spare_databases: SpareDatabases) -> None:
    url = spare_databases.take()
    with psycopg.connect(url, autocommit=True) as connection:
        heads = connection.execute("SELECT * FROM audit_head").fetchall()
        for _ in range(2):
            connection.execute("INSERT INTO store (code, name, created_by, created_at) VALUES (now(), '', 1, 0)")
        connection.execute("DELETE FROM audit_head")
    spare_databases.put_back(url)
    assert spare_databases.take() == url
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT COUNT(*) FROM store").fetchone() == (0,)
        assert connection.execute("SELECT * FROM audit_head").fetchall() == heads
        assert connection.execute("SELECT nextval(pg_get_serial_sequence('store', 'id'))").fetchone() == (1,)
    spare_databases.put_back(url)
