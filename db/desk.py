"""What the counter looks at: a member's visits, and what a member of staff recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Visit:
    """A purchase that was not undone."""

    at: int  # epoch ms UTC
    store: str  # name
    amount: int  # minor units
    points: int  # as granted, less what refunds took back
    refunded: int  # of the amount
    purchase_id: int


@dataclass(frozen=True, slots=True)
class RunningOut:
    """Goods, or a category of them, that a member buys regularly and should need now."""

    item: str  # '' for any goods of the category
    category: str  # code


@dataclass(frozen=True, slots=True)
class GiftInReach:
    names: Mapping[str, str]  # by locale
    tier: str  # code of the lowest that may have it, '' for all


def list_visits(tx: Tx, member_id: int, limit: int, offset: int = 0) -> list[Visit]:
    """Newest first."""
    rows = tx.all(
        "SELECT purchase.occurred_at, store.name, purchase.amount, purchase.points - purchase.points_back, "
        "purchase.refunded, purchase.id "
        "FROM purchase JOIN store ON store.id = purchase.store_id "
        "WHERE purchase.member_id = :member_id AND purchase.status = 'recorded' "
        "ORDER BY purchase.occurred_at DESC, purchase.id DESC LIMIT :limit OFFSET :offset",
        member_id=member_id, limit=limit, offset=offset,
    )  # fmt: skip
    return [Visit(*row) for row in rows]


def last_visit(tx: Tx, member_id: int) -> int:
    """When the member bought something last (epoch ms); 0 for never."""
    at: int = tx.value(
        "SELECT COALESCE(MAX(occurred_at), 0) FROM purchase WHERE member_id = :member_id AND status = 'recorded'",
        member_id=member_id,
    )
    return at


def count_recorded(tx: Tx, user_id: int, since: int) -> tuple[int, int]:
    """How many purchases this member of staff recorded from then on (epoch ms), and their sum in minor units."""
    row = tx.one(
        "SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM purchase "
        "WHERE recorded_by = :user_id AND recorded_at >= :since AND status = 'recorded'",
        user_id=user_id, since=since,
    )  # fmt: skip
    assert row is not None
    return row[0], row[1]


def list_favourites(tx: Tx, member_id: int, since: int, limit: int) -> list[str]:
    """Codes of the categories a member bought from most often since then (epoch ms)."""
    rows = tx.all(
        "SELECT l.category FROM purchase p JOIN purchase_line l ON l.purchase_id = p.id WHERE p.member_id = :member_id "
        "AND p.occurred_at >= :since AND p.status = 'recorded' AND l.category <> '' "
        "GROUP BY l.category ORDER BY COUNT(DISTINCT p.id) DESC, l.category LIMIT :limit",
        member_id=member_id, since=since, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def count_pending(tx: Tx, member_id: int) -> tuple[int, int]:
    """How many cases of a member are open, and how many gifts wait to be collected."""
    row = tx.one(
        "SELECT (SELECT COUNT(*) FROM service_case WHERE member_id = :member_id AND member_id <> 0 "
        "AND state IN ('new', 'taken', 'waiting')), "
        "(SELECT COUNT(*) FROM gift_reservation WHERE member_id = :member_id AND state = 'held')",
        member_id=member_id,
    )
    assert row is not None
    return row[0], row[1]


def list_running_out(tx: Tx, member_id: int, since: str, until: str, limit: int) -> list[RunningOut]:
    """What was due between these local days (ISO dates, included), the latest first."""
    rows = tx.all(
        "SELECT item, category FROM rhythm WHERE member_id = :member_id AND due_on BETWEEN :since AND :until "
        "ORDER BY due_on DESC, what LIMIT :limit",
        member_id=member_id, since=since, until=until, limit=limit,
    )  # fmt: skip
    return [RunningOut(*row) for row in rows]


def list_in_reach(tx: Tx, points: int, limit: int) -> list[GiftInReach]:
    """Gifts on offer that cost no more points and are in stock somewhere, the dearest first."""
    rows = tx.all(
        "SELECT g.names, g.tier FROM gift g WHERE g.status = 'offered' AND g.starts_at <= :now AND g.ends_at >= :now "
        "AND g.points BETWEEN 1 AND :points "
        "AND EXISTS (SELECT 1 FROM gift_stock s WHERE s.gift_id = g.id AND s.stock > s.reserved) "
        "ORDER BY g.points DESC, g.id LIMIT :limit",
        points=points, now=tx.now, limit=limit,
    )  # fmt: skip
    return [GiftInReach(json.loads(names), tier) for names, tier in rows]
