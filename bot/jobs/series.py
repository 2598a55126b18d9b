"""A member's first weeks, those who stay away, and what should be running out; by day, a few hours apart."""

from __future__ import annotations

from actions import series
from actions.jobs import Job
from loyalty.jobs import HOUR_MS

JOBS = (
    Job(name="welcome", cron="0 11 * * *", catch_up_ms=48 * HOUR_MS, page=series.welcome_page),
    Job(name="winback", cron="0 15 * * *", catch_up_ms=48 * HOUR_MS, page=series.winback_page),
    Job(name="replenishment", cron="0 16 * * *", catch_up_ms=20 * HOUR_MS, page=series.replenishment_page),
)
