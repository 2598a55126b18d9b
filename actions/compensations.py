"""Points with the chain's apologies for one case: within the role's limit, never for one's own."""

from __future__ import annotations

from typing import Any

from actions import adjustments, charters, staff
from actions.adjustments import Order
from db import accounts, ledger
from db.cases import Case
from db.database import Tx
from db.ledger import Posting
from db.people import Person
from loyalty import earning
from loyalty.errors import CaseNotFound, CompensationTooHigh
from loyalty.roles import Role


def limit(tx: Tx, person: Person) -> dict[str, Any]:
    """How many points this person may give for one case; 0: as many as a manager may adjust."""
    return {"limit": 0 if _manages(tx, person) else charters.current(tx).service.clerk_points}


def give(tx: Tx, person: Person, case: Case, points: int) -> int:
    """What is given at once: above a manager's limit it is 0, and a second person is asked.

    Refuses CompensationTooHigh, CaseNotFound where nobody in particular complained, and as `adjustments.adjust`.
    """
    if not case.member_id:
        raise CaseNotFound
    # One for each time the case was solved: a second try with other points is refused.
    key = f"case:{case.id}:{case.reopened}"
    if _manages(tx, person):
        charter = charters.current(tx)
        reason = charter.adjustment_reason("goodwill") or charter.adjustments.reasons[0]
        order = Order(case.member_id, points, reason.code, f"#{case.id}")
        return points if adjustments.adjust(tx, person, order, key).state == "entered" else 0
    return _give_small(tx, person, case, points, key)


def _give_small(tx: Tx, person: Person, case: Case, points: int, key: str) -> int:
    charter = charters.current(tx)
    if points > charter.service.clerk_points:
        raise CompensationTooHigh(charter.service.clerk_points)
    accounts.lock(tx, case.member_id)
    posting = Posting(
        member_id=case.member_id, kind="adjust", points=points, reason="goodwill", actor=person.user_id,
        occurred_at=tx.now, key=key, store_id=case.store_id,
        detail={"name": (charter.adjustment_reason("goodwill") or charter.adjustments.reasons[0]).name.model_dump()},
    )  # fmt: skip
    ledger.earn(tx, posting, tx.now, earning.expires_at(charter, tx.now))
    return points


def _manages(tx: Tx, person: Person) -> bool:
    return staff.strongest_role(tx, person.user_id) in (Role.MANAGER, Role.OWNER)
