"""How the bot is, at a glance, for those who look after it."""

from __future__ import annotations

from dataclasses import dataclass

from actions import staff
from db import health, jobs, pace, people
from db.database import Tx
from db.health import Queue
from db.people import Person
from loyalty.jobs import DAY_MS
from loyalty.roles import Role

_MINUTE_MS = 60_000
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Health:
    """Times are epoch ms UTC, 0 for none. Doubtful, refused, floods and troubles are those of the last `days`."""

    queues: list[Queue]
    oldest_at: int
    last_minute: int  # messages sent
    quiet_until: int  # until when Telegram wants quiet
    floods: int  # how often it did
    unknown: int  # promotions of which nobody knows whether they arrived
    failed: int  # refused by Telegram, unwanted, expired, or to a closed chat
    unreachable: int  # members who closed their chat
    updates: int  # stored, not handled yet
    dead: int  # given up
    jobs_failed: int
    jobs_skipped: int
    days: int
    now: int


def look(tx: Tx, person: Person) -> Health:
    """Refuses whoever is no manager."""
    staff.require(tx, person.user_id, Role.MANAGER)
    since, quiet = tx.now - _DAYS * DAY_MS, pace.quiet_left(tx)
    troubles = jobs.count_troubles(tx, since)
    return Health(
        queues=health.list_queues(tx),
        oldest_at=health.oldest_due(tx),
        last_minute=health.count_ended(tx, "sent", tx.now - _MINUTE_MS),
        quiet_until=tx.now + quiet if quiet else 0,
        floods=pace.count_floods(tx, since),
        unknown=health.count_ended(tx, "unknown", since),
        failed=health.count_ended(tx, "failed", since),
        unreachable=people.count_unreachable(tx),
        updates=health.count_updates(tx, "new"),
        dead=health.count_updates(tx, "dead"),
        jobs_failed=_count(troubles, "failed"),
        jobs_skipped=_count(troubles, "skipped"),
        days=_DAYS,
        now=tx.now,
    )


def _count(troubles: dict[tuple[str, str], int], state: str) -> int:
    return sum(count for (_, which), count in troubles.items() if which == state)
