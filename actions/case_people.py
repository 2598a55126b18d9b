"""Who is told of a case and who may have it: never the member it is about, should they work here."""

from __future__ import annotations

from db import members, rated_cases, staff
from db.cases import Case
from db.database import Tx
from loyalty.roles import Role


def managers(tx: Tx, case: Case) -> list[int]:
    """Telegram ids of whoever manages its store, or of the owners where nobody else does.

    Whose work it judges is one of them only where nobody else is left.
    """
    of_store = _but(tx, case.member_id, staff.list_users(tx, Role.MANAGER, case.store_id))
    of_chain, judged = owners(tx, case), _judged(tx, case)
    return (
        [user_id for user_id in of_store if user_id not in judged]
        or [user_id for user_id in of_chain if user_id not in judged]
        or of_store
        or of_chain
    )


def team(tx: Tx, case: Case) -> list[int]:
    """Who works at its store, and its managers; nobody where it is about no store."""
    roles = (Role.CLERK, Role.MANAGER) if case.store_id else ()
    found = {user_id for role in roles for user_id in staff.list_users(tx, role, case.store_id)}
    return _but(tx, case.member_id, sorted(found))


def owners(tx: Tx, case: Case) -> list[int]:
    """Telegram ids."""
    return _but(tx, case.member_id, staff.list_users(tx, Role.OWNER))


def readers(tx: Tx, store_id: int, member_id: int) -> list[int]:
    """Who reads what a member says about a store without a case of it: as `managers`."""
    of_store = _but(tx, member_id, staff.list_users(tx, Role.MANAGER, store_id))
    return of_store or _but(tx, member_id, staff.list_users(tx, Role.OWNER))


def hands(tx: Tx, case: Case) -> list[int]:
    """Whoever has it, else all who may take it: those who work at its store, and its managers."""
    if case.holder:
        return [case.holder]
    clerks = staff.list_users(tx, Role.CLERK, case.store_id) if case.store_id and not case.rates else []
    return sorted({*_but(tx, case.member_id, clerks), *managers(tx, case)})


def may_take(tx: Tx, case: Case, user_id: int) -> bool:
    """What rates another case is for those who manage, and not for whose work it judges if there is anybody else."""
    if not case.rates or user_id in managers(tx, case):
        return True
    manages = any(
        post.role is not Role.CLERK and post.store_id in (staff.CHAIN, case.store_id)
        for post in staff.list_posts(tx, user_id)
    )
    return manages and user_id not in _judged(tx, case)


def member(tx: Tx, case: Case) -> int:
    """The member's Telegram id; 0 where nobody in particular complained, or they are not on Telegram any more."""
    return _user(tx, case.member_id)


def _judged(tx: Tx, case: Case) -> set[int]:
    """Who had the case that this one rates, or answered in it, when it was rated."""
    return rated_cases.list_judged(tx, case.id) if case.rates else set()


def name(tx: Tx, case: Case) -> str:
    """The member's; '' where nobody in particular complained, and for the erased."""
    found = members.get(tx, case.member_id) if case.member_id else None
    return members.name_of(tx, case.member_id) if found and found.status != "erased" else ""


def able(tx: Tx, case: Case) -> list[int]:
    """All who may take it: who works at its store or for the chain; those who manage, where it is about no store."""
    clerks = staff.list_users(tx, Role.CLERK, case.store_id) if case.store_id else []
    managers = staff.list_users(tx, Role.MANAGER, case.store_id or None)
    found = {*clerks, *managers, *staff.list_users(tx, Role.OWNER)}
    return [user_id for user_id in _but(tx, case.member_id, sorted(found)) if may_take(tx, case, user_id)]


def _but(tx: Tx, member_id: int, users: list[int]) -> list[int]:
    complaining = _user(tx, member_id)
    return [user_id for user_id in users if user_id != complaining]


def _user(tx: Tx, member_id: int) -> int:
    found = members.get(tx, member_id) if member_id else None
    return found.user_id or 0 if found else 0
