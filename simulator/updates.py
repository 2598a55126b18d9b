"""A bot's queue of updates, and the long poll that empties it."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import orjson

from simulator.errors import OTHER_POLL, ApiError
from simulator.wire import Json, encode

MAX_BATCH = 100
KEPT_MS = 24 * 3_600_000
# Kinds a bot gets only when it asks for them by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True, slots=True)
class Update:
    """One update, ready to send; `lane` is the chat whose order must be kept."""

    id: int
    kind: str
    lane: int
    at: int
    body: bytes


class Bell:
    """Wakes coroutines on whatever loop they wait."""

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    def ring(self) -> None:
        """Wake everybody who waits; callable from any thread."""
        waiting, self._waiting = self._waiting, []
        for loop, future in waiting:
            if loop is _running_loop():
                _finish(future)
            elif not loop.is_closed():
                loop.call_soon_threadsafe(_finish, future)

    async def wait(self, timeout: float | None) -> bool:
        """True when rung, False after `timeout` seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (asyncio.get_running_loop(), future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout):
                await future
        except TimeoutError:
            return False
        finally:
            if entry in self._waiting:
                self._waiting.remove(entry)
        return True


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class UpdateQueue:
    """Updates of one bot that it has not acknowledged; at most a day old."""

    def __init__(self, now: Callable[[], int], first_id: int) -> None:
        self.pending: deque[Update] = deque()
        self.next_id = first_id
        self.allowed: frozenset[str] | None = None
        self.bell = Bell()
        self._now = now
        self._poll = 0

    def put(self, kind: str, payload: Json, lane: int) -> int | None:
        """Queue an update and return its id; None when the bot did not ask for that kind."""
        if not self._wanted(kind):
            return None
        number, self.next_id = self.next_id, self.next_id + 1
        body = encode({"update_id": number, kind: payload})
        self.pending.append(Update(number, kind, lane, self._now(), body))
        self.bell.ring()
        return number

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember the kinds wanted from now on; an empty list restores the default, None changes nothing."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def acknowledge(self, offset: int) -> None:
        """Forget what comes before `offset`; a negative offset keeps that many from the end.

        An offset beyond the next id is from before a jump of the ids and forgets nothing.
        """
        if offset < 0:
            self._forget(len(self.pending) + offset)
        elif offset > 0:
            last = next((i for i, update in enumerate(self.pending) if update.id == offset - 1), None)
            if last is not None:
                self._forget(last + 1)
            elif offset <= self.next_id:
                self._forget(next((i for i, one in enumerate(self.pending) if one.id >= offset), len(self.pending)))

    def remove(self, update: Update) -> None:
        """Forget one update, delivered by webhook."""
        with contextlib.suppress(ValueError):
            self.pending.remove(update)

    def _forget(self, count: int) -> None:
        for _ in range(count):
            self.pending.popleft()

    def drop(self) -> None:
        self.pending.clear()

    async def poll(self, offset: int, limit: int, timeout: int) -> list[orjson.Fragment]:
        """The oldest `limit` updates, waiting up to `timeout` seconds for the first one.

        A later poll ends this one with 409, as Telegram does when two programs share a token.
        """
        self._poll += 1
        mine = self._poll
        self.bell.ring()
        self.acknowledge(offset)
        deadline = asyncio.get_running_loop().time() + timeout
        while not self._fresh() and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await self.bell.wait(left)
            if mine != self._poll:
                raise ApiError(409, OTHER_POLL)
        return [orjson.Fragment(update.body) for update in list(self.pending)[:limit]]

    def hang_up(self) -> None:
        """End the poll that is waiting: nothing more will come."""
        self._poll += 1
        self.bell.ring()

    def _fresh(self) -> bool:
        oldest = self._now() - KEPT_MS
        while self.pending and self.pending[0].at < oldest:
            self.pending.popleft()
        return bool(self.pending)

    def _wanted(self, kind: str) -> bool:
        return kind not in ON_REQUEST if self.allowed is None else kind in self.allowed
