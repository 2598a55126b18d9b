"""What staff see of a member leaves a look behind, which that member reads in /privacy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from db import audit
from db.database import Tx
from db.people import Person

# Turning pages, and coming back from a confirmation, is one look.
ONE_LOOK_MS = 5 * 60_000

Kind = Literal[
    "member_opened", "member_listed", "purchases_read", "points_read", "notes_read", "case_read", "record_read"
]
# The kinds of deeds by which somebody saw personal data of one member.
ACCESSES = (
    "member_opened", "member_revealed", "member_listed", "purchases_read", "points_read", "notes_read", "case_read",
    "record_read",
)  # fmt: skip


def note(tx: Tx, person: Person, kind: Kind, member_id: int, store_id: int) -> None:
    """That this person saw it, once in ONE_LOOK_MS; member_id 0 is nobody. As `audit.add`, the last thing done."""
    since = tx.now - ONE_LOOK_MS
    if member_id and not audit.is_known(tx, person.user_id, kind, member_id, since):
        audit.add(tx, person.user_id, kind, store_id=store_id, member_id=member_id)


def note_all(tx: Tx, person: Person, member_ids: Iterable[int], store_id: int) -> None:
    """That they were in a list this person saw."""
    for member_id in member_ids:
        note(tx, person, "member_listed", member_id, store_id)
