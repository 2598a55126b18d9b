"""Birthdays, in the morning. Who was forgotten while the bot was down is greeted late, and has the present."""

from __future__ import annotations

from actions import birthdays
from actions.jobs import Job
from loyalty.jobs import DAY_MS

JOB = Job(name="birthdays", cron="0 10 * * *", catch_up_ms=7 * DAY_MS, page=birthdays.page)
