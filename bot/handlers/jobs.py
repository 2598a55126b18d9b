"""Scheduled jobs, for managers: what ran, what comes next, trying one out and starting it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from actions import job_status
from actions.jobs import Job
from bot.context import Ctx
from bot.jobs import rehearsing
from bot.jobs.rehearsing import Rehearsal
from bot.jobs.table import all_jobs
from bot.jobs.working import AnyJob
from bot.presses import argument
from bot.routing import Route
from db.database import Tx
from db.people import Person
from loyalty.errors import StaleButton
from loyalty.messages import Document, Say
from loyalty.roles import Role

_IN_MESSAGE = 10
_IN_FILE = 1_000
# A dry run holds up nobody but who asked for it, who would not wait for a million.
_MOST_PEOPLE = 200_000


async def brief(ctx: Ctx) -> None:
    await ctx.act(job_status.brief, all_jobs().values(), say="jobs", in_place=True)


async def overview(ctx: Ctx) -> None:
    await ctx.act(job_status.overview, all_jobs().values(), say="jobs_all", in_place=True)


async def look(ctx: Ctx) -> None:
    job = _job(ctx)
    await ctx.act(job_status.look_at, job, isinstance(job, Job), say="job", in_place=True)


async def start(ctx: Ctx) -> None:
    job = _job(ctx)
    await ctx.act(job_status.start, job, isinstance(job, Job), say="job", in_place=True)


async def rehearse(ctx: Ctx) -> None:
    """The pages are worked before the update's own transaction, which only says what came of them."""
    job = _job(ctx)
    if not isinstance(job, Job):
        raise StaleButton
    run = await ctx.ask(job_status.prepare_rehearsal, ctx.given.sender_id, job)
    found = await rehearsing.rehearse(ctx.services.db, job, run, _IN_FILE, _MOST_PEOPLE)
    await ctx.act(_tell, job, found)


def _job(ctx: Ctx) -> AnyJob:
    job = all_jobs().get(argument(ctx.given))
    if job is None:
        raise StaleButton
    return job


def _tell(tx: Tx, person: Person, job: Job, found: Rehearsal) -> list[Say]:
    job_status.note_rehearsal(tx, person, job.name)
    lines = [asdict(line) for line in found.lines]
    more = len(lines) > _IN_MESSAGE
    told = {
        "name": job.name, "may_start": job.by_hand,
        "looked_at": found.looked_at, "reached": found.reached, "whole": found.whole,
    }  # fmt: skip
    said = [Say("job_rehearsal", told | {"kinds": _kinds(found, lines), "lines": lines[:_IN_MESSAGE], "more": more})]
    if more:
        everyone = Document("job_rehearsal", {"lines": lines}, "dry-run.xlsx")
        whole = found.whole and found.templates.total() == len(lines)
        said.append(
            Say("job_rehearsal_file", {"name": job.name, "count": len(lines), "whole": whole}, document=everyone)
        )
    return said


def _kinds(found: Rehearsal, lines: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """Of each template how many, with the first of them for an example; the most frequent first."""
    example = {line["template"]: line for line in reversed(lines)}
    return [
        example[template] | {"count": count} for template, count in found.templates.most_common() if template in example
    ]


ROUTES = (
    Route(
        brief,
        command="jobs",
        words=("jobs", "定时任务", "定時任務", "自动任务", "自動任務"),
        verbs=("jobs",),
        role=Role.MANAGER,
    ),
    Route(overview, verbs=("jobsall",), role=Role.MANAGER),
    Route(look, verbs=("job",), role=Role.MANAGER),
    Route(start, verbs=("jobrun",), role=Role.MANAGER),
    Route(rehearse, verbs=("jobtry",), role=Role.MANAGER),
)
