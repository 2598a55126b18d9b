"""What managers send to many goes out when its time comes."""

from actions import campaigns
from actions.jobs import Job
from loyalty.jobs import DAY_MS

JOB = Job(name="campaigns", cron="* * * * *", catch_up_ms=DAY_MS, sweep=True, by_hand=False, page=campaigns.page)
