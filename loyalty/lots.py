"""Lots: earned points with their own expiry, and which of them a change touches.

All expiries are epoch milliseconds; a lot is usable from `active_at` and until `expires_at`, both instants included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from loyalty.errors import NotEnoughPoints

# 2286-11-20: later than any date a charter can produce, and sorts after them all. Used instead of NULL.
NEVER = 9_999_999_999_999


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one earning. `id` is the caller's key, `earned_at` orders lots of equal expiry."""

    id: Any
    remaining: int
    active_at: int
    expires_at: int
    earned_at: int


@dataclass(frozen=True, slots=True)
class Clawback:
    """What a reversal takes back: from the lots it still can, the rest is owed."""

    taken: tuple[tuple[Any, int], ...]  # (lot id, points)
    deficit: int


def allocate(lots: Iterable[Lot], points: int) -> list[tuple[Any, int]]:
    """(lot id, points) that together make `points`: soonest expiry first, then oldest; never-expiring lots come last.

    The lots given are the usable ones. Refuses with NotEnoughPoints.
    """
    ordered = sorted(lots, key=_order)
    taken, missing = _take(ordered, points)
    if missing:
        raise NotEnoughPoints(required=points, available=points - missing)
    return taken


def claw_back(lots: Iterable[Lot], points: int) -> Clawback:
    """Takes `points` back out of the lots of the reversed earning; what was already spent becomes a deficit."""
    taken, missing = _take(sorted(lots, key=_order), points)
    return Clawback(tuple(taken), missing)


def repay(deficit: int, earned: int) -> int:
    """How much of newly `earned` points goes to the deficit first."""
    return min(max(deficit, 0), max(earned, 0))


def _order(lot: Lot) -> tuple[int, int]:
    return lot.expires_at, lot.earned_at


def _take(ordered: Sequence[Lot], points: int) -> tuple[list[tuple[Any, int]], int]:
    if points < 0:
        raise ValueError("points to take cannot be negative")
    taken, missing = [], points
    for lot in ordered:
        if missing and lot.remaining > 0:
            part = min(lot.remaining, missing)
            taken.append((lot.id, part))
            missing -= part
    return taken, missing
