"""Festival greetings, in the morning; after the day they come no more."""

from __future__ import annotations

from actions import greetings
from actions.jobs import Job
from loyalty.jobs import HOUR_MS

JOB = Job(name="greetings", cron="5 10 * * *", catch_up_ms=10 * HOUR_MS, page=greetings.page)
