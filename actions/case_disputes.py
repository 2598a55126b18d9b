"""Cases about a purchase that, says the member, is not theirs."""

from __future__ import annotations

from actions import case_people
from db import cases as rows, purchases
from db.cases import Case
from db.database import Tx
from db.purchases import Purchase


def list_of(tx: Tx, case: Case) -> list[Purchase]:
    """What is disputed here, or in a case merged into this; empty for any other case."""
    found = (purchases.get(tx, purchase_id) for purchase_id in rows.list_disputed(tx, case.id))
    return [purchase for purchase in found if purchase]


def may_resolve(tx: Tx, case: Case, user_id: int) -> bool:
    """Not who recorded what is disputed, unless nobody else is left."""
    recorded = {purchase.recorded_by for purchase in list_of(tx, case)}
    return user_id not in recorded or not set(case_people.able(tx, case)) - recorded


def refundable(tx: Tx, case: Case) -> int:
    """The id of a disputed purchase of which something can still be given back; 0 for none."""
    disputed = (one for one in list_of(tx, case) if one.status != "undone" and one.refunded < one.amount)
    return next((purchase.id for purchase in disputed), 0)
