"""The bot's rhythm: when the next message may go, to anybody and to one chat (docs/pushes.md)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from db import pace
from db.database import Database, DatabaseTrouble
from db.pace import Wanted

log = structlog.get_logger()

# A slot may be used late, and the next ones keep their time: by half an interval, and by a twentieth of a second where
# a thousand go in one. Yet in no second there are more than the pace.
_SLACK_AT_A_THOUSAND = 0.05
# No loop wakes up sooner.
_TICK = 0.005
# Several processes reserve so much of the time ahead at once.
_SLICE = 0.02
# Replies do not wait: pushes make room for them afterwards, for no longer than this.
_MOST_OWED = 1.0
_AGAIN_AFTER = 0.5
# Enough to read whether another process was told to wait.
_CHECKED_BEFORE = 0.01


class Pace:
    """Slots in time, so many a second, for one process or for all that share a database.

    rate 0: as fast as it goes, for a Telegram of one's own.
    """

    def __init__(self, rate: float, clock: Callable[[], int], shared: Database | None = None) -> None:
        self.rate = rate
        self._clock = clock  # epoch ms
        self._shared = shared
        self._interval = 1 / rate if rate else 0.0
        self._slack = max(self._interval / 2, _SLACK_AT_A_THOUSAND * rate / 1000)
        # Loop times
        self._next = 0.0
        # Of hundreds a second, a fiftieth is kept back: the line may bring some together.
        self._granted: deque[float] = deque(maxlen=max(1, int(rate) - int(rate) // 100 * 2))
        self._reserved: deque[float] = deque()
        self._owed = 0

    def room(self, seconds: float, least: int, most: int) -> int:
        """How many messages go in that time."""
        return max(least, min(most, int(self.rate * seconds))) if self.rate else most

    def charge(self) -> None:
        """A message went that did not wait for its slot."""
        if self.rate and self._owed * self._interval < _MOST_OWED:
            self._owed += 1

    async def slot(self, may_go: Callable[[], Awaitable[None]]) -> None:
        """Until the next message may go. To be awaited by one task at a time.

        may_go waits for whatever else must be; it is asked shortly before the slot, which it may let pass.
        """
        await may_go()
        while self.rate:
            at = await self._shared_slot(self._shared) if self._shared else self._own_slot()
            if len(self._granted) == self._granted.maxlen:
                at = max(at, self._granted[0] + 1)
            await _until(at - _CHECKED_BEFORE)
            await may_go()
            await _until(at)
            now = asyncio.get_running_loop().time()
            if now - at <= self._slack:
                self._granted.append(max(at, now - _TICK))
                return

    def _own_slot(self) -> float:
        now = asyncio.get_running_loop().time()
        # Late is who was held up; who had nothing to send has saved nothing up.
        idle = self._next < now - 2 * self._slack
        at = (now if idle else max(self._next, now - self._slack)) + self._owed * self._interval
        self._owed = 0
        self._next = at + self._interval
        return at

    async def _shared_slot(self, db: Database) -> float:
        while True:
            oldest = asyncio.get_running_loop().time() - self._slack
            while self._reserved:
                at = self._reserved.popleft()
                if at >= oldest:
                    return at
            await self._reserve(db)

    async def _reserve(self, db: Database) -> None:
        slots, owed, self._owed = max(1, int(self.rate * _SLICE)), self._owed, 0
        wanted = Wanted(slots, round(self._interval * 1e6), round(self._slack * 1e6), owed)
        try:
            first = await db.write(pace.reserve, wanted)
        except DatabaseTrouble as trouble:
            log.warning("pace_waits", trouble=type(trouble).__name__)
            self._owed = owed
            await asyncio.sleep(_AGAIN_AFTER)
            return
        begins = asyncio.get_running_loop().time() + first / 1e6 - self._clock() / 1e3
        self._reserved.extend(begins + number * self._interval for number in range(slots))


async def _until(at: float) -> None:
    left = at - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)


class Chats:
    """The pace of single chats: a message a second, in groups 18 a minute; replies to a person may burst.

    Times are the loop's. What other processes sent is told by `remember`.
    """

    _EVERY = 1.0
    _MINUTE = 60.0
    _IN_GROUPS = 18  # a minute; Telegram's own limit is 20
    _BURST = 20  # replies

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._sent: dict[int, deque[float]] = {}
        # When all that went to a chat would have gone at a message a second: so far ahead the burst is used up.
        self._worked_off: dict[int, float] = {}
        self._swept = 0.0

    def remember(self, chat_id: int, ages: list[float]) -> None:
        """It was sent something so many seconds ago, in the last minute; oldest first."""
        now = asyncio.get_running_loop().time()
        for age in ages:
            at, sent = now - age, self._sent.setdefault(chat_id, deque(maxlen=self._BURST))
            if not sent or sent[-1] < at - self._EVERY / 2:
                sent.append(at)
                self._use_up(chat_id, at)

    def sent(self, chat_id: int) -> None:
        """Something goes to it now."""
        if self._enabled:
            now = asyncio.get_running_loop().time()
            self._sweep(now)
            self._sent.setdefault(chat_id, deque(maxlen=self._BURST)).append(now)
            self._use_up(chat_id, now)

    def answered(self, chat_id: int) -> None:
        """What went to it has arrived: its rest counts from now."""
        if sent := self._sent.get(chat_id):
            sent[-1] = asyncio.get_running_loop().time()

    def free_at(self, chat_id: int) -> float:
        """When it may next be written to without having asked."""
        sent = self._sent.get(chat_id) if self._enabled else None
        if not sent:
            return 0.0
        return max(sent[-1] + self._EVERY, self._group_free_at(chat_id, sent))

    def replies_at(self, chat_id: int) -> float:
        """When a reply to it may go: at once while the burst lasts, then one a second; in groups as anything else."""
        sent = self._sent.get(chat_id) if self._enabled else None
        if not sent:
            return 0.0
        spared = self._worked_off.get(chat_id, 0.0) - (self._BURST - 1) * self._EVERY
        return max(spared, self._group_free_at(chat_id, sent))

    def _use_up(self, chat_id: int, at: float) -> None:
        self._worked_off[chat_id] = max(self._worked_off.get(chat_id, 0.0), at) + self._EVERY

    def _group_free_at(self, chat_id: int, sent: deque[float]) -> float:
        crowded = chat_id < 0 and len(sent) >= self._IN_GROUPS
        return sent[-self._IN_GROUPS] + self._MINUTE if crowded else 0.0

    def _sweep(self, now: float) -> None:
        """Forget the chats that were last written to more than a minute ago."""
        if now - self._swept > self._MINUTE:
            self._swept = now
            self._sent = {chat: sent for chat, sent in self._sent.items() if now - sent[-1] < self._MINUTE}
            self._worked_off = {chat: at for chat, at in self._worked_off.items() if at > now}


class Board:
    """Where all processes read that Telegram wants quiet; a process that starts anew reads it, too.

    watched: others may have hit the limit, so it is looked at again and again.
    """

    _FRESH = 0.03

    def __init__(self, db: Database, watched: bool) -> None:
        self._db = db
        self._watched = watched
        self._looked = float("-inf")

    async def post(self, seconds: float) -> None:
        """Telegram wants quiet for so long."""
        with suppress(DatabaseTrouble):
            await self._db.write(pace.close, round(seconds * 1000))

    async def look(self) -> float:
        """Seconds of quiet that others were told of; 0 if the last look is fresh."""
        now = asyncio.get_running_loop().time()
        if now - self._looked < self._FRESH if self._watched else self._looked > 0:
            return 0.0
        self._looked = now
        try:
            return await self._db.read(pace.quiet_left) / 1000
        except DatabaseTrouble:
            return 0.0
