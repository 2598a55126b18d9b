"""The weekly digest, at the charter's day and hour."""

from actions import digests
from actions.jobs import Job
from loyalty.charter import Charter
from loyalty.jobs import DAY_MS


def _due(charter: Charter) -> str:
    return f"0 {charter.weekly_digest.hour} * * {charter.weekly_digest.weekday}"


JOB = Job(name="digests", cron="0 17 * * fri", charter_cron=_due, catch_up_ms=6 * DAY_MS, page=digests.page)
