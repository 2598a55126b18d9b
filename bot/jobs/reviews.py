"""Reviews of tiers, every night. What is told waits for the end of quiet hours."""

from __future__ import annotations

from actions import reviews
from actions.jobs import Job
from loyalty.jobs import DAY_MS

JOB = Job(name="tier_reviews", cron="30 3 * * *", catch_up_ms=7 * DAY_MS, sweep=True, page=reviews.page)
