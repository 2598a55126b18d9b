"""Who is told of a case: never the member it is about, should they work here."""

from __future__ import annotations

from db import members, staff
from db.cases import Case
from db.database import Tx
from loyalty.roles import Role


def managers(tx: Tx, case: Case) -> list[int]:
    """Telegram ids of whoever manages its store, or of the owners where nobody does."""
    found = staff.list_users(tx, Role.MANAGER, case.store_id) or staff.list_users(tx, Role.OWNER)
    return _but_member(tx, case, found)


def owners(tx: Tx, case: Case) -> list[int]:
    """Telegram ids."""
    return _but_member(tx, case, staff.list_users(tx, Role.OWNER))


def hands(tx: Tx, case: Case) -> list[int]:
    """Whoever has it, else all who may take it: those who work at its store, and its managers."""
    if case.holder:
        return [case.holder]
    clerks = staff.list_users(tx, Role.CLERK, case.store_id) if case.store_id else []
    return sorted({*_but_member(tx, case, clerks), *managers(tx, case)})


def member(tx: Tx, case: Case) -> int:
    """The member's Telegram id; 0 where nobody in particular complained, or they are not on Telegram any more."""
    found = members.get(tx, case.member_id) if case.member_id else None
    return found.user_id or 0 if found else 0


def _but_member(tx: Tx, case: Case, users: list[int]) -> list[int]:
    complaining = member(tx, case)
    return [user_id for user_id in users if user_id != complaining]
