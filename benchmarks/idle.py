"""From the start of the process to `event=ready`, and its memory when nothing happens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import shops
from benchmarks.processes import running
from benchmarks.results import Effort, Figure, Outcome, at_most_more
from benchmarks.telegram import telegram

_REST = 3.0
_ALLOWED_SECONDS, _ALLOWED_MB = 0.8, 60.0


async def measure(effort: Effort) -> Outcome:
    bare, bot = Figure("bare PTB bot, start", "s"), Figure("the bot, start", "s")
    bare_memory, bot_memory = Figure("bare PTB bot, memory", "MB"), Figure("the bot, memory", "MB")
    first, first_memory = Figure("the bot, first start", "s"), Figure("the bot, memory after a first start", "MB")
    rest = effort.seconds(_REST)
    await _start("benchmarks.bots.ptb_echo", (), {}, 0)
    for _ in range(effort.runs):
        with TemporaryDirectory(prefix="bench-") as folder:
            _note(bare, bare_memory, await _start("benchmarks.bots.ptb_echo", (), {}, rest))
            settings = shops.environment(Path(folder))
            _note(first, first_memory, await _start("bot", ("run",), settings, rest))
            _note(bot, bot_memory, await _start("bot", ("run",), settings, rest))
    targets = [at_most_more(_ALLOWED_SECONDS, bot, bare), at_most_more(_ALLOWED_MB, bot_memory, bare_memory)]
    figures = [bot, bare, first, bot_memory, bare_memory, first_memory]
    return Outcome("idle", __doc__ or "", figures, targets)


async def _start(module: str, args: tuple[str, ...], settings: Mapping[str, str], rest: float) -> tuple[float, float]:
    """Seconds to the start, and megabytes after some rest."""
    async with telegram(0) as (_, url), running(module, url, *args, extra=settings) as bot:
        await asyncio.sleep(rest)
        return bot.started_in, bot.memory / 1e6


def _note(start: Figure, memory: Figure, measured: tuple[float, float]) -> None:
    start.samples.append(measured[0])
    memory.samples.append(measured[1])
