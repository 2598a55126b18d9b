"""What members are told about their points, in the morning: usable now, about to lapse; and in January their year."""

from __future__ import annotations

from actions import expiring, statements
from actions.jobs import Job
from loyalty.jobs import DAY_MS, HOUR_MS

JOBS = (
    Job(name="points_usable", cron="10 9 * * *", catch_up_ms=36 * HOUR_MS, page=expiring.tell_usable),
    Job(name="points_expiring", cron="20 9 * * *", catch_up_ms=36 * HOUR_MS, page=expiring.tell_expiring),
    Job(name="points_statement", cron="0 10 10 1 *", catch_up_ms=20 * DAY_MS, page=statements.page),
)
