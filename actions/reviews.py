"""Reviews of tiers: what keeps one is announced early, and decided when its time is over (loyalty/tiers.py)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from actions import benefits, charters, pushes, tiers
from actions.one_by_one import each
from db import accounts, members, reviews, tiers as moves
from db.database import Tx
from db.reviews import BEGINNING, OPEN, Due, Terms
from db.tiers import Move
from loyalty import days, tiers as rules
from loyalty.charter import Charter
from loyalty.jobs import DAY_MS, Page, Run
from loyalty.messages import Say, params_of
from loyalty.tiers import Decision, Held, Holding

_PAGE = 300
_NEWS_MS = 30 * DAY_MS
# What is decided about many members every day, and told to nobody.
_QUIET = {"begin", "wait"}
# Of those whose turn it is on one day, most are held for the same days.
_remembered = lru_cache(maxsize=1024)


def page(tx: Tx, run: Run) -> Page:
    """Look at the tiers of the next members who are due on that day, or earlier.

    Never at a day that has not come: nobody loses a tier because somebody started the job for next month.
    """
    charter = charters.current(tx)
    day = min(run.day, days.local_date(tx.now, charter.zone))
    after = tuple(json.loads(run.cursor)) if run.cursor else BEGINNING
    found = reviews.list_due(tx, charter.tier_review.metric, day.isoformat(), after, _PAGE)
    _leave_out(tx, [due for due in found if not due.active])
    active = [due for due in found if due.active]
    worked = each(tx, active, lambda due: _settle(tx, charter, due, day), lambda due: due.member_id)
    settled = [one for one in worked.answers if one]
    reviews.hold(tx, [one.seen for one in settled], [_terms(one.made) for one in settled])
    cursor = json.dumps(found[-1].place) if len(found) == _PAGE else ""
    return Page(cursor, len(found), sum(one.reached for one in settled), worked.left_out)


def decide(charter: Charter, due: Due, day: date) -> Decision:
    """What the rules make of a member's tier on that day."""
    holding = _read(due.period_from, due.period_until, due.keep_until) if due.period_from else None
    held = Held(due.tier, due.since, holding, due.announced, can_be_told=due.user_id != 0)
    return rules.review(charter, held, due.qualifying, due.kept, day)


def _is_quiet(charter: Charter, due: Due, made: Decision) -> bool:
    if made.verdict == "keep":
        return charter.tier(due.tier).code == charter.tiers[0].code
    return made.verdict in _QUIET


def _leave_out(tx: Tx, gone: Sequence[Due]) -> None:
    """Those who have left are not looked at again."""
    reviews.hold(
        tx,
        [due.seen for due in gone],
        [Terms("", "", "", announced=False, review_on=date.max.isoformat()) for _ in gone],
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """What was carried out of a review; `seen` for `reviews.hold`."""

    seen: tuple[int, str]
    made: Decision
    reached: bool  # given or told something


def _settle(tx: Tx, charter: Charter, due: Due, day: date) -> _Settled | None:
    """Carry out what is decided; None if it does not hold any more.

    What somebody gets or loses by it is decided again once nobody else can change the member's points.
    """
    made = decide(charter, due, day)
    if _is_quiet(charter, due, made):
        return _Settled(due.seen, made, reached=False)
    accounts.lock(tx, due.member_id)
    now = reviews.get(tx, charter.tier_review.metric, due.member_id)
    if now is None or now.review_on != due.review_on:
        return None
    if now != due and decide(charter, now, day) != made:
        return None
    if made.verdict in ("lift", "lower"):
        _move(tx, charter, now, made)
        return _Settled((now.member_id, OPEN), made, reached=True)
    if made.verdict == "announce":
        return _Settled(now.seen, made, _announce(tx, charter, now, made))
    moves.note(tx, now.member_id, Move(now.tier, now.tier, now.since, purchase_id=0, review=now.keep_until))
    return _Settled(now.seen, made, now.announced and _tell_kept(tx, charter, now, made))


def _move(tx: Tx, charter: Charter, due: Due, made: Decision) -> None:
    """It leaves the period open."""
    moved = Move(due.tier, made.tier, due.since, purchase_id=0, review=due.keep_until)
    moves.move(tx, due.member_id, moved, made.since)
    if made.verdict == "lower":
        _tell_lowered(tx, charter, due, made)
        return
    member = members.get(tx, due.member_id)
    assert member is not None
    benefits.welcome(tx, charter, member, charter.tier(made.tier), f"{member.id}:review:{due.keep_until}")


def _announce(tx: Tx, charter: Charter, due: Due, made: Decision) -> bool:
    stands = rules.progress(charter, due.tier, due.qualifying, due.kept)
    below = rules.lower_tier(charter, due.tier, due.kept)
    until = _end(charter, made.holding.keep_until)
    told = {
        "tier": stands.current.names,
        "below": below.names,
        "needed": stands.needed_to_keep,
        "metric": charter.tier_review.metric,
        "keep_until": until,
    }
    key = f"tier_warning:{due.member_id}:{made.holding.keep_until}"
    return pushes.push_to(tx, due.user_id, "tier", Say("tier_warning", told), key, until)


def _tell_kept(tx: Tx, charter: Charter, due: Due, made: Decision) -> bool:
    told = {
        "tier": charter.tier(due.tier).names,
        "keep_until": _end(charter, made.holding.keep_until),
    }
    key = f"tier_kept:{due.member_id}:{due.keep_until}"
    return pushes.push_to(tx, due.user_id, "tier", Say("tier_kept", told), key, tx.now + _NEWS_MS)


def _tell_lowered(tx: Tx, charter: Charter, due: Due, made: Decision) -> None:
    account = accounts.get(tx, due.member_id)
    months = tiers.months_that_count(tx, charter, due.member_id, tx.now, made.holding.begins.isoformat())
    standing = tiers.standing(charter, made.tier, made.holding, months, tx.now)
    told = params_of(standing) | {
        "before": charter.tier(due.tier).names,
        "available": account.available,
        "brings": benefits.brings(tx, charter, charter.tier(made.tier)),
    }
    key = f"tier_lowered:{due.member_id}:{due.keep_until}"
    pushes.push_to(tx, due.user_id, "tier", Say("tier_lowered", told), key, tx.now + _NEWS_MS)


def _terms(made: Decision) -> Terms:
    return _written(made.holding, made.announced, made.review_on)


@_remembered
def _read(*fixed: str) -> Holding:
    return Holding(*map(date.fromisoformat, fixed))


@_remembered
def _written(period: Holding, announced: bool, review_on: date) -> Terms:
    return Terms(
        period_from=period.begins.isoformat(),
        period_until=period.ends.isoformat(),
        keep_until=period.keep_until.isoformat(),
        announced=announced,
        review_on=review_on.isoformat(),
    )


def _end(charter: Charter, day: date) -> int:
    return days.end_of_day(day, charter.zone)
