"""How many `/points` of real members a second, end to end over loopback HTTP: stored, committed, answered."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import postgres, shops
from benchmarks.processes import running, webhook_environment
from benchmarks.results import Effort, Figure, Outcome, Target, at_least
from benchmarks.telegram import Telegram, telegram
from db import outbox

MANY, FEW = 256, 32
_SECONDS = 4.0
_WARM_UP = 0.01  # seconds for each person
_NOBODY, _RECEIPTS = 1, 500
POLLING, WEBHOOK = "/points, polling", "/points, webhook"
PTB, TRANSPORT, AIOGRAM = "PTB echo as it comes", "PTB echo on our transport", "aiogram echo"


@dataclass(frozen=True, slots=True)
class Contender:
    """A bot, and how it is started."""

    name: str
    module: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        return self.module == "bot"


async def measure(effort: Effort) -> Outcome:
    many, few = effort.of(MANY, least=8), effort.of(FEW, least=4)
    async with contextlib.AsyncExitStack() as stack:
        started = [(one, await _start(stack, one, many)) for one in await _contenders(stack, many)]
        figures: dict[tuple[str, int], Figure] = {}
        for _ in range(effort.runs):
            for contender, side in started:
                for at_once in (many, few) if contender.is_ours else (many,):
                    figure = Figure(f"{contender.name}, {at_once} at once", "/s")
                    rate = await side.closed_loop("/points", effort.seconds(_SECONDS), at_once)
                    figures.setdefault((contender.name, at_once), figure).samples.append(rate)
    return Outcome("updates", __doc__ or "", list(figures.values()), _targets(figures, many, few))


async def _contenders(stack: contextlib.AsyncExitStack, people: int) -> list[Contender]:
    """In the order they are measured: each of ours has a peer before and after it."""
    server = stack.enter_context(postgres.server())
    return [
        Contender(POLLING, "bot", await _shop(stack, people)),
        Contender(PTB, "benchmarks.bots.ptb_echo"),
        Contender(WEBHOOK, "bot", {**await _shop(stack, people), **webhook_environment()}),
        Contender(TRANSPORT, "benchmarks.bots.ptb_echo", {"TRANSPORT": "aiohttp"}),
        Contender(AIOGRAM, "benchmarks.bots.aiogram_echo"),
        Contender(f"{POLLING}, PostgreSQL", "bot", await _shop(stack, people, server.new_database())),
    ]


async def _shop(stack: contextlib.AsyncExitStack, people: int, database_url: str = "") -> dict[str, str]:
    """Settings of an installation with members."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
    async with shops.opened(folder, database_url) as db:
        await shops.founded(db, people)
        # The receipts of what was bought beforehand have gone out, and are not taken for answers.
        while receipts := await db.write(outbox.claim, _NOBODY, _RECEIPTS):
            await db.write(outbox.mark_all_sent, [(receipt, receipt.id) for receipt in receipts])
    return shops.environment(folder, database_url)


async def _start(stack: contextlib.AsyncExitStack, contender: Contender, people: int) -> Telegram:
    side, url = await stack.enter_async_context(telegram(people))
    args = ("run",) if contender.is_ours else ()
    await stack.enter_async_context(running(contender.module, url, *args, extra=contender.settings))
    # Connections, caches and prepared statements of a bot that has been at work for a while.
    await side.closed_loop("/points", people * _WARM_UP, people)
    return side


def _targets(figures: dict[tuple[str, int], Figure], many: int, few: int) -> list[Target]:
    targets = []
    for ours in (POLLING, WEBHOOK):
        points = figures[ours, many]
        targets += [
            at_least(aim, points, figures[peer, many]) for aim, peer in ((3, PTB), (1, AIOGRAM), (0.4, TRANSPORT))
        ]
        targets.append(at_least(0.8, points, figures[ours, few]))
    return targets
