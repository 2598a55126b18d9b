"""Work that falls due by the clock, in pages: what a page is told and what it answers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Run:
    """One due time of a job, whenever it is worked on."""

    job: str
    due_at: int  # epoch ms UTC
    day: date  # the local day it fell due, in the charter's time zone
    cursor: str  # where the page before ended; '' at the beginning


@dataclass(frozen=True, slots=True)
class Page:
    """What one transaction did. The cursor goes on from here; '' ends the run."""

    cursor: str
    looked_at: int  # people, lots, coupons
    reached: int  # of them: given or told something
