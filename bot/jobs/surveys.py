"""How was it? Asked every hour about the visits and gifts of an hour some time before."""

from actions import surveys
from actions.jobs import Job
from loyalty.jobs import DAY_MS

JOB = Job(name="surveys", cron="10 * * * *", catch_up_ms=DAY_MS, page=surveys.page)
