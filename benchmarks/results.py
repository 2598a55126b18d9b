"""What a bench hands back: figures of several rounds, and the ratios that were aimed at."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Effort:
    """How many rounds, and which share of the usual work in each; tests take a small one."""

    runs: int = 5
    share: float = 1.0

    def of(self, usual: int, least: int = 1) -> int:
        """The share of a usual number."""
        return max(least, round(usual * self.share))

    def seconds(self, usual: float) -> float:
        return max(0.3, usual * self.share)


@dataclass(slots=True)
class Figure:
    """One thing measured, once per round."""

    name: str
    unit: str
    samples: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.samples)


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at, and what came out: the median of the rounds' own ratios or differences."""

    name: str
    sense: Literal["≥", "≤"]
    aim: float
    measured: float
    unit: str

    @property
    def is_met(self) -> bool:
        return self.measured >= self.aim if self.sense == "≥" else self.measured <= self.aim


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of one bench."""

    bench: str
    what: str
    figures: list[Figure]
    targets: list[Target]


def at_least(aim: float, figure: Figure, peer: Figure) -> Target:
    """The figure is to be so many times its peer, or more."""
    return Target(f"{figure.name} / {peer.name}", "≥", aim, _paired(operator.truediv, figure, peer), "×")


def at_most(aim: float, figure: Figure, peer: Figure) -> Target:
    """The figure is to be so many times its peer, or less."""
    return Target(f"{figure.name} / {peer.name}", "≤", aim, _paired(operator.truediv, figure, peer), "×")


def at_most_more(aim: float, figure: Figure, peer: Figure) -> Target:
    """The figure may be so much above its peer."""
    return Target(f"{figure.name} − {peer.name}", "≤", aim, _paired(operator.sub, figure, peer), figure.unit)


def within(aim: float, figure: Figure) -> Target:
    """The figure itself is to be so much at most."""
    return Target(figure.name, "≤", aim, figure.median, figure.unit)


def _paired(compare: Callable[[float, float], float], figure: Figure, peer: Figure) -> float:
    """Of samples of the same round, which a noisy machine slows alike."""
    return median(compare(ours, theirs) for ours, theirs in zip(figure.samples, peer.samples, strict=True))
