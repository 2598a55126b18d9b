"""Earn at the till, redeem in chat, return the goods: nothing reusable is left, in whatever order (trial 4)."""

from __future__ import annotations

import random as randomness
import sqlite3

from hypothesis import given, settings, strategies as st

from actions import charters, refunds
from actions.refunds import Wanted
from db import accounts, ledger, ledger_checks, purchases as bought
from db.ledger import Posting
from db.people import Person
from db.sqlite import SqliteTx
from loyalty.charter import DEFAULT_CHARTER
from loyalty.errors import NotEnoughPoints, Refusal
from loyalty.roles import Role
from loyalty.vault import Vault
from tests.actions.shops import CLERK, OWNER, add_member, add_store, hire, record_for
from tests.db.test_ledger_model import NOW, _template

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), st.integers(1, 300)),
        st.tuples(st.just("reserve"), st.integers(1, 300)),
        st.tuples(st.just("collect"), st.integers(0, 20)),
        st.tuples(st.just("cancel"), st.integers(0, 20)),
        st.tuples(st.just("return"), st.integers(0, 20)),
        st.tuples(st.just("return part"), st.integers(0, 20)),
    ),
    max_size=25,
)


class Counter:
    """One member, one clerk, and what came of each step."""

    def __init__(self, tx: SqliteTx) -> None:
        self.tx = tx
        charters.publish(tx, DEFAULT_CHARTER, OWNER)
        self.clerk: Person = hire(tx, CLERK, add_store(tx, "ximen", "西门店"), Role.CLERK)
        self.member_id = add_member(tx, "Ann", "13800138000").id
        self.sales: list[int] = []
        self.holds: list[int] = []
        self.collected = 0
        self.held: dict[int, int] = {}
        self.steps = 0

    def posting(self) -> Posting:
        self.steps += 1
        return Posting(member_id=self.member_id, reason="gift", key=f"k{self.steps}", actor=0, occurred_at=NOW)

    def take(self, step: str, number: int) -> None:
        try:
            with self.tx.savepoint():
                getattr(self, step.replace(" ", "_") if step != "return" else "whole")(number)
        except Refusal:
            pass

    def buy(self, amount: int) -> None:
        self.steps += 1
        sale = record_for(self.tx, self.clerk, self.member_id, str(amount), f"s{self.steps}")
        self.sales.append(sale.purchase_id)

    def reserve(self, points: int) -> None:
        held = ledger.hold(self.tx, self.posting(), points)
        self.held[held.id] = points
        self.holds.append(held.id)

    def collect(self, number: int) -> None:
        hold = self.holds[number % len(self.holds)] if self.holds else 0
        if hold in self.held:
            ledger.capture(self.tx, hold, self.posting())
            self.collected += self.held.pop(hold)

    def cancel(self, number: int) -> None:
        hold = self.holds[number % len(self.holds)] if self.holds else 0
        if hold in self.held:
            ledger.release(self.tx, hold, self.posting())
            del self.held[hold]

    def whole(self, number: int, share: int = 1) -> None:
        if self.sales:
            sale = bought.get(self.tx, self.sales[number % len(self.sales)])
            assert sale is not None
            amount = max(1, (sale.amount - sale.refunded) // share)
            self.steps += 1
            refunds.refund(self.tx, self.clerk, Wanted(sale.id, amount), sale.refunded, f"r{self.steps}")

    def return_part(self, number: int) -> None:
        self.whole(number, share=3)


@settings(max_examples=120, deadline=None)
@given(STEPS)
def test_nothing_reusable_is_left_in_every_order(steps: list[tuple[str, int]]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(_template())
    random = randomness.Random(1).randbytes
    tx = SqliteTx(connection, NOW, Vault({1: bytes(32)}, 1, random), random)
    counter = Counter(tx)
    for step, number in steps:
        counter.take(step, number)
        assert ledger_checks.discrepancies(tx) == []
    for number in range(len(counter.holds)):
        counter.take("cancel", number)
    for number in range(len(counter.sales)):
        counter.take("return", number)
    account = accounts.get(tx, counter.member_id)
    # Everything was returned: what is left is what was collected, owed.
    assert (account.balance, account.deficit - account.live) == (-counter.collected, counter.collected)
    assert account.available == 0
    counter.steps += 1
    try:
        ledger.hold(tx, counter.posting(), 1)
        raise AssertionError("a point could be used again")
    except NotEnoughPoints:
        connection.close()
