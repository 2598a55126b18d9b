"""Migrations on both engines, and what every table must look like."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db import migrate
from db.database import DatabaseDown, open_database
from db.migrations import ddl
from tests.conftest import PostgresServer

ROOT = Path(__file__).parents[2]
PROBE = """
-- A semicolon; in a comment, and 'one in quotes;' as well.
CREATE TABLE probe (
    id {id},
    n {int} NOT NULL,
    picture {blob},
    note TEXT NOT NULL DEFAULT '10:30; {"a": "5%"}',
    CONSTRAINT probe_n_unique UNIQUE (n)
){strict};
CREATE INDEX probe_note ON probe (note);
"""


def _version(folder: Path, number: str, before: str | None, text: str) -> None:
    (folder / "versions" / f"v{number}_probe.py").write_text(
        f"from db.migrations import ddl\nrevision, down_revision = {number!r}, {before!r}\n"
        f"def upgrade():\n    ddl.run({text!r})\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Migrations of one's own: so far one, which makes the table `probe`."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    shutil.copy(migrate.FOLDER / "env.py", folder)
    _version(folder, "0001", None, PROBE)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Callable[[Path], None], Callable[[], Any]]:
    """Migrates an empty database of one's own; connects to it."""
    if request.param == "sqlite":
        path = tmp_path / "empty.db"
        return lambda folder: migrate.upgrade_sqlite(path, folder), lambda: sqlite3.connect(path)
    url = request.getfixturevalue("postgres").new_database(template="template0")
    return lambda folder: migrate.upgrade_postgres(url, folder), lambda: psycopg.connect(url)


def _one(connect: Callable[[], Any], sql: str) -> Any:
    with closing(connect()) as connection:
        return connection.cursor().execute(sql).fetchone()


def test_an_empty_database_gets_its_tables(engine, folder: Path) -> None:
    upgrade, connect = engine
    upgrade(folder)
    insert = "INSERT INTO probe (n) VALUES (1) RETURNING id, n, picture, note"
    assert _one(connect, insert) == (1, 1, None, '10:30; {"a": "5%"}')


def test_only_what_is_missing_is_applied(engine, folder: Path) -> None:
    upgrade, connect = engine
    upgrade(folder)
    _version(folder, "0002", "0001", "INSERT INTO probe (n) VALUES (2);")
    upgrade(folder)
    upgrade(folder)
    assert _one(connect, "SELECT COUNT(*) FROM probe") == (1,)


def test_a_failing_migration_leaves_nothing_behind(engine, folder: Path) -> None:
    upgrade, connect = engine
    _version(folder, "0002", "0001", "INSERT INTO probe (n) VALUES (2); INSERT INTO nowhere (n) VALUES (2);")
    with pytest.raises(Exception, match="nowhere"):
        upgrade(folder)
    with pytest.raises((sqlite3.Error, psycopg.Error), match="probe"):
        _one(connect, "SELECT COUNT(*) FROM probe")


def test_a_newer_schema_is_refused(engine, folder: Path) -> None:
    upgrade, _ = engine
    _version(folder, "0002", "0001", "")
    upgrade(folder)
    (folder / "versions" / "v0002_probe.py").unlink()
    with pytest.raises(migrate.SchemaTooNew, match="0002"):
        upgrade(folder)


async def test_starting_at_once_migrates_once(postgres: PostgresServer, folder: Path) -> None:
    url = postgres.new_database(template="template0")
    starts = [[sys.executable, "-c", _START, url, str(folder)] for _ in range(2)]
    processes = [await asyncio.create_subprocess_exec(*start, cwd=ROOT) for start in starts]
    assert [await process.wait() for process in processes] == [0, 0]


_START = """
import sys
from pathlib import Path
from db import migrate
migrate.upgrade_postgres(sys.argv[1], Path(sys.argv[2]))
"""


def test_nothing_to_apply_does_not_import_alembic(database_url: str) -> None:
    script = "import sys; from db import migrate; migrate.upgrade(sys.argv[1]); print('alembic' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", script, database_url], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert told.stdout == "False\n"


def test_the_newest_revision_is_read_off_the_file_names() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.head()]


def test_the_schema_file_is_what_the_migrations_make() -> None:
    assert migrate.SCHEMA.read_text() == migrate.schema_text()


async def test_opening_migrates(tmp_path: Path, vault, clock, random) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/new/regulars.db", vault=vault, clock=clock, random=random)
    assert await database.read(lambda tx: tx.value("SELECT COUNT(*) FROM member")) == 0
    await database.close()


async def test_opening_a_server_that_is_not_there_says_so(tmp_path: Path, vault, clock, random) -> None:
    with pytest.raises(DatabaseDown):
        await open_database(f"postgresql:///x?host={tmp_path}", vault=vault, clock=clock, random=random)


def test_both_engines_have_the_same_tables(postgres: PostgresServer, sqlite_template: Path) -> None:
    with psycopg.connect(postgres.new_database()) as server, closing(sqlite3.connect(sqlite_template)) as file:
        assert _columns_on_postgres(server) == _columns_on_sqlite(file)


def test_both_engines_have_the_same_constraints_and_indexes(postgres: PostgresServer, sqlite_template: Path) -> None:
    with psycopg.connect(postgres.new_database()) as server, closing(sqlite3.connect(sqlite_template)) as file:
        names = {name for (name,) in server.execute(_NAMES)}
        texts = "\n".join(sql for (sql,) in file.execute(_TEXTS))
    # The key of an {id} column has a name on PostgreSQL only.
    assert {name for name in names if not name.endswith("_pkey")} == set(
        re.findall(r"(?:CONSTRAINT|INDEX) (\w+)", texts)
    )


def test_every_constraint_has_a_name(sqlite_template: Path) -> None:
    with closing(sqlite3.connect(sqlite_template)) as file:
        texts = "\n".join(sql for (sql,) in file.execute(_TEXTS))
    texts = texts.replace("INTEGER PRIMARY KEY AUTOINCREMENT", "").replace("CREATE UNIQUE INDEX", "")
    named = re.findall(r"CONSTRAINT \w+\s+(?:PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY|REFERENCES)", texts)
    references = re.findall(r"CONSTRAINT \w+\s+FOREIGN KEY", texts)
    words = re.findall(r"\b(?:PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY|REFERENCES)\b", texts)
    assert len(words) == len(named) + len(references)


def test_no_constraint_waits_for_the_commit(sqlite_template: Path) -> None:
    with closing(sqlite3.connect(sqlite_template)) as file:
        assert not [sql for (sql,) in file.execute(_TEXTS) if "DEFERR" in sql.upper()]


def test_every_table_is_strict(sqlite_template: Path) -> None:
    with closing(sqlite3.connect(sqlite_template)) as file:
        loose = file.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict "
            "AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        )
        assert loose.fetchall() == []


def test_a_trigger_is_one_statement() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON probe BEGIN\n  SELECT 1; SELECT 2;\nEND"
    assert ddl.statements(f"CREATE TABLE a (n {{int}});\n{trigger};\n", "sqlite") == [
        "CREATE TABLE a (n INTEGER)",
        trigger,
    ]


def test_a_text_that_does_not_end_in_a_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="SELECT 2"):
        ddl.statements("SELECT 1; SELECT 2", "sqlite")


_TEXTS = (
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version' AND name NOT LIKE 'sqlite_%'"
)
_NAMES = """
SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'c', 'f') AND relname <> 'alembic_version'
UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
_TYPES = {"bigint": "INTEGER", "bytea": "BLOB", "text": "TEXT"}


def _columns_on_postgres(server: psycopg.Connection) -> set[tuple[str, str, str, bool]]:
    """Table, column, type and whether it may be NULL."""
    rows = server.execute(
        "SELECT table_name, column_name, data_type, is_nullable = 'YES' FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    )
    return {(table, column, _TYPES[kind], nullable) for table, column, kind, nullable in rows}


def _columns_on_sqlite(file: sqlite3.Connection) -> set[tuple[str, str, str, bool]]:
    rows = file.execute(
        'SELECT t.name, c.name, c.type, NOT (c."notnull" OR c.pk) '
        "FROM pragma_table_list t, pragma_table_info(t.name) c "
        "WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'alembic_version'"
    )
    return {(table, column, kind, bool(nullable)) for table, column, kind, nullable in rows}
