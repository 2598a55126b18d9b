"""Sends what is in the outbox: in order per chat, at least once, never while Telegram asked for quiet (DESIGN §6)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

import structlog
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery import Delivery, Gone
from bot.transport import MaybeSent
from bot.updates import Input
from db import outbox, people
from db.database import Database, DatabaseTrouble, Tx
from db.outbox import Queued

log = structlog.get_logger()

_SIDE_BY_SIDE = 256
_CLAIM = 200
_LOOK_EVERY = 0.25
_APOLOGISE_EVERY = 60.0


class Courier:
    """Sends this process's messages, and those nobody else is sending."""

    def __init__(self, db: Database, delivery: Delivery, holder: int, clock: Callable[[], int]) -> None:
        self.holder = holder
        self._db = db
        self._delivery = delivery
        self._clock = clock
        self._chats: dict[int, deque[Queued]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._awake = asyncio.Event()
        self._quiet_until = 0.0  # loop time
        self._apologised: dict[int, float] = {}
        self._closing = False

    @property
    def in_hand(self) -> int:
        """Messages claimed and not finished."""
        return sum(len(queue) for queue in self._chats.values())

    def send(self, messages: Iterable[Queued]) -> None:
        """Send messages this process holds the lease of."""
        for message in messages:
            queue = self._chats.setdefault(message.chat_id, deque())
            queue.append(message)
            if len(queue) == 1:
                self._spawn(self._drain(message.chat_id))

    def wake(self) -> None:
        """There is something to claim."""
        self._awake.set()

    async def run(self) -> None:
        """Claim what is due, until cancelled."""
        while True:
            try:
                await self._claim()
            except DatabaseTrouble as trouble:
                log.warning("courier_waits", trouble=type(trouble).__name__)
                await asyncio.sleep(1)
            try:
                await asyncio.wait_for(self._awake.wait(), _LOOK_EVERY)
            except TimeoutError:
                pass
            self._awake.clear()

    async def close(self) -> None:
        """Finish the messages that are on the wire; the others' leases run out or are taken back."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
        for task in self._tasks:
            task.cancel()

    def apologise(self, inputs: Sequence[Input]) -> None:
        """Say at once, past the outbox, that the answer will be late: once a minute per chat at most."""
        now = asyncio.get_running_loop().time()
        for given in inputs:
            if given.private and given.chat_id and now - self._apologised.get(given.chat_id, -1e9) > _APOLOGISE_EVERY:
                self._apologised[given.chat_id] = now
                self._spawn(self._delivery.apologise(given.chat_id, given.language))

    def answer_press(self, press_id: str) -> None:
        """Stop the pressed button's spinner, at once and past the outbox."""
        self._spawn(self._delivery.answer_press(press_id))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _claim(self) -> None:
        if self._closing or self.in_hand >= _SIDE_BY_SIDE or self._is_quiet():
            return
        if await self._db.read(outbox.has_due):
            self.send(await self._db.write(outbox.claim, self.holder, _CLAIM))

    def _is_quiet(self) -> bool:
        return asyncio.get_running_loop().time() < self._quiet_until

    async def _drain(self, chat_id: int) -> None:
        queue = self._chats[chat_id]
        while queue and not self._closing:
            async with self._room:
                goes_on = await self._send_one(queue[0])
            if not goes_on:
                await self._give_back(queue)
                break
            queue.popleft()
        del self._chats[chat_id]

    async def _give_back(self, queue: deque[Queued]) -> None:
        """The first of these was put off: those behind it wait for it."""
        rest = list(queue)[1:]
        if rest:
            await self._record(_release, rest)

    async def _send_one(self, message: Queued) -> bool:
        """True if the next may follow, False if this one has to be sent first and was put off."""
        await self._keep_quiet()
        try:
            sent = await self._delivery.deliver(message)
        except RetryAfter as told:
            return await self._told_to_wait(message, told)
        except Forbidden as error:
            await self._record(_unreachable, message, str(error))
        except Gone as error:
            await self._record(outbox.mark_ended, message, "failed", str(error))
        except BadRequest as error:
            log.error("message_refused", message=message.id, template=message.body["template"], error=str(error))
            await self._record(outbox.mark_ended, message, "failed", str(error))
        except NetworkError as error:
            return await self._doubtful(message, error)
        except TelegramError as error:
            return await self._put_off(message, 5_000, str(error))
        except Exception as error:  # noqa: BLE001 - a message that can't be drawn must not stop those behind it
            log.error("message_unsendable", message=message.id, template=message.body["template"], exc_info=error)
            await self._record(outbox.mark_ended, message, "failed", type(error).__name__)
        else:
            await self._record(outbox.mark_sent, message, sent)
        return True

    async def _keep_quiet(self) -> None:
        """Nobody sends before the time Telegram named (429)."""
        loop = asyncio.get_running_loop()
        while (left := self._quiet_until - loop.time()) > 0:
            await asyncio.sleep(left)

    async def _told_to_wait(self, message: Queued, told: RetryAfter) -> bool:
        after = told.retry_after
        seconds = float(after if isinstance(after, int | float) else after.total_seconds())
        log.warning("flood_wait", seconds=seconds)
        self._quiet_until = max(self._quiet_until, asyncio.get_running_loop().time() + seconds)
        return await self._put_off(message, int(seconds * 1000), "429")

    async def _doubtful(self, message: Queued, error: NetworkError) -> bool:
        """A promotion that may have arrived is not sent twice; anything else is, until it surely has."""
        if message.kind == "promotion" and isinstance(error, MaybeSent):
            await self._record(outbox.mark_ended, message, "unknown", type(error).__name__)
            return True
        return await self._put_off(message, min(500 * 2**message.attempts, 30_000), type(error).__name__)

    async def _put_off(self, message: Queued, wait_ms: int, error: str) -> bool:
        await self._record(outbox.postpone, message, self._clock() + wait_ms, error)
        return False

    async def _record(self, change: Callable[..., object], *args: object) -> None:
        """Write down what became of a message. If even that fails, its lease runs out and it is sent again."""
        try:
            await self._db.write(change, *args)
        except DatabaseTrouble as trouble:
            log.warning("outcome_not_recorded", trouble=type(trouble).__name__)


def _release(tx: Tx, messages: list[Queued]) -> None:
    for message in messages:
        outbox.release(tx, message)


def _unreachable(tx: Tx, message: Queued, error: str) -> None:
    outbox.mark_ended(tx, message, "failed", error)
    people.mark_unreachable(tx, message.chat_id)
