"""Members who have not been seen for long: found, asked whether to stay, remembered when they do."""

from __future__ import annotations

from db import members
from db.database import Tx
from db.members import Member

# Neither bought nor redeemed anything since then, nor joined or said that they stay. What a job enters is no sign of
# life, and neither is what staff corrected.
_QUIET = (
    "FROM member m LEFT JOIN retention r ON r.member_id = m.id WHERE m.status = 'active' AND m.id > :after "
    "AND m.joined_at < :since AND COALESCE(r.stayed_at, 0) < :since "
    "AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.member_id = m.id AND p.occurred_at >= :since) "
    "AND NOT EXISTS (SELECT 1 FROM gift_reservation g WHERE g.member_id = m.id AND g.reserved_at >= :since) "
)


def list_to_warn(tx: Tx, since: int, after: int, limit: int) -> list[Member]:
    """Quiet since that time (epoch ms) and not warned after it; ids above after, in order."""
    rows = tx.all(
        f"SELECT m.id {_QUIET} AND COALESCE(r.warned_at, 0) < :since ORDER BY m.id LIMIT :limit",
        since=since, after=after, limit=limit,
    )  # fmt: skip
    return _members(tx, rows)


def list_to_erase(tx: Tx, since: int, warned_before: int, after: int, limit: int) -> list[Member]:
    """Quiet since that time, and warned after it but before the other (epoch ms); ids above after, in order."""
    rows = tx.all(
        f"SELECT m.id {_QUIET} AND r.warned_at >= :since AND r.warned_at < :warned_before ORDER BY m.id LIMIT :limit",
        since=since, warned_before=warned_before, after=after, limit=limit,
    )  # fmt: skip
    return _members(tx, rows)


def last_seen(tx: Tx, member: Member) -> int:
    """The member's last sign of life (epoch ms), as above."""
    bought, redeemed, stayed = tx.one(
        "SELECT (SELECT COALESCE(MAX(occurred_at), 0) FROM purchase WHERE member_id = :member_id), "
        "(SELECT COALESCE(MAX(reserved_at), 0) FROM gift_reservation WHERE member_id = :member_id), "
        "(SELECT COALESCE(MAX(stayed_at), 0) FROM retention WHERE member_id = :member_id)",
        member_id=member.id,
    ) or (0, 0, 0)
    seen: int = max(member.joined_at, bought, redeemed, stayed)
    return seen


def mark_warned(tx: Tx, member_id: int) -> None:
    tx.run(
        "INSERT INTO retention (member_id, warned_at) VALUES (:member_id, :now) "
        "ON CONFLICT (member_id) DO UPDATE SET warned_at = excluded.warned_at",
        member_id=member_id, now=tx.now,
    )  # fmt: skip


def mark_stayed(tx: Tx, member_id: int) -> None:
    tx.run(
        "INSERT INTO retention (member_id, stayed_at) VALUES (:member_id, :now) "
        "ON CONFLICT (member_id) DO UPDATE SET stayed_at = excluded.stayed_at",
        member_id=member_id, now=tx.now,
    )  # fmt: skip


def _members(tx: Tx, rows: list[tuple[int]]) -> list[Member]:
    found = (members.get(tx, row[0]) for row in rows)
    return [member for member in found if member]
