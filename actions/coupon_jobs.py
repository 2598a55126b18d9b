"""What time brings to coupons: their owners are reminded, they lapse, and managers hear of budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from actions import charters, coupon_terms, wallets
from actions.one_by_one import each
from actions.pushes import push_to
from db import coupon_definitions as definitions, coupons, members, outbox, staff
from db.coupon_definitions import Definition
from db.coupons import Coupon
from db.database import Tx
from db.staff import CHAIN
from loyalty import days
from loyalty.charter import Charter
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say, params_of
from loyalty.roles import Role

_PAGE = 200
_LAPSED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class _Reminding:
    """What the reminders of a page have in common. accounts: Telegram ids by member."""

    run: Run
    charter: Charter
    accounts: Mapping[int, int]
    described: dict[int, dict[str, Any]] = field(default_factory=dict)  # by terms: many coupons, few terms


def remind(tx: Tx, run: Run) -> Page:
    """Tell owners of coupons that lapse within the charter's `coupon_rules.remind_days`, all of them in one message.

    Whoever got one within the last day knows.
    """
    charter = charters.current(tx)
    longest = max(charter.coupon_rules.remind_days, default=-1)
    until = days.end_of_day(run.day + timedelta(days=longest), charter.zone)
    after = tuple(int(part) for part in run.cursor.split(":")) if run.cursor else (tx.now - 1, 0)
    found = coupons.list_due(tx, (after[0], after[1]), until, _PAGE) if longest >= 0 else []
    member_ids = {coupon.member_id for coupon in found}
    held = coupons.list_ending(tx, member_ids, until)
    reminding = _Reminding(run, charter, members.accounts_of(tx, member_ids))

    def tell(first: Coupon) -> bool:
        with_it = held.get(first.member_id, [])
        return _remind(tx, reminding, [first, *(coupon for coupon in with_it if coupon.id != first.id)])

    told = each(tx, found, tell, lambda coupon: coupon.member_id)
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


def _is_due(tx: Tx, reminding: _Reminding, coupon: Coupon) -> bool:
    """Whether it comes into the next of the reminders, and is marked so."""
    if coupon.granted_at > tx.now - DAY_MS:
        return False
    charter = reminding.charter
    left = (days.local_date(coupon.usable_until, charter.zone) - reminding.run.day).days
    reminders = [ahead for ahead in charter.coupon_rules.remind_days if ahead >= left]
    return bool(reminders) and coupons.mark_reminded(tx, coupon.id, min(reminders))


def _remind(tx: Tx, reminding: _Reminding, held: list[Coupon]) -> bool:
    """Of a member's coupons that lapse soon, the one that is to be told of and those that are due with it.

    False if the first is not due itself.
    """
    first, *others = held
    if not _is_due(tx, reminding, first):
        return False
    due = [coupon for coupon in others if _is_due(tx, reminding, coupon)]
    say = Say("coupon_lapsing", {"coupons": [_shown(tx, reminding, coupon) for coupon in (first, *due)]})
    key = f"coupons lapsing:{first.id}:{reminding.run.day}"
    return push_to(tx, reminding.accounts.get(first.member_id, 0), "coupons", say, key, first.usable_until)


def _shown(tx: Tx, reminding: _Reminding, coupon: Coupon) -> dict[str, Any]:
    if coupon.terms_id not in reminding.described:
        reminding.described[coupon.terms_id] = params_of(coupon_terms.describe(tx, coupon.terms))
    return wallets.dated(tx, coupon, reminding.described[coupon.terms_id])


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
