"""Last week's report for managers: on Mondays, at the charter's hour."""

from actions import reports_weekly
from actions.jobs import Job
from loyalty.jobs import HOUR_MS

JOB = Job(
    name="report_weekly", cron="0 9 * * mon", charter_cron=lambda charter: f"0 {charter.weekly_report.hour} * * mon",
    catch_up_ms=12 * HOUR_MS, page=reports_weekly.page,
)  # fmt: skip
