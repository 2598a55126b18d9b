"""The yearly statement: what a member's points and purchases came to."""

from __future__ import annotations

from datetime import date

from actions import charters, pushes
from actions.one_by_one import each
from db import expiring, statements
from db.database import Tx
from db.statements import Year
from loyalty import days
from loyalty.charter import Charter
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say, params_of

_MEMBERS = 300
_NEWS_MS = 60 * DAY_MS


def page(tx: Tx, run: Run) -> Page:
    """Tell the next members what the year before the day of the run was to them, once each; nobody who had nothing."""
    charter, year = charters.current(tx), run.day.year - 1
    first = int(run.cursor or 0) + 1
    last = first + _MEMBERS - 1
    begins = days.start_of_day(date(year, 1, 1), charter.zone)
    ends = days.end_of_day(date(year, 12, 31), charter.zone)
    found = statements.list_years(tx, (first, last), year, begins, ends)
    told = each(tx, found, lambda one: _tell(tx, charter, run, year, one), lambda one: one.member_id)
    more = last < expiring.last_member(tx)
    return Page(str(last) if more else "", len(found), sum(told.answers), told.left_out)


def _tell(tx: Tx, charter: Charter, run: Run, year: int, found: Year) -> bool:
    figures = {name: value for name, value in params_of(found).items() if name not in ("member_id", "user_id")}
    told = figures | {"year": year, "tier": charter.tier(found.tier).names}
    key = f"points_statement:{found.member_id}:{year}"
    say = Say("points_statement", told)
    return pushes.push_to(tx, found.user_id, "points", say, key, run.due_at + _NEWS_MS)
