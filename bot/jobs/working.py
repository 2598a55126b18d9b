"""One run of a job, in this process's hands until it is done or fails."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from actions import jobs
from actions.jobs import MOST_CLAIMS, BrokenOff, CursorStuck, Job, LeaseLost
from bot.jobs.upkeep import Chore, Upkeep
from bot.logs import blame
from db import jobs as runs
from db.database import DatabaseBusy, DatabaseTrouble, Tx
from db.jobs import Held
from loyalty.jobs import LeftOut, Page

log = structlog.get_logger()

AnyJob = Job | Chore

_RENEW_EVERY = runs.LEASE_MS / 3_000  # seconds


class Shift:
    """Works on a run. Broken off, it leaves what its pages did, and `give_back` hands the rest to whoever comes."""

    def __init__(self, upkeep: Upkeep, job: AnyJob, held: Held) -> None:
        self.held = held
        self._upkeep = upkeep
        self._job = job
        self._stopped = False

    async def work(self) -> None:
        """To the end, or to where it fails: then it is tried again later, or owners are told. Raises DatabaseTrouble
        if the engine fails: the lease lapses."""
        try:
            await self._work()
        except LeaseLost:
            log.warning("job_lost", job=self._job.name, run=self.held.id)
        except DatabaseBusy as error:
            await self._stumble(error)
        except DatabaseTrouble:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one job, the others go on
            await self._stumble(error)

    def stop(self) -> None:
        """No page is begun any more."""
        self._stopped = True

    async def give_back(self) -> None:
        """Somebody else goes on at once; nothing happens if the run is over."""
        with suppress(DatabaseTrouble):
            await self._upkeep.db.write(runs.release, self.held)

    async def _work(self) -> None:
        if self.held.attempts > MOST_CLAIMS:
            raise BrokenOff
        if isinstance(self._job, Job):
            await self._work_pages(self._job)
        else:
            await self._work_as_a_whole(self._job)

    async def _work_pages(self, job: Job) -> None:
        while not self._stopped:
            held = await self._upkeep.db.write(jobs.turn, job, self.held, self._note)
            if held is None:
                log.info("job_done", job=job.name, run=self.held.id, day=self.held.day)
                return
            self.held = held

    def _note(self, left_out: tuple[LeftOut, ...]) -> None:
        for one in left_out:
            told = {"job": self._job.name, "run": self.held.id, "member": one.member_id}
            log.error("member_left_out", **told, error=blame(one.error), exc_info=one.error)

    async def _work_as_a_whole(self, chore: Chore) -> None:
        renewing = asyncio.create_task(self._renew())
        try:
            page = await chore.work(self._upkeep)
        finally:
            renewing.cancel()
        await self._upkeep.db.write(_end, self.held, page)
        log.info("job_done", job=chore.name, run=self.held.id, day=self.held.day)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY)
            with suppress(DatabaseTrouble):
                await self._upkeep.db.write(runs.keep, self.held)

    async def _stumble(self, error: Exception) -> None:
        again = await self._upkeep.db.write(jobs.stumble, self._job, self.held, blame(error))
        told = None if isinstance(error, BrokenOff | CursorStuck | DatabaseBusy) else error
        log.error("job_failed", job=self._job.name, run=self.held.id, again=again, error=blame(error), exc_info=told)


def _end(tx: Tx, held: Held, page: Page) -> None:
    if runs.keep(tx, held):
        runs.advance(tx, held, Page("", page.looked_at, page.reached))
        jobs.finish(tx, held)
