"""What time brings: a member's first weeks, a word to those who stay away, and what should be running out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from actions import birthdays, charters, coupons, pushes
from actions.one_by_one import each
from db import accounts, gifts, members, series
from db.database import Tx
from db.members import Member
from db.series import Place
from loyalty import days, gifts as gift_rules, rhythms
from loyalty.charter import LOCALES, Charter
from loyalty.charter_greetings import WinBack
from loyalty.jobs import DAY_MS, HOUR_MS, Page, Run
from loyalty.messages import Say
from loyalty.rhythms import Bought, Rhythm

_PAGE = 200
_MOST_NAMED = 3
_MEMORY_DAYS = 730
# A purchase that is entered late, by an import or in the night, is still seen.
_LOOK_BACK_DAYS = 2
# Between two due times when clocks are put back; whom both look at is told once.
_LONGEST_DAY_MS = DAY_MS + 2 * HOUR_MS
# What is no news any more after so many days.
_STALE_DAYS = 2

_Welcome = Callable[[Tx, Charter, Member], Say | None]


def welcome_page(tx: Tx, run: Run) -> Page:
    """Tell those who joined as many days ago as the charter says about card, gifts and settings."""
    charter = charters.current(tx)
    steps = {name: (day, say) for name, day, say in _steps(charter) if day >= 0}
    name, after = _place(run.cursor, next(iter(steps), ""))
    if name not in steps:
        return Page("", 0, 0)
    day, say = steps[name]
    until = run.due_at - day * DAY_MS
    found = series.list_joined(tx, until - _LONGEST_DAY_MS, until, after, _PAGE)
    worked = each(tx, found, lambda one: _welcome(tx, charter, one[1], name, say), _member)
    return Page(_cursor(list(steps), name, found), len(found), sum(worked.answers), worked.left_out)


def winback_page(tx: Tx, run: Run) -> Page:
    """Write to those whose last purchase is as many days ago as the charter says; once in a quiet spell."""
    charter = charters.current(tx)
    steps = {str(step.days): step for step in charter.winback}
    name, after = _place(run.cursor, next(iter(steps), ""))
    if name not in steps:
        return Page("", 0, 0)
    day = run.day - timedelta(days=steps[name].days)
    begins, ends = days.start_of_day(day, charter.zone), days.end_of_day(day, charter.zone)
    found = [(last.occurred_at, last.member_id) for last in series.list_gone_quiet(tx, begins, ends, after, _PAGE)]
    worked = each(tx, found, lambda last: _win_back(tx, charter, run, steps[name], last), _member)
    return Page(_cursor(list(steps), name, found), len(found), sum(worked.answers), worked.left_out)


def replenishment_page(tx: Tx, run: Run) -> Page:
    """Learn the rhythms of those who bought lately; then tell those whom something should be running out."""
    charter = charters.current(tx)
    name, after = _place(run.cursor, "learn")
    if not charter.replenishment.on:
        return Page("", 0, 0)
    if name == "learn":
        found = series.list_buyers(tx, run.due_at - _LOOK_BACK_DAYS * DAY_MS, run.due_at, after, _PAGE)
        buyers = sorted({(0, member_id) for _, member_id in found})
        learned = each(tx, buyers, lambda one: learn(tx, charter, one[1]), _member)
        return Page(_cursor(["learn", "tell"], "learn", found), len(found), 0, learned.left_out)
    due = [(0, member_id) for member_id in series.list_due(tx, run.day, after[1], _PAGE)]
    worked = each(tx, due, lambda one: _replenish(tx, charter, run, one[1]), _member)
    return Page(_cursor(["tell"], "tell", due), len(due), sum(worked.answers), worked.left_out)


def learn(tx: Tx, charter: Charter, member_id: int) -> None:
    """Find out what a member buys regularly, from the lines of the last two years."""
    lines = series.list_lines(tx, member_id, tx.now - _MEMORY_DAYS * DAY_MS)
    bought = [Bought(days.local_date(line.occurred_at, charter.zone), line.item, line.category) for line in lines]
    series.keep_rhythms(tx, member_id, rhythms.find(charter.replenishment, bought))


def _member(place: Place) -> int:
    return place[1]


# Where a run is: `<step>:<time>:<id>`


def _place(cursor: str, first: str) -> tuple[str, Place]:
    name, _, last = cursor.partition(":")
    at, _, member_id = last.partition(":")
    return name or first, (int(at or 0), int(member_id or 0))


def _cursor(names: list[str], name: str, found: list[Place]) -> str:
    """On within the step, or at the next one, or at the end."""
    if len(found) == _PAGE:
        return f"{name}:{found[-1][0]}:{found[-1][1]}"
    later = names[names.index(name) + 1 :]
    return f"{later[0]}:0:0" if later else ""


# The first weeks


def _steps(charter: Charter) -> Iterator[tuple[str, int, _Welcome]]:
    yield "card", charter.welcome.card_day, _say_card
    yield "gifts", charter.welcome.gifts_day, _say_gifts
    yield "settings", charter.welcome.settings_day, _say_settings


def _welcome(tx: Tx, charter: Charter, member_id: int, name: str, make: _Welcome) -> bool:
    member = members.get(tx, member_id)
    say = make(tx, charter, member) if member else None
    if say is None:
        return False
    return pushes.push(tx, member_id, "greetings", say, f"welcome:{member_id}:{name}", tx.now + _STALE_DAYS * DAY_MS)


def _say_card(tx: Tx, charter: Charter, member: Member) -> Say:
    """With the first rule that always gives points, for the arithmetic, and the charter's present."""
    rules = charter.earning.base
    rule = next((one for one in rules if not (one.categories or one.stores or one.payments or one.weekdays)), None)
    told: dict[str, Any] = {"points": rule.points if rule else 0, "per": charter.minor(rule.per) if rule else 0}
    code, key = charter.welcome.coupon, f"joining:{member.id}"
    coupon_id = coupons.grant(tx, charter, member.id, code, "joining", key) if code else None
    told |= {"balance": max(0, accounts.get(tx, member.id).standing), "present": birthdays.present(tx, coupon_id or 0)}
    return Say("welcome_card", told | {"name": members.name_of(tx, member.id)})


def _say_gifts(tx: Tx, charter: Charter, member: Member) -> Say | None:
    """The nearest gifts; nothing if there are none."""
    standing = max(0, accounts.get(tx, member.id).standing)
    offered = [gift.terms for gift in gifts.list_offered(tx)]
    open_to = [terms for terms in offered if gift_rules.is_open_to(terms, member.tier, charter)]
    if not open_to:
        return None
    nearest = sorted(open_to, key=lambda terms: terms.points)[:_MOST_NAMED]
    told = [
        {"name": gift_rules.in_all_languages(terms.names), "points": terms.points,
         "lacking": max(0, terms.points - standing)}
        for terms in nearest
    ]  # fmt: skip
    return Say("welcome_gifts", {"gifts": told, "balance": standing})


def _say_settings(_tx: Tx, _charter: Charter, _member: Member) -> Say:
    return Say("welcome_settings")


# Those who stay away


def _win_back(tx: Tx, charter: Charter, run: Run, step: WinBack, last: Place) -> bool:
    occurred_at, member_id = last
    key = f"winback:{member_id}:{step.days}:{occurred_at}"
    coupon_id = coupons.grant(tx, charter, member_id, step.coupon, "quiet", key) if step.coupon else None
    told: dict[str, Any] = {
        "name": members.name_of(tx, member_id),
        "last_at": occurred_at,
        "balance": max(0, accounts.get(tx, member_id).standing),
        "present": birthdays.present(tx, coupon_id or 0),
    }
    expires_at = days.end_of_day(days.add_days(run.day, _STALE_DAYS), charter.zone)
    return pushes.push(tx, member_id, "tips", Say("winback_missed", told), key, expires_at)


# What should be running out


def _replenish(tx: Tx, charter: Charter, run: Run, member_id: int) -> bool:
    due = series.list_due_of(tx, member_id, run.day)
    since = run.day - timedelta(days=charter.replenishment.pause_days)
    if not series.mark_told(tx, member_id, run.day, since):
        return False
    say = Say("replenish_due", {"goods": [_good(charter, rhythm) for rhythm in due[:_MOST_NAMED]]})
    expires_at = days.end_of_day(_last_day(due, run.day), charter.zone)
    return pushes.push(tx, member_id, "tips", say, f"replenish:{member_id}:{run.day}", expires_at)


def _last_day(due: list[Rhythm], on: date) -> date:
    """A tip is of use for a quarter of the shortest interval, at least until tomorrow."""
    return on + timedelta(days=max(1, min(rhythm.every_days for rhythm in due) // 4))


def _good(charter: Charter, rhythm: Rhythm) -> dict[str, Any]:
    name = dict.fromkeys(LOCALES, rhythm.item) if rhythm.item else charter.category_names(rhythm.category)
    return {"name": name, "every_days": rhythm.every_days, "last_on": rhythm.last_on.isoformat()}
