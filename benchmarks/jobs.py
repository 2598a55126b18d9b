"""Members a second that a job goes through (select, grant, queue), beside its bare selects and its bare writes."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from actions.jobs import Job
from benchmarks import crowds, recordings, shops
from benchmarks.crowds import Crowd
from benchmarks.recordings import Transaction
from benchmarks.results import Effort, Figure, Outcome, Target, at_least, within
from bot.jobs.table import all_jobs
from db.database import Tx
from loyalty.jobs import Page, Run

# `--share 20` is the whole: a million members.
_MEMBERS = 50_000
_SAMPLED_PAGES = 40
_AIM, _MEGABYTES = 0.3, 150.0
_MB = 1_000_000

_JOBS = ("birthdays", "points_expiring", "coupon_reminders", "tier_reviews")


@dataclass(slots=True)
class Worked:
    """One job on one crowd, of which each measurement gets a fresh copy."""

    job: Job
    folder: Path
    crowd: Crowd
    whole: Figure
    selects: Figure
    writes: Figure
    memory: Figure
    pages: list[Transaction] = field(default_factory=list)
    looked_at: int = 0  # in these pages

    @property
    def copy(self) -> Path:
        for path in self.folder.glob("copy.db*"):
            path.unlink()
        return Path(shutil.copy(self.folder / "template.db", self.folder / "copy.db"))

    def run(self, tx: Tx, cursor: str) -> Page:
        return self.job.page(tx, Run(self.job.name, tx.now, self.crowd.today, cursor))

    async def record(self) -> None:
        """The statements of the first pages."""
        async with shops.opened(self.folder, f"sqlite:///{self.copy}") as db:
            cursor = ""
            while len(self.pages) < _SAMPLED_PAGES:
                statements, page = await db.write(self._recorded, cursor)
                self.pages.append(statements)
                self.looked_at += page.looked_at
                if not (cursor := page.cursor):
                    break

    def _recorded(self, tx: Tx, cursor: str) -> tuple[Transaction, Page]:
        return recordings.recorded(tx, self.run, cursor)

    async def round(self) -> None:
        self.selects.samples.append(self._bare("SELECT"))
        self.writes.samples.append(self._bare("INSERT", "UPDATE", "DELETE"))
        await self._whole()

    async def _whole(self) -> None:
        process, looked_at = psutil.Process(), 0
        async with shops.opened(self.folder, f"sqlite:///{self.copy}") as db:
            before = most = process.memory_info().rss
            began, cursor = time.perf_counter(), ""
            while True:
                page = await db.write(self.run, cursor)
                looked_at, cursor = looked_at + page.looked_at, page.cursor
                most = max(most, process.memory_info().rss)
                if not cursor:
                    break
            self.whole.samples.append(looked_at / (time.perf_counter() - began))
        self.memory.samples.append(max(1.0, (most - before) / _MB))

    def _bare(self, *kinds: str) -> float:
        """Members a second, of the recorded statements of these kinds; a commit for each page."""
        pages = [[told for told in page if told[0].startswith(kinds)] for page in self.pages]
        copy = self.copy
        began = time.perf_counter()
        recordings.replay_on_sqlite(copy, pages)
        return self.looked_at / (time.perf_counter() - began)


async def measure(effort: Effort) -> Outcome:
    with TemporaryDirectory(prefix="bench-") as folder:
        many = await _jobs(Path(folder), "many", effort.of(_MEMBERS, least=800))
        few = await _jobs(Path(folder), "few", effort.of(_MEMBERS // 10, least=400))
        for _ in range(effort.runs):
            for worked in (*many, *few):
                await worked.round()
    figures = [figure for one in many for figure in (one.whole, one.writes, one.selects, one.memory)]
    flat = [_flat(one, other) for one, other in zip(many, few, strict=True)]
    targets = [
        target for one in many for target in (at_least(_AIM, one.whole, one.writes), within(_MEGABYTES, one.memory))
    ]
    return Outcome("jobs", __doc__ or "", figures, [*targets, *flat])


def _flat(many: Worked, few: Worked) -> Target:
    """Ten times the members take no more memory, but for what a measurement is off."""
    more = many.memory.median - few.memory.median
    return Target(f"{many.memory.name} − {few.crowd.count:,} members", "≤", 30, more, "MB")


async def _jobs(parent: Path, name: str, count: int) -> list[Worked]:
    folder = parent / name
    folder.mkdir()
    async with shops.opened(folder, f"sqlite:///{folder / 'template.db'}") as db:
        crowd = await crowds.gather(db, count)
    jobs = [all_jobs()[name] for name in _JOBS if name in all_jobs()]
    found = [_worked(job, folder, crowd) for job in jobs if isinstance(job, Job)]
    for worked in found:
        await worked.record()
    return found


def _worked(job: Job, folder: Path, crowd: Crowd) -> Worked:
    title = f"{job.name}, {crowd.count:,} members"
    whole, selects, writes = (Figure(f"{title}{what}", "/s") for what in ("", ": bare selects", ": bare writes"))
    return Worked(job, folder, crowd, whole, selects, writes, Figure(f"{title}: memory", "MB"))
