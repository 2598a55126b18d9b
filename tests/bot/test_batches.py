"""What comes while a batch is under way is done in one go after it."""

from __future__ import annotations

import asyncio

import pytest

from bot.batches import Batches


class Work:
    """Notes what it is given, and takes until it is let go."""

    def __init__(self) -> None:
        self.given: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, batch: list[int]) -> int:
        self.given.append(batch)
        await self.go.wait()
        if 13 in batch:
            raise ValueError
        return sum(batch)


async def test_what_comes_meanwhile_is_one_batch_in_the_order_it_came() -> None:
    work = Work()
    batches = Batches(work)
    first = asyncio.create_task(batches.put(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(batches.put(number, -number)) for number in (2, 3)]
    await asyncio.sleep(0)
    work.go.set()
    assert [await first, *[await other for other in others]] == [1, 0, 0]
    assert work.given == [[1], [2, -2, 3, -3]]


async def test_a_failure_reaches_all_of_its_batch_and_nobody_else() -> None:
    work = Work()
    batches = Batches(work)
    work.go.set()
    told = await asyncio.gather(batches.put(12), batches.put(13), return_exceptions=True)
    assert [type(one) for one in told] == [ValueError, ValueError]
    assert await batches.put(1) == 1


async def test_who_is_cancelled_takes_nobody_along() -> None:
    work = Work()
    batches = Batches(work)
    impatient, patient = asyncio.create_task(batches.put(1)), asyncio.create_task(batches.put(2))
    await asyncio.sleep(0)
    impatient.cancel()
    work.go.set()
    assert await patient == 3
    with pytest.raises(asyncio.CancelledError):
        await impatient
