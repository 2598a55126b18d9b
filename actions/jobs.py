"""Work that falls due by the clock and is done page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from db.database import Tx
from loyalty.jobs import Page, Run, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task):
    """A task whose pages are one transaction each: what is granted, what is told and how far it got go together.

    page: selects from run.cursor on, grants, tells with `pushes.push`. It may come twice for the same people, in
    another run or after a crash, so what it grants has a key of its own. It does not ask whether it is a dry run.
    """

    page: Callable[[Tx, Run], Page]
