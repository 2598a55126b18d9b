"""Who is to be thought of today, by the charter's rules of care; one task each, whatever the rules."""

from __future__ import annotations

from datetime import date

from actions import charters
from db import birthdays, care, members
from db.care import Place
from db.database import Tx
from loyalty import birthdays as calendar, days
from loyalty.charter import Charter
from loyalty.charter_care import Care, CareRule
from loyalty.jobs import Page, Run

_PAGE = 200
_YEAR_DAYS = 365

# Of one page: how far it came, whom the rule means with what makes the task the only one, and whether there is more.
_Found = tuple[Place, list[tuple[int, str]], bool]


def page(tx: Tx, run: Run) -> Page:
    """One rule's next two hundred members. First what nobody came to lapses: it would keep today's from being made."""
    charter = charters.current(tx)
    if not run.cursor:
        _lapse(tx, charter.care, run.day)
    place, at, last = (int(part) for part in (run.cursor or "0:0:0").split(":"))
    if place >= len(charter.care.rules):
        return Page("", 0, 0)
    rule = charter.care.rules[place]
    reach, found, more = _FINDERS[rule.kind](tx, charter, rule, run.day, (at, last))
    made = sum(care.add(tx, member_id, rule.code, period, run.day) for member_id, period in found)
    cursor = f"{place}:{reach[0]}:{reach[1]}" if more else f"{place + 1}:0:0"
    return Page(cursor, len(found), made)


def _lapse(tx: Tx, rules: Care, day: date) -> None:
    care.lapse(tx, days.add_days(day, -rules.keep_days))
    birthdays_of = [rule.code for rule in rules.rules if rule.kind == "birthday"]
    care.lapse_kept(tx, birthdays_of, days.add_days(day, -rules.birthday_keep_days))


def _by_tier(tx: Tx, charter: Charter, rule: CareRule, day: date, after: Place) -> _Found:
    """Those whose day in the period it is: everybody has one, by their id."""
    months = day.year * 12 + day.month - 1
    number = months // rule.every_months
    begins = date(number * rule.every_months // 12, number * rule.every_months % 12 + 1, 1)
    share = (day - begins).days, (days.add_months(begins, rule.every_months) - begins).days
    tiers = rule.tiers or [tier.code for tier in charter.tiers]
    found = care.list_of_tiers(tx, tiers, share, after[1], _PAGE)
    return _reach(found), [(member_id, begins.isoformat()) for _, member_id in found], len(found) == _PAGE


def _by_complaint(tx: Tx, charter: Charter, rule: CareRule, day: date, after: Place) -> _Found:
    span = _span(charter, days.add_days(day, -rule.days))
    found = care.list_appeased(tx, *span, after, _PAGE)
    meant = [(member_id, str(case_id)) for _, case_id, member_id in found if _is_meant(tx, rule, member_id)]
    return _reach([(at, case_id) for at, case_id, _ in found]), meant, len(found) == _PAGE


def _by_silence(tx: Tx, charter: Charter, rule: CareRule, day: date, after: Place) -> _Found:
    last_day = days.add_days(day, -rule.days)
    found = care.list_quiet(tx, *_span(charter, last_day), after, _PAGE)
    since, least = _span(charter, days.add_days(last_day, -_YEAR_DAYS))[0], charter.minor(rule.spent)
    meant = [
        (member_id, last_day.isoformat())
        for _, member_id in found
        if _is_meant(tx, rule, member_id) and care.spent(tx, member_id, since) >= least
    ]
    return _reach(found), meant, len(found) == _PAGE


def _by_birthday(tx: Tx, charter: Charter, rule: CareRule, day: date, after: Place) -> _Found:
    """One of the ways in which the day may have been told after the other: `after` is which, and the last member."""
    kept = days.add_days(day, rule.days)
    ways = calendar.told_as(kept, charter.birthdays)
    if after[0] >= len(ways):
        return after, [], False
    found = birthdays.list_told(tx, ways[after[0]], kept, after[1], _PAGE)
    meant = [(one.id, kept.isoformat()) for one in found if not rule.tiers or one.tier in rule.tiers]
    if len(found) == _PAGE:
        return (after[0], found[-1].id), meant, True
    return (after[0] + 1, 0), meant, after[0] + 1 < len(ways)


_FINDERS = {"tier": _by_tier, "complaint": _by_complaint, "quiet": _by_silence, "birthday": _by_birthday}


def _reach(found: list[Place]) -> Place:
    return found[-1] if found else (0, 0)


def _span(charter: Charter, day: date) -> tuple[int, int]:
    """The local day from its first to its last millisecond."""
    return days.start_of_day(day, charter.zone), days.end_of_day(day, charter.zone)


def _is_meant(tx: Tx, rule: CareRule, member_id: int) -> bool:
    member = members.get(tx, member_id) if rule.tiers else None
    return not rule.tiers or (member is not None and member.tier in rule.tiers)
