"""Buttons of scheduled jobs, and what each job is called."""

from collections.abc import Mapping
from typing import Any

from bot.buttons.kinds import Gettext, Keyboard, Row, inline, press
from bot.words import N_

# tests/bot/test_jobs.py holds it against the table of jobs.
NAMES = {
    "backup": N_("Backup"),
    "birthdays": N_("Birthdays"),
    "books": N_("Check of all points"),
    "campaigns": N_("Messages to many"),
    "care": N_("Whom to greet"),
    "coupon_budgets": N_("Coupon budgets"),
    "coupon_reminders": N_("Coupons about to lapse"),
    "coupons_lapse": N_("Coupons lapse"),
    "digests": N_("Weekly digests"),
    "drill": N_("Backup on trial"),
    "expiry": N_("Points expire"),
    "greetings": N_("Festival greetings"),
    "housekeeping": N_("Tidying up"),
    "points_expiring": N_("Points about to expire"),
    "points_statement": N_("Yearly statements"),
    "points_usable": N_("Points become usable"),
    "replenishment": N_("Something runs out"),
    "report_weekly": N_("Monday's report"),
    "retention": N_("Data of members long away"),
    "case_times": N_("Service times"),
    "cases_begun": N_("Feedback left unfinished"),
    "cases_close": N_("Closing of solved cases"),
    "recommendations": N_("Would you recommend us?"),
    "surveys": N_("How was it?"),
    "tier_reviews": N_("Tier reviews"),
    "welcome": N_("Welcome series"),
    "winback": N_("We miss you"),
}


def jobs(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    every = press(_("📋 All %(num)s", num=p["total"]), "jobsall")
    return inline(*_of_each(_, [*p["troubled"], *p["soon"]]), [every, press(_("Refresh"), "jobs")])


def jobs_all(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*_of_each(_, p["jobs"]), [press(_("‹ In brief"), "jobs"), press(_("Refresh"), "jobsall")])


def job(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    start = [press(_("▶️ Run now"), f"jobrun:{p['name']}")] if p["may_start"] else []
    rehearse = [press(_("🧪 Dry run"), f"jobtry:{p['name']}")] if p["may_rehearse"] else []
    return inline([*start, *rehearse], [press(_("‹ All jobs"), "jobsall"), press(_("Refresh"), f"job:{p['name']}")])


def job_rehearsal(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    start = [press(_("▶️ Run now"), f"jobrun:{p['name']}")] if p["may_start"] else []
    return inline([*start, press(_("‹ All jobs"), "jobsall")])


def job_done(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline([press(_(NAMES.get(p["job"], p["job"])), f"job:{p['job']}")])


def jobs_skipped(_: Gettext, p: Mapping[str, Any]) -> Keyboard:
    return inline(*_of_each(_, [{"name": one["job"]} for one in p["jobs"]]))


def _of_each(_: Gettext, listed: list[Mapping[str, Any]]) -> list[Row]:
    return _pairs([press(_(NAMES.get(job["name"], job["name"])), f"job:{job['name']}") for job in listed])


def _pairs(buttons: Row) -> list[Row]:
    return [buttons[place : place + 2] for place in range(0, len(buttons), 2)]


KEYBOARDS = {
    "jobs": jobs,
    "jobs_all": jobs_all,
    "job": job,
    "job_rehearsal": job_rehearsal,
    "job_done": job_done,
    "job_failed": job_done,
    "jobs_skipped": jobs_skipped,
}
