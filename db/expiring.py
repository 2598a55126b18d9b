"""Points that change what members can do: those that become usable, and those that are about to lapse."""

from __future__ import annotations

from dataclasses import dataclass

from db.database import Row, Tx

# Before all there are.
BEGINNING = (0, 0)


@dataclass(frozen=True, slots=True)
class Expiring:
    """What of a member's points lapses at one instant, as things stand. Only members who can be told."""

    expires_at: int  # epoch ms UTC
    member_id: int
    user_id: int
    home_store_id: int
    tier: str
    points: int  # that are lost: what is owed is settled with the first that lapse
    available: int  # that can be redeemed now

    @property
    def place(self) -> tuple[int, int]:
        """In the order of `list_expiring`."""
        return self.expires_at, self.member_id


@dataclass(frozen=True, slots=True)
class Usable:
    """What has become usable for a member."""

    member_id: int
    user_id: int
    points: int
    available: int


_LIVE = "(SELECT COALESCE(SUM(b.points), 0) FROM account_expiry b WHERE b.member_id = a.member_id AND {which})"
_PENDING = (
    "(SELECT COALESCE(SUM(l.remaining), 0) FROM lot l WHERE l.member_id = a.member_id AND l.remaining > 0 "
    "AND l.active_at > :now AND l.expires_at >= :now)"
)
_AVAILABLE = f"{_LIVE.format(which='b.expires_at >= :now')} - {_PENDING} - a.deficit"
_SOONER = _LIVE.format(which="b.expires_at >= :now AND b.expires_at < e.expires_at")
_CAN_BE_TOLD = "m.status = 'active' AND m.user_id <> 0"


def list_expiring(tx: Tx, begins: int, ends: int, after: tuple[int, int], limit: int) -> list[Expiring]:
    """What lapses from `begins` to `ends` (epoch ms, both included), if nothing happens until then; the first first."""
    # One lower bound alone: with two SQLite begins at the other, and passes all that the pages before have had.
    expires_at, member_id = max(after, (begins, 0))
    rows = tx.all(
        "SELECT e.expires_at, e.member_id, m.user_id, m.home_store_id, m.tier, e.points, a.deficit, "
        f"{_SOONER}, {_AVAILABLE} "
        "FROM account_expiry e JOIN account a ON a.member_id = e.member_id JOIN member m ON m.id = e.member_id "
        "WHERE (e.expires_at, e.member_id) > (:expires_at, :member_id) AND e.expires_at <= :ends "
        f"AND e.points > 0 AND {_CAN_BE_TOLD} ORDER BY e.expires_at, e.member_id LIMIT :limit",
        expires_at=expires_at, member_id=member_id, ends=ends, now=tx.now, limit=limit,
    )  # fmt: skip
    return [_expiring(row) for row in rows]


def list_usable(tx: Tx, members: tuple[int, int], begins: int, ends: int) -> list[Usable]:
    """What became usable from `begins` to `ends` (epoch ms) after it had been pending; members: first and last id."""
    rows = tx.all(
        f"SELECT found.member_id, m.user_id, found.points, {_AVAILABLE} FROM ("
        "SELECT p.member_id, SUM(p.remaining) AS points "
        "FROM lot p JOIN entry e ON e.id = p.entry_id WHERE p.member_id BETWEEN :first AND :last AND p.remaining > 0 "
        "AND p.active_at BETWEEN :begins AND :ends AND p.active_at > e.occurred_at GROUP BY p.member_id) AS found "
        f"JOIN account a ON a.member_id = found.member_id JOIN member m ON m.id = found.member_id WHERE {_CAN_BE_TOLD} "
        "ORDER BY found.member_id",
        first=members[0], last=members[1], begins=begins, ends=ends, now=tx.now,
    )  # fmt: skip
    return [Usable(member_id, user_id, points, max(0, available)) for member_id, user_id, points, available in rows]


def last_member(tx: Tx) -> int:
    """The highest id there is; 0 if there are no members."""
    highest: int = tx.value("SELECT COALESCE(MAX(id), 0) FROM member")
    return highest


def _expiring(row: Row) -> Expiring:
    expires_at, member_id, user_id, store_id, tier, points, deficit, sooner, available = row
    lost = max(0, points - max(0, deficit - sooner))
    return Expiring(expires_at, member_id, user_id, store_id, tier, lost, max(0, available))
