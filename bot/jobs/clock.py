"""The clock's tick: what fell due is noted, and what waits is worked on, here or in another process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from actions import jobs
from actions.jobs import Job
from bot.jobs.upkeep import Upkeep
from bot.jobs.working import AnyJob, Shift
from db import jobs as runs
from db.database import DatabaseTrouble

log = structlog.get_logger()

_PATIENCE = 1.0  # seconds, for what is in hand at the end


@dataclass(slots=True)
class _Lane:
    """Jobs that share places: a backup never waits behind a push, nor a push behind a backup."""

    jobs: dict[str, AnyJob]
    places: int
    busy: set[asyncio.Task[None]] = field(default_factory=set)


class JobClock:
    """This process's part in the jobs. holder: its number among the processes."""

    def __init__(self, upkeep: Upkeep, table: Mapping[str, AnyJob], holder: int) -> None:
        self._upkeep = upkeep
        self._db = upkeep.db
        self._table = table
        self._holder = holder
        paged: dict[str, AnyJob] = {name: job for name, job in table.items() if isinstance(job, Job)}
        whole = {name: job for name, job in table.items() if name not in paged}
        self._lanes = (_Lane(paged, places=2), _Lane(whole, places=1))
        self._shifts: dict[int, Shift] = {}
        self._looking = False  # a database that is away takes longer than the time to the next tick
        self._closing = False

    async def tick(self) -> None:
        """Returns as soon as what fell due is noted; the work goes on by itself."""
        if self._looking:
            return
        self._looking = True
        try:
            found = await self._db.read(jobs.look, self._table.values())
            if found:
                await self._db.write(jobs.note, found)
            if await self._db.read(runs.has_waiting):
                self._man()
        except DatabaseTrouble as trouble:
            log.warning("jobs_wait", trouble=type(trouble).__name__)
        finally:
            self._looking = False

    async def settle(self) -> None:
        """Until this process works on nothing."""
        while busy := self._busy():
            await asyncio.wait(busy)

    async def close(self) -> None:
        """What is in hand ends with its page; what is not done soon is broken off. It is given back."""
        self._closing = True
        for shift in self._shifts.values():
            shift.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.settle(), _PATIENCE)
        for task in self._busy():
            task.cancel()
        await asyncio.gather(*(shift.give_back() for shift in self._shifts.values()))

    def _busy(self) -> set[asyncio.Task[None]]:
        return {task for lane in self._lanes for task in lane.busy}

    def _man(self) -> None:
        """Somebody for every free place."""
        for lane in self._lanes:
            for _ in range(0 if self._closing else lane.places - len(lane.busy)):
                task = asyncio.create_task(self._work(lane))
                lane.busy.add(task)
                task.add_done_callback(lane.busy.discard)

    async def _work(self, lane: _Lane) -> None:
        """Run after run, in the order they fell due, until none is left for this lane."""
        try:
            while held := await self._claim(lane):
                await self._work_on(Shift(self._upkeep, lane.jobs[held.job], held))
        except DatabaseTrouble as trouble:
            log.warning("jobs_wait", trouble=type(trouble).__name__)
        except Exception as error:
            log.error("jobs_stopped", exc_info=error)

    async def _claim(self, lane: _Lane) -> runs.Held | None:
        if self._closing:
            return None
        held = await self._db.write(runs.claim, self._holder, lane.jobs.keys())
        # After a leap of the clock, what this process works on looks abandoned.
        return None if held and held.id in self._shifts else held

    async def _work_on(self, shift: Shift) -> None:
        self._shifts[shift.held.id] = shift
        try:
            await shift.work()
        finally:
            # What is broken off at the end stays there, to be given back.
            if not self._closing:
                del self._shifts[shift.held.id]
