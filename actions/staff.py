"""Who may do what at the counter: roles are read anew at each action, never remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actions import case_hands
from db import audit, dialogues, members, outbox, people, quizzes, staff, stores
from db.audit import Wanted
from db.database import Tx
from db.people import Person
from db.staff import CHAIN, Invitation, Post
from db.stores import Store
from loyalty import codes, paging
from loyalty.errors import (
    AlreadyStaff,
    InvitationExpired,
    InvitationInvalid,
    InvitationOwn,
    InvitationUsed,
    LastOwner,
    NotAllowed,
    StaffNotFound,
    StoreNotFound,
)
from loyalty.messages import Say
from loyalty.roles import Role, may, may_invite

INVITATION_HOURS = 48
_HOUR_MS = 3_600_000
NOBODY = 0  # who invites when the programme itself does
_TOKEN_BYTES = 16
# What says of somebody that they are or were an owner.
_OWNERS_DEEDS = ("owner_appointed", "staff_joined", "staff_removed")
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Colleague:
    """One post of one person. store '': the whole chain."""

    post_id: int
    name: str
    role: str
    store: str
    since: int  # epoch ms UTC
    is_you: bool
    removable: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """One page of those who work where the reader manages, by store; the chain's own people first."""

    colleagues: list[Colleague]
    page: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class Openings:
    """What the person may invite to. stores: id and name, one page; the chain as a whole has the id 0 and no name."""

    role: str  # '' while it is to be chosen
    roles: list[str]
    stores: list[dict[str, int | str]]
    page: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh one-time invitation; the token is shown once and not kept."""

    token: str
    role: str
    store: str  # '' for the whole chain
    expires_at: int  # epoch ms UTC
    hours: int


@dataclass(frozen=True, slots=True)
class Welcome:
    name: str
    role: str
    store: str


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


def is_allowed(tx: Tx, user_id: int, needed: Role, store_id: int | None = None) -> bool:
    """Whether `require` lets this person."""
    return any(
        may(post.role, needed) and (store_id is None or post.store_id in (store_id, CHAIN))
        for post in staff.list_posts(tx, user_id)
    )


def strongest_role(tx: Tx, user_id: int) -> Role | None:
    """The highest role this person has anywhere; None for somebody who does not work here."""
    roles = [post.role for post in staff.list_posts(tx, user_id)]
    return max(roles, key=lambda role: [may(role, other) for other in Role]) if roles else None


def appoint_owners(tx: Tx, user_ids: tuple[int, ...], name: str) -> list[int]:
    """Make the people the settings name owners of the chain, each of them once.

    Who was one and is none any more lost that in chat, and gets it back there, by another owner's invitation; their
    Telegram ids are returned.
    """
    owners, former = set(staff.list_users(tx, Role.OWNER)), _ever_owners(tx)
    for user_id in sorted({*user_ids} - owners - former):
        staff.appoint(tx, user_id, CHAIN, Role.OWNER, name, invited_by=NOBODY)
        audit.add(tx, NOBODY, "owner_appointed", role=Role.OWNER.value, user_id=user_id)
    return sorted({*user_ids} & former - owners)


def stores_of(tx: Tx, user_id: int, needed: Role) -> list[Store]:
    """The open stores where this person may act as `needed`."""
    # By id: who works for the whole chain and at a store of it finds that store twice.
    return list({store.id: store for role, store in staff.list_counters(tx, user_id) if may(role, needed)}.values())


def roster(tx: Tx, person: Person, page: int) -> Roster:
    """Who works where the person manages. Refuses NotAllowed."""
    require(tx, person.user_id, Role.MANAGER)
    shown = paging.cut(list(_managed(tx, person)), page)
    return Roster([_colleague(tx, person, post) for post in shown.rows], shown.page, shown.pages)


def look_at(tx: Tx, person: Person, post_id: int) -> Colleague:
    """One post. Refuses NotAllowed and StaffNotFound, also for posts the person does not manage."""
    require(tx, person.user_id, Role.CLERK)
    return _colleague(tx, person, _post_in_reach(tx, person, post_id))


def openings(tx: Tx, person: Person, role: str = "", page: int = 0) -> Openings:
    """What the person may invite to; with a role, a page of the stores for it. Refuses NotAllowed."""
    mine = require(tx, person.user_id, Role.MANAGER)
    offered = [other.value for other in reversed(Role) if may_invite(mine.role, other)]
    if role and role not in offered:
        raise NotAllowed(Role.OWNER.value)
    role = role or (offered[0] if len(offered) == 1 else "")
    shown = paging.cut(_places(tx, person, Role(role)) if role else [], page)
    return Openings(role, offered, shown.rows, shown.page, shown.pages)


def invite(tx: Tx, person: Person, role: Role, store_id: int) -> Invited:
    """A one-time invitation for this role at this store (CHAIN: at all of them), good for INVITATION_HOURS.

    Refuses NotAllowed (owners invite anyone, managers clerks for their own stores) and StoreNotFound.
    """
    place = CHAIN if role is Role.OWNER else store_id
    if not may_invite(require(tx, person.user_id, Role.MANAGER, place).role, role):
        raise NotAllowed(Role.OWNER.value)
    store = _open_store(tx, place)
    token = codes.new_token(tx.random(_TOKEN_BYTES))
    expires_at = tx.now + INVITATION_HOURS * _HOUR_MS
    staff.add_invitation(tx, _keyed(tx, token), role, place, person.user_id, expires_at)
    audit.add(tx, person.user_id, "staff_invited", store_id=place, role=role.value)
    return Invited(token, role.value, store, expires_at, INVITATION_HOURS)


def accept(tx: Tx, person: Person, token: str, name: str) -> Welcome:
    """Take the post an invitation offers, in place of any the person had at that store; the inviter is told.

    Refuses InvitationInvalid (also once the inviter could not give it any more), InvitationUsed, InvitationExpired,
    InvitationOwn, AlreadyStaff (the person may do all this already, or took it), StoreNotFound and LastOwner.
    """
    invitation = _standing(tx, _keyed(tx, token), person)
    store = _open_store(tx, invitation.store_id)
    _check_is_change(tx, person, invitation)
    if not staff.take_invitation(tx, _keyed(tx, token), person.user_id):
        raise InvitationUsed
    staff.appoint(tx, person.user_id, invitation.store_id, invitation.role, name, invitation.invited_by)
    if invitation.store_id != CHAIN and not person.desk_store_id:
        people.choose_desk_store(tx, person.user_id, invitation.store_id)
    audit.add(tx, person.user_id, "staff_joined", store_id=invitation.store_id, role=invitation.role.value)
    welcome = Welcome(name, invitation.role.value, store)
    told = {"name": name, "role": welcome.role, "store": store}
    if invitation.invited_by != NOBODY:
        outbox.post(tx, Say("staff_joined", told, to=invitation.invited_by, kind="notice"))
    return welcome


def invite_first_owner(tx: Tx) -> str:
    """The token that makes whoever opens it the owner, for the terminal of a new installation; '' once there is one."""
    tx.serialise("owners")
    if staff.list_users(tx, Role.OWNER):
        return ""
    staff.withdraw_invitations(tx, NOBODY)
    token = codes.new_token(tx.random(_TOKEN_BYTES))
    staff.add_invitation(tx, _keyed(tx, token), Role.OWNER, CHAIN, NOBODY, tx.now + INVITATION_HOURS * _HOUR_MS)
    return token


def holder_of(tx: Tx, post_id: int) -> int:
    """The Telegram id of whoever holds this post; 0 if nobody does."""
    post = staff.get(tx, post_id)
    return post.user_id if post else 0


def remove(tx: Tx, person: Person, post_id: int) -> Colleague:
    """End a post at once; who held it is told, what they had under way is dropped, their cases are anybody's again.

    With the last post go the quizzes they took. Refuses NotAllowed, StaffNotFound and LastOwner. One's own post can be
    given up too.
    """
    require(tx, person.user_id, Role.CLERK)
    post = _post_in_reach(tx, person, post_id)
    colleague = _colleague(tx, person, post)
    if not colleague.removable:
        raise NotAllowed(Role.OWNER.value)
    _protect_last_owner(tx, post)
    if not staff.remove(tx, post.id, person.user_id):
        raise StaffNotFound
    dialogues.leave(tx, post.user_id, post.user_id)
    case_hands.release(tx, post.user_id, post.name, person.user_id)
    if not staff.list_posts(tx, post.user_id):
        quizzes.forget(tx, post.user_id)
    audit.add(tx, person.user_id, "staff_removed", store_id=post.store_id, role=post.role.value, user_id=post.user_id)
    if not colleague.is_you:
        is_member = members.get_by_user(tx, post.user_id) is not None
        told = {"role": colleague.role, "store": colleague.store, "member": is_member}
        outbox.post(tx, Say("staff_lost", told, to=post.user_id, kind="notice"))
    return colleague


def _ever_owners(tx: Tx) -> set[int]:
    """Telegram ids of whom the record knows as owner, now or once."""
    told = [record for deed in _OWNERS_DEEDS for record in audit.list_latest(tx, _ALL, wanted=Wanted(action=deed))]
    named = [(record.detail.get("user_id", record.actor), record.detail.get("role")) for record in told]
    return {user_id for user_id, role in named if role == Role.OWNER.value}


def _managed(tx: Tx, person: Person) -> Iterator[Post]:
    mine = [post for post in staff.list_posts(tx, person.user_id) if may(post.role, Role.MANAGER)]
    at = {post.store_id for post in mine}
    closed = {store.id for store in stores.list_all(tx) if not store.active}
    # As in the list of stores: open ones first.
    posts = sorted(staff.list_all(tx), key=lambda post: post.store_id in closed)
    yield from (post for post in posts if CHAIN in at or post.store_id in at)


def _post_in_reach(tx: Tx, person: Person, post_id: int) -> Post:
    """A post where the person manages, or their own; others are as good as not there."""
    post = staff.get(tx, post_id)
    if post is None:
        raise StaffNotFound
    if post.user_id != person.user_id and _manager_at(tx, person, post.store_id) is None:
        raise StaffNotFound
    return post


def _manager_at(tx: Tx, person: Person, store_id: int) -> Post | None:
    try:
        return require(tx, person.user_id, Role.MANAGER, store_id)
    except NotAllowed:
        return None


def _colleague(tx: Tx, person: Person, post: Post) -> Colleague:
    manager = _manager_at(tx, person, post.store_id)
    return Colleague(
        post_id=post.id,
        name=post.name,
        role=post.role.value,
        store=stores.name_of(tx, post.store_id),
        since=post.since,
        is_you=post.user_id == person.user_id,
        removable=post.user_id == person.user_id or (manager is not None and may_invite(manager.role, post.role)),
    )


def _places(tx: Tx, person: Person, role: Role) -> list[dict[str, int | str]]:
    whole_chain: list[dict[str, int | str]] = [{"id": CHAIN, "name": ""}]
    if role is Role.OWNER:
        return whole_chain
    rows: list[dict[str, int | str]] = [
        {"id": store.id, "name": store.name} for store in stores_of(tx, person.user_id, Role.MANAGER)
    ]
    return whole_chain + rows if _manager_at(tx, person, CHAIN) else rows


def _standing(tx: Tx, token: bytes, person: Person) -> Invitation:
    """The invitation, if it can still be taken."""
    invitation = staff.get_invitation(tx, token)
    if invitation is None:
        raise InvitationInvalid
    if invitation.used_by:
        raise AlreadyStaff if invitation.used_by == person.user_id else InvitationUsed
    if invitation.expires_at <= tx.now:
        raise InvitationExpired
    if invitation.invited_by == person.user_id:
        raise InvitationOwn
    if not _can_still_give(tx, invitation):
        raise InvitationInvalid
    return invitation


def _can_still_give(tx: Tx, invitation: Invitation) -> bool:
    """Whoever invited may still; the programme itself only while it has no owner."""
    if invitation.invited_by == NOBODY:
        tx.serialise("owners")
        return not staff.list_users(tx, Role.OWNER)
    return may_invite(_role_at(tx, invitation.invited_by, invitation.store_id), invitation.role)


def _role_at(tx: Tx, user_id: int, store_id: int) -> Role | None:
    posts = [post for post in staff.list_posts(tx, user_id) if post.store_id in (store_id, CHAIN)]
    return max((post.role for post in posts), key=lambda role: [may(role, other) for other in Role], default=None)


def _check_is_change(tx: Tx, person: Person, invitation: Invitation) -> None:
    """A new invitation may lower somebody too, but only one from whoever could have given the higher role."""
    posts = {post.store_id: post for post in staff.list_posts(tx, person.user_id)}
    chain, there = posts.get(CHAIN), posts.get(invitation.store_id)
    if invitation.store_id != CHAIN and chain and may(chain.role, invitation.role):
        raise AlreadyStaff
    if there is None:
        return
    inviter = _role_at(tx, invitation.invited_by, invitation.store_id)
    if there.role is invitation.role or not may_invite(inviter, there.role):
        raise AlreadyStaff
    _protect_last_owner(tx, there)


def _protect_last_owner(tx: Tx, post: Post) -> None:
    """Somebody must be left who can invite anyone. Refuses LastOwner."""
    if post.role is not Role.OWNER:
        return
    tx.serialise("owners")
    if set(staff.list_users(tx, Role.OWNER)) <= {post.user_id}:
        raise LastOwner


def _open_store(tx: Tx, store_id: int) -> str:
    """Its name, '' for the chain. Refuses StoreNotFound."""
    store = stores.get(tx, store_id)
    if store_id != CHAIN and (store is None or not store.active):
        raise StoreNotFound
    return store.name if store else ""


def _keyed(tx: Tx, token: str) -> bytes:
    return tx.vault.token("staff_invitation", token)
