"""Moves of members from tier to tier. The tier itself stands with the member, since when with the account."""

from __future__ import annotations

from dataclasses import dataclass

from db import accounts, members
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Move:
    """tier codes; since_before: epoch ms UTC, 0 for the tier the member joined with."""

    tier_before: str
    tier_after: str
    since_before: int
    purchase_id: int  # what lifted the member; 0 if this undid a lift, or a review moved the member
    review: str = ""  # the `keep_until` that was reviewed


def move(tx: Tx, member_id: int, made: Move, since: int) -> None:
    """Put the member into a tier, which counts as held since then (epoch ms UTC), and note the move."""
    members.set_tier(tx, member_id, made.tier_after)
    accounts.set_tier_since(tx, member_id, since)
    note(tx, member_id, made)


def note(tx: Tx, member_id: int, made: Move) -> None:
    """What was decided about the member's tier; a review may also have left it as it is."""
    tx.run(
        "INSERT INTO tier_change (member_id, tier_before, tier_after, since_before, purchase_id, review, changed_at) "
        "VALUES (:member_id, :tier_before, :tier_after, :since_before, :purchase_id, :review, :now)",
        member_id=member_id, tier_before=made.tier_before, tier_after=made.tier_after,
        since_before=made.since_before, purchase_id=made.purchase_id, review=made.review, now=tx.now,
    )  # fmt: skip


def first_lift(tx: Tx, member_id: int, purchase_id: int) -> Move | None:
    """The first move that this purchase or one recorded after it brought about, since the tier was last reviewed."""
    row = tx.one(
        "SELECT tier_before, tier_after, since_before, purchase_id FROM tier_change "
        "WHERE member_id = :member_id AND purchase_id >= :purchase_id AND id > (SELECT COALESCE(MAX(id), 0) "
        "FROM tier_change WHERE member_id = :member_id AND review <> '') ORDER BY purchase_id, id LIMIT 1",
        member_id=member_id, purchase_id=purchase_id,
    )  # fmt: skip
    return Move(*row) if row else None
