"""What a member has, where it came from, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from actions import charters, tiers
from actions.members import require_member
from db import accounts, history
from db.database import Tx
from db.history import NEWEST, HistoryLine
from db.people import Person
from loyalty import days
from loyalty.lots import NEVER
from loyalty.messages import Document, Say, params_of

PAGE = 8


@dataclass(frozen=True, slots=True)
class Overview:
    """Points and tier at a glance. Times in epoch ms UTC, 0 where there is none; names of tiers by locale."""

    available: int
    pending: int
    pending_until: int  # when the next of them become usable
    deficit: int  # points that were taken back after they were spent
    expiring: int
    expiring_at: int
    tier: dict[str, str]
    next_tier: dict[str, str]  # {} for the highest
    needed_for_next: int  # minor units, or points earned, as metric says
    needed_to_keep: int
    keep_until: int  # 0: the lowest tier, which nobody loses
    lifts_at: int  # when the review lifts; 0: at once
    metric: str  # spend, points
    period: str  # rolling, calendar_year
    period_months: int


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first. older and newer are what `page` takes for the pages beside it, -1 where there is none."""

    entries: list[dict[str, object]]
    older: int
    newer: int


def overview(tx: Tx, person: Person) -> Overview:
    """From running totals only, so that a long history costs nothing. Refuses NotAMember."""
    member = require_member(tx, person)
    charter = charters.current(tx)
    account = accounts.get(tx, member.id)
    months = tiers.months_that_count(tx, charter, member.id, tx.now, account.period_from)
    held = tiers.holding_of(charter, member, account, tx.now)
    standing = tiers.standing(charter, member.tier, held, months, tx.now)
    lapsing = accounts.next_expiry(tx, member.id)
    lapses = lapsing is not None and lapsing.expires_at < NEVER
    return Overview(
        available=account.available,
        pending=account.pending,
        pending_until=account.pending_until,
        deficit=account.deficit,
        expiring=lapsing.points if lapsing and lapses else 0,
        expiring_at=lapsing.expires_at if lapsing and lapses else 0,
        **params_of(standing),
    )


def page(tx: Tx, person: Person, before: int = 0) -> Page:
    """The entries with ids below before (0: the newest). Refuses NotAMember."""
    member = require_member(tx, person)
    lines = history.list_before(tx, member.id, before or NEWEST, PAGE + 1)
    shown = lines[:PAGE]
    newer = history.list_ids_from(tx, member.id, before, PAGE + 1) if before else []
    return Page(
        entries=[told(line) for line in shown],
        older=shown[-1].id if len(lines) > PAGE else -1,
        newer=_newer(newer),
    )


def spreadsheet(tx: Tx, person: Person) -> Say:
    """The file of all entries; made when it is sent. Refuses NotAMember."""
    member = require_member(tx, person)
    today = days.local_date(tx.now, charters.current(tx).zone)
    return Say("history_file", document=Document("history", {"member_id": member.id}, f"points-{today}.xlsx"))


def told(line: HistoryLine) -> dict[str, object]:
    """What a template needs to say where an entry came from."""
    return {
        "at": line.occurred_at,
        "kind": line.kind,
        "reason": line.reason,
        "points": line.points,
        "store": line.store,
        "amount": line.amount,
        "rules": line.rules,
        "caps": line.caps,
        "expires_at": line.expires_at if 0 < line.expires_at < NEVER else 0,
        "undone": line.undone,
        "name": line.detail.get("gift") or line.detail.get("name", {}),
        "cancelled": line.detail.get("state") == "cancelled",
        "refunded": line.detail.get("amount", 0) if line.reason == "refund" else 0,
    }


def _newer(ids: list[int]) -> int:
    """Where the page before begins: above its newest entry, or at the very top."""
    if not ids:
        return -1
    return ids[PAGE] if len(ids) > PAGE else 0
