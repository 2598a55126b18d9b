"""What the floors above see of a database: whole functions over `tx`, run on the database's own threads.

SQL is one text for both engines, with `:name` parameters. Engines: `db/sqlite.py`, `db/postgres.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from loyalty.vault import Vault

P = ParamSpec("P")
R = TypeVar("R")
Row = tuple[Any, ...]

_rowcount: Callable[[Any], int] = attrgetter("rowcount")
_fetchone: Callable[[Any], Row | None] = methodcaller("fetchone")
_fetchall: Callable[[Any], list[Row]] = methodcaller("fetchall")


class DatabaseTrouble(Exception):
    """The whole engine cannot serve now, whoever asks. The transaction had no effect: pause, then try again."""


class DatabaseBusy(DatabaseTrouble):
    """Others held their locks for too long."""


class DatabaseFull(DatabaseTrouble):
    """No space left on the database's disk."""


class DatabaseReadOnly(DatabaseTrouble):
    """The file, its folder or the server takes no writes."""


class DatabaseDown(DatabaseTrouble):
    """Not there, or failing. If it went while committing, nobody knows whether that commit took effect: the caller's
    own idempotency key or fence decides when it tries again."""


class DatabaseInUse(DatabaseTrouble):
    """Another process has this SQLite file open; only one may write (see `db/sqlite.py`)."""


class Conflict(Exception):
    """A constraint refused the change. `constraint` is its name; for NOT NULL `table.column`; '' where the engine
    does not tell (foreign keys on SQLite). To go on in the same transaction, wrap the statement in `tx.savepoint()`."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class TransactionOver(Exception):
    """The transaction has failed or has ended; a statement came afterwards."""


class Tx(ABC):
    """One running transaction. It lives on the database's thread, and only until the action returns.

    now: epoch ms UTC at its start. vault: seals personal data. random(n): n random bytes.
    """

    __slots__ = ("_depth", "_failure", "now", "random", "vault")

    def __init__(self, now: int, vault: Vault, random: Callable[[int], bytes]) -> None:
        self.now = now
        self.vault = vault
        self.random = random
        self._depth = 0
        self._failure: Exception | None = None

    def run(self, sql: str, /, **params: Any) -> int:
        """How many rows it touched. Not for RETURNING: fetch those rows."""
        return self._statement(sql, params, _rowcount)

    def put(self, sql: str, /, **params: Any) -> None:
        """As `run`, for a change whose outcome nothing here depends on: it may travel with the next statement.

        A failure shows there, or at the end of the savepoint or transaction, at the latest.
        """
        self._statement(sql, params, take_nothing)

    def one(self, sql: str, /, **params: Any) -> Row | None:
        """The first row."""
        return self._statement(sql, params, _fetchone)

    def all(self, sql: str, /, **params: Any) -> list[Row]:
        return self._statement(sql, params, _fetchall)

    def value(self, sql: str, /, **params: Any) -> Any:
        """The first column of the first row, or None."""
        row = self._statement(sql, params, _fetchone)
        return None if row is None else row[0]

    @abstractmethod
    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """The statement once for each of `rows`."""

    @abstractmethod
    def serialise(self, name: str) -> None:
        """From here to its end, no other transaction that serialises on `name` runs.

        SQLite has one writer anyway; PostgreSQL takes an advisory lock.
        """

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What the block did is undone when it raises; the transaction goes on."""
        self._depth += 1
        name = f"s{self._depth}"
        self._command(f"SAVEPOINT {name}")
        try:
            yield
            self.flush()
            self.check()
        except BaseException:
            self._undo(name)
            raise
        finally:
            self._depth -= 1
        self.put(f"RELEASE SAVEPOINT {name}")

    @abstractmethod
    def flush(self) -> None:
        """What was put and has not travelled yet is done now."""

    def check(self) -> None:
        """Raises what a statement failed with if the block swallowed it.

        PostgreSQL refuses everything after a failed statement, so SQLite does too.
        """
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """No statement is taken from now on."""
        self._failure = self._failure or TransactionOver()

    @property
    def trouble(self) -> DatabaseTrouble | None:
        """Set if the engine itself failed: then nothing of this transaction can be saved."""
        return self._failure if isinstance(self._failure, DatabaseTrouble) else None

    def _undo(self, savepoint: str) -> None:
        if self.trouble is None:
            self._failure = None
            self._command(f"ROLLBACK TO SAVEPOINT {savepoint}")
            self._command(f"RELEASE SAVEPOINT {savepoint}")

    def _usable(self) -> None:
        if self._failure is not None:
            raise TransactionOver from self._failure

    @abstractmethod
    def _statement(self, sql: str, params: Mapping[str, Any], take: Callable[[Any], R]) -> R: ...

    @abstractmethod
    def _command(self, sql: str) -> None: ...


def take_nothing(_cursor: object) -> None:
    """Of a cursor."""


class Database(Protocol):
    """A caller's cancellation never reaches a running transaction: only its answer is dropped. What has not begun by
    then never does."""

    async def write(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `action(tx, …)` in one transaction and returns after the commit; what it raises rolls it back."""

    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `query(tx, …)` on one snapshot of the data; DatabaseReadOnly if it tries to write."""

    async def scrub(self) -> bool:
        """Leaves nothing in the engine's files of what was deleted before; False if that must be tried again later."""

    async def close(self) -> None:
        """Ends what is running, then closes every connection."""


async def open_database(
    url: str,
    *,
    vault: Vault,
    clock: Callable[[], int],
    random: Callable[[int], bytes],
    migrate: bool = True,
) -> Database:
    """Opens `sqlite:///relative/path`, `sqlite:////absolute/path` or `postgresql://…`; `migrate` brings it up to date.

    `clock()`: epoch ms UTC. `?busy_timeout=` (SQLite) and `?lock_timeout=` (PostgreSQL) are milliseconds, `?pool=` is
    the number of PostgreSQL connections. ValueError for another scheme, DatabaseTrouble if it cannot be opened.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        from db.sqlite import open_sqlite

        return await open_sqlite(url, vault, clock, random, migrate)
    if scheme in ("postgresql", "postgres"):
        from db.postgres import open_postgres  # imported only by those who use it: it costs a start 60 ms

        return await open_postgres(url, vault, clock, random, migrate)
    raise ValueError("the database must be sqlite:///… or postgresql://…")


def holds_data(url: str) -> bool:
    """Whether something was written there before: then a new key file would be no use. False if it is not there.

    DatabaseTrouble if nobody can tell.
    """
    if url.startswith("sqlite"):
        from db.sqlite import parse_url

        path = parse_url(url)[0]
        try:
            return path.exists() and path.stat().st_size > 0
        except OSError as error:
            raise DatabaseDown(f"the database file cannot be looked at ({error.strerror})") from None
    from db.postgres import is_migrated

    return is_migrated(url)
