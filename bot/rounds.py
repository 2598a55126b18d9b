"""The messages that wait for their slot: notices before pushes, at the bot's pace and at each chat's own."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import structlog

from actions import pushes
from bot.pace import Chats, Pace
from bot.postman import Postman
from db import outbox
from db.database import Database, DatabaseTrouble
from db.outbox import PACED, Queued

log = structlog.get_logger()

# What members want is looked at shortly before a push is sent, for so many messages as go in this time.
_AHEAD = 0.08
_MOST_AHEAD = 100
_LOOKED_AT = 64
# What was looked at longer ago, because Telegram wanted quiet meanwhile, is looked at again.
_FRESH = 2.0
# So much of the near future is kept in hand; pushes beyond it are claimed later, or by others.
_IN_HAND_FOR = 2.0
_MOST_IN_HAND = 1_024
_MOST_PER_CHAT = 4
# A chat that may not be written to for longer gives back what waits for it.
_PATIENCE = 3.0
_AGAIN_AFTER = 0.5
_LONGEST_REST = 60.0

Lane = tuple[int, int]  # rank and chat: within one, order is kept


class Rounds:
    """Takes what was claimed and sees it off by rank, one message of a chat at a time."""

    def __init__(
        self, db: Database, postman: Postman, pace: Pace, chats: Chats, clock: Callable[[], int], hungry: asyncio.Event
    ) -> None:
        self._db = db
        self._postman = postman
        self._gate = postman.delivery.api.gate
        self._pace = pace
        self._chats = chats
        self._clock = clock
        self._hungry = hungry  # set when there is room for what was left unclaimed
        self._more_is_due = False
        self._most_in_hand = pace.room(_IN_HAND_FOR, 32, _MOST_IN_HAND)
        self._lanes: dict[Lane, deque[Queued]] = {}
        self._count = 0
        self._busy: set[int] = set()  # chats
        self._free: list[tuple[int, int, Lane]] = []  # a heap: rank, age, lane
        self._offered: set[Lane] = set()
        self._resting: list[tuple[float, int]] = []  # a heap: until when (loop time), chat
        self._ages = count()
        self._ready: asyncio.Queue[tuple[Queued, float]] = asyncio.Queue(pace.room(_AHEAD, 2, _MOST_AHEAD))
        self._rung = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def in_hand(self) -> list[Queued]:
        """All that was taken and is not over."""
        return [message for lane in self._lanes.values() for message in lane]

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """Sendings under way."""
        return self._tasks

    @property
    def is_idle(self) -> bool:
        return not self._lanes and not self._tasks

    @property
    def room(self) -> int:
        """How many more may be claimed."""
        return self._most_in_hand - self._count

    def add(self, messages: Sequence[Queued], more_is_due: bool) -> None:
        """Take what was claimed, in its order."""
        self._more_is_due = more_is_due
        surplus = [message for message in messages if not self._take(message)]
        if surplus:
            self._give_back(surplus, _PATIENCE)
        self._rung.set()

    def _take(self, message: Queued) -> bool:
        """False if that chat has enough waiting."""
        lane: Lane = (message.rank, message.chat_id)
        queue = self._lanes.setdefault(lane, deque())
        if len(queue) >= _MOST_PER_CHAT:
            return False
        queue.append(message)
        self._count += 1
        self._offer(lane)
        return True

    def _offer(self, lane: Lane) -> None:
        """Its turn comes by rank and age, unless its chat is in use."""
        if lane in self._lanes and lane[1] not in self._busy and lane not in self._offered:
            self._offered.add(lane)
            heapq.heappush(self._free, (lane[0], next(self._ages), lane))

    def _offer_chat(self, chat_id: int) -> None:
        for rank in PACED:
            self._offer((rank, chat_id))

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_ahead())
            group.create_task(self._send_in_time())

    # What may be sent next

    async def _look_ahead(self) -> None:
        while True:
            await self._gate.passed()
            picked = self._pick()
            if not picked:
                await self._rest()
                continue
            try:
                found = await self._examined(picked)
            except DatabaseTrouble as trouble:
                log.warning("rounds_wait", trouble=type(trouble).__name__)
                await asyncio.sleep(_AGAIN_AFTER)
                self._put_back(picked)
            except Exception as error:
                # The leases run out, and whoever looks then begins anew: one row must not end all sending.
                log.error("pushes_not_examined", exc_info=error)
                self._drop(picked)
            else:
                await self._sort(picked, found)

    def _pick(self) -> list[Queued]:
        """The first of those lanes whose turn it is; their chats are in use from now on."""
        now, picked = asyncio.get_running_loop().time(), list[Queued]()
        while self._resting and self._resting[0][0] <= now:
            self._offer_chat(heapq.heappop(self._resting)[1])
        while self._free and len(picked) < _LOOKED_AT:
            lane = heapq.heappop(self._free)[2]
            self._offered.discard(lane)
            if lane in self._lanes and lane[1] not in self._busy and not self._must_rest(lane, now):
                self._busy.add(lane[1])
                picked.append(self._lanes[lane][0])
        return picked

    def _must_rest(self, lane: Lane, now: float) -> bool:
        free_at = self._chats.free_at(lane[1])
        if free_at <= now:
            return False
        if free_at - now > _PATIENCE:
            self._give_back(self._without(lane), free_at - now)
        else:
            heapq.heappush(self._resting, (free_at, lane[1]))
        return True

    async def _rest(self) -> None:
        """Until something is added or over, or a chat has rested."""
        now = asyncio.get_running_loop().time()
        left = self._resting[0][0] - now if self._resting else _LONGEST_REST
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, left)):
                await self._rung.wait()
        self._rung.clear()

    async def _examined(self, picked: list[Queued]) -> pushes.Examined:
        room = max(1, self._ready.maxsize - self._ready.qsize())
        if not any(message.topic or message.is_promotion for message in picked):
            return pushes.Examined(picked[:room], [])
        return await self._db.write(pushes.examine, picked, room)

    async def _sort(self, picked: list[Queued], found: pushes.Examined) -> None:
        seen = {message.id for message in (*found.welcome, *found.others)}
        self._drop(found.others)
        self._put_back(message for message in picked if message.id not in seen)
        now = asyncio.get_running_loop().time()
        for message in found.welcome:
            await self._ready.put((message, now))

    # What is sent now

    async def _send_in_time(self) -> None:
        while True:
            message, looked_at = await self._ready.get()
            await self._pace.slot(self._gate.passed)
            if asyncio.get_running_loop().time() - looked_at > _FRESH + 4 / (self._pace.rate or 1_000):
                self._put_back([message])
            else:
                self._begin(self._send(message))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, message: Queued) -> None:
        lane: Lane = (message.rank, message.chat_id)
        self._chats.sent(message.chat_id)
        try:
            goes_on = await self._postman.send(message)
            self._chats.answered(message.chat_id)
            while not goes_on and len(self._lanes[lane]) > 1:
                # The first of these was put off: those behind it wait for it.
                behind = list(self._lanes[lane])[1:]
                await self._postman.record(outbox.release, behind)
                for _ in behind:
                    del self._lanes[lane][1]
                    self._count -= 1
        except Exception as error:
            # The leases run out, and whoever looks then begins anew: the chat must not be silent for ever.
            log.error("chat_left", exc_info=error)
            self._without(lane)
            self._drop([message])
        else:
            self._drop([message])

    # The lanes

    def _drop(self, messages: Iterable[Queued]) -> None:
        """These are over, one way or the other: their chats are free for what is next."""
        for message in messages:
            lane: Lane = (message.rank, message.chat_id)
            if lane in self._lanes:
                self._lanes[lane].popleft()
                self._count -= 1
                if not self._lanes[lane]:
                    del self._lanes[lane]
            self._busy.discard(message.chat_id)
            self._offer_chat(message.chat_id)
        self._rung.set()
        if self._more_is_due and self.room > self._most_in_hand // 2:
            self._more_is_due = False
            self._hungry.set()

    def _put_back(self, messages: Iterable[Queued]) -> None:
        """These have not had their turn."""
        for message in messages:
            self._busy.discard(message.chat_id)
            self._offer_chat(message.chat_id)
        self._rung.set()

    def _without(self, lane: Lane) -> list[Queued]:
        taken = list(self._lanes.pop(lane, ()))
        self._count -= len(taken)
        return taken

    def _give_back(self, messages: list[Queued], seconds: float) -> None:
        """To be claimed again, by anybody, after that time."""
        due_at = self._clock() + round(seconds * 1000)
        self._begin(self._postman.record(outbox.release, messages, due_at))
