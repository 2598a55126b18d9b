"""Notices that did not reach who had closed their chat: counted once, when they are back."""

from __future__ import annotations

import pytest

from db import digests, outbox
from db.database import Database
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
