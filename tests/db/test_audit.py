"""The audit in the database: chained by whoever writes, and nothing done to it goes unseen (trial 7)."""

from __future__ import annotations

import asyncio

import pytest

from actions import audit as proving
from db import audit
from db.database import Database, Tx
from loyalty.audit import BEGINNING, Mark, Problem


def fill(tx: Tx, count: int = 6) -> None:
    for number in range(count):
        audit.add(tx, 11, "member_opened", store_id=1, member_id=number, field="phone")


def tamper(tx: Tx, statement: str) -> None:
    tx.run(statement)


async def problems(db: Database, witness: Mark = BEGINNING) -> list[Problem]:
    proof = await db.read(proving.verify, witness=witness)
    assert proof.done
    return list(proof.problems)


async def test_what_was_written_is_proven(db: Database) -> None:
    await db.write(fill)
    await db.write(fill)
    assert await problems(db) == []


async def test_an_empty_audit_is_proven(db: Database) -> None:
    assert await problems(db) == []


async def test_writing_side_by_side_keeps_one_chain(db: Database) -> None:
    await asyncio.gather(*(db.write(fill, 3) for _ in range(30)))
    assert (await db.read(audit.head)).place == 90
    assert await problems(db) == []


async def test_what_is_rolled_back_leaves_no_gap(db: Database) -> None:
    def fail(tx: Tx) -> None:
        fill(tx)
        raise NotImplementedError

    await db.write(fill, 2)
    with pytest.raises(NotImplementedError):
        await db.write(fail)
    await db.write(fill, 2)
    assert (await db.read(audit.head)).place == 4
    assert await problems(db) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET actor = 12 WHERE place = 3", Problem("changed", 3)),
        ("UPDATE audit SET detail = '{}' WHERE place = 6", Problem("changed", 6)),
        ("UPDATE audit SET member_id = 99 WHERE place = 1", Problem("changed", 1)),
        ("DELETE FROM audit WHERE place IN (2, 3)", Problem("missing", 2, 2)),
        ("DELETE FROM audit WHERE place = 1", Problem("missing", 1, 1)),
        ("DELETE FROM audit WHERE place > 4", Problem("cut_off", 5, 2)),
        ("DELETE FROM audit", Problem("cut_off", 1, 6)),
        ("UPDATE audit_head SET place = 4", Problem("rewound", 6)),
        ("UPDATE audit SET place = 0 WHERE place = 3", Problem("missing", 3, 1)),
        (
            "INSERT INTO audit (at, actor, action, detail) VALUES (1, 11, 'points_given', '{}')",
            Problem("inserted", 0, 1),
        ),
        (
            "INSERT INTO audit (id, at, actor, action, detail) VALUES (-5, 1, 11, 'points_given', '{}')",
            Problem("inserted", 0, 1),
        ),
    ],
)
async def test_tampering_is_found(db: Database, statement: str, found: Problem) -> None:
    await db.write(fill)
    await db.write(tamper, statement)
    assert found in await problems(db)


async def test_rows_with_a_place_but_no_key_behind_them_are_found(db: Database) -> None:
    await db.write(fill)
    forged = "INSERT INTO audit (at, actor, action, detail, place, mac) VALUES (1, 11, 'x', '{}', 7, 'ff')"
    await db.write(tamper, forged)
    await db.write(tamper, "UPDATE audit_head SET place = 7, mac = 'ff'")
    assert await problems(db) == [Problem("changed", 7)]


async def test_an_end_cut_off_with_its_head_is_found_by_the_witness(db: Database) -> None:
    await db.write(fill)
    witness = await db.read(audit.head)
    await cut_back(db, 3)
    assert await problems(db) == []
    assert await problems(db, witness) == [Problem("cut_off", 4, 3)]


async def test_an_end_cut_off_and_written_on_is_found_by_the_witness(db: Database) -> None:
    await db.write(fill)
    witness = await db.read(audit.head)
    await cut_back(db, 3)
    await db.write(fill, 10)
    assert await problems(db) == []
    assert await problems(db, witness) == [Problem("rewound", 6)]


async def cut_back(db: Database, place: int) -> None:
    """As somebody could who writes to the database: the end goes, and the head says so."""
    mac = await db.read(audit.mac_at, place)
    await db.write(tamper, f"DELETE FROM audit WHERE place > {place}")
    await db.write(tamper, f"UPDATE audit_head SET place = {place}, mac = '{mac}'")


async def test_what_is_older_than_the_chain_is_left_alone(db: Database) -> None:
    await db.write(tamper, "INSERT INTO audit (at, actor, action, detail) VALUES (1, 11, 'member_opened', '{}')")
    await db.write(fill)
    assert await problems(db) == []


async def test_the_whole_is_proven_page_by_page(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "_VERIFIED_AT_ONCE", 4)
    await db.write(fill, 10)
    await db.write(tamper, "UPDATE audit SET actor = 12 WHERE place = 5")
    proof, pages = await db.read(proving.verify), 1
    while not proof.done:
        proof, pages = await db.read(proving.verify, proof), pages + 1
    assert (proof.problems, pages) == ((Problem("changed", 5),), 3)
