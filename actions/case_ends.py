"""What becomes of a member's cases when they leave for good."""

from __future__ import annotations

from actions import case_hands, cases
from db import cases as rows, outbox, stores
from db.cases import Case
from db.database import Tx
from loyalty.cases import OPEN
from loyalty.messages import Say


def end_all(tx: Tx, member_id: int) -> None:
    """There is nobody left to be answered: what goes on is closed, and who has it is told."""
    for known in rows.list_going_on(tx, member_id):
        # Locked first and read again: a colleague may be writing in it right now.
        rows.lock(tx, known.id)
        case = cases.require(tx, known.id)
        if not case.ended_at:
            _tell_holder(tx, case)
            cases.move(tx, case, "leave", 0, case.holder)


def _tell_holder(tx: Tx, case: Case) -> None:
    if case.holder and case.state in OPEN and case_hands.may_hold(tx, case.holder, case):
        told = {"case_id": case.id, "store": stores.name_of(tx, case.store_id)}
        outbox.post(tx, Say("case_left", told, to=case.holder, kind="notice"))
