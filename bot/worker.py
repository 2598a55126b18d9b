"""Handles stored updates: one sender's strictly in order, different senders side by side."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import Application

from bot import updates
from bot.context import AlreadyDone, Attempt, NotYourTurn, current_attempt
from bot.courier import Courier
from bot.routing import Router
from bot.updates import Input
from db import inbox, outbox, people, staff
from db.database import Database, DatabaseTrouble, Tx
from db.inbox import Waiting
from loyalty.messages import Say
from loyalty.roles import Role

log = structlog.get_logger()

MOST_ATTEMPTS = 5
_SIDE_BY_SIDE = 128
_MOST_AT_ONCE = 500
_MOST_BACKLOG = 2_000
# Short at first: a sibling that has the earlier one is at work. Longer then: it may have died.
_TURN_PAUSES = (0.05, 0.05, 0.1, 0.2, 0.5, 1.0)
_FAILURE_PAUSES = (0.2, 0.5, 1.0, 2.0)
_TROUBLE_PAUSES = (0.5, 1.0, 2.0, 5.0)
# For about ten minutes it may be Telegram that is in trouble; after that it is this update.
_MOST_OUTAGES = 120


@dataclass(slots=True)
class _Held:
    """An update in this process's hands."""

    given: Input
    troubles: int = 0  # of the database
    outages: int = 0  # of Telegram
    turns: int = 0  # that were somebody else's
    answered: bool = False  # its pressed button

    def wait_for_turn(self) -> float:
        """Seconds, longer each time."""
        self.turns += 1
        return _TURN_PAUSES[min(self.turns, len(_TURN_PAUSES)) - 1]


class Worker:
    """Takes updates that are stored already and sees each one through to done or dead."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        db: Database,
        router: Router,
        courier: Courier,
        bot_id: int,
    ) -> None:
        self.holder = courier.holder
        self._application = application
        self._db = db
        self._router = router
        self._courier = courier
        self._bot_id = bot_id
        self._queues: dict[int, deque[_Held]] = {}
        self._held: dict[int, _Held] = {}
        self._room = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    @property
    def backlog(self) -> int:
        """Updates taken and not finished."""
        return len(self._held)

    @property
    def is_full(self) -> bool:
        """Whether no more should come for now: what is not taken in stays with Telegram, or with the database."""
        return self.backlog > _MOST_BACKLOG

    def receive(self, inputs: Iterable[Input]) -> None:
        """Queue updates behind what their senders have waiting; what is held already is passed over."""
        for given in inputs:
            if given.update_id not in self._held and not self._closing.is_set():
                self._queue(self._hold(given))

    def take(self, waiting: Iterable[Waiting]) -> None:
        """The same with updates as they were stored."""
        self.receive(_read(update) for update in waiting)

    async def renew(self) -> None:
        """Keep what is in hand from being taken for left behind. To be called well within a lease's length."""
        if self._held:
            await self._db.write(inbox.renew, self._bot_id, list(self._held), self.holder)

    async def recover(self) -> int:
        """Handle what nobody has in hand: after a crash, or replayed. How many there were.

        What may have gone wrong before is tried one by one and counted before each try, so that an update that kills
        the process is found out, and takes nothing else with it.
        """
        found = 0
        if not await self._db.read(inbox.has_strays, self._bot_id):
            return found
        while self._may_take_more and (left := await self._taken_over()):
            await self._take_readable(left)
            found += len(left)
        while self._may_take_more and (suspect := await self._suspect()):
            if suspect.update_id not in self._held:
                await self._carefully(suspect)
            found += 1
        return found

    @property
    def _may_take_more(self) -> bool:
        return not (self._closing.is_set() or self.is_full)

    async def _taken_over(self) -> list[Waiting]:
        return await self._db.write(inbox.take_over, self._bot_id, self.holder, _MOST_AT_ONCE)

    async def _suspect(self) -> Waiting | None:
        return await self._db.write(inbox.take_over_suspect, self._bot_id, self.holder)

    async def close(self) -> None:
        """Let what is being handled finish; the rest stays stored, for the next start or a sibling."""
        self._closing.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.5)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # If that fails, the leases run out by themselves.
        with contextlib.suppress(DatabaseTrouble, TimeoutError):
            async with asyncio.timeout(0.3):
                await self._db.write(inbox.release, self._bot_id, list(self._held), self.holder)

    async def _take_readable(self, waiting: Sequence[Waiting]) -> None:
        for update in waiting:
            if not update.payload:
                await self._give_up(_read(update), "Undecipherable")
        self.take(update for update in waiting if update.payload)

    def _hold(self, given: Input) -> _Held:
        held = self._held[given.update_id] = _Held(given)
        return held

    def _queue(self, held: _Held) -> None:
        lane = held.given.lane
        queue = self._queues.setdefault(lane, deque())
        queue.append(held)
        if len(queue) == 1:
            task = asyncio.create_task(self._drain(lane, queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drain(self, lane: int, queue: deque[_Held]) -> None:
        """One sender's updates. The pauses hold up nobody else."""
        try:
            while queue and not self._closing.is_set():
                await self._next(queue)
        except Exception as error:
            # Nobody's lane may end for ever: the leases run out, and the next look for strays begins anew.
            log.error("lane_left", exc_info=error)
            for held in queue:
                self._held.pop(held.given.update_id, None)
        finally:
            del self._queues[lane]

    async def _next(self, queue: deque[_Held]) -> None:
        try:
            async with self._room:
                pause = await self._once(queue[0])
        except NotYourTurn:
            tried = queue[0]
            pause = tried.wait_for_turn()
            # The earlier one may be behind it: what is stored side by side, or left by others, comes in any order.
            queue.rotate(-1)
            if queue[0].turns < tried.turns:
                pause = 0.0
        if pause is None:
            del self._held[queue.popleft().given.update_id]
        else:
            await self._rest(pause)

    async def _carefully(self, update: Waiting) -> None:
        """One try, with no other suspect beside it; if it merely fails it goes to its sender's queue."""
        if not update.payload or update.attempts >= MOST_ATTEMPTS:
            await self._give_up(_read(update), "ProcessDied" if update.payload else "Undecipherable")
            return
        held = self._hold(_read(update))
        try:
            pause = await self._once(held)
        except NotYourTurn:
            pause = held.wait_for_turn()
        if pause is None:
            del self._held[update.update_id]
        else:
            self._queue(held)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    async def _once(self, held: _Held) -> float | None:
        """Try it. None if it is done, dead or somebody else's; otherwise the seconds to wait before the next try.

        Raises NotYourTurn.
        """
        if held.given.kind == "press" and not held.answered:
            self._courier.answer_press(held.given.press_id)
            held.answered = True
        try:
            await self._try(held.given)
        except AlreadyDone:
            return None
        except NotYourTurn:
            raise
        except DatabaseTrouble as trouble:
            return self._wait_out(held, trouble)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is counted, never lost
            if _is_outage(error) and held.outages < _MOST_OUTAGES:
                return self._wait_for_telegram(held, error)
            return await self._failed(held, error)
        return None

    async def _try(self, given: Input) -> None:
        attempt = Attempt(given, self._router.find(given), self._bot_id, self.holder)
        current_attempt.set(attempt)
        await self._application.process_update(given)
        if attempt.error:
            raise attempt.error
        if not attempt.settled:
            raise RuntimeError(f"{attempt.route.handler.__name__} did not settle its update")

    def _wait_out(self, held: _Held, trouble: DatabaseTrouble) -> float:
        log.warning("database_trouble", trouble=type(trouble).__name__, update_id=held.given.update_id)
        self._courier.apologise([held.given])
        held.troubles += 1
        return _TROUBLE_PAUSES[min(held.troubles, len(_TROUBLE_PAUSES)) - 1]

    def _wait_for_telegram(self, held: _Held, error: Exception) -> float:
        """A file could not be fetched, which is no fault of the update's."""
        log.warning("telegram_trouble", trouble=type(error).__name__, update_id=held.given.update_id)
        held.outages += 1
        return _TROUBLE_PAUSES[min(held.outages, len(_TROUBLE_PAUSES)) - 1]

    async def _failed(self, held: _Held, error: Exception) -> float | None:
        """Count the failure; None once it is given up, or if its one transaction had happened before it failed."""
        given, name = held.given, type(error).__name__
        log.error("update_failed", update_id=given.update_id, exc_info=error)
        try:
            tries = await self._db.write(inbox.count_attempt, self._bot_id, given.update_id, name)
            if tries >= MOST_ATTEMPTS:
                await self._give_up(given, name)
        except DatabaseTrouble as trouble:
            return self._wait_out(held, trouble)
        return _FAILURE_PAUSES[tries - 1] if 0 < tries < MOST_ATTEMPTS else None

    async def _give_up(self, given: Input, error: str) -> None:
        await self._db.write(_bury, self._bot_id, given, error)
        self._courier.wake()


def _is_outage(error: Exception) -> bool:
    """Telegram wants quiet or cannot be reached. To python-telegram-bot what it refuses is a NetworkError, too."""
    return isinstance(error, RetryAfter | NetworkError) and not isinstance(error, BadRequest)


def _read(update: Waiting) -> Input:
    if not update.payload:
        return Input(update.update_id, "other", update.sender_id, 0, private=False)
    return updates.read(orjson.loads(update.payload))


def _bury(tx: Tx, bot_id: int, given: Input, error: str) -> None:
    """Mark it dead, apologise to the sender, tell the owners; all with the reference to quote."""
    if not inbox.bury(tx, bot_id, given.update_id, error):
        return
    if given.sender_id:
        people.meet(tx, given.sender_id, given.language)  # whose first words it was is told in their language, too
    reference = str(given.update_id)
    if given.chat_id and given.kind != "member":
        outbox.post(tx, Say("update_given_up", {"reference": reference}, to=given.chat_id))
    for owner in staff.list_users(tx, Role.OWNER):
        told = {"reference": reference, "kind": given.kind, "error": error}
        outbox.post(tx, Say("update_dead", told, to=owner, kind="notice"))
