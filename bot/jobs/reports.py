"""Last week's report for managers: looked at every hour of Mondays, sent at the charter's hour."""

from actions import reports_weekly
from actions.jobs import Job
from loyalty.jobs import HOUR_MS

JOB = Job(name="report_weekly", cron="0 * * * mon", catch_up_ms=12 * HOUR_MS, page=reports_weekly.page)
