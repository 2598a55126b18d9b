"""Once a day, by day: who has stayed away for long is asked whether to stay, and forgotten if nothing is heard."""

from actions import retention
from actions.jobs import Job
from loyalty.jobs import HOUR_MS

JOB = Job(name="retention", cron="0 10 * * *", catch_up_ms=8 * HOUR_MS, sweep=True, page=retention.page)
