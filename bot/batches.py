"""Work that costs little more for many than for one: what comes while it is under way is done in one go after it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Batches(Generic[T, R]):
    """Hands things to `work`, many at a time where many come, and never two batches at once; the order is kept."""

    def __init__(self, work: Callable[[list[T]], Awaitable[R]]) -> None:
        self._work = work
        self._turn = asyncio.Lock()
        self._gathered: list[T] = []
        self._next: asyncio.Task[R] | None = None

    async def put(self, *things: T) -> R:
        """What `work` returned, or raised, for the batch these were in. Who is cancelled only stops waiting for it."""
        self._gathered += things
        if self._next is None:
            self._next = asyncio.create_task(self._go())
        return await asyncio.shield(self._next)

    async def _go(self) -> R:
        async with self._turn:
            batch, self._gathered, self._next = self._gathered, [], None
            return await self._work(batch)
