"""Staff roles and what reaches what."""

from enum import StrEnum


class Role(StrEnum):
    """A staff member's role; later ones include all that earlier ones may do."""

    CLERK = "clerk"
    MANAGER = "manager"
    OWNER = "owner"


_RANKS = {role: rank for rank, role in enumerate(Role)}


def may(role: Role | None, needed: Role) -> bool:
    """Whether someone with `role` (None: not staff) may do what `needed` may do."""
    return role is not None and _RANKS[role] >= _RANKS[needed]


def may_invite(role: Role | None, invited: Role) -> bool:
    """Owners invite anyone, managers invite clerks, clerks nobody."""
    return may(role, Role.OWNER) or (may(role, Role.MANAGER) and invited is Role.CLERK)
