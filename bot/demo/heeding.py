"""What the invented staff noted about members, and whom they are to think of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.demo import cast
from bot.demo.goods import XIMEN
from db import care, members, notes
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
# Rules of the default charter, each for a member of the store.
_DUE = ("missed", "top", "appeased")


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
    """For some members of that store who are not on Telegram."""
    rules = iter(_DUE)
    for member_id in member_ids:
        member = members.get(tx, member_id)
        if member and member.home_store_id == store_id and not member.user_id:
            rule = next(rules, "")
            if not rule:
                return
            care.add(tx, member.id, rule, "demo", today)
