"""How long an answer takes while a broadcast to 100,000 is being sent at 28 a second, and when nothing else is done."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from benchmarks import broadcasts, shops
from benchmarks.processes import running
from benchmarks.queue import fill
from benchmarks.results import Effort, Figure, Outcome, at_most
from benchmarks.telegram import Telegram, telegram

WAITING = 100_000
_PACE = "28"
_RATE = 10.0
_SECONDS = 12.0
_WRITERS = 100
# So many of them are members whose messages can be sent; more than go in all rounds.
_RECEIVERS = 3_000
_ALLOWED = 2.0


async def measure(effort: Effort) -> Outcome:
    idle, busy = Figure("nothing else, p95", "ms"), Figure("during the broadcast, p95", "ms")
    idle_median, busy_median = Figure("nothing else, p50", "ms"), Figure("during the broadcast, p50", "ms")
    questions = ["/points"] * effort.of(round(_RATE * _SECONDS), least=20)
    async with contextlib.AsyncExitStack() as stack:
        quiet = await _start(stack, effort, waiting=0)
        crowded = await _start(stack, effort, waiting=effort.of(WAITING, least=100))
        for _ in range(effort.runs):
            _note(idle_median, idle, await quiet.paced(questions, _RATE, _WRITERS))
            _note(busy_median, busy, await crowded.paced(questions, _RATE, _WRITERS))
    return Outcome("overtake", __doc__ or "", [idle_median, idle, busy_median, busy], [at_most(_ALLOWED, busy, idle)])


async def _start(stack: contextlib.AsyncExitStack, effort: Effort, waiting: int) -> Telegram:
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
    receivers = effort.of(_RECEIVERS, least=300)
    await broadcasts.queued(folder, _WRITERS, receivers if waiting else 0)
    async with shops.opened(folder) as db:
        await db.write(fill, 0, waiting)
    side, url = await stack.enter_async_context(telegram(_WRITERS + receivers))
    await stack.enter_async_context(running("bot", url, "run", extra={**shops.environment(folder), "PACE": _PACE}))
    await side.paced(["/points"] * 2 * _WRITERS, 4 * _RATE, _WRITERS)
    return side


def _note(middle: Figure, slow: Figure, latencies: Sequence[float]) -> None:
    cuts = quantiles(latencies, n=20)
    middle.samples.append(cuts[9] * 1000)
    slow.samples.append(cuts[18] * 1000)
