"""Work that falls due by the clock: when, and in pages what a page is told and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from loyalty.charter import Charter

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What falls due, and when.

    name: small letters and underscores, for ever the same. cron: five fields, minute first, in the charter's time
    zone; days of the week by name. charter_cron: the same, of a charter that says when. catch_up_ms: how late it may
    still begin; what is later is skipped, and managers are told. sweep: a run does all that earlier ones left, so that
    of several due times passed only the last is run; otherwise each has a run of its own, in order. by_hand: staff may
    start it.
    """

    name: str
    cron: str
    catch_up_ms: int
    sweep: bool = False
    by_hand: bool = True
    alarm: str = "job_failed"  # what owners are told when it has been given up
    charter_cron: Callable[[Charter], str] | None = None

    def under(self, charter: Charter) -> Self:
        """Falling due as this charter says."""
        return replace(self, cron=self.charter_cron(charter)) if self.charter_cron else self


@dataclass(frozen=True, slots=True)
class Run:
    """One due time of a job, whenever it is worked on."""

    job: str
    due_at: int  # epoch ms UTC
    day: date  # the local day it fell due, in the charter's time zone
    cursor: str  # where the page before ended; '' at the beginning


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member for whom a page could not do its work, and why."""

    member_id: int
    error: Exception


@dataclass(frozen=True, slots=True)
class Page:
    """What one transaction did. The cursor goes on from here, never to where it was; '' ends the run."""

    cursor: str
    looked_at: int  # people, lots, coupons
    reached: int  # of them: given or told something
    left_out: tuple[LeftOut, ...] = ()
