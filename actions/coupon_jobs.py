"""What time brings to coupons: their owners are reminded, they lapse, and managers hear of budgets."""

from __future__ import annotations

from datetime import timedelta

from actions import charters, wallets
from actions.one_by_one import each
from actions.pushes import push
from db import coupon_definitions as definitions
from db import coupons, outbox, staff
from db.coupon_definitions import Definition
from db.coupons import Coupon
from db.database import Tx
from db.staff import CHAIN
from loyalty import days
from loyalty.charter import Charter
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say
from loyalty.roles import Role

_PAGE = 200
_LAPSED_AT_ONCE = 2_000


def remind(tx: Tx, run: Run) -> Page:
    """Tell owners of coupons that lapse within the charter's `coupon_rules.remind_days`, all of them in one message.

    Whoever got one within the last day knows.
    """
    charter = charters.current(tx)
    longest = max(charter.coupon_rules.remind_days, default=-1)
    until = days.end_of_day(run.day + timedelta(days=longest), charter.zone)
    after = tuple(int(part) for part in run.cursor.split(":")) if run.cursor else (tx.now - 1, 0)
    found = coupons.list_due(tx, (after[0], after[1]), until, _PAGE) if longest >= 0 else []
    told = each(tx, found, lambda coupon: _remind(tx, charter, coupon, run, until), lambda coupon: coupon.member_id)
    last = found[-1] if len(found) == _PAGE else None
    return Page(f"{last.usable_until}:{last.id}" if last else "", len(found), sum(told.answers), told.left_out)


def lapse(tx: Tx, run: Run) -> Page:
    """End what is over."""
    ended, before = coupons.lapse(tx, _LAPSED_AT_ONCE), int(run.cursor or 0)
    return Page(str(before + ended) if ended == _LAPSED_AT_ONCE else "", ended, ended)


def watch_budgets(tx: Tx, run: Run) -> Page:  # noqa: ARG001 - a job's signature
    """Tell managers of the chain of budgets used up to one of the charter's `coupon_rules.alert_percent`, once each."""
    told = 0
    for percent in sorted(charters.current(tx).coupon_rules.alert_percent, reverse=True):
        over = [kind for kind in definitions.list_over(tx, percent) if definitions.mark_told(tx, kind.id, percent)]
        for kind in over:
            _alert(tx, kind, percent)
        told += len(over)
    return Page("", told, told)


def _is_due(tx: Tx, charter: Charter, coupon: Coupon, run: Run) -> bool:
    """Whether it comes into the next of the reminders, and is marked so."""
    if coupon.granted_at > tx.now - DAY_MS:
        return False
    left = (days.local_date(coupon.usable_until, charter.zone) - run.day).days
    reminders = [ahead for ahead in charter.coupon_rules.remind_days if ahead >= left]
    return bool(reminders) and coupons.mark_reminded(tx, coupon.id, min(reminders))


def _remind(tx: Tx, charter: Charter, first: Coupon, run: Run, until: int) -> bool:
    """first is the member's that lapses first; the others that are due come with it. False if it is not due itself."""
    if not _is_due(tx, charter, first, run):
        return False
    others = [coupon for coupon in coupons.list_held(tx, first.member_id) if first.id != coupon.id]
    due = [coupon for coupon in others if coupon.usable_until <= until and _is_due(tx, charter, coupon, run)]
    told = [wallets.shown(tx, coupon) for coupon in (first, *due)]
    key = f"coupons lapsing:{first.id}:{run.day}"
    return push(tx, first.member_id, "coupons", Say("coupon_lapsing", {"coupons": told}), key, first.usable_until)


def _alert(tx: Tx, kind: Definition, percent: int) -> None:
    told = {
        "name": dict(kind.terms.names),
        "percent": percent,
        "saved": kind.saved,
        "budget": kind.limits.budget,
        "used": kind.used,
    }
    managers = {user for role in (Role.MANAGER, Role.OWNER) for user in staff.list_users(tx, role, CHAIN)}
    for user_id in sorted(managers | ({kind.created_by} if kind.created_by else set())):
        outbox.post(tx, Say("coupon_budget", told, to=user_id, kind="notice"))
