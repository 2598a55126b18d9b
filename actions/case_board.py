"""Cases as staff groups see them: masked, one message per case, changed in place."""

from __future__ import annotations

from typing import Any

from actions import charters
from db import outbox, staff, staff_groups, stores
from db.cases import Case
from db.database import Tx
from loyalty.cases import is_late
from loyalty.lots import NEVER
from loyalty.messages import Post, Say


def show(tx: Tx, case: Case, also_store: int = 0) -> None:
    """As it is now, to the groups of its store (and of one it has just left) and of the chain."""
    groups = staff_groups.list_for(tx, {case.store_id, also_store})
    if not groups:
        return
    told = _masked(tx, case)
    for group in groups:
        outbox.post(tx, Say("case_post", told, to=group.chat_id, kind="notice", post=Post(group.topic_id)))


def _masked(tx: Tx, case: Case) -> dict[str, Any]:
    """Nothing of the member, not a word of what was said."""
    rules = charters.current(tx).service
    return {
        "case_id": case.id, "kind": case.kind, "state": case.state,
        "severity": rules.severity(case.severity).names,
        "category": rules.category(case.category).names, "store": stores.name_of(tx, case.store_id),
        "answer_due": case.answer_due, "resolve_due": case.resolve_due if case.resolve_due < NEVER else 0,
        "late": is_late(case.state, case.answer_due, case.resolve_due, tx.now),
        "holder": staff.name_of(tx, case.holder), "merged_into": case.merged_into,
    }  # fmt: skip
