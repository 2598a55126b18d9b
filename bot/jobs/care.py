"""Whom staff are to think of today: shared out before the stores open."""

from actions import care_rules
from actions.jobs import Job
from loyalty.jobs import HOUR_MS

JOB = Job(name="care", cron="20 7 * * *", catch_up_ms=12 * HOUR_MS, page=care_rules.page)
