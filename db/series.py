"""Who joined when, who has not bought for how long, and what members buy in which rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db.database import Tx
from loyalty.rhythms import Rhythm

Place = tuple[int, int]  # the last one of the page before, in the order of the list


@dataclass(frozen=True, slots=True)
class LastPurchase:
    """of a member who has bought nothing since; occurred_at in epoch ms UTC."""

    occurred_at: int
    member_id: int


@dataclass(frozen=True, slots=True)
class BoughtLine:
    occurred_at: int  # epoch ms UTC
    item: str
    category: str  # code, '' if none was told


def list_joined(tx: Tx, since: int, until: int, after: Place, limit: int) -> list[Place]:
    """When (epoch ms, after since, until included) and who: active members on Telegram, in this order."""
    at, member_id = max(after, (since + 1, 0))
    rows = tx.all(
        "SELECT joined_at, id FROM member WHERE status = 'active' AND user_id <> 0 "
        "AND (joined_at, id) > (:at, :id) AND joined_at <= :until "
        "ORDER BY joined_at, id LIMIT :limit",
        at=at, id=member_id, until=until, limit=limit,
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def list_gone_quiet(tx: Tx, begins_at: int, ends_at: int, after: Place, limit: int) -> list[LastPurchase]:
    """Last purchases within that span (epoch ms, both included), of active members on Telegram, in order of time."""
    at, member_id = max(after, (begins_at, 0))
    rows = tx.all(
        "SELECT DISTINCT p.occurred_at, p.member_id FROM purchase p JOIN member m ON m.id = p.member_id "
        "WHERE (p.occurred_at, p.member_id) > (:at, :id) AND p.occurred_at <= :ends_at AND p.status = 'recorded' "
        "AND m.status = 'active' AND m.user_id <> 0 "
        "AND NOT EXISTS (SELECT 1 FROM purchase l WHERE l.member_id = p.member_id "
        "AND l.occurred_at > p.occurred_at AND l.status = 'recorded') "
        "ORDER BY p.occurred_at, p.member_id LIMIT :limit",
        at=at, id=member_id, ends_at=ends_at, limit=limit,
    )  # fmt: skip
    return [LastPurchase(*row) for row in rows]


def list_buyers(tx: Tx, begins_at: int, ends_at: int, after: Place, limit: int) -> list[Place]:
    """When and who bought within that span (epoch ms, both included), in this order; some more than once."""
    at, member_id = max(after, (begins_at, 0))
    rows = tx.all(
        "SELECT DISTINCT occurred_at, member_id FROM purchase "
        "WHERE (occurred_at, member_id) > (:at, :id) AND occurred_at <= :ends_at "
        "ORDER BY occurred_at, member_id LIMIT :limit",
        at=at, id=member_id, ends_at=ends_at, limit=limit,
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def list_lines(tx: Tx, member_id: int, since: int) -> list[BoughtLine]:
    """What a member bought from then on (epoch ms) and did not give back, oldest first."""
    rows = tx.all(
        "SELECT p.occurred_at, l.item, l.category FROM purchase p JOIN purchase_line l ON l.purchase_id = p.id "
        "WHERE p.member_id = :member_id AND p.occurred_at >= :since AND p.status = 'recorded' "
        "AND NOT EXISTS (SELECT 1 FROM refund_line r WHERE r.purchase_id = l.purchase_id AND r.position = l.position) "
        "ORDER BY p.occurred_at, p.id, l.position",
        member_id=member_id, since=since,
    )  # fmt: skip
    return [BoughtLine(*row) for row in rows]


def keep_rhythms(tx: Tx, member_id: int, rhythms: Sequence[Rhythm]) -> None:
    """These and no others, ordered by `what`. When the member was last told of one stays known."""
    known = {row[0] for row in tx.all("SELECT what FROM rhythm WHERE member_id = :member_id", member_id=member_id)}
    gone = sorted(known - {rhythm.what for rhythm in rhythms})
    tx.many(
        "DELETE FROM rhythm WHERE member_id = :member_id AND what = :what",
        [{"member_id": member_id, "what": what} for what in gone],
    )
    tx.many(
        "INSERT INTO rhythm (member_id, what, item, category, every_days, last_on, due_on) "
        "VALUES (:member_id, :what, :item, :category, :every_days, :last_on, :due_on) "
        "ON CONFLICT (member_id, what) DO UPDATE SET item = excluded.item, category = excluded.category, "
        "every_days = excluded.every_days, last_on = excluded.last_on, due_on = excluded.due_on",
        [
            {"member_id": member_id, "what": rhythm.what, "item": rhythm.item, "category": rhythm.category,
             "every_days": rhythm.every_days, "last_on": rhythm.last_on.isoformat(),
             "due_on": rhythm.due_on.isoformat()}
            for rhythm in rhythms
        ],
    )  # fmt: skip


def list_due(tx: Tx, on: date, after: int, limit: int) -> list[int]:
    """Ids of active members on Telegram whom something runs out on that local day; above after, in order."""
    rows = tx.all(
        "SELECT DISTINCT r.member_id FROM rhythm r JOIN member m ON m.id = r.member_id WHERE r.due_on = :due_on "
        "AND r.member_id > :after AND m.status = 'active' AND m.user_id <> 0 ORDER BY r.member_id LIMIT :limit",
        due_on=on.isoformat(), after=after, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def list_due_of(tx: Tx, member_id: int, on: date) -> list[Rhythm]:
    """What runs out for a member on that local day, the longest interval first."""
    rows = tx.all(
        "SELECT what, item, category, every_days, last_on FROM rhythm WHERE member_id = :member_id "
        "AND due_on = :due_on ORDER BY every_days DESC, what",
        member_id=member_id, due_on=on.isoformat(),
    )  # fmt: skip
    return [Rhythm(what, item, category, every, date.fromisoformat(last)) for what, item, category, every, last in rows]


def mark_told(tx: Tx, member_id: int, on: date, pause_since: date) -> bool:
    """Of what runs out on that day; False if the member was told of anything after pause_since."""
    return 0 < tx.run(
        "UPDATE rhythm SET told_on = :due_on WHERE member_id = :member_id AND due_on = :due_on "
        "AND NOT EXISTS (SELECT 1 FROM rhythm o WHERE o.member_id = :member_id AND o.told_on > :pause_since)",
        member_id=member_id, due_on=on.isoformat(), pause_since=pause_since.isoformat(),
    )  # fmt: skip
