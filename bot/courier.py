"""Sends what is in the outbox: in order per chat, at least once, never while Telegram asked for quiet (DESIGN §6).

Replies go at once; what comes of the bot's own accord makes its rounds at the bot's pace (bot/rounds.py).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

import structlog

from bot.delivery import Delivery
from bot.pace import Chats, Pace
from bot.postman import Postman, is_made
from bot.rounds import Rounds
from bot.updates import Input
from db import outbox
from db.database import Database, DatabaseTrouble, Tx
from db.outbox import REPLY, Queued

log = structlog.get_logger()

_TEXTS_AT_ONCE = 256
_MOST_IN_HAND = 4_096
_CLAIM = 200
# With fewer chats in hand than this, what else is due is claimed without waiting for the next look.
_CLAIM_BELOW = _TEXTS_AT_ONCE // 4
_LOOK_EVERY = 0.25
_RENEW_EVERY = outbox.LEASE_MS / 3_000
_APOLOGISE_EVERY = 60.0


class Courier:
    """Sends this process's messages, and those nobody else is sending."""

    def __init__(
        self, db: Database, delivery: Delivery, holder: int, clock: Callable[[], int], pace: Pace | None = None
    ) -> None:
        self.holder = holder
        self._db = db
        self._delivery = delivery
        self._clock = clock
        self._pace = pace or Pace(0, clock)
        self._paced_chats = Chats(enabled=self._pace.rate > 0)
        self._awake = asyncio.Event()
        self._postman = Postman(db, delivery, clock)
        self._rounds = Rounds(db, self._postman, self._pace, self._paced_chats, clock, self._awake)
        self._chats: dict[int, deque[Queued]] = {}  # replies
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = delivery.api.gate
        self._more_is_due = False
        # Loop times
        self._renewed = 0.0
        self._apologised: dict[int, float] = {}
        self._closing = False

    @property
    def in_hand(self) -> int:
        """Messages claimed and not finished."""
        return len(self._replies_in_hand()) + len(self._rounds.in_hand)

    @property
    def is_idle(self) -> bool:
        """Nothing in hand, nor anything of what is done besides."""
        return not self._tasks and self._rounds.is_idle

    def send(self, messages: Iterable[Queued]) -> None:
        """Send replies that were leased to this process as they were posted.

        One that was posted while an earlier message to its chat was being put off must not overtake that.
        """
        for message in messages:
            if self._postman.has_put_off(message.chat_id):
                self.do_besides(self._postman.record(outbox.release, [message]))
            else:
                self._queue(message)

    def do_besides(self, work: Coroutine[Any, Any, None]) -> None:
        """A courtesy nobody waits for; it handles its own failures."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _queue(self, message: Queued) -> None:
        queue = self._chats.setdefault(message.chat_id, deque())
        queue.append(message)
        if len(queue) == 1:
            self.do_besides(self._drain(message.chat_id, queue))

    def wake(self) -> None:
        """There is something to claim."""
        self._awake.set()

    async def run(self) -> None:
        """Claim what is due, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._claim_on())
            group.create_task(self._rounds.run())

    async def _claim_on(self) -> None:
        while True:
            try:
                await self._renew()
                await self._claim()
            except DatabaseTrouble as trouble:
                log.warning("courier_waits", trouble=type(trouble).__name__)
                await asyncio.sleep(1)
            except Exception as error:
                # One row, or one mistake, must not end all sending.
                log.error("claim_failed", exc_info=error)
                await asyncio.sleep(1)
            # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._awake.wait()
            self._awake.clear()

    async def close(self) -> None:
        """Finish the messages that are on the wire; the others are left to the next start or a sibling."""
        self._closing = True
        if tasks := [*self._tasks, *self._rounds.tasks]:
            await asyncio.wait(tasks, timeout=0.7)
        tasks = [*self._tasks, *self._rounds.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # If that fails, the leases run out by themselves.
        with contextlib.suppress(DatabaseTrouble, TimeoutError):
            async with asyncio.timeout(0.3):
                await self._db.write(_leave, self._all_in_hand(), self._postman.on_the_wire)

    def _all_in_hand(self) -> list[Queued]:
        return [*self._replies_in_hand(), *self._rounds.in_hand]

    def _replies_in_hand(self) -> list[Queued]:
        return [message for queue in self._chats.values() for message in queue]

    def apologise(self, inputs: Sequence[Input]) -> None:
        """Say at once, past the outbox, that the answer will be late: once a minute per chat at most."""
        now = asyncio.get_running_loop().time()
        if self._gate.quiet_for > 0:
            return
        self._apologised = {chat: at for chat, at in self._apologised.items() if now - at < _APOLOGISE_EVERY}
        for given in inputs:
            if given.private and given.chat_id and given.chat_id not in self._apologised:
                self._apologised[given.chat_id] = now
                self.do_besides(self._delivery.apologise(given.chat_id, given.language))

    def answer_press(self, press_id: str) -> None:
        """Stop the pressed button's spinner, at once and past the outbox."""
        self.do_besides(self._delivery.answer_press(press_id))

    async def _renew(self) -> None:
        """Whatever holds messages up here, a flood wait or a slow line, nobody else may send them as well."""
        now = asyncio.get_running_loop().time()
        if now - self._renewed > _RENEW_EVERY and (held := self._all_in_hand()):
            await self._db.write(outbox.renew, held)
            self._renewed = now

    async def _claim(self) -> None:
        replies, paced = self._reply_room(), self._rounds.room
        if self._closing or replies + paced <= 0 or self._gate.quiet_for > 0 or not await self._db.read(outbox.has_due):
            return
        claimed = await self._db.write(outbox.claim, self.holder, replies, paced)
        mine = [message for message in claimed if message.rank == REPLY]
        others = [message for message in claimed if message.rank != REPLY]
        self._more_is_due = len(mine) == replies
        for message in claimed:
            # What is claimed comes after whatever waited before it.
            self._postman.forget_put_off(message.chat_id)
            self._paced_chats.remember(message.chat_id, [(self._clock() - at) / 1000 for at in message.recent])
        for message in mine:
            self._queue(message)
        self._rounds.add(others, more_is_due=len(others) == paced)

    def _reply_room(self) -> int:
        held = self._replies_in_hand()
        texts = sum(not is_made(message) for message in held)
        return 0 if texts >= _TEXTS_AT_ONCE or len(held) >= _MOST_IN_HAND else _CLAIM

    async def _drain(self, chat_id: int, queue: deque[Queued]) -> None:
        try:
            while queue and not self._closing:
                goes_on = await self._reply(queue[0])
                if not goes_on:
                    await self._give_back(queue)
                queue.popleft()
        except Exception as error:
            # The leases run out, and whoever looks then begins anew: the chat must not be silent for ever.
            log.error("chat_left", exc_info=error)
            queue.clear()
        if not queue:
            del self._chats[chat_id]
            if self._more_is_due and len(self._chats) < _CLAIM_BELOW:
                self._more_is_due = False
                self.wake()

    async def _reply(self, message: Queued) -> bool:
        """Past the rounds, which make room for it afterwards."""
        late = self._paced_chats.replies_at(message.chat_id) - asyncio.get_running_loop().time()
        if late > 0:
            await asyncio.sleep(late)
        await self._gate.passed()
        self._pace.charge()
        self._paced_chats.sent(message.chat_id)
        return await self._postman.send(message)

    async def _give_back(self, queue: deque[Queued]) -> None:
        """The first of these was put off: those behind it wait for it, also those that come while they are told so."""
        while len(queue) > 1:
            behind = list(queue)[1:]
            await self._postman.record(outbox.release, behind)
            for _ in behind:
                del queue[1]


def _leave(tx: Tx, held: list[Queued], on_the_wire: list[Queued]) -> None:
    """To others; but not the promotions of which nobody can tell whether they arrived."""
    for message in on_the_wire:
        outbox.mark_ended(tx, message, "unknown", "Stopped")
    outbox.release(tx, held)
