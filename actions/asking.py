"""Whether a member may be asked something of our own accord: only who wants to be, and not too often."""

from __future__ import annotations

from actions import charters
from db import members, surveys, wishes
from db.database import Tx
from loyalty.jobs import DAY_MS
from loyalty.surveys import takes_questions


def is_wanted(tx: Tx, member_id: int) -> bool:
    """Whether the member is on Telegram and takes questions there."""
    member = members.get(tx, member_id)
    return member is not None and takes_questions(wishes.get(tx, member.user_id, "surveys"))


def is_welcome(tx: Tx, member_id: int) -> bool:
    """Whether they take questions, and the last one lies `pause_days` back; nobody else asks them meanwhile."""
    if not is_wanted(tx, member_id):
        return False
    tx.serialise(f"asked:{member_id}")
    pause_ms = charters.current(tx).surveys.pause_days * DAY_MS
    return not surveys.was_asked(tx, member_id, tx.now - pause_ms)
