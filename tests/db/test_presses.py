"""Twenty taps are one press."""

from __future__ import annotations

import asyncio

import pytest

from db import presses
from db.database import Database
from tests.conftest import Clock


async def press(db: Database, user: int = 7, chat: int = 7, message: int = 1, data: str = "undo:1") -> bool:
    return await db.write(presses.is_first, user, chat, message, data)


async def test_the_first_press_counts(db: Database) -> None:
    assert await press(db)


async def test_one_of_twenty_at_once_counts(db: Database) -> None:
    assert sorted(await asyncio.gather(*(press(db) for _ in range(20)))) == [False] * 19 + [True]


async def test_three_seconds_later_it_counts_again(db: Database, clock: Clock) -> None:
    await press(db)
    clock.move(ms=presses.REPEAT_WITHIN_MS - 1)
    assert not await press(db)
    clock.move(ms=1)
    assert await press(db)


@pytest.mark.parametrize("other", [{"user": 8}, {"chat": 8}, {"message": 2}, {"data": "undo:2"}])
async def test_another_button_or_person_counts_by_itself(db: Database, other: dict[str, object]) -> None:
    await press(db)
    assert await press(db, **other)


async def test_old_presses_are_forgotten(db: Database, clock: Clock) -> None:
    await press(db)
    clock.move(seconds=1)
    await press(db, data="undo:2")
    assert [await db.write(presses.forget, clock.now, 10) for _ in range(2)] == [1, 0]
