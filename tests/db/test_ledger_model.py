"""A model of the ledger, simple enough to be believed, beside the ledger: any order of events, the same points."""

from __future__ import annotations

import random as randomness
import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from db import accounts, ledger, ledger_checks, reversals
from db.ledger import Entry
from db.migrate import upgrade_sqlite
from db.sqlite import SqliteTx
from loyalty.errors import NotEnoughPoints
from loyalty.vault import Vault
from tests.actions.shops import add_member
from tests.db.test_ledger import earn, spend

NOW = 1_740_974_400_000
DAY = 86_400_000


@cache
def _template() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "template.db")
        upgrade_sqlite(path)
        return path.read_bytes()


class LedgerMachine(RuleBasedStateMachine):
    """Lots are [remaining, expires_at] by entry; whatever cannot be taken back is owed."""

    earned = Bundle("earned")

    def __init__(self) -> None:
        super().__init__()
        random = randomness.Random(1).randbytes
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.deserialize(_template())
        self.tx = SqliteTx(self.connection, NOW, Vault({1: bytes(32)}, 1, random), random)
        self.member_id = add_member(self.tx, "Ann", "13800138000").id
        self.lots: dict[int, list[int]] = {}
        self.deficit = 0
        self.steps = 0

    def _key(self) -> str:
        self.steps += 1
        return f"key {self.steps}"

    @rule(target=earned, points=st.integers(0, 100), days=st.integers(0, 3))
    def earn(self, points: int, days: int) -> Entry:
        entry = earn(self.tx, self.member_id, points, self._key(), NOW + days * DAY)
        repaid = min(self.deficit, points)
        self.deficit -= repaid
        self.lots[entry.id] = [points - repaid, NOW + days * DAY]
        return entry

    @rule(points=st.integers(1, 150))
    def spend(self, points: int) -> None:
        try:
            with self.tx.savepoint():
                spend(self.tx, self.member_id, points, self._key())
        except NotEnoughPoints:
            assert points > sum(remaining for remaining, _ in self.lots.values())
            return
        for lot in sorted(self.lots.values(), key=lambda lot: lot[1]):
            part = min(points, lot[0])
            lot[0] -= part
            points -= part
        assert points == 0

    @rule(entry=consumes(earned))
    def take_back(self, entry: Entry) -> None:
        reversals.reverse(self.tx, entry, "undo", 0, f"undo:{entry.id}")
        self.deficit += entry.points - self.lots[entry.id][0]
        self.lots[entry.id][0] = 0

    @invariant()
    def the_points_are_the_models(self) -> None:
        held = sum(remaining for remaining, _ in self.lots.values())
        account = accounts.get(self.tx, self.member_id)
        assert (account.live, account.deficit, account.balance) == (held, self.deficit, held - self.deficit)

    @invariant()
    def every_lot_is_the_models(self) -> None:
        for entry_id, (remaining, _) in self.lots.items():
            assert sum(lot.remaining for lot in ledger.list_lots(self.tx, entry_id)) == remaining

    @invariant()
    def the_books_are_in_order(self) -> None:
        assert ledger_checks.discrepancies(self.tx) == []

    def teardown(self) -> None:
        self.connection.close()


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
