"""How long an answer takes at 50 updates a second, from the person's sending to the bot's answering."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from benchmarks import shops
from benchmarks.processes import running
from benchmarks.results import Effort, Figure, Outcome, at_most_more
from benchmarks.telegram import FIRST_USER, Telegram, telegram

RATE = 50.0
_SECONDS = 8.0
_CLERKS, _MEMBERS = 100, 100
_ALLOWED_MS = 25.0


async def measure(effort: Effort) -> Outcome:
    async with contextlib.AsyncExitStack() as stack:
        echo = await _start(stack, "benchmarks.bots.ptb_echo", (), {})
        bot = await _start(stack, "bot", ("run",), await _shop(stack))
        figures: dict[str, Figure] = {}
        count = effort.of(round(RATE * _SECONDS), least=20)
        for _ in range(effort.runs):
            for name, side, texts in (
                ("PTB echo", echo, ["/points"] * count),
                ("/points", bot, ["/points"] * count),
                ("purchase", bot, [_purchase(number) for number in range(count)]),
            ):
                _note(figures, name, await side.paced(texts, RATE, _CLERKS))
    targets = [at_most_more(_ALLOWED_MS, figures[f"{name}, p95"], figures["PTB echo, p95"]) for name in _OURS]
    return Outcome("latency", __doc__ or "", list(figures.values()), targets)


_OURS = ("/points", "purchase")


async def _shop(stack: contextlib.AsyncExitStack) -> dict[str, str]:
    """The first people on Telegram are clerks and members, the others members who buy and get receipts."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
    async with shops.opened(folder) as db:
        await shops.founded(db, _CLERKS + _MEMBERS, range(FIRST_USER, FIRST_USER + _CLERKS))
    return shops.environment(folder)


async def _start(
    stack: contextlib.AsyncExitStack, module: str, args: tuple[str, ...], extra: Mapping[str, str]
) -> Telegram:
    side, url = await stack.enter_async_context(telegram(_CLERKS + _MEMBERS))
    await stack.enter_async_context(running(module, url, *args, extra=extra))
    await side.closed_loop("/points", 1.0, 8)
    return side


def _purchase(number: int) -> str:
    buyer = shops.phone(_CLERKS + number % _MEMBERS)
    return f"/purchase {buyer} {10 + number % 90}.50"


def _note(figures: dict[str, Figure], name: str, latencies: Sequence[float]) -> None:
    cuts = quantiles(latencies, n=20)
    for label, seconds in (("p50", cuts[9]), ("p95", cuts[18])):
        whole = f"{name}, {label}"
        figures.setdefault(whole, Figure(whole, "ms")).samples.append(seconds * 1000)
