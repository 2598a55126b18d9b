"""What lapsed gets its entry: the balance and the lots say what members could see already (docs/decisions/0004)."""

from __future__ import annotations

from actions.jobs import Job
from actions.one_by_one import each
from db import accounts, reversals
from db.database import Tx
from loyalty.jobs import DAY_MS, Page, Run

_PAGE = 500
_BEGINNING = (0, 0)


def page(tx: Tx, run: Run) -> Page:
    """Enter the end of what has lapsed by now. What is entered is no more found."""
    due = accounts.list_lapsed(tx, _place(run.cursor), _PAGE)
    entered = each(tx, due, lambda one: reversals.expire(tx, one[1], one[0]), lambda one: one[1])
    cursor = "{}:{}".format(*due[-1]) if len(due) == _PAGE else ""
    return Page(cursor, len(due), sum(entry is not None for entry in entered.answers), entered.left_out)


def _place(cursor: str) -> tuple[int, int]:
    expires_at, _, member_id = cursor.partition(":")
    return (int(expires_at), int(member_id)) if cursor else _BEGINNING


JOB = Job(name="expiry", cron="2 * * * *", catch_up_ms=DAY_MS, sweep=True, page=page)
