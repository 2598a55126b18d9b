"""A model of the ledger, simple enough to be believed, beside the ledger: any order of events, the same points."""

from __future__ import annotations

import random as randomness
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from db import accounts, ledger, ledger_checks, reversals
from db.database import Tx, open_database
from db.ledger import Entry, Posting
from db.migrate import upgrade_sqlite
from db.sqlite import SqliteTx
from loyalty.errors import AlreadyReversed, HoldResolved, NotEnoughPoints, NotReversible
from loyalty.refunds import points_due
from loyalty.vault import Vault
from tests.actions.shops import add_member
from tests.conftest import PostgresServer

NOW = 1_740_974_400_000
DAY = 86_400_000


@cache
def _template() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "template.db")
        upgrade_sqlite(path)
        return path.read_bytes()


@dataclass
class ModelLot:
    """Points of one earning, told apart by what became of them."""

    granted: int
    left: int
    active_at: int
    expires_at: int
    lapsed: int = 0
    due: int = 0  # taken back so far, one way or another
    paid: int = 0  # of 100 that were "paid" for it, how many are refunded


@dataclass
class ModelHold:
    parts: list[tuple[ModelLot, int]]
    state: str = "held"
    reversed: bool = False


@dataclass
class Model:
    """Lots in the order of earning, and what is owed."""

    lots: list[ModelLot] = field(default_factory=list)
    deficit: int = 0
    now: int = NOW

    def earn(self, points: int, active_at: int, expires_at: int) -> ModelLot:
        repaid = min(self.deficit, points)
        self.deficit -= repaid
        lot = ModelLot(points, points - repaid, active_at, expires_at)
        self.lots.append(lot)
        return lot

    def available(self) -> int:
        live = sum(lot.left for lot in self.lots if lot.active_at <= self.now <= lot.expires_at)
        return max(0, live - self.deficit)

    def spend(self, points: int) -> list[tuple[ModelLot, int]]:
        parts = []
        for lot in sorted(self.lots, key=lambda lot: lot.expires_at):
            part = min(points, lot.left) if lot.active_at <= self.now <= lot.expires_at else 0
            lot.left -= part
            points -= part
            parts.append((lot, part))
        assert points == 0
        return parts

    def give_back(self, parts: list[tuple[ModelLot, int]]) -> None:
        for lot, part in parts:
            lot.left += part

    def claw_back(self, lot: ModelLot, points: int) -> None:
        lot.due += points
        left = min(points, lot.left)
        lot.left -= left
        lapsed = min(points - left, lot.lapsed)
        lot.lapsed -= lapsed
        self.deficit += points - left - lapsed

    def expire(self) -> None:
        """The longest lapsed first; among those of one moment, the oldest settle what is owed."""
        for lot in sorted(self.lots, key=lambda lot: lot.expires_at):
            if lot.expires_at < self.now:
                settled = min(self.deficit, lot.left)
                self.deficit -= settled
                lot.lapsed += lot.left - settled
                lot.left = 0


class LedgerMachine(RuleBasedStateMachine):
    earned = Bundle("earned")
    held = Bundle("held")
    spent = Bundle("spent")

    end: Callable[[], object]

    def __init__(self) -> None:
        super().__init__()
        self.tx = self.begin()
        self.member_id = add_member(self.tx, "Ann", "13800138000").id
        self.model = Model()
        self.steps = 0

    def begin(self) -> Tx:
        """A transaction on books of its own, with nothing in them."""
        random = randomness.Random(1).randbytes
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.deserialize(_template())
        self.end = connection.close
        return SqliteTx(connection, NOW, Vault({1: bytes(32)}, 1, random), random)

    def posting(self, kind: str = "", points: int = 0) -> Posting:
        self.steps += 1
        return Posting(
            member_id=self.member_id, kind=kind, points=points, reason="test", key=f"key {self.steps}", actor=0,
            occurred_at=self.tx.now,
        )  # fmt: skip

    def refused(self, refusal: type[Exception], action: Any, *args: Any) -> None:
        """In a savepoint, as an action runs."""
        with pytest.raises(refusal), self.tx.savepoint():
            action(self.tx, *args)

    @rule(target=earned, points=st.integers(0, 100), pending=st.integers(0, 2), days=st.integers(0, 6))
    def earn(self, points: int, pending: int, days: int) -> tuple[Entry, ModelLot]:
        times = self.tx.now + pending * DAY, self.tx.now + days * DAY
        return ledger.earn(self.tx, self.posting("earn", points), *times), self.model.earn(points, *times)

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.tx.now += days * DAY
        self.model.now = self.tx.now

    @rule()
    def expire(self) -> None:
        for expires_at, member_id in accounts.list_lapsed(self.tx, (0, 0), 100):
            reversals.expire(self.tx, member_id, expires_at)
        self.model.expire()

    @rule(target=held, points=st.integers(1, 150))
    def hold(self, points: int) -> tuple[int, ModelHold] | None:
        if points > self.model.available():
            self.refused(NotEnoughPoints, ledger.hold, self.posting(), points)
            return None
        entry = ledger.hold(self.tx, self.posting(), points)
        return entry.id, ModelHold(self.model.spend(points))

    @rule(hold=held)
    def capture(self, hold: tuple[int, ModelHold] | None) -> None:
        if hold is None:
            return
        if hold[1].state != "held":
            self.refused(HoldResolved, ledger.capture, hold[0], self.posting())
            return
        ledger.capture(self.tx, hold[0], self.posting())
        hold[1].state = "captured"

    @rule(hold=held)
    def release(self, hold: tuple[int, ModelHold] | None) -> None:
        if hold is None:
            return
        if hold[1].state != "held":
            self.refused(HoldResolved, ledger.release, hold[0], self.posting())
            return
        ledger.release(self.tx, hold[0], self.posting())
        hold[1].state = "released"
        self.model.give_back(hold[1].parts)

    @rule(hold=held)
    def return_gift(self, hold: tuple[int, ModelHold] | None) -> None:
        """A captured hold can be reversed, once."""
        if hold is None:
            return
        entry = ledger.get(self.tx, hold[0])
        assert entry is not None
        if hold[1].state != "captured" or hold[1].reversed:
            refusal = AlreadyReversed if hold[1].reversed else NotReversible
            self.refused(refusal, reversals.reverse, entry, "test", 0, self.posting().key)
            return
        reversals.reverse(self.tx, entry, "test", 0, self.posting().key)
        hold[1].reversed = True
        self.model.give_back(hold[1].parts)

    @rule(target=spent, points=st.integers(1, 60))
    def adjust_down(self, points: int) -> tuple[Entry, list[tuple[ModelLot, int]]] | None:
        if points > self.model.available():
            self.refused(NotEnoughPoints, ledger.spend, self.posting("adjust", -points))
            return None
        return ledger.spend(self.tx, self.posting("adjust", -points)), self.model.spend(points)

    @rule(adjustment=consumes(spent))
    def reinstate(self, adjustment: tuple[Entry, list[tuple[ModelLot, int]]] | None) -> None:
        if adjustment is None:
            return
        reversals.reverse(self.tx, adjustment[0], "test", 0, self.posting().key)
        self.model.give_back(adjustment[1])
        self.refused(AlreadyReversed, reversals.reverse, adjustment[0], "test", 0, self.posting().key)

    @rule(sale=earned, percent=st.integers(1, 100))
    def refund(self, sale: tuple[Entry, ModelLot], percent: int) -> None:
        """Of something that cost 100."""
        entry, lot = sale
        if lot.paid + percent > 100 or lot.paid < 0:
            return
        lot.paid += percent
        due = points_due(lot.granted, 100, lot.paid) - lot.due
        reversals.claw_back(self.tx, entry, due, self.posting("claw_back"))
        self.model.claw_back(lot, due)
        assert lot.due <= lot.granted

    @rule(sale=earned)
    def undo(self, sale: tuple[Entry, ModelLot]) -> None:
        entry, lot = sale
        if lot.paid:
            refusal = NotReversible if lot.paid > 0 else AlreadyReversed
            self.refused(refusal, reversals.reverse, entry, "undo", 0, self.posting().key)
            return
        reversals.reverse(self.tx, entry, "undo", 0, self.posting().key)
        self.model.claw_back(lot, lot.granted)
        lot.paid = -1

    @invariant()
    def the_points_are_the_models(self) -> None:
        left = sum(lot.left for lot in self.model.lots)
        account = accounts.get(self.tx, self.member_id)
        assert (account.balance, account.deficit) == (left - self.model.deficit, self.model.deficit)
        assert account.available == self.model.available()

    @invariant()
    def every_lot_is_the_models(self) -> None:
        rows = self.tx.all("SELECT remaining, lapsed, expires_at FROM lot ORDER BY id")
        assert rows == [(lot.left, lot.lapsed, lot.expires_at) for lot in self.model.lots if lot.granted]

    @invariant()
    def the_books_are_in_order(self) -> None:
        assert ledger_checks.discrepancies(self.tx) == []

    def teardown(self) -> None:
        self.end()


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.mark.long
def test_ten_thousand_histories_of_fifty_steps() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=10_000, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )  # fmt: skip


# Histories in a transaction: what they undid lies in the tables until it is over.
_BATCH = 250


class _Undone(Exception):
    """A history is over."""


def _run_within(tx: Tx, examples: int, steps: int) -> None:
    """Each history in a savepoint that is undone."""

    class Machine(LedgerMachine):
        def begin(self) -> Tx:
            tx.now = NOW
            history = tx.savepoint()
            history.__enter__()
            self.end = lambda: history.__exit__(_Undone, _Undone(), None)
            return tx

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("examples", [25, pytest.param(10_000, marks=pytest.mark.long)])
async def test_any_order_of_events_gives_the_same_points_on_postgresql(postgres: PostgresServer, examples: int) -> None:
    url, random = postgres.new_database(), randomness.Random(1).randbytes
    db = await open_database(url, vault=Vault({1: bytes(32)}, 1, random), clock=lambda: NOW, random=random)
    for begun in range(0, examples, _BATCH):
        await db.write(_run_within, min(_BATCH, examples - begun), 50)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM")
    await db.close()
    postgres.drop_database(url)
