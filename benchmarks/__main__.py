"""`python -m benchmarks [names] [--json] [--runs N] [--quick]`."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Coroutine
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import reports
from benchmarks.results import Effort, Outcome
from bot import logs

BENCHES = (
    "updates", "latency", "ledger", "redeem", "lots", "check", "history",
    "idle", "card", "queue", "broadcast", "overtake", "jobs", "desk",
)  # fmt: skip


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(BENCHES)}; all of them if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    runs: Annotated[int, typer.Option(min=1, help="Rounds, of which the median counts.")] = 5,
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the work: whether it runs, not how fast.")] = False,
    share: Annotated[float, typer.Option(min=0.01, help="So many times the usual work.")] = 1.0,
) -> None:
    """Measure the bot beside its peers and its limits, in the same run."""
    if unknown := set(names or ()) - set(BENCHES):
        raise typer.BadParameter(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    logs.configure("ERROR", stream=sys.stderr)
    effort, before = Effort(runs, share=0.1 if quick else share), reports.load()
    outcomes = _run(_measured(names or list(BENCHES), effort))
    where = reports.machine(before)
    if as_json:
        print(reports.as_json(outcomes, where, effort))
    else:
        reports.show(outcomes, where, effort, Console())


def _run(work: Coroutine[Any, Any, list[Outcome]]) -> list[Outcome]:
    """On the loop the bot runs on."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


async def _measured(names: list[str], effort: Effort) -> list[Outcome]:
    outcomes = []
    for name in names:
        print(f"{name} …", file=sys.stderr)
        outcomes.append(await importlib.import_module(f"benchmarks.{name}").measure(effort))
    return outcomes


if __name__ == "__main__":
    typer.run(main)
