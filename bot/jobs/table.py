"""The table of jobs: every module of bot/jobs adds its JOB, or its JOBS."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from bot import jobs
from bot.jobs.working import AnyJob


@cache
def all_jobs() -> dict[str, AnyJob]:
    """By name, in the order of the modules' names. ValueError if two have the same."""
    found: dict[str, AnyJob] = {}
    for job in (job for module in _modules() for job in _of(module)):
        if found.setdefault(job.name, job) is not job:
            raise ValueError(f"two jobs are called {job.name}")
    return found


def _modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(jobs.__path__)
    return [importlib.import_module(f"{jobs.__name__}.{module.name}") for module in found]


def _of(module: ModuleType) -> tuple[AnyJob, ...]:
    one = getattr(module, "JOB", None)
    return (*((one,) if one else ()), *getattr(module, "JOBS", ()))
