"""A long list, a page at a time: what is not shown is a tap away, never missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE = 20

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """rows: those of this page, counted from 0."""

    rows: list[Row]
    page: int
    pages: int  # at least 1


def cut(rows: Sequence[Row], page: int, size: int = PAGE) -> Page[Row]:
    """The page of these rows; one that there is not (any more) is the nearest."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(page, 0), pages - 1)
    return Page(list(rows[page * size : (page + 1) * size]), page, pages)
