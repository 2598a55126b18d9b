"""What the invented staff noted about members, and whom they are to think of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from actions import charters
from bot.demo import cast
from bot.demo.goods import XIMEN
from db import care, desk, members, notes
from db.database import Tx
from db.notes import NewNote
from loyalty.notes import Field

_DAY_MS = 86_400_000
# Whose, about what, in whose words, and so many days ago.
_NOTED: tuple[tuple[cast.Character, Field, str, cast.Character, int], ...] = (
    (cast.LIN, "wishes", "想要燕麦奶，店里还没有", cast.XIAOCHUAN, 12),
    (cast.LIN, "allergies", "芒果", cast.XIAOCHUAN, 30),
    (cast.CHEN, "colours", "偏爱雾霾蓝", cast.MEI, 20),
    (cast.ANN, "brands", "always asks for the Yunnan beans", cast.XIAOCHUAN, 8),
    (cast.GRANDPA, "other", "字要大，说话慢一点", cast.XIAOCHUAN, 40),
)
_MOST_CLOSED = 200


def note(tx: Tx, stores: Mapping[str, int]) -> None:
    """stores: ids by code."""
    now = tx.now
    for whose, field, words, clerk, days in _NOTED:
        tx.now = now - days * _DAY_MS
        member = members.get_by_user(tx, whose.user_id)
        assert member is not None
        notes.add(tx, NewNote(member.id, field, words, stores[XIMEN], clerk.user_id))
    tx.now = now


def set_tasks(tx: Tx, store_id: int, member_ids: Iterable[int], today: date) -> None:
    """One by each of three rules of the default charter, where it means a member of that store."""
    found = [member for number in member_ids if (member := members.get(tx, number))]
    there = [member for member in found if member.home_store_id == store_id]
    quiet = [member for member in there if not member.user_id]
    best = charters.current(tx).tiers[-1].code
    closed = {member_id for _, _, member_id in care.list_appeased(tx, 0, tx.now, (0, 0), _MOST_CLOSED)}
    meant = {
        "missed": sorted(quiet, key=lambda member: desk.last_visit(tx, member.id)),
        "top": [member for member in there if member.tier == best],
        "appeased": [member for member in quiet if member.id in closed],
    }
    for rule, chosen in meant.items():
        for member in chosen[:1]:
            care.add(tx, member.id, rule, "demo", today)
