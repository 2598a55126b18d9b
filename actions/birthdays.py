"""Birthdays: greeted once a year, with a present and points multiplied around them, however often they are changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from actions import charters, coupons, pushes
from actions.one_by_one import each
from db import birthdays, coupons as coupon_rows, members
from db.birthdays import Celebrant
from db.database import Tx
from db.members import Member
from loyalty import birthdays as rules, days, earning
from loyalty.birthday_changes import Told, counts_from, same
from loyalty.birthdays import Birthday
from loyalty.charter import Charter
from loyalty.charter_earning import Multiplier
from loyalty.jobs import Page, Run
from loyalty.messages import Say

_PAGE = 200


@dataclass(frozen=True, slots=True)
class _Stop:
    """All members who told `told`: on the day itself, or so many days before it."""

    told: Birthday
    day: date  # on which it is kept
    year: int  # of its own calendar
    ahead: int  # days; 0: today

    @property
    def key(self) -> str:
        """In the order in which a run comes by; the same however the charter changes in between."""
        told = self.told
        return f"{self.ahead:02}-{told.lunar:d}-{told.month:02}-{told.day:02}-{told.leap_month:d}"


def tell(tx: Tx, member: Member, birthday: Birthday | None) -> None:
    """What the member says of it; None forgets. From when it counts if it was another: loyalty/birthday_changes.py."""
    if member.birthday and birthday and same(member.birthday, birthday):
        members.set_birthday(tx, member.id, birthday, again=True)
        return
    told_before = members.list_birthday_changes(tx, member.id)
    if told_before:
        charter = charters.current(tx)
        told_on = days.local_date(told_before[-1], charter.zone)
        told = Told(member.birthday, told_on, birthdays.counts_from(tx, member.id))
        today = days.local_date(tx.now, charter.zone)
        birthdays.wait(tx, member.id, counts_from(charter, told, birthday, today))
    members.set_birthday(tx, member.id, birthday)


def that_counts(tx: Tx, charter: Charter, member: Member, at: int) -> Birthday | None:
    """The birthday a purchase at that time (epoch ms) earns by; None while a changed one brings nothing.

    Looked up only where it makes a difference: most purchases lie in nobody's birthday month.
    """
    day, told = days.local_date(at, charter.zone), member.birthday
    if told is None or not any(_multiplies(charter, rule, day, told) for rule in charter.earning.multipliers):
        return told
    return told if birthdays.counts_from(tx, member.id) <= day else None


def first_day(tx: Tx, charter: Charter, member: Member) -> str:
    """The day (ISO) on which a changed birthday is kept for the first time; '' for one that counts already."""
    today = days.local_date(tx.now, charter.zone)
    since = birthdays.counts_from(tx, member.id)
    if member.birthday is None or since <= today:
        return ""
    return rules.next_on(member.birthday, since, charter.birthdays).isoformat()


def page(tx: Tx, run: Run) -> Page:
    """Greet those whose birthday is kept on run.day, and tell those whose is near, 200 at a time."""
    charter = charters.current(tx)
    key, _, last = run.cursor.partition(":")
    stops = [stop for stop in _stops(charter, run.day) if stop.key >= key]
    if not stops:
        return Page("", 0, 0)
    stop = stops[0]
    after = int(last) if last and stop.key == key else 0
    found = birthdays.list_told(tx, stop.told, stop.day, after, _PAGE)
    celebrate = _announce if stop.ahead else _greet
    worked = each(tx, found, lambda one: celebrate(tx, charter, stop, one), lambda one: one.id)
    further = f"{stops[1].key}:0" if len(stops) > 1 else ""
    cursor = f"{stop.key}:{found[-1].id}" if len(found) == _PAGE else further
    return Page(cursor, len(found), sum(worked.answers), worked.left_out)


def _stops(charter: Charter, today: date) -> list[_Stop]:
    ahead = charter.birthdays.offer_days_before
    kept = [(today, 0), *([(today + timedelta(days=ahead), ahead)] if ahead else [])]
    stops = [
        _Stop(told, day, rules.year_of(told, day, charter.birthdays), left)
        for day, left in kept
        for told in rules.told_as(day, charter.birthdays)
    ]
    return sorted(stops, key=lambda stop: stop.key)


def _announce(tx: Tx, charter: Charter, stop: _Stop, one: Celebrant) -> bool:
    """The present, and word of it; a run that comes after the day itself leaves the words to that day's own."""
    if not birthdays.give(tx, one.id, stop.year, stop.day, greeted=False):
        return False
    coupon_id = _give_present(tx, charter, stop.year, one)
    if stop.day <= days.local_date(tx.now, charter.zone):
        return False
    return _push(tx, charter, stop, one, Say("birthday_soon", _told(tx, charter, stop, one, coupon_id)))


def _greet(tx: Tx, charter: Charter, stop: _Stop, one: Celebrant) -> bool:
    if birthdays.give(tx, one.id, stop.year, stop.day, greeted=True):
        coupon_id = _give_present(tx, charter, stop.year, one)
    elif birthdays.mark_greeted(tx, one.id, stop.year, stop.day):
        coupon_id = birthdays.present_of(tx, one.id, stop.year)
    else:
        return False
    return _push(tx, charter, stop, one, Say("birthday_greeting", _told(tx, charter, stop, one, coupon_id)))


def _push(tx: Tx, charter: Charter, stop: _Stop, one: Celebrant, say: Say) -> bool:
    key = f"birthday:{one.id}:{stop.year}{':soon' if stop.ahead else ''}"
    last_day = max(stop.day, days.local_date(tx.now, charter.zone))
    return pushes.push_to(tx, one.user_id, "birthday", say, key, days.end_of_day(last_day, charter.zone))


def _give_present(tx: Tx, charter: Charter, year: int, one: Celebrant) -> int:
    """The coupon's id; 0 if there is none for this tier, or none left."""
    code = charter.birthdays.present_for(charter.tier(one.tier).code)
    granted = coupons.grant(tx, charter, one.id, code, "birthday", f"birthday:{one.id}:{year}") if code else None
    if granted:
        birthdays.note_present(tx, one.id, year, granted)
    return granted or 0


def _told(tx: Tx, charter: Charter, stop: _Stop, one: Celebrant, coupon_id: int) -> dict[str, Any]:
    today = days.local_date(tx.now, charter.zone)
    return {
        "name": members.name_of(tx, one.id),
        "day": stop.day.isoformat(),
        "ahead": max(0, (stop.day - today).days),
        "late": stop.day < today,
        "present": present(tx, coupon_id),
        "multipliers": list(_multipliers(charter, stop, one.tier, today)),
    }


def present(tx: Tx, coupon_id: int) -> dict[str, Any]:
    """What a message says of a coupon: names by locale, until when (epoch ms); {} if it is of no use any more."""
    coupon = coupon_rows.get(tx, coupon_id) if coupon_id else None
    if coupon is None or coupon.state != "held" or coupon.usable_until < tx.now:
        return {}
    return {"name": dict(coupon.terms.names), "until": coupon.usable_until, "minimum": coupon.terms.minimum}


def _multipliers(charter: Charter, stop: _Stop, tier: str, today: date) -> Iterator[dict[str, Any]]:
    """Those of the birthday that hold for every purchase, with their last day, and the first if it is to come."""
    for rule in charter.earning.multipliers:
        if rule.birthday_month:
            begins, ends = stop.day.replace(day=1), days.end_of_month(stop.day)
        elif _around(rule):
            begins = stop.day - timedelta(days=rule.birthday_before or 0)
            ends = stop.day + timedelta(days=rule.birthday_after or 0)
        else:
            continue
        limited = rule.categories or rule.stores or rule.payments or rule.weekdays
        if not limited and (not rule.tiers or tier in rule.tiers) and rule.begins <= ends >= today:
            begins, ends = max(begins, rule.begins), min(ends, rule.ends)
            still_to_come = begins.isoformat() if begins > today else ""
            yield {"factor": f"{rule.factor.normalize():f}", "begins": still_to_come, "ends": ends.isoformat()}


def _multiplies(charter: Charter, rule: Multiplier, day: date, told: Birthday) -> bool:
    """Whether the rule asks for the birthday, and finds it."""
    return (rule.birthday_month or _around(rule)) and earning.is_birthday_time(charter, rule, day, told)


def _around(rule: Multiplier) -> bool:
    return rule.birthday_before is not None or rule.birthday_after is not None
