"""Would you recommend us? Whose turn it is in the quarter is asked in the morning."""

from __future__ import annotations

from actions import recommendations
from actions.jobs import Job
from loyalty.jobs import HOUR_MS

JOB = Job(name="recommendations", cron="40 10 * * *", catch_up_ms=10 * HOUR_MS, sweep=True, page=recommendations.page)
