"""Handles stored updates: one sender's strictly in order, different senders side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any

import orjson
import structlog
from telegram.ext import Application

from bot import updates
from bot.context import AlreadyDone, Attempt, NotYourTurn, current_attempt
from bot.courier import Courier
from bot.routing import Router
from bot.updates import Input
from db import inbox, outbox, staff
from db.database import Database, DatabaseTrouble, Tx
from db.inbox import Waiting
from loyalty.messages import Say
from loyalty.roles import Role

log = structlog.get_logger()

MOST_ATTEMPTS = 5
_SIDE_BY_SIDE = 128
_TURN_PAUSE = 0.05
_FAILURE_PAUSES = (0.2, 0.5, 1.0, 2.0)
_TROUBLE_PAUSES = (0.5, 1.0, 2.0, 5.0)


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
        self._application = application
        self._db = db
        self._router = router
        self._courier = courier
        self._bot_id = bot_id
        self._queues: dict[int, deque[Waiting]] = {}
        self._held: set[int] = set()
        self._room = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def backlog(self) -> int:
        """Updates taken and not finished."""
        return len(self._held)

    def take(self, waiting: Iterable[Waiting]) -> None:
        """Queue updates behind what their senders have waiting; what is held already is passed over."""
        for update in waiting:
            if update.update_id in self._held or self._closing:
                continue
            self._held.add(update.update_id)
            queue = self._queues.setdefault(update.sender_id, deque())
            queue.append(update)
            if len(queue) == 1:
                self._start(update.sender_id)

    async def recover(self, older_than_ms: int) -> int:
        """Handle what nobody holds any more: after a crash, or left lying by a sibling process. How many there were.

        One by one and counted before each try, so that an update that kills the process is found out.
        """
        before = await self._db.read(_now) - older_than_ms
        left = await self._db.read(inbox.list_waiting, self._bot_id, before)
        strays = [update for update in left if update.update_id not in self._held]
        self._held.update(update.update_id for update in strays)
        for update in strays:
            await self._carefully(update)
            self._held.discard(update.update_id)
        return len(strays)

    async def _carefully(self, update: Waiting) -> None:
        tries = await self._db.write(inbox.count_attempt, self._bot_id, update.update_id, "")
        if tries > MOST_ATTEMPTS:
            await self._give_up(updates.read(orjson.loads(update.payload)), "ProcessDied")
        else:
            await self._see_through(update)

    async def close(self) -> None:
        """Let what is being handled finish; the rest stays stored."""
        self._closing = True
        self._queues = {sender: deque([queue[0]]) for sender, queue in self._queues.items() if queue}
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3)
        for task in self._tasks:
            task.cancel()

    def _start(self, sender_id: int) -> None:
        task = asyncio.create_task(self._drain(sender_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, sender_id: int) -> None:
        while queue := self._queues.get(sender_id):
            update = queue[0]
            async with self._room:
                await self._see_through(update)
            self._held.discard(update.update_id)
            # close() may have replaced the queue meanwhile.
            queue = self._queues[sender_id]
            queue.popleft()
            if not queue:
                del self._queues[sender_id]

    async def _see_through(self, update: Waiting) -> None:
        """Until it is done, dead, or somebody else's. The pauses hold up this sender only."""
        given = updates.read(orjson.loads(update.payload))
        if given.kind == "press":
            self._courier.answer_press(given.press_id)
        troubles = 0
        while not self._closing or troubles == 0:
            try:
                await self._try(given)
                return
            except AlreadyDone:
                return
            except NotYourTurn:
                await asyncio.sleep(_TURN_PAUSE)
            except DatabaseTrouble as trouble:
                await self._wait_out(given, trouble, troubles)
                troubles += 1
            except Exception as error:  # noqa: BLE001 - whatever a handler raises is counted, never lost
                if await self._failed(given, error):
                    return

    async def _try(self, given: Input) -> None:
        attempt = Attempt(given, self._router.find(given), self._bot_id, self._courier.holder)
        current_attempt.set(attempt)
        await self._application.process_update(given)
        if attempt.error:
            raise attempt.error
        if not attempt.settled:
            raise RuntimeError(f"{attempt.route.handler.__name__} did not settle its update")

    async def _wait_out(self, given: Input, trouble: DatabaseTrouble, troubles: int) -> None:
        log.warning("database_trouble", trouble=type(trouble).__name__, update_id=given.update_id)
        self._courier.apologise([given])
        await asyncio.sleep(_TROUBLE_PAUSES[min(troubles, len(_TROUBLE_PAUSES) - 1)])

    async def _failed(self, given: Input, error: Exception) -> bool:
        """Count the failure; True once it is given up."""
        log.error("update_failed", update_id=given.update_id, exc_info=error)
        name = type(error).__name__
        try:
            tries = await self._db.write(inbox.count_attempt, self._bot_id, given.update_id, name)
            if tries >= MOST_ATTEMPTS:
                await self._give_up(given, name)
                return True
        except DatabaseTrouble as trouble:
            await self._wait_out(given, trouble, 0)
            return False
        await asyncio.sleep(_FAILURE_PAUSES[min(tries, len(_FAILURE_PAUSES)) - 1])
        return False

    async def _give_up(self, given: Input, error: str) -> None:
        await self._db.write(_bury, self._bot_id, given, error)
        self._courier.wake()


def _now(tx: Tx) -> int:
    return tx.now


def _bury(tx: Tx, bot_id: int, given: Input, error: str) -> None:
    """Mark it dead, apologise to the sender, tell the owners; all with the reference to quote."""
    if not inbox.bury(tx, bot_id, given.update_id):
        return
    reference = str(given.update_id)
    if given.chat_id and given.kind != "member":
        outbox.post(tx, Say("update_given_up", {"reference": reference}, to=given.chat_id))
    for owner in staff.list_users(tx, Role.OWNER):
        told = {"reference": reference, "kind": given.kind, "error": error}
        outbox.post(tx, Say("update_dead", told, to=owner, kind="notice", dedup_key=f"dead:{bot_id}:{reference}:{owner}:{tx.now}"))
