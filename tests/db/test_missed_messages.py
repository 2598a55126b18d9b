"""Notices that did not reach who had closed their chat: counted once, when they are back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import pytest

from db import digests, outbox
from db.database import Database
from db.postgres import PostgresTx
from loyalty.messages import Say

ANN = 7


async def fail(db: Database, kind: str, error: str) -> None:
    await db.write(outbox.post, Say("t", to=ANN, kind=kind))  # type: ignore[arg-type]
    (message,) = await db.write(outbox.claim, 1, 1)
    await db.write(outbox.mark_ended, message, "failed", error)


async def test_a_missed_notice_counts_once(db: Database) -> None:
    await fail(db, "notice", outbox.UNREACHABLE)
    assert [await db.write(digests.take_missed, ANN) for _ in range(2)] == [(1, []), (0, [])]


@pytest.mark.parametrize(("kind", "error"), [("reply", outbox.UNREACHABLE), ("notice", "BadRequest: empty")])
async def test_what_failed_otherwise_is_not_missed(db: Database, kind: str, error: str) -> None:
    await fail(db, kind, error)
    assert await db.write(digests.take_missed, ANN) == (0, [])


async def test_what_a_courier_takes_up_meanwhile_is_not_said_by_the_digest_too(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_url.startswith("sqlite"):
        return  # one writer: nothing comes between two statements
    say = Say("t", to=ANN, kind="promotion", topic="offers", dedup_key="k")
    await db.write(outbox.post, say)
    await db.write(lambda tx: tx.run("UPDATE outbox SET error = 'weekly'"))
    taken_up = []

    def many(tx: PostgresTx, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        taken_up.append(take_up(database_url))
        whole(tx, sql, rows)

    whole = PostgresTx.many
    monkeypatch.setattr(PostgresTx, "many", many)
    said = await db.write(digests.take_gathered, ANN, 10)
    assert len(said) + sum(taken_up) == 1


def take_up(url: str) -> bool:
    """What another process does when the reader has chosen otherwise; False if it would have to wait."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '100ms'")
        try:
            return (
                connection.execute("UPDATE outbox SET holder = 9, lease_until = 9 WHERE state = 'queued'").rowcount > 0
            )
        except psycopg.errors.LockNotAvailable:
            return False
