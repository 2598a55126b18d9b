"""SQLite: one writing connection with group commit, and a few readers, each on its own thread; one process."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Concatenate, cast
from urllib.parse import parse_qs, unquote, urlsplit

import aiosqlite

from db import migrate
from db.database import P, R, Tx, take_nothing
from db.sqlite_errors import translated
from db.sqlite_locks import LockFile

if TYPE_CHECKING:
    from loyalty.vault import Vault

READERS = 2
# A commit is on the disk before it is answered.
SYNCHRONOUS = "FULL"
BUSY_TIMEOUT = 5_000  # ms
GROUP_SIZE = 256
GROUP_SECONDS = 0.02
_STATEMENTS = 512
# SQLite's own wait for a lock cannot be broken off, so it waits in slices.
_LOCK_SLICE = 100  # ms
_CLOSE_SECONDS = 0.5
_WAL_BYTES = 64 * 1024 * 1024


class SqliteTx(Tx):
    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection, now: int, vault: Vault, random: Callable[[int], bytes]) -> None:
        super().__init__(now, vault, random)
        self._connection = connection

    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._usable()
        try:
            self._connection.executemany(sql, rows)
        except Exception as error:
            raise self._failed(error) from error

    def serialise(self, name: str) -> None:
        """Nothing to do: there is one writer."""

    def flush(self) -> None:
        """Nothing to do: nothing waits."""

    def _statement(self, sql: str, params: Mapping[str, Any], take: Callable[[Any], R]) -> R:
        self._usable()
        try:
            return take(self._connection.execute(sql, params))
        except Exception as error:
            raise self._failed(error) from error

    def _command(self, sql: str) -> None:
        self._statement(sql, {}, take_nothing)

    def _failed(self, error: Exception) -> Exception:
        self._failure = translated(error, self._connection)
        return self._failure


class _Job:
    """A function on its way to the database's thread, and its outcome on the way back."""

    __slots__ = ("call", "error", "future", "result")

    def __init__(self, call: Callable[[Tx], Any], future: asyncio.Future[Any]) -> None:
        self.call = call
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        self.result = None
        # asyncio refuses to deliver a StopIteration.
        self.error = RuntimeError("the action raised StopIteration") if isinstance(error, StopIteration) else error

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class _Connection(aiosqlite.Connection):
    """Runs whole functions on its thread; one loop call answers all that a turn has finished."""

    def __init__(
        self, connector: Callable[[], sqlite3.Connection], waiting: deque[_Job], begin: Callable[..., SqliteTx]
    ) -> None:
        super().__init__(connector, iter_chunk_size=64)
        # Unclosed, it must not keep a failing program from ending; the next start recovers as after a kill.
        self._thread.daemon = True
        self._waiting = waiting
        self._new_tx = begin

    async def open(self) -> None:
        try:
            await self
        except BaseException:
            # aiosqlite stops the thread without waiting: it might answer a loop that is closed by then.
            await asyncio.to_thread(self._thread.join)
            raise

    def wake(self) -> None:
        """Let the thread look for waiting jobs."""
        self._tx.put_nowait((None, self._turn))

    def _turn(self) -> None:
        raise NotImplementedError

    def _next(self) -> _Job | None:
        """Readers share what is waiting, so it may be gone between a look and a grab."""
        with suppress(IndexError):
            while True:
                job = self._waiting.popleft()
                if not job.future.cancelled():
                    return job
        return None

    def _answer(self, jobs: list[_Job]) -> None:
        jobs[0].future.get_loop().call_soon_threadsafe(_settle, jobs)


class _Writer(_Connection):
    """Writes that wait are run in one transaction and answered after the common commit.

    Each but the first has its own savepoint; if the first fails, it is a transaction by itself.
    """

    def __init__(
        self,
        connector: Callable[[], sqlite3.Connection],
        waiting: deque[_Job],
        begin: Callable[..., SqliteTx],
        busy_timeout: int,
    ) -> None:
        super().__init__(connector, waiting, begin)
        self._patience = busy_timeout / 1000
        self.is_closing = False

    def _turn(self) -> None:
        job = self._next()
        if job is not None:
            group = [job]
            try:
                self._commit(group)
            except Exception as error:  # noqa: BLE001 - whatever it was, every one of the group must be answered
                self._abandon(group, error)
            self._answer(group)

    def _commit(self, group: list[_Job]) -> None:
        """Adds to the group what is waiting by the time it gets to it, within its bounds."""
        self._begin(group)
        until = monotonic() + GROUP_SECONDS
        # The first has the transaction to itself until it is done. In a savepoint SQLite would keep a copy of each page
        # that it changes, and with `temp_store = MEMORY` walk through all of them after each statement: one write of
        # thousands of rows would take several times as long.
        self._attempt(group[0], alone=True)
        if group[0].error is not None:
            self._conn.execute("ROLLBACK")
            return
        while len(group) < GROUP_SIZE and monotonic() < until and (job := self._next()):
            group.append(job)
            self._attempt(job)
        self._conn.execute("COMMIT")

    def _begin(self, group: list[_Job]) -> None:
        until = monotonic() + self._patience
        try:
            while not self._begun(until):
                pass
        except sqlite3.Error:
            # It may have waited for a lock: let the others not wait for the same one after the other.
            while job := self._next():
                group.append(job)
            raise

    def _begun(self, until: float) -> bool:
        """False if others hold the lock and there is time to try again."""
        try:
            self._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if self.is_closing or monotonic() >= until or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    def _attempt(self, job: _Job, *, alone: bool = False) -> None:
        """A failing action undoes its own work only; a failing engine is raised, for all of the group."""
        tx = self._new_tx(self._conn)
        try:
            with nullcontext() if alone else tx.savepoint():
                job.result = job.call(tx)
                tx.check()
        except BaseException as error:  # noqa: BLE001 - it is the caller's to see, not this thread's
            job.fail(error)
        if tx.trouble is not None:
            raise tx.trouble
        tx.end()

    def _abandon(self, group: list[_Job], error: Exception) -> None:
        if isinstance(error, sqlite3.Error):
            error = translated(error, self._conn)
        for job in group:
            job.fail(error)
        # On a full disk or an I/O error SQLite may have rolled back by itself.
        if self._conn.in_transaction:
            with suppress(sqlite3.Error):
                self._conn.execute("ROLLBACK")

    async def empty_log(self) -> bool:
        """Between turns: move the WAL into the file and cut it to nothing. False if a reader stands in the way."""
        return bool(await self._execute(self._empty_log))  # type: ignore[no-untyped-call]

    def _empty_log(self) -> bool:
        (timeout,) = self._conn.execute("PRAGMA busy_timeout").fetchone()
        # Not to wait for readers: the writes behind this would wait, too.
        self._conn.execute("PRAGMA busy_timeout = 0")
        (blocked, _, _) = self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._conn.execute(f"PRAGMA busy_timeout = {timeout}")
        return not blocked


class _Reader(_Connection):
    """Each query has its own snapshot, and its answer at once: the next one may be slow."""

    def _turn(self) -> None:
        while job := self._next():
            self._attempt(job)
            self._answer([job])

    def _attempt(self, job: _Job) -> None:
        tx = self._new_tx(self._conn)
        try:
            self._conn.execute("BEGIN")
            job.result = job.call(tx)
            tx.check()
        except BaseException as error:  # noqa: BLE001 - it is the caller's to see, not this thread's
            job.fail(translated(error, self._conn) if isinstance(error, sqlite3.Error) else error)
        tx.end()
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")


class SqliteDatabase:
    """See `db.database.Database`."""

    def __init__(
        self, path: Path, vault: Vault, clock: Callable[[], int], random: Callable[[int], bytes], busy_timeout: int
    ) -> None:
        def begin(connection: sqlite3.Connection) -> SqliteTx:
            return SqliteTx(connection, clock(), vault, random)

        self._writes: deque[_Job] = deque()
        self._reads: deque[_Job] = deque()
        self._writer = _Writer(partial(_connect_writer, path, busy_timeout), self._writes, begin, busy_timeout)
        self._readers = [
            _Reader(partial(_connect_reader, path, busy_timeout), self._reads, begin) for _ in range(READERS)
        ]
        self._closed = False
        self._lock = LockFile(path)

    async def open(self, path: Path, migrated: bool) -> None:
        """DatabaseTrouble if it cannot be opened or migrated."""
        try:
            if migrated:
                await asyncio.to_thread(migrate.upgrade_sqlite, path)
            for connection in (self._writer, *self._readers):
                await connection.open()
        except BaseException as error:
            await self.close()
            if isinstance(error, sqlite3.Error):
                raise translated(error) from error
            raise

    async def write(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        job = self._job(lambda tx: action(tx, *args, **kwargs))
        self._writes.append(job)
        self._writer.wake()
        return cast("R", await job.future)

    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        job = self._job(lambda tx: query(tx, *args, **kwargs))
        self._reads.append(job)
        for reader in self._readers:
            reader.wake()
        return cast("R", await job.future)

    async def scrub(self) -> bool:
        # What is deleted is overwritten with zeros at once (secure_delete); older copies of the pages are in the WAL.
        return await self._writer.empty_log()

    async def close(self) -> None:
        self._closed = self._writer.is_closing = True
        hurrying = asyncio.create_task(self._hurry())
        try:
            # The writer last: the last one to close tidies the WAL away.
            for connection in (*self._readers, self._writer):
                await connection.close()
        finally:
            hurrying.cancel()
            self._lock.close()

    async def _hurry(self) -> None:
        """What still runs after a moment is broken off, statement by statement."""
        await asyncio.sleep(_CLOSE_SECONDS)
        while True:
            for connection in (*self._readers, self._writer):
                with suppress(ValueError, sqlite3.Error):  # closed by now
                    await connection.interrupt()
            await asyncio.sleep(0.05)

    def _job(self, call: Callable[[Tx], Any]) -> _Job:
        if self._closed:
            raise RuntimeError("the database is closed")
        return _Job(call, asyncio.get_running_loop().create_future())


async def open_sqlite(
    url: str, vault: Vault, clock: Callable[[], int], random: Callable[[int], bytes], migrated: bool
) -> SqliteDatabase:
    path, busy_timeout = parse_url(url)
    database = SqliteDatabase(path, vault, clock, random, busy_timeout)
    await database.open(path, migrated)
    return database


def parse_url(url: str) -> tuple[Path, int]:
    """The file, and how long (ms) to wait for locks held by others."""
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    if parts.netloc or len(parts.path) < 2 or options.keys() - {"busy_timeout"}:
        raise ValueError("an SQLite address reads sqlite:///folder/file.db")
    return Path(unquote(parts.path[1:])), int(options.get("busy_timeout", [BUSY_TIMEOUT])[0])


def _connect_writer(path: Path, busy_timeout: int) -> sqlite3.Connection:
    connection = _connect(path, busy_timeout)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {min(busy_timeout, _LOCK_SLICE)}")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
    return connection


def _connect_reader(path: Path, busy_timeout: int) -> sqlite3.Connection:
    connection = _connect(path, busy_timeout)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect(path: Path, busy_timeout: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_timeout / 1000, isolation_level=None, cached_statements=_STATEMENTS)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()
