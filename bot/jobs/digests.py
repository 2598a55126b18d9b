"""The weekly digest: looked at every hour, sent at the charter's day and hour."""

from actions import digests
from actions.jobs import Job
from loyalty.jobs import DAY_MS

JOB = Job(name="digests", cron="0 * * * *", catch_up_ms=6 * DAY_MS, page=digests.page)
