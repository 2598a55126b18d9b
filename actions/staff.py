"""Who may do what at the counter: roles are read anew at each action, never remembered."""

from __future__ import annotations

from db import staff
from db.database import Tx
from db.staff import CHAIN, Post
from loyalty.errors import NotAllowed
from loyalty.roles import Role, may


def require(tx: Tx, user_id: int, needed: Role, store_id: int | None = None) -> Post:
    """The strongest post that lets this person act as `needed`, at this store if one is given. Refuses NotAllowed."""
    fitting = [
        post
        for post in staff.list_posts(tx, user_id)
        if may(post.role, needed) and (store_id is None or post.store_id in (store_id, CHAIN))
    ]
    if not fitting:
        raise NotAllowed(needed.value)
    return max(fitting, key=lambda post: (may(post.role, Role.OWNER), may(post.role, Role.MANAGER)))


def strongest_role(tx: Tx, user_id: int) -> Role | None:
    """The highest role this person has anywhere; None for somebody who does not work here."""
    roles = [post.role for post in staff.list_posts(tx, user_id)]
    return max(roles, key=lambda role: [may(role, other) for other in Role]) if roles else None


def appoint_owners(tx: Tx, user_ids: tuple[int, ...], name: str) -> None:
    """Make the people the settings name owners of the chain, if they are not yet."""
    for user_id in user_ids:
        if not any(post.role is Role.OWNER for post in staff.list_posts(tx, user_id)):
            staff.appoint(tx, user_id, CHAIN, Role.OWNER, name, invited_by=0)
