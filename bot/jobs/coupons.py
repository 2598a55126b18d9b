"""Coupons: owners are reminded in the morning, what is over lapses after midnight, budgets are watched by the hour."""

from __future__ import annotations

from actions import coupon_jobs
from actions.jobs import Job
from loyalty.jobs import DAY_MS, HOUR_MS

JOBS = (
    Job(name="coupon_reminders", cron="30 10 * * *", catch_up_ms=DAY_MS, sweep=True, page=coupon_jobs.remind),
    Job(name="coupons_lapse", cron="20 0 * * *", catch_up_ms=7 * DAY_MS, sweep=True, page=coupon_jobs.lapse),
    Job(name="coupon_budgets", cron="15 * * * *", catch_up_ms=HOUR_MS, sweep=True, page=coupon_jobs.watch_budgets),
)
