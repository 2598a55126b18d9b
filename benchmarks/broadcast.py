"""A broadcast of rendered pushes, each looked at, claimed, sent and written down: at 28 a second, and at 1,000 a second
with a Telegram that takes 50 ms. Beside it bare libraries that send a fixed text and note nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import broadcasts, shops
from benchmarks.broadcasts import Arrivals, cpu_seconds
from benchmarks.processes import running
from benchmarks.results import Effort, Figure, Outcome, Target, at_least, at_most, within
from benchmarks.telegram import telegram

# The whole 3,000 at 28/s take 107 s a round: a tenth of them says the same of pace and windows. Of the bare libraries
# this is also the most, whatever the share: a `gather` of 6,000 has PTB at a standstill for longer than anybody waits.
SLOW, FAST, BARE = 300, 3_000, 600
_SLOW_PACE, _FAST_PACE = 28, 1_000
_TAKES_MS = 50
_FULLEST = 1.04
_BARE_BOTS = {"PTB, gather and AIORateLimiter": "ptb_broadcast", "aiogram, gather and a semaphore": "aiogram_broadcast"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One broadcast: messages a second, the most in any second, and milliseconds of CPU for each."""

    rate: float
    fullest: int
    cpu: float


async def measure(effort: Effort) -> Outcome:
    figures: dict[str, Figure] = {}
    slow, fast, bare = counts(effort)
    with TemporaryDirectory(prefix="bench-") as folder:
        await broadcasts.queued(Path(folder, "slow"), 0, slow)
        await broadcasts.queued(Path(folder, "fast"), 0, fast)
        for _ in range(effort.runs):
            for name, pace, count in (("slow", _SLOW_PACE, slow), ("fast", _FAST_PACE, fast)):
                _note(figures, f"at {pace}/s", await _ours(Path(folder, name), pace, count), pace)
            for name, module in _BARE_BOTS.items():
                _note(figures, name, await _bare(module, bare), 0)
    return Outcome("broadcast", __doc__ or "", list(figures.values()), _targets(figures))


def counts(effort: Effort) -> tuple[int, int, int]:
    """How many messages: at the slow pace, at the fast one, and of the bare libraries."""
    return effort.of(SLOW, least=30), effort.of(FAST, least=30), min(BARE, effort.of(BARE, least=30))


async def _ours(template: Path, pace: int, count: int) -> Sent:
    with TemporaryDirectory(prefix="bench-") as copy:
        folder = Path(copy, "shop")
        shutil.copytree(template, folder)
        settings = {**shops.environment(folder), "PACE": str(pace), "PAID_BROADCASTS": "on"}
        return await _sent("bot", count, _TAKES_MS if pace == _FAST_PACE else 0, settings, "run")


async def _bare(module: str, count: int) -> Sent:
    return await _sent(f"benchmarks.bots.{module}", count, _TAKES_MS, {"COUNT": str(count)})


async def _sent(module: str, count: int, takes_ms: int, settings: Mapping[str, str], *args: str) -> Sent:
    async with telegram(count) as (side, url):
        arrivals = Arrivals(count)
        arrivals.watch(side)
        if takes_ms:
            side.world.faults.add("slow", method="sendMessage", times=0, delay_ms=takes_ms)
        async with running(module, url, *args, extra=settings) as bot:
            before, already = cpu_seconds(bot), len(arrivals.at)
            await arrivals.complete()
            cpu = (cpu_seconds(bot) - before) / max(1, count - already)
    return Sent(arrivals.rate, arrivals.fullest_second, cpu * 1000)


def _note(figures: dict[str, Figure], name: str, sent: Sent, pace: int) -> None:
    samples = [(f"{name}, rate", "/s", sent.rate), (f"{name}, CPU per message", "ms", sent.cpu)]
    if pace:
        samples += [
            (f"{name}, the pace", "/s", float(pace)),
            (f"{name}, fullest second", "messages", float(sent.fullest)),
        ]
    for label, unit, sample in samples:
        figures.setdefault(label, Figure(label, unit)).samples.append(sample)


def _targets(figures: dict[str, Figure]) -> list[Target]:
    slow, fast, ptb = f"at {_SLOW_PACE}/s", f"at {_FAST_PACE}/s", next(iter(_BARE_BOTS))
    return [
        at_least(0.98, figures[f"{slow}, rate"], figures[f"{slow}, the pace"]),
        at_least(0.95, figures[f"{fast}, rate"], figures[f"{fast}, the pace"]),
        at_most(_FULLEST, figures[f"{slow}, fullest second"], figures[f"{slow}, the pace"]),
        at_most(_FULLEST, figures[f"{fast}, fullest second"], figures[f"{fast}, the pace"]),
        within(1.0, figures[f"{fast}, CPU per message"]),
        at_most(0.2, figures[f"{fast}, CPU per message"], figures[f"{ptb}, CPU per message"]),
    ]
