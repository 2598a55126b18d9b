"""Whether a push is welcome now, looked at when its time has come: the one place where members' choices count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from loyalty import days, hours
from loyalty.charter import Charter
from loyalty.lots import NEVER
from loyalty.topics import is_own

DIGEST = "digest"  # the topic of the weekly digest itself, which nobody chooses by its name

# What has its day: it does not wait because of what else came, though others wait because of it, nor for the digest.
_ON_THE_DAY = (DIGEST, "birthday")

Frequency = Literal["each", "weekly", "own", "none"]
FREQUENCIES: tuple[Frequency, ...] = ("each", "weekly", "own", "none")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the one it is for has chosen, and what they were told of before."""

    active: bool  # a member still
    frequency: str
    wanted: bool  # the topic of this push
    quiet_from: str  # 'HH:MM' in the charter's zone, '' if the charter's hours hold
    quiet_until: str
    told_at: int  # when they were last sent a push that was not about their own matters (epoch ms), 0 if never


@dataclass(frozen=True, slots=True)
class Verdict:
    """Send it, drop it for good (`why`), or look again at `due_at` (epoch ms) because of `why`."""

    what: Literal["send", "drop", "hold"]
    why: str = ""
    due_at: int = 0


SEND = Verdict("send")


def judge(topic: str, expires_at: int, wishes: Wishes, charter: Charter, now: int) -> Verdict:
    """What becomes of a push on that topic now. expires_at and now: epoch ms; expires_at 0: never."""
    if 0 < expires_at <= now:
        return Verdict("drop", "expired")
    if not wishes.active:
        return Verdict("drop", "inactive")
    if _is_unwanted(topic, wishes):
        return Verdict("drop", "unwanted")
    if wishes.frequency == "weekly" and not is_own(topic) and topic not in _ON_THE_DAY:
        return Verdict("hold", "weekly", NEVER)
    later = _later(topic, wishes, charter, now)
    if later.what == "hold" and 0 < expires_at <= later.due_at:
        return Verdict("drop", "expired")
    return later


def _is_unwanted(topic: str, wishes: Wishes) -> bool:
    if not wishes.wanted or wishes.frequency == "none":
        return True
    return wishes.frequency == "own" and not is_own(topic)


def _later(topic: str, wishes: Wishes, charter: Charter, now: int) -> Verdict:
    """Tomorrow if they were told something today; not before the end of their quiet hours."""
    limited = not is_own(topic) and topic not in _ON_THE_DAY
    _, end_of_day = days.day_span(now, charter.zone)
    if limited and wishes.told_at and days.day_span(wishes.told_at, charter.zone)[1] == end_of_day:
        return Verdict("hold", "daily", _end_of_quiet(wishes, charter, end_of_day + 1))
    over = _end_of_quiet(wishes, charter, now)
    return SEND if over <= now else Verdict("hold", "quiet", over)


def _end_of_quiet(wishes: Wishes, charter: Charter, at: int) -> int:
    """`at` itself unless it lies in their quiet hours."""
    usual = charter.quiet_hours
    begins, ends = usual.begins, usual.ends
    if wishes.quiet_from:
        begins, ends = time.fromisoformat(wishes.quiet_from), time.fromisoformat(wishes.quiet_until)
    quiet = hours.is_quiet(begins, ends, at, charter.zone)
    return hours.end_of_quiet(ends, at, charter.zone) if quiet else at
