"""Service times are looked after every five minutes, what was begun and forgotten every ten; what was resolved long
ago, in the morning."""

from __future__ import annotations

from actions import case_times, feedback
from actions.jobs import Job
from loyalty.jobs import DAY_MS, HOUR_MS

JOBS = (
    Job(name="cases_begun", cron="*/10 * * * *", catch_up_ms=HOUR_MS, sweep=True, page=feedback.open_forgotten),
    Job(name="case_times", cron="*/5 * * * *", catch_up_ms=HOUR_MS, sweep=True, page=case_times.watch),
    Job(name="cases_close", cron="20 10 * * *", catch_up_ms=DAY_MS, sweep=True, page=case_times.close),
)
