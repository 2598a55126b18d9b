"""One conformance suite for every engine: what `db.database` promises."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from db.database import Conflict, Database, DatabaseReadOnly, TransactionOver, Tx, open_database
from loyalty.vault import Vault

GIFTS = """
CREATE TABLE trinket (
    code TEXT NOT NULL CONSTRAINT trinket_pk PRIMARY KEY,
    stock BIGINT NOT NULL CONSTRAINT trinket_stock_within CHECK (stock >= 0),
    shop TEXT NOT NULL DEFAULT '',
    shelf BIGINT NOT NULL DEFAULT 0,
    label TEXT CONSTRAINT trinket_label_unique UNIQUE,
    picture {blob},
    CONSTRAINT trinket_place_unique UNIQUE (shop, shelf, code)
)
"""


Reopened = Callable[[], Awaitable[Database]]


class OutOfPaper(Exception):
    """Something an action may raise."""


@pytest.fixture
async def trinkets(db: Database, database_url: str) -> Database:
    await db.write(_create, "BLOB" if database_url.startswith("sqlite") else "BYTEA")
    return db


@pytest.fixture
async def reopened(db: Database, database_url: str, vault: Vault, clock, random) -> AsyncIterator[Reopened]:
    """Closes the database and opens it again."""
    opened: list[Database] = []

    async def reopen() -> Database:
        await db.close()
        opened.append(await open_database(database_url, vault=vault, clock=clock, random=random))
        return opened[0]

    yield reopen
    for database in opened:
        await database.close()


def _create(tx: Tx, blob: str) -> None:
    tx.run(GIFTS.replace("{blob}", blob))
    tx.run("CREATE UNIQUE INDEX trinket_shelf_unique ON trinket (shop, shelf) WHERE shelf <> 0")


def _add(tx: Tx, code: str, stock: int = 1) -> int:
    return tx.run("INSERT INTO trinket (code, stock) VALUES (:code, :stock)", code=code, stock=stock)


def _codes(tx: Tx) -> list[str]:
    return [code for (code,) in tx.all("SELECT code FROM trinket ORDER BY code")]


def _add_and_fail(tx: Tx, code: str) -> None:
    _add(tx, code)
    raise OutOfPaper


async def test_what_an_action_wrote_is_read(trinkets: Database) -> None:
    assert await trinkets.write(_add, "mug", stock=3) == 1
    assert await trinkets.read(lambda tx: tx.one("SELECT code, stock FROM trinket")) == ("mug", 3)


async def test_an_action_that_raises_leaves_nothing_behind(trinkets: Database) -> None:
    with pytest.raises(OutOfPaper):
        await trinkets.write(_add_and_fail, "mug")
    assert await trinkets.read(_codes) == []


async def test_no_row_is_none(trinkets: Database) -> None:
    def query(tx: Tx) -> tuple[object, object, object]:
        sql = "SELECT code FROM trinket"
        return tx.one(sql), tx.value(sql), tx.all(sql)

    assert await trinkets.read(query) == (None, None, [])


async def test_many_runs_a_statement_for_each_row(trinkets: Database) -> None:
    rows = [{"code": f"trinket {n}", "stock": n} for n in range(3)]
    await trinkets.write(lambda tx: tx.many("INSERT INTO trinket (code, stock) VALUES (:code, :stock)", rows))
    assert await trinkets.read(_codes) == ["trinket 0", "trinket 1", "trinket 2"]


async def test_rows_touched_are_counted(trinkets: Database) -> None:
    def action(tx: Tx) -> list[int]:
        insert = "INSERT INTO trinket (code, stock) VALUES ('mug', 1) ON CONFLICT (code) DO NOTHING"
        update = "UPDATE trinket SET stock = stock - 1 WHERE code = 'mug' AND stock >= 1"
        return [tx.run(sql) for sql in (insert, insert, update, update)]

    assert await trinkets.write(action) == [1, 0, 1, 0]


async def test_returning_gives_the_new_row(trinkets: Database) -> None:
    insert = "INSERT INTO trinket (code, stock) VALUES ('mug', 7) RETURNING stock"
    assert await trinkets.write(lambda tx: tx.value(insert)) == 7
    assert await trinkets.read(_codes) == ["mug"]


async def test_values_come_back_as_the_same_types(trinkets: Database) -> None:
    def action(tx: Tx) -> list[object]:
        tx.run(
            "INSERT INTO trinket (code, stock, shelf, picture) VALUES ('a', :n, :yes, :b)", n=5, yes=True, b=b"\0\xff"
        )
        _add(tx, "b", 4_000_000_000)
        row = tx.one("SELECT shelf, picture, label FROM trinket WHERE code = 'a'")
        return [
            row,
            tx.value("SELECT SUM(stock) FROM trinket"),
            tx.value("SELECT 1 = 1"),
            tx.value("SELECT AVG(stock) > 1.5 FROM trinket"),
        ]

    result = await trinkets.write(action)
    assert result == [(1, b"\0\xff", None), 4_000_000_005, 1, 1]
    assert [type(value) for value in result[1:]] == [int, int, int]


async def test_colons_and_percents_in_a_text_are_left_alone(trinkets: Database) -> None:
    sql = """SELECT ':code 5% ''q'' ', "code" -- 10% of :nothing
        /* :nothing */ FROM trinket WHERE code LIKE 'm%' AND code = CAST(:code AS TEXT) AND 7 % :two = 1"""
    await trinkets.write(_add, "mug")
    assert await trinkets.read(lambda tx: tx.all(sql, code="mug", two=2)) == [(":code 5% 'q' ", "mug")]


async def test_the_transaction_carries_the_injected_time_randomness_and_vault(db, clock, random, vault) -> None:
    clock.move(days=2)
    assert await db.write(lambda tx: (tx.now, tx.random, tx.vault)) == (clock.now, random, vault)
    assert await db.read(lambda tx: tx.now) == clock.now


async def test_a_savepoint_undoes_its_block_only(trinkets: Database) -> None:
    def action(tx: Tx) -> None:
        _add(tx, "kept before")
        with pytest.raises(OutOfPaper), tx.savepoint():
            _add_and_fail(tx, "undone")
        with tx.savepoint():
            _add(tx, "kept after")

    await trinkets.write(action)
    assert await trinkets.read(_codes) == ["kept after", "kept before"]


async def test_savepoints_nest(trinkets: Database) -> None:
    def action(tx: Tx) -> None:
        with tx.savepoint():
            _add(tx, "outer")
            with pytest.raises(OutOfPaper), tx.savepoint():
                _add_and_fail(tx, "inner")
        with pytest.raises(OutOfPaper), tx.savepoint():  # noqa: PT012 - what is undone must come first
            with tx.savepoint():
                _add(tx, "released, then undone")
            raise OutOfPaper

    await trinkets.write(action)
    assert await trinkets.read(_codes) == ["outer"]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("'mug', 1, '', 0, NULL", "trinket_pk"),
        ("'cup', 1, '', 0, 'blue'", "trinket_label_unique"),
        ("'cup', 1, 'north', 1, NULL", "trinket_shelf_unique"),
        ("'cup', -1, '', 0, NULL", "trinket_stock_within"),
        ("'cup', NULL, '', 0, NULL", "trinket.stock"),
    ],
)
async def test_a_conflict_names_the_constraint(trinkets: Database, values: str, constraint: str) -> None:
    insert = "INSERT INTO trinket (code, stock, shop, shelf, label) VALUES "
    await trinkets.write(lambda tx: tx.run(insert + "('mug', 1, 'north', 1, 'blue')"))
    with pytest.raises(Conflict) as conflict:
        await trinkets.write(lambda tx: tx.run(insert + f"({values})"))
    assert conflict.value.constraint == constraint


async def test_a_conflict_inside_a_savepoint_can_be_survived(trinkets: Database) -> None:
    def action(tx: Tx) -> None:
        _add(tx, "mug")
        with pytest.raises(Conflict), tx.savepoint():
            _add(tx, "mug")
        _add(tx, "cup")

    await trinkets.write(action)
    assert await trinkets.read(_codes) == ["cup", "mug"]


async def test_after_a_failed_statement_no_other_is_taken(trinkets: Database) -> None:
    def action(tx: Tx) -> None:
        _add(tx, "mug")
        with pytest.raises(Conflict):
            _add(tx, "mug")
        with pytest.raises(TransactionOver):
            _add(tx, "cup")

    with pytest.raises(Conflict):
        await trinkets.write(action)
    assert await trinkets.read(_codes) == []


async def test_a_failure_swallowed_in_a_savepoint_still_undoes_it(trinkets: Database) -> None:
    def action(tx: Tx) -> None:
        _add(tx, "mug")
        with pytest.raises(Conflict), tx.savepoint():  # noqa: PT012 - the block's end is what raises
            _add(tx, "cup")
            with pytest.raises(Conflict):
                _add(tx, "mug")

    await trinkets.write(action)
    assert await trinkets.read(_codes) == ["mug"]


@pytest.mark.parametrize("place", [0, 1])
async def test_a_failure_swallowed_by_the_action_undoes_all_of_it(trinkets: Database, place: int) -> None:
    def action(tx: Tx) -> None:
        _add(tx, "cup")
        with pytest.raises(Conflict):
            _add(tx, "cup")

    writes = [trinkets.write(_add, f"mug {number}") for number in range(2)]
    writes.insert(place, trinkets.write(action))
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [isinstance(outcome, Conflict) for outcome in outcomes] == [number == place for number in range(3)]
    assert await trinkets.read(_codes) == ["mug 0", "mug 1"]


async def test_a_transaction_kept_beyond_its_action_takes_no_statement(trinkets: Database) -> None:
    kept = await trinkets.write(lambda tx: tx)
    with pytest.raises(TransactionOver):
        kept.run("DELETE FROM trinket")


async def test_of_writes_that_commit_together_a_failing_one_fails_alone(trinkets: Database) -> None:
    writes = [trinkets.write(_add if n % 3 else _add_and_fail, f"trinket {n:02}") for n in range(30)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [isinstance(outcome, OutOfPaper) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]
    assert await trinkets.read(_codes) == [f"trinket {n:02}" for n in range(30) if n % 3]


async def test_an_action_that_raises_stop_iteration_is_answered(trinkets: Database) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await trinkets.write(lambda tx: next(iter(())))


async def test_cancelling_the_caller_does_not_stop_its_action(trinkets: Database, reopened: Reopened) -> None:
    started, go_on = threading.Event(), threading.Event()

    def action(tx: Tx) -> None:
        started.set()
        go_on.wait(10)
        _add(tx, "mug")

    caller = asyncio.create_task(trinkets.write(action))
    await asyncio.to_thread(started.wait, 10)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    assert await (await reopened()).read(_codes) == ["mug"]


async def test_a_thousand_at_once_never_oversell(trinkets: Database) -> None:
    def take(tx: Tx) -> bool:
        return tx.run("UPDATE trinket SET stock = stock - 1 WHERE code = 'mug' AND stock >= 1") == 1

    await trinkets.write(_add, "mug", 300)
    taken = await asyncio.gather(*(trinkets.write(take) for _ in range(1_000)))
    assert sum(taken) == 300
    assert await trinkets.read(lambda tx: tx.value("SELECT stock FROM trinket")) == 0


async def test_a_read_sees_one_moment(trinkets: Database) -> None:
    looked, go_on = threading.Event(), threading.Event()

    def look_twice(tx: Tx) -> tuple[list[str], list[str]]:
        first = _codes(tx)
        looked.set()
        go_on.wait(10)
        return first, _codes(tx)

    await trinkets.write(_add, "mug")
    reading = asyncio.create_task(trinkets.read(look_twice))
    await asyncio.to_thread(looked.wait, 10)
    await trinkets.write(_add, "cup")
    go_on.set()
    assert await reading == (["mug"], ["mug"])
    assert await trinkets.read(_codes) == ["cup", "mug"]


async def test_a_slow_read_does_not_hold_up_another(trinkets: Database) -> None:
    go_on = threading.Event()
    slow = asyncio.create_task(trinkets.read(lambda tx: go_on.wait(10)))
    assert await trinkets.read(_codes) == []
    go_on.set()
    assert await slow


async def test_a_read_cannot_write(trinkets: Database) -> None:
    with pytest.raises(DatabaseReadOnly):
        await trinkets.read(_add, "mug")
    assert await trinkets.read(_codes) == []


async def test_transactions_that_serialise_on_a_name_run_one_after_the_other(trinkets: Database) -> None:
    def add_next(tx: Tx) -> None:
        tx.serialise("next shelf")
        shelf = tx.value("SELECT COUNT(*) FROM trinket")
        tx.run("INSERT INTO trinket (code, stock) VALUES (:code, 1)", code=f"trinket {shelf:02}")

    await asyncio.gather(*(trinkets.write(add_next) for _ in range(20)))
    assert len(await trinkets.read(_codes)) == 20


async def test_closing_waits_for_what_is_running(trinkets: Database, reopened: Reopened) -> None:
    writes = [asyncio.create_task(trinkets.write(_add, f"trinket {n}")) for n in range(5)]
    await asyncio.sleep(0)  # lets them be handed over
    again = await reopened()
    await asyncio.gather(*writes)
    assert len(await again.read(_codes)) == 5


async def test_a_closed_database_refuses(db: Database) -> None:
    await db.close()
    with pytest.raises(RuntimeError):
        await db.write(lambda tx: None)


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "sqlite:", "sqlite://host/x.db", "sqlite:///x.db?cache=1", "x.db"]
)
async def test_an_address_that_is_not_understood_is_refused(url: str, vault, clock, random) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        await open_database(url, vault=vault, clock=clock, random=random)
