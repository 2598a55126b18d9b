"""How many `/points` of real members a second, end to end over loopback HTTP: stored, committed, answered."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import postgres, shops
from benchmarks.processes import running, webhook_environment
from benchmarks.results import Effort, Figure, Outcome, at_least
from benchmarks.telegram import Telegram, telegram

MANY, FEW = 256, 32
_SECONDS = 4.0
_PTB, _AIOGRAM = "benchmarks.bots.ptb_echo", "benchmarks.bots.aiogram_echo"


@dataclass(frozen=True, slots=True)
class Contender:
    """A bot, and how it is driven."""

    name: str
    module: str
    args: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    text: str = "/points"
    at_once: tuple[int, ...] = (MANY,)


async def measure(effort: Effort) -> Outcome:
    async with contextlib.AsyncExitStack() as stack:
        contenders = await _contenders(stack)
        started = [(contender, await _start(stack, contender)) for contender in contenders]
        figures: dict[str, Figure] = {}
        for _ in range(effort.runs):
            for contender, side in started:
                for at_once in contender.at_once:
                    name = f"{contender.name}, {at_once} at once"
                    rate = await side.closed_loop(contender.text, effort.seconds(_SECONDS), at_once)
                    figures.setdefault(name, Figure(name, "/s")).samples.append(rate)
    return _outcome(figures)


async def _contenders(stack: contextlib.AsyncExitStack) -> list[Contender]:
    polling, webhook = await _shop(stack), {**await _shop(stack), **webhook_environment()}
    contenders = [
        Contender("/points, polling", "bot", ("run",), polling, at_once=(MANY, FEW)),
        Contender("PTB echo as it comes", _PTB),
        Contender("/points, webhook", "bot", ("run",), webhook, at_once=(MANY, FEW)),
        Contender("PTB echo on our transport", _PTB, extra={"TRANSPORT": "aiohttp"}),
        Contender("aiogram echo", _AIOGRAM),
    ]
    server = stack.enter_context(postgres.server())
    on_postgres = await _shop(stack, server.new_database())
    return [*contenders, Contender("/points, polling, PostgreSQL", "bot", ("run",), on_postgres)]


async def _shop(stack: contextlib.AsyncExitStack, database_url: str = "") -> dict[str, str]:
    """Settings of an installation with members."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
    async with shops.opened(folder, database_url) as db:
        await shops.founded(db, MANY)
    return shops.environment(folder, database_url)


async def _start(stack: contextlib.AsyncExitStack, contender: Contender) -> Telegram:
    side, url = await stack.enter_async_context(telegram(MANY))
    await stack.enter_async_context(running(contender.module, url, *contender.args, extra=contender.extra))
    await side.closed_loop(contender.text, 1.0, FEW)
    return side


def _outcome(figures: dict[str, Figure]) -> Outcome:
    ptb, own = figures[f"PTB echo as it comes, {MANY} at once"], figures[f"PTB echo on our transport, {MANY} at once"]
    aiogram = figures[f"aiogram echo, {MANY} at once"]
    targets = []
    for mode in ("polling", "webhook"):
        points, few = figures[f"/points, {mode}, {MANY} at once"], figures[f"/points, {mode}, {FEW} at once"]
        targets += [at_least(3, points, ptb), at_least(1, points, aiogram), at_least(0.4, points, own)]
        targets += [at_least(0.8, points, few)]
    return Outcome("updates", __doc__ or "", list(figures.values()), targets)
