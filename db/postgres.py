"""PostgreSQL: connections from psycopg's pool, each transaction on one of as many threads.

READ COMMITTED for writes (they are conditional statements), one REPEATABLE READ snapshot for a read.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Concatenate
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from db import migrate
from db.database import (
    Conflict,
    DatabaseBusy,
    DatabaseDown,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseTrouble,
    P,
    R,
    Tx,
    take_nothing,
)

if TYPE_CHECKING:
    from psycopg.abc import Buffer

    from loyalty.vault import Vault

POOL = 8
LOCK_TIMEOUT = 5_000  # ms
STATEMENT_TIMEOUT = 30_000  # ms
IDLE_TIMEOUT = 30_000  # ms, in a transaction
CONNECT_SECONDS = 3
CLOSE_SECONDS = 0.5
ATTEMPTS = 5

_WRITE = b"BEGIN ISOLATION LEVEL READ COMMITTED"
_READ = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_RETRIED = ("40001", "40P01")  # serialization failure, deadlock
# By SQLSTATE or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_TROUBLE: dict[str, type[DatabaseTrouble]] = {
    "08": DatabaseDown,
    "25006": DatabaseReadOnly,
    "25P03": DatabaseBusy,
    "40": DatabaseBusy,
    "53": DatabaseBusy,
    "53100": DatabaseFull,
    "55P03": DatabaseBusy,
    "57014": DatabaseBusy,
    "57P": DatabaseDown,
    "58": DatabaseDown,
    "XX": DatabaseDown,
}
_TOKENS = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: | :(?P<name>[A-Za-z_]\w*) | %""",
    re.VERBOSE | re.DOTALL,
)


class PostgresTx(Tx):
    """What is put waits for the next statement that answers, and travels with it: one way instead of many."""

    __slots__ = ("_connection", "_serialised", "_waiting")

    def __init__(self, connection: psycopg.Connection, now: int, vault: Vault, random: Callable[[int], bytes]) -> None:
        super().__init__(now, vault, random)
        self._connection = connection
        self._waiting: list[tuple[bytes, Mapping[str, Any]]] = []
        self._serialised: set[str] = set()

    def begin(self, statement: bytes) -> None:
        """With the first statement."""
        self._waiting.append((statement, {}))

    def commit(self) -> None:
        """With whatever waits, if anything was asked for at all. Takes no failure back: see `translated_error`."""
        if self._connection.info.transaction_status is TransactionStatus.IDLE and len(self._waiting) == 1:
            return
        self._waiting.append((b"COMMIT", {}))
        self._deliver()

    def put(self, sql: str, /, **params: Any) -> None:
        self._usable()
        self._waiting.append((translated_sql(sql), params))

    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._usable()
        text = translated_sql(sql)
        self._waiting += [(text, row) for row in rows]
        self.flush()

    def serialise(self, name: str) -> None:
        if name not in self._serialised:
            self._serialised.add(name)
            self.put("SELECT pg_advisory_xact_lock(hashtext(:name))", name=name)

    def flush(self) -> None:
        if self._waiting:
            try:
                self._deliver()
            except Exception as error:
                raise self._failed(error) from error

    def _statement(self, sql: str, params: Mapping[str, Any], take: Callable[[Any], R]) -> R:
        self._usable()
        try:
            if not self._waiting:
                return take(self._connection.execute(translated_sql(sql), params))
            self._waiting.append((translated_sql(sql), params))
            return take(self._deliver())
        except Exception as error:
            raise self._failed(error) from error

    def _deliver(self) -> psycopg.Cursor:
        """Everything that waits, without waiting in between; the last one's cursor."""
        waiting, self._waiting = self._waiting, []
        if len(waiting) == 1:
            return self._connection.execute(*waiting[0])
        with self._connection.pipeline():
            cursors = [self._connection.execute(text, params) for text, params in waiting]
        return cursors[-1]

    def _command(self, sql: str) -> None:
        self._statement(sql, {}, take_nothing)

    def _undo(self, savepoint: str) -> None:
        self._waiting.clear()
        self._serialised.clear()  # undoing lets go of the locks taken since
        super()._undo(savepoint)

    def _failed(self, error: Exception) -> Exception:
        self._failure = translated_error(error)
        return self._failure


class PostgresDatabase:
    """See `db.database.Database`."""

    def __init__(
        self, address: Address, vault: Vault, clock: Callable[[], int], random: Callable[[int], bytes]
    ) -> None:
        self._conninfo = address.conninfo
        self._vault = vault
        self._clock = clock
        self._random = random
        self._threads = ThreadPoolExecutor(address.pool, thread_name_prefix="postgres")
        self._pool = ConnectionPool(
            address.conninfo,
            # autocommit: psycopg's own BEGIN would be a way of its own, see PostgresTx.begin.
            kwargs={"prepare_threshold": 1, "autocommit": True},
            min_size=1,
            max_size=address.pool,
            open=False,
            configure=_configure,
            timeout=CONNECT_SECONDS,
            reconnect_timeout=CONNECT_SECONDS,
        )
        self._at_work: set[psycopg.Connection] = set()

    async def open(self) -> None:
        await asyncio.to_thread(self._pool.open)

    async def write(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._run(_WRITE, lambda tx: action(tx, *args, **kwargs))

    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._run(_READ, lambda tx: query(tx, *args, **kwargs))

    async def scrub(self) -> bool:
        return await asyncio.to_thread(_scrub, self._conninfo)

    async def close(self) -> None:
        hurrying = asyncio.create_task(self._hurry())
        await asyncio.to_thread(self._threads.shutdown)
        hurrying.cancel()
        await asyncio.to_thread(self._pool.close)

    async def _hurry(self) -> None:
        """What still runs after a moment is broken off, statement by statement."""
        await asyncio.sleep(CLOSE_SECONDS)
        await asyncio.to_thread(self._pool.close, 0)  # nobody waits for a connection any more
        while True:
            for connection in list(self._at_work):
                await asyncio.to_thread(connection.cancel)
            await asyncio.sleep(CLOSE_SECONDS)

    async def _run(self, begin: bytes, call: Callable[[Tx], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._attempts, begin, call)

    def _attempts(self, begin: bytes, call: Callable[[Tx], R]) -> R:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._once(begin, call)
            except _RolledBack:
                continue
            except _LostBeforeCommit:
                self._pool.check()  # after a restart of the server every pooled connection is dead
        return self._once(begin, call)

    def _once(self, begin: bytes, call: Callable[[Tx], R]) -> R:
        connection = self._connection()
        self._at_work.add(connection)
        try:
            return self._transact(connection, begin, call)
        finally:
            self._at_work.discard(connection)
            self._pool.putconn(connection)

    def _connection(self) -> psycopg.Connection:
        try:
            return self._pool.getconn()
        except (PoolTimeout, PoolClosed) as error:
            raise DatabaseDown("no connection to PostgreSQL") from error

    def _transact(self, connection: psycopg.Connection, begin: bytes, call: Callable[[Tx], R]) -> R:
        tx = PostgresTx(connection, self._clock(), self._vault, self._random)
        tx.begin(begin)
        try:
            result = call(tx)
            tx.check()
        except StopIteration as error:
            _roll_back(connection)
            raise RuntimeError("the action raised StopIteration") from error  # asyncio could not deliver it
        except BaseException:
            _roll_back(connection)
            if isinstance(tx.trouble, DatabaseDown):
                raise _LostBeforeCommit(*tx.trouble.args) from tx.trouble
            if tx.trouble is not None:
                raise tx.trouble from None  # whatever the action made of it
            raise
        finally:
            tx.end()
        _commit(tx, connection)
        return result


class _RolledBack(DatabaseBusy):
    """The server undid the transaction for the sake of another one, and wants it tried again."""


class _LostBeforeCommit(DatabaseDown):
    """The connection went before the commit was asked for, so it surely had no effect."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, with its settings, and how many connections to use."""

    conninfo: str
    pool: int


async def open_postgres(
    url: str, vault: Vault, clock: Callable[[], int], random: Callable[[int], bytes], migrated: bool
) -> PostgresDatabase:
    address = parse_url(url)
    if migrated:
        try:
            await asyncio.to_thread(migrate.upgrade_postgres, address.conninfo)
        except psycopg.Error as error:
            raise translated_error(error) from error
    database = PostgresDatabase(address, vault, clock, random)
    await database.open()
    return database


def parse_url(url: str) -> Address:
    """libpq's own parameters stay in the address, ours are taken out of it."""
    base, _, query = url.partition("?")
    params = dict(parse_qsl(query))
    pool, lock_timeout = int(params.pop("pool", POOL)), int(params.pop("lock_timeout", LOCK_TIMEOUT))
    params.setdefault("connect_timeout", str(CONNECT_SECONDS))
    params["options"] = " ".join(
        (
            params.get("options", ""),
            f"-c statement_timeout={STATEMENT_TIMEOUT}",
            f"-c lock_timeout={lock_timeout}",
            f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT}",
        )
    ).strip()
    return Address(f"{base}?{urlencode(params, quote_via=quote)}", pool)


@cache
def translated_sql(sql: str) -> bytes:
    """`:name` to psycopg's `%(name)s`, outside of quotes, comments and casts."""
    return _TOKENS.sub(_placeholder, sql).encode()


def translated_error(error: Exception) -> Exception:
    """A Conflict, a DatabaseTrouble, or the error itself: a wrong statement, or a value that nothing can be made of."""
    if not isinstance(error, psycopg.Error):
        return error
    state = error.sqlstate or ""
    if state in _RETRIED:
        return _RolledBack(str(error))
    kind = _TROUBLE.get(state) or _TROUBLE.get(state[:3]) or _TROUBLE.get(state[:2])
    if kind is None and not state and isinstance(error, psycopg.OperationalError):
        kind = DatabaseDown  # the connection broke: no server was left to send a state
    if kind is not None:
        return kind(str(error))
    if isinstance(error, psycopg.IntegrityError):
        return Conflict(_constraint(error.diag))
    return error


def _placeholder(token: re.Match[str]) -> str:
    name = token["name"]
    return f"%({name})s" if name else token[0].replace("%", "%%")


def _constraint(diagnosis: psycopg.errors.Diagnostic) -> str:
    return diagnosis.constraint_name or f"{diagnosis.table_name}.{diagnosis.column_name}"


def _scrub(conninfo: str) -> bool:
    """The table of wrapped keys is written anew, for a plain VACUUM leaves the bytes of what it frees on their pages.

    What is sealed in other tables is past reading without the key. It needs a moment in which nobody uses the table.
    """
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("VACUUM (FULL) member_key")
    except psycopg.Error as error:
        if isinstance(translated_error(error), DatabaseTrouble):
            return False
        raise
    return True


def _roll_back(connection: psycopg.Connection) -> None:
    # A connection that cannot even roll back is dropped by the pool; the server rolls back by itself.
    with suppress(psycopg.Error):
        connection.rollback()


def _commit(tx: PostgresTx, connection: psycopg.Connection) -> None:
    try:
        tx.commit()
    except Exception as error:
        _roll_back(connection)
        raise translated_error(error) from error


def _configure(connection: psycopg.Connection) -> None:
    # One type for all integers: psycopg would choose by magnitude, and prepare each statement once per choice.
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    # As on SQLite: true is 1, and the sum of integers is an integer.
    connection.adapters.register_dumper(bool, Int8BinaryDumper)
    connection.adapters.register_loader("bool", _TruthLoader)
    connection.adapters.register_loader("numeric", _NumberLoader)


class _TruthLoader(Loader):
    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


class _NumberLoader(Loader):
    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


def is_migrated(url: str) -> bool:
    """Whether the schema was ever put there. DatabaseTrouble if the server does not tell."""
    try:
        with psycopg.connect(parse_url(url).conninfo, connect_timeout=5) as connection:
            row = connection.execute("SELECT to_regclass('member') IS NOT NULL").fetchone()
            return bool(row and row[0])
    except psycopg.Error as error:
        raise translated_error(error) from error
