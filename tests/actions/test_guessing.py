"""A day of guessing at the counter, through the action itself (trial 5): what an attacker with clerks' accounts gets.

The attacker here knows more than a real one: the ten million codes among which the ten thousand live ones are. So there
are hits to be counted; among all 2⁴⁰ codes there would be one in 100,000 as many.
"""

from __future__ import annotations

import random as randomness
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from actions import charters, verifying
from actions.verifying import Missed
from db import gifts
from db.people import Person
from db.sqlite import SqliteTx
from loyalty import codes
from loyalty.charter import DEFAULT_CHARTER
from loyalty.errors import CollectedElsewhere, Throttled
from loyalty.roles import Role
from loyalty.throttles import VERIFYING
from loyalty.vault import Vault
from tests.actions.gift_shops import MUG
from tests.actions.shops import CLERK, OWNER, add_member, add_store, hire
from tests.db.test_ledger_model import NOW, _template

DAY_MS = 24 * 60 * 60_000
LIVE = 10_000
KNOWN = 10_000_000
# By one clerk; `--long` makes the day's million, by twenty.
GUESSES = 20_000


@dataclass(frozen=True, slots=True)
class Siege:
    connection: sqlite3.Connection
    vault: Vault
    clerks: list[Person]

    def at(self, now: int) -> SqliteTx:
        return SqliteTx(self.connection, now, self.vault, randomness.Random(now).randbytes)

    def tries(self, clerk: Person, number: int, now: int) -> str:
        """'found', 'missed' or 'throttled'."""
        try:
            outcome = verifying.hand_over(self.at(now), clerk, _code(number))
        except Throttled:
            return "throttled"
        except CollectedElsewhere:
            return "found"
        assert isinstance(outcome, Missed)
        return "missed"


def _code(number: int) -> str:
    """The known codes in some order: spread over all there are."""
    return codes.new_code((number * 109_951 % 2**40).to_bytes(5, "big"))


@pytest.fixture
def siege() -> Iterator[Siege]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(_template())
        random = randomness.Random(1).randbytes
        vault = Vault({1: bytes(32)}, 1, random)
        tx = SqliteTx(connection, NOW, vault, random)
        charters.publish(tx, DEFAULT_CHARTER, OWNER)
        clerks = _hire(tx)
        _put_live(tx)
        yield Siege(connection, vault, clerks)


def _hire(tx: SqliteTx) -> list[Person]:
    """Twenty, at one store; what lies at others is found by them too."""
    here = add_store(tx, "ximen", "西门店")
    return [hire(tx, CLERK + number, here, Role.CLERK) for number in range(20)]


def _put_live(tx: SqliteTx) -> None:
    """Every thousandth of the known codes is somebody's, at four other stores."""
    there = [add_store(tx, f"store{number}", f"Store {number}") for number in range(4)]
    gift_id, member_id = gifts.add(tx, MUG, 0, OWNER), add_member(tx, "Ann", "13800138000").id
    tx.many(
        "INSERT INTO gift_reservation (gift_id, member_id, store_id, points, cash, code_token, code_sealed, key, "
        "reserved_at, collect_from, collect_by) "
        "VALUES (:gift_id, :member_id, :store_id, 1, 0, :token, x'', :key, 0, 0, :collect_by)",
        [
            {
                "gift_id": gift_id, "member_id": member_id, "store_id": there[number % 4], "key": f"k{number}",
                "token": tx.vault.token("gift_code", _code(number * (KNOWN // LIVE))), "collect_by": NOW + 9 * DAY_MS,
            }
            for number in range(LIVE)
        ],
    )  # fmt: skip


@pytest.mark.parametrize("guesses", [GUESSES, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_a_day_of_guessing_gets_no_more_than_the_bound(siege: Siege, guesses: int) -> None:
    chance, clerks = randomness.Random(20250303), siege.clerks[: max(1, 20 * guesses // 1_000_000)]
    ends: Counter[str] = Counter()
    for guess in range(guesses):
        now = NOW + guess * DAY_MS // guesses
        ends[siege.tries(clerks[guess % len(clerks)], chance.randrange(KNOWN), now)] += 1
    bound = len(clerks) * VERIFYING.most_a_day
    assert ends["missed"] <= bound
    assert ends["throttled"] >= guesses - 1.1 * bound
    # What was let through found as many as chance gives it.
    let_through = ends["missed"] + ends["found"]
    expected = let_through * LIVE / KNOWN
    assert abs(ends["found"] - expected) <= 5 * expected**0.5 + 1
