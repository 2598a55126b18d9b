"""Invitations, roles and removal, on both engines."""

from __future__ import annotations

import asyncio

import pytest

from actions import staff
from db import audit, people, staff as posts, stores
from db.audit import Wanted
from db.database import Database
from db.people import Person
from db.staff import CHAIN
from loyalty.errors import (
    AlreadyStaff,
    InvitationExpired,
    InvitationInvalid,
    InvitationUsed,
    LastOwner,
    NotAllowed,
    StaffNotFound,
    StoreNotFound,
)
from loyalty.roles import Role
from tests.actions.shops import STRANGER, Shop, add_store, hire, open_shop
from tests.conftest import Clock


async def newcomer(db: Database, user_id: int = STRANGER) -> Person:
    return await db.write(people.meet, user_id, "en")


async def post_of(db: Database, person: Person) -> int:
    return (await db.read(posts.list_posts, person.user_id))[0].id


async def test_an_invitation_makes_a_colleague(db: Database) -> None:
    shop, person = await open_shop(db), await newcomer(db)
    invited = await db.write(staff.invite, shop.manager, Role.CLERK, shop.store_id)
    await db.write(staff.accept, person, invited.token, "Carl")
    held = await db.read(posts.list_posts, person.user_id)
    assert [(post.store_id, post.role, post.name) for post in held] == [(shop.store_id, Role.CLERK, "Carl")]


async def test_two_who_open_one_link_at_once_get_one_post(db: Database) -> None:
    shop = await open_shop(db)
    callers = [await newcomer(db, STRANGER + number) for number in range(5)]
    token = (await db.write(staff.invite, shop.owner, Role.CLERK, shop.store_id)).token
    tries = [db.write(staff.accept, person, token, "Carl") for person in callers]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result).__name__ for result in results].count("Welcome") == 1
    assert sum(isinstance(result, InvitationUsed) for result in results) == 4


async def test_the_link_is_not_what_is_kept(db: Database) -> None:
    shop = await open_shop(db)
    token = (await db.write(staff.invite, shop.owner, Role.CLERK, shop.store_id)).token
    kept = await db.read(lambda tx: tx.value("SELECT token FROM staff_invitation"))
    assert len(token) == 22
    assert token.encode() not in bytes(kept)


async def test_an_invitation_is_good_until_its_last_millisecond(db: Database, clock: Clock) -> None:
    shop, person = await open_shop(db), await newcomer(db)
    first = await db.write(staff.invite, shop.owner, Role.CLERK, shop.store_id)
    clock.move(hours=48, ms=-1)
    await db.write(staff.accept, person, first.token, "Carl")
    second = await db.write(staff.invite, shop.owner, Role.MANAGER, shop.store_id)
    clock.move(hours=48)
    with pytest.raises(InvitationExpired):
        await db.write(staff.accept, person, second.token, "Carl")


async def test_a_taken_invitation_opened_again_says_so(db: Database) -> None:
    shop, person = await open_shop(db), await newcomer(db)
    token = (await db.write(staff.invite, shop.owner, Role.CLERK, shop.store_id)).token
    await db.write(staff.accept, person, token, "Carl")
    with pytest.raises(AlreadyStaff):
        await db.write(staff.accept, person, token, "Carl")


async def test_an_invitation_to_a_closed_store_is_refused(db: Database) -> None:
    shop, person = await open_shop(db), await newcomer(db)
    token = (await db.write(staff.invite, shop.owner, Role.CLERK, shop.store_id)).token
    await db.write(stores.set_active, shop.store_id, False)
    with pytest.raises(StoreNotFound):
        await db.write(staff.accept, person, token, "Carl")


async def acting(db: Database, shop: Shop, role: str) -> Person:
    if role == "chain_manager":
        return await db.write(hire, 77, CHAIN, Role.MANAGER)
    person: Person = getattr(shop, role)
    return person


@pytest.mark.parametrize(
    ("inviter", "allowed"),
    [
        ("clerk", set()),
        ("manager", {"clerk here"}),
        ("chain_manager", {"clerk here", "clerk elsewhere", "clerk of the chain"}),
        (
            "owner",
            {f"{role} {where}" for role in ("clerk", "manager") for where in ("here", "elsewhere", "of the chain")}
            | {"owner of the chain"},
        ),
    ],
)
async def test_who_may_invite_whom(db: Database, inviter: str, allowed: set[str]) -> None:
    shop = await open_shop(db)
    places = {"here": shop.store_id, "elsewhere": await db.write(add_store, "nanhu", "Nanhu"), "of the chain": CHAIN}
    person = await acting(db, shop, inviter)
    made = set()
    for role in Role:
        for where, store_id in places.items():
            try:
                await db.write(staff.invite, person, role, store_id)
            except NotAllowed:
                continue
            made.add(f"{role.value} {'of the chain' if role is Role.OWNER else where}")
    assert made == allowed


@pytest.mark.parametrize(
    ("remover", "removed"),
    [("clerk", set()), ("manager", {"clerk"}), ("chain_manager", {"clerk"}), ("owner", {"clerk", "manager"})],
)
async def test_who_may_remove_whom(db: Database, remover: str, removed: set[str]) -> None:
    shop = await open_shop(db)
    person = await acting(db, shop, remover)
    gone = set()
    for other in ("clerk", "manager", "owner"):
        if other == remover:
            continue
        try:
            await db.write(staff.remove, person, await post_of(db, getattr(shop, other)))
        except (NotAllowed, StaffNotFound):
            continue
        gone.add(other)
    assert gone == removed


async def test_two_owners_who_remove_each_other_leave_one(db: Database) -> None:
    shop = await open_shop(db)
    other = await db.write(hire, 78, CHAIN, Role.OWNER)
    first, second = await post_of(db, shop.owner), await post_of(db, other)
    tries = [db.write(staff.remove, shop.owner, second), db.write(staff.remove, other, first)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, LastOwner | NotAllowed | StaffNotFound) for result in results) == 1
    assert len(await db.read(posts.list_users, Role.OWNER)) == 1


async def test_the_last_owner_is_not_lowered_by_an_invitation(db: Database) -> None:
    shop = await open_shop(db)
    second = await db.write(hire, 78, CHAIN, Role.OWNER)
    token = (await db.write(staff.invite, second, Role.CLERK, CHAIN)).token
    await db.write(staff.remove, shop.owner, await post_of(db, second))
    await db.write(hire, 78, CHAIN, Role.MANAGER)
    with pytest.raises(AlreadyStaff):
        await db.write(staff.accept, shop.owner, token, "Owner")
    assert await db.read(posts.list_users, Role.OWNER) == [shop.owner.user_id]


async def test_a_clerk_may_give_up_the_own_post(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(staff.remove, shop.clerk, await post_of(db, shop.clerk))
    assert await db.read(posts.list_posts, shop.clerk.user_id) == []


async def test_removing_twice_says_that_nobody_is_there(db: Database) -> None:
    shop = await open_shop(db)
    post = await post_of(db, shop.clerk)
    await db.write(staff.remove, shop.owner, post)
    with pytest.raises(StaffNotFound):
        await db.write(staff.remove, shop.owner, post)


async def test_the_first_store_becomes_the_counter(db: Database) -> None:
    shop, person = await open_shop(db), await newcomer(db)
    token = (await db.write(staff.invite, shop.owner, Role.CLERK, shop.store_id)).token
    await db.write(staff.accept, person, token, "Carl")
    met = await db.read(people.get, person.user_id)
    assert met
    assert met.desk_store_id == shop.store_id


async def test_a_new_installation_has_a_link_for_its_first_owner_and_only_then(db: Database) -> None:
    token = await db.write(staff.invite_first_owner)
    await db.write(lambda tx: staff.accept(tx, people.meet(tx, 7_001, "en"), token, "Olivia"))
    assert await db.read(lambda tx: staff.strongest_role(tx, 7_001)) is Role.OWNER
    assert await db.write(staff.invite_first_owner) == ""


async def named(db: Database, user_id: int = 77) -> Person:
    """The person, whom the settings name as an owner, once the programme has been started."""
    person = await newcomer(db, user_id)
    assert await db.write(staff.appoint_owners, (user_id,), "Owner") == []
    return person


async def role_of(db: Database, person: Person) -> Role | None:
    return await db.read(staff.strongest_role, person.user_id)


async def test_an_appointment_by_the_settings_is_recorded_once(db: Database) -> None:
    await open_shop(db)
    person = await named(db)
    assert await db.write(staff.appoint_owners, (person.user_id,), "Owner") == []
    assert await role_of(db, person) is Role.OWNER
    found = await db.read(audit.list_latest, 10, wanted=Wanted(action="owner_appointed"))
    assert [(record.actor, record.detail) for record in found] == [(0, {"role": "owner", "user_id": 77})]


async def test_who_is_named_by_the_settings_after_working_here_is_an_owner_then(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(staff.remove, shop.owner, await post_of(db, shop.clerk))
    await db.write(staff.appoint_owners, (shop.clerk.user_id, shop.manager.user_id), "Owner")
    assert await role_of(db, shop.clerk) is Role.OWNER
    assert await role_of(db, shop.manager) is Role.OWNER


async def test_an_owner_removed_in_chat_is_not_back_at_the_next_start(db: Database) -> None:
    shop = await open_shop(db)
    person = await named(db)
    await db.write(staff.remove, shop.owner, await post_of(db, person))
    assert await db.write(staff.appoint_owners, (77, shop.owner.user_id), "Owner") == [77]
    assert await role_of(db, person) is None


async def test_an_owner_who_gave_it_up_is_not_back_at_the_next_start(db: Database) -> None:
    await open_shop(db)
    person = await named(db)
    await db.write(staff.remove, person, await post_of(db, person))
    assert await db.write(staff.appoint_owners, (77,), "Owner") == [77]


async def test_an_owner_made_a_clerk_in_chat_stays_one(db: Database) -> None:
    shop = await open_shop(db)
    person = await named(db)
    token = (await db.write(staff.invite, shop.owner, Role.CLERK, CHAIN)).token
    await db.write(staff.accept, person, token, "Olivia")
    assert await db.write(staff.appoint_owners, (77,), "Owner") == [77]
    assert await role_of(db, person) is Role.CLERK


async def test_a_removed_owner_comes_back_by_another_owners_invitation(db: Database) -> None:
    shop = await open_shop(db)
    person = await named(db)
    await db.write(staff.remove, shop.owner, await post_of(db, person))
    token = (await db.write(staff.invite, shop.owner, Role.OWNER, CHAIN)).token
    await db.write(staff.accept, person, token, "Olivia")
    assert await role_of(db, person) is Role.OWNER
    assert await db.write(staff.appoint_owners, (77,), "Owner") == []


async def first_owner_link(db: Database) -> str:
    return await db.write(staff.invite_first_owner)


async def test_a_first_owners_link_is_no_good_once_there_is_an_owner(db: Database) -> None:
    token = await first_owner_link(db)
    await db.write(staff.appoint_owners, (5,), "Owner")
    with pytest.raises(InvitationInvalid):
        await db.write(staff.accept, await newcomer(db), token, "Eve")


async def test_a_new_first_owners_link_ends_the_one_before(db: Database) -> None:
    older, newer = await first_owner_link(db), await first_owner_link(db)
    with pytest.raises(InvitationInvalid):
        await db.write(staff.accept, await newcomer(db), older, "Eve")
    assert (await db.write(staff.accept, await newcomer(db), newer, "Ann")).role == "owner"


async def test_who_took_the_first_owners_link_is_told_so_when_opening_it_again(db: Database) -> None:
    token, ann = await first_owner_link(db), await newcomer(db)
    await db.write(staff.accept, ann, token, "Ann")
    with pytest.raises(AlreadyStaff):
        await db.write(staff.accept, ann, token, "Ann")
