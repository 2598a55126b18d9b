"""What was measured, for people as a table, for programs as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.results import Effort, Figure, Outcome, Target


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured, and how busy that was before and after: other people's work blurs every figure."""

    cores: int
    load_before: float  # over the last minute, as the kernel counts it
    load_after: float
    python: str
    sqlite: str


def load() -> float:
    return os.getloadavg()[0]


def machine(load_before: float) -> Machine:
    """This one, after the measuring."""
    cores = len(os.sched_getaffinity(0))
    return Machine(cores, load_before, load(), platform.python_version(), sqlite3.sqlite_version)


def as_json(outcomes: Iterable[Outcome], where: Machine, effort: Effort) -> str:
    """Everything, samples included."""
    benches = {
        outcome.bench: {
            "what": outcome.what,
            "figures": [asdict(figure) | {"median": figure.median} for figure in outcome.figures],
            "targets": [asdict(target) | {"met": target.is_met} for target in outcome.targets],
        }
        for outcome in outcomes
    }
    return json.dumps({"machine": asdict(where), "effort": asdict(effort), "benches": benches}, indent=2)


def show(outcomes: Sequence[Outcome], where: Machine, effort: Effort, console: Console) -> None:
    for outcome in outcomes:
        console.print(f"\n[bold]{outcome.bench}[/bold]: {outcome.what}")
        console.print(_figures(outcome.figures))
        console.print(_targets(outcome.targets))
    console.print(
        f"\nMedians of {effort.runs}. {where.cores} cores, load {where.load_before:.1f} before and "
        f"{where.load_after:.1f} after, Python {where.python}, SQLite {where.sqlite}."
    )


def _figures(figures: Iterable[Figure]) -> Table:
    table = Table("measured", "median", "lowest", "highest", "")
    for figure in figures:
        numbers = (figure.median, min(figure.samples), max(figure.samples))
        table.add_row(figure.name, *map(_number, numbers), figure.unit)
    return table


def _targets(targets: Iterable[Target]) -> Table:
    table = Table("target", "", "aim", "measured", "")
    for target in targets:
        mark = "[green]✓[/green]" if target.is_met else "[red]✗[/red]"
        table.add_row(target.name, target.sense, f"{target.aim:g} {target.unit}", _number(target.measured), mark)
    return table


def _number(value: float) -> str:
    """Three digits tell enough on a machine that is never quite quiet."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
