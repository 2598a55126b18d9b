"""Sends what is in the outbox: in order per chat, at least once, never while Telegram asked for quiet (DESIGN §6)."""

from __future__ import annotations

import asyncio
import contextlib
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
from loyalty.messages import Say

log = structlog.get_logger()

_SIDE_BY_SIDE = 256
_CLAIM = 200
_LOOK_EVERY = 0.25
_RENEW_EVERY = outbox.LEASE_MS / 3_000
_RECORD_AGAIN_AFTER = 0.5
_APOLOGISE_EVERY = 60.0
# No longer than this after Telegram is back does a message wait that it did not take before.
_LONGEST_WAIT_MS = 5_000
# Said in place of a message that could not be said, so never in their own place.
_APOLOGIES = ("update_given_up", "update_dead")


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
        self._renewed = 0.0  # loop time
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
                await self._renew()
                await self._claim()
            except DatabaseTrouble as trouble:
                log.warning("courier_waits", trouble=type(trouble).__name__)
                await asyncio.sleep(1)
            try:
                # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._awake.wait()
            except TimeoutError:
                pass
            self._awake.clear()

    async def close(self) -> None:
        """Finish the messages that are on the wire; the others are left to the next start or a sibling."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # If that fails, the leases run out by themselves.
        with contextlib.suppress(DatabaseTrouble, TimeoutError):
            async with asyncio.timeout(0.5):
                await self._db.write(outbox.release, self._all_in_hand())

    def _all_in_hand(self) -> list[Queued]:
        return [message for queue in self._chats.values() for message in queue]

    def apologise(self, inputs: Sequence[Input]) -> None:
        """Say at once, past the outbox, that the answer will be late: once a minute per chat at most."""
        now = asyncio.get_running_loop().time()
        if self._is_quiet():
            return
        self._apologised = {chat: at for chat, at in self._apologised.items() if now - at < _APOLOGISE_EVERY}
        for given in inputs:
            if given.private and given.chat_id and given.chat_id not in self._apologised:
                self._apologised[given.chat_id] = now
                self._spawn(self._delivery.apologise(given.chat_id, given.language))

    def answer_press(self, press_id: str) -> None:
        """Stop the pressed button's spinner, at once and past the outbox."""
        self._spawn(self._answer_press(press_id))

    async def _answer_press(self, press_id: str) -> None:
        await self._keep_quiet()
        await self._delivery.answer_press(press_id)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _renew(self) -> None:
        """Whatever holds messages up here, a flood wait or a slow line, nobody else may send them as well."""
        now = asyncio.get_running_loop().time()
        if self._chats and now - self._renewed > _RENEW_EVERY:
            await self._db.write(outbox.renew, self._all_in_hand())
            self._renewed = now

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
            queue.popleft()
        if not queue:
            del self._chats[chat_id]

    async def _give_back(self, queue: deque[Queued]) -> None:
        """The first of these was put off: those behind it wait for it, also those that come while they are told so."""
        while len(queue) > 1:
            behind = list(queue)[1:]
            await self._record(outbox.release, behind)
            for _ in behind:
                del queue[1]

    async def _send_one(self, message: Queued) -> bool:
        """True if the next may follow, False if this one has to be sent first and was put off."""
        await self._keep_quiet()
        if not message.reader.reachable:
            await self._record(outbox.mark_ended, message, "failed", "unreachable")
            return True
        try:
            sent = await self._delivery.deliver(message)
        except RetryAfter as told:
            return await self._told_to_wait(message, told)
        except Forbidden as error:
            await self._record(_unreachable, message, str(error))
            return False
        except Gone as error:
            await self._record(outbox.mark_ended, message, "failed", str(error))
        except BadRequest as error:
            log.error("message_refused", message=message.id, template=message.body["template"], error=str(error))
            await self._record(_unsaid, message, str(error))
        except NetworkError as error:
            return await self._doubtful(message, error)
        except (TelegramError, DatabaseTrouble) as error:
            return await self._put_off(message, _LONGEST_WAIT_MS, type(error).__name__)
        except Exception as error:
            # One that can't be drawn must not stop those behind it.
            log.error("message_unsendable", message=message.id, template=message.body["template"], exc_info=error)
            await self._record(_unsaid, message, type(error).__name__)
        else:
            await self._record(outbox.mark_sent, message, sent)
        return True

    async def _keep_quiet(self) -> None:
        """Nobody sends before the time Telegram named (429)."""
        loop = asyncio.get_running_loop()
        while (left := self._quiet_until - loop.time()) > 0:  # noqa: ASYNC110 - the time to wait for may move on
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
        return await self._put_off(message, min(500 * 2**message.attempts, _LONGEST_WAIT_MS), type(error).__name__)

    async def _put_off(self, message: Queued, wait_ms: int, error: str) -> bool:
        await self._record(outbox.postpone, message, self._clock() + wait_ms, error)
        return False

    async def _record(self, change: Callable[..., object], *args: object) -> None:
        """Write down what became of a message, as often as it takes: else it would be sent again."""
        while True:
            try:
                await self._db.write(change, *args)
                return
            except DatabaseTrouble as trouble:
                log.warning("outcome_not_recorded", trouble=type(trouble).__name__)
                await asyncio.sleep(_RECORD_AGAIN_AFTER)


def _unreachable(tx: Tx, message: Queued, error: str) -> None:
    """They blocked the bot: nothing is tried again until they write."""
    outbox.give_up_chat(tx, message.chat_id, error)
    people.mark_unreachable(tx, message.chat_id)


def _unsaid(tx: Tx, message: Queued, error: str) -> None:
    """A fault of ours in its words or its picture: apologise with a reference, which the log has too."""
    if outbox.mark_ended(tx, message, "failed", error) and message.body["template"] not in _APOLOGIES:
        outbox.post(tx, Say("update_given_up", {"reference": f"m{message.id}"}, to=message.chat_id))
