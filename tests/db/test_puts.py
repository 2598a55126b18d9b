"""Changes nobody waits for: they are done all the same, in their order, and none of their failures is lost."""

from __future__ import annotations

from contextlib import suppress

import pytest

from db.database import Conflict, Database, TransactionOver, Tx


@pytest.fixture
async def jars(db: Database) -> Database:
    await db.write(lambda tx: tx.run("CREATE TABLE jar (id INTEGER NOT NULL CONSTRAINT jar_pk PRIMARY KEY)"))
    return db


def _put(tx: Tx, jar: int) -> None:
    tx.put("INSERT INTO jar (id) VALUES (:jar)", jar=jar)


_TOO_MUCH = 1 << 63  # for any database


def _jars(tx: Tx) -> list[int]:
    return [row[0] for row in tx.all("SELECT id FROM jar ORDER BY id")]


async def test_what_is_put_last_is_committed(jars: Database) -> None:
    await jars.write(_put, 1)
    assert await jars.read(_jars) == [1]


async def test_the_next_statement_sees_what_was_put(jars: Database) -> None:
    def act(tx: Tx) -> list[int]:
        _put(tx, 1)
        _put(tx, 2)
        return _jars(tx)

    assert await jars.write(act) == [1, 2]


async def test_a_failure_of_what_was_put_last_undoes_the_transaction(jars: Database) -> None:
    def act(tx: Tx) -> None:
        _put(tx, 1)
        _put(tx, 1)

    with pytest.raises(Conflict) as refused:
        await jars.write(act)
    assert refused.value.constraint == "jar_pk"
    assert await jars.read(_jars) == []
    await jars.write(_put, 2)
    assert await jars.read(_jars) == [2]


async def test_what_no_database_takes_undoes_the_transaction(jars: Database) -> None:
    def act(tx: Tx) -> None:
        _put(tx, 1)
        _put(tx, _TOO_MUCH)

    with pytest.raises(OverflowError):
        await jars.write(act)
    assert await jars.read(_jars) == []


async def test_nothing_is_taken_after_what_no_database_takes(jars: Database) -> None:
    def act(tx: Tx) -> None:
        _put(tx, 1)
        with suppress(OverflowError):
            _put(tx, _TOO_MUCH)
            tx.flush()
        _put(tx, 2)

    with pytest.raises(TransactionOver):
        await jars.write(act)
    assert await jars.read(_jars) == []


async def test_a_failure_shows_before_its_savepoint_ends(jars: Database) -> None:
    def act(tx: Tx) -> list[int]:
        _put(tx, 1)
        with pytest.raises(Conflict), tx.savepoint():
            _put(tx, 1)
        return _jars(tx)

    assert await jars.write(act) == [1]


async def test_what_was_put_in_a_savepoint_that_raises_is_undone(jars: Database) -> None:
    def act(tx: Tx) -> list[int]:
        _put(tx, 1)
        with suppress(LookupError), tx.savepoint():
            _put(tx, 2)
            raise LookupError
        _put(tx, 3)
        return _jars(tx)

    assert await jars.write(act) == [1, 3]


async def test_an_action_that_raises_after_putting_leaves_nothing_behind(jars: Database) -> None:
    def act(tx: Tx) -> None:
        _put(tx, 1)
        raise LookupError

    with pytest.raises(LookupError):
        await jars.write(act)
    assert await jars.read(_jars) == []


async def test_a_lock_taken_in_a_savepoint_that_was_undone_is_taken_again(jars: Database) -> None:
    def act(tx: Tx) -> list[int]:
        with suppress(LookupError), tx.savepoint():
            tx.serialise("jars")
            _put(tx, 1)
            raise LookupError
        tx.serialise("jars")
        return _jars(tx)

    assert await jars.write(act) == []
