"""A dry run from page to page, each rolled back before the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from actions import rehearsals
from actions.jobs import CursorStuck, Job
from actions.rehearsals import Line, Rehearsed
from db.database import Database
from loyalty.jobs import Page, Run


@dataclass(slots=True)
class Rehearsal:
    """What a run would do. whole: False if it was broken off after enough people."""

    run: Run
    looked_at: int = 0
    reached: int = 0
    templates: Counter[str] = field(default_factory=Counter)  # how many messages of each
    lines: list[Line] = field(default_factory=list)  # the first ones
    whole: bool = True


async def rehearse(db: Database, job: Job, run: Run, most_lines: int, most_people: int) -> Rehearsal:
    """Nothing of it lasts: neither points nor messages nor the run itself."""
    found = Rehearsal(run)
    while True:
        page = await _page(db, job, run, found, most_lines)
        if not page.cursor:
            return found
        if page.cursor == run.cursor:
            raise CursorStuck(job.name)
        if found.looked_at >= most_people:
            found.whole = False
            return found
        run = replace(run, cursor=page.cursor)


async def _page(db: Database, job: Job, run: Run, found: Rehearsal, most_lines: int) -> Page:
    try:
        await db.write(rehearsals.rehearse, job, run)
    except Rehearsed as done:
        templates, lines = await db.read(rehearsals.lines, done.told, most_lines - len(found.lines))
        found.looked_at += done.page.looked_at
        found.reached += done.page.reached
        found.templates += templates
        found.lines += lines
        return done.page
    raise AssertionError("a dry run was not rolled back")
