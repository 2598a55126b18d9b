"""Pushes queued for many members, and what Telegram's side sees of their being sent."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from actions import pushes
from benchmarks import shops
from benchmarks.processes import Running
from benchmarks.telegram import Telegram
from db.database import Tx
from loyalty.charter import DEFAULT_CHARTER
from loyalty.messages import Say
from simulator.wire import Json

_TOGETHER = 500
_SILENCE = 20.0
_HOUR_MS = 3_600_000


async def queued(folder: Path, silent: int, receivers: int) -> None:
    """An installation with so many members for whom nothing waits, and so many with a promotion waiting for each.

    Nobody has quiet hours.
    """
    night = DEFAULT_CHARTER.replace('begins = "21:00"\nends = "09:00"', 'begins = "03:00"\nends = "03:00"')
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - nothing else is going on yet
    (folder / "charter.toml").write_text(night, encoding="utf-8")
    async with shops.opened(folder) as db:
        await shops.founded(db, silent)
        for first in range(silent, silent + receivers, _TOGETHER):
            await db.write(_join_and_queue, range(first, min(first + _TOGETHER, silent + receivers)))


def _join_and_queue(tx: Tx, numbers: range) -> None:
    for number in numbers:
        push(tx, shops.join(tx, number), number)


def push(tx: Tx, member_id: int, number: int) -> None:
    """One like those that are sent most: some words, a present with a date, a balance."""
    name = {"zh_Hans": "生日 20 元券", "zh_Hant": "生日 20 元券", "en": "20 off"}
    present = {"name": name, "until": tx.now + 240 * _HOUR_MS, "minimum": 0}
    told = {"name": f"Member {number}", "last_at": tx.now, "balance": 320, "present": present}
    pushes.push(tx, member_id, "tips", Say("winback_missed", told), f"bench:{number}", tx.now + _HOUR_MS)


@dataclass
class Arrivals:
    """When messages reached Telegram's side (seconds)."""

    count: int
    at: list[float] = field(default_factory=list)
    _all: asyncio.Event = field(default_factory=asyncio.Event)

    def watch(self, side: Telegram) -> None:
        # Where arrivals are timed, nothing may pause for a collection.
        gc.collect()
        gc.freeze()
        side.world.on_call = self._called

    def _called(self, entry: Json) -> None:
        if entry["method"].startswith("send") and entry["status"] == 200:
            self.at.append(entry["monotonic"])
            if len(self.at) == self.count:
                self._all.set()

    async def complete(self) -> None:
        """Until all have come."""
        while not self._all.is_set():
            seen = len(self.at)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all.wait(), _SILENCE)
            if len(self.at) == seen and seen < self.count:
                raise RuntimeError(f"only {seen} of {self.count} messages came")

    @property
    def rate(self) -> float:
        """Messages a second, from the first to the last."""
        return (len(self.at) - 1) / (max(self.at) - min(self.at))

    @property
    def fullest_second(self) -> int:
        """The most that came in any second."""
        window: deque[float] = deque()
        fullest = 0
        for at in sorted(self.at):
            window.append(at)
            while window[0] <= at - 1:
                window.popleft()
            fullest = max(fullest, len(window))
        return fullest


def cpu_seconds(bot: Running) -> float:
    """What the process has used so far."""
    used = psutil.Process(bot.process.pid).cpu_times()
    return float(used.user + used.system)
