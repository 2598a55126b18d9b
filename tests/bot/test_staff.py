"""Inviting and removing colleagues, as owner, manager, clerk and outsider."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio

from db import audit, staff, stores
from db.database import Tx
from db.staff import CHAIN
from loyalty.roles import Role
from tests.actions.shops import add_member
from tests.bot.people import Resident, Town

HOUR = 3_600_000
ROLE_LABELS = {"clerk": "Clerk", "manager": "Manager", "owner": "Owner"}


@pytest_asyncio.fixture
async def owner(town: Town) -> Resident:
    """The owner of a chain of two stores."""
    await town.write(_two_stores)
    return await town.owner()


def _two_stores(tx: Tx) -> None:
    stores.add(tx, "ximen", "Ximen", "", "", 1)
    stores.add(tx, "nanhu", "Nanhu", "", "", 1)


async def invite(inviter: Resident, role: str, place: str) -> str:
    """The start payload of a fresh invitation."""
    await inviter.types("/staff")
    await inviter.press("✉️ Invite a colleague")
    await inviter.press(ROLE_LABELS[role])
    if role != "owner" or place:
        await inviter.press(place or "The whole chain")
    return link_in(inviter)


def link_in(resident: Resident) -> str:
    found = re.search(r"start=(staff_[\w-]+)", resident.hears())
    assert found
    return found[1]


async def hire(town: Town, inviter: Resident, name: str, role: Role, store_id: int) -> Resident:
    """A colleague by way of the database."""
    hired = await town.newcomer(name)
    await hired.opens()
    await town.write(staff.appoint, hired.id, store_id, role, name, inviter.id)
    return hired


async def posts_of(town: Town, resident: Resident) -> list[tuple[int, Role]]:
    return [(post.store_id, post.role) for post in await town.db.read(staff.list_posts, resident.id)]


async def press_forged(town: Town, resident: Resident, data: str) -> None:
    message = resident.chat()[-1]
    await resident.does(lambda: resident.person.replay(town.bot, message.id, data))


async def test_an_invited_clerk_is_welcomed_and_the_inviter_told(town: Town, owner: Resident) -> None:
    payload = await invite(owner, "clerk", "Ximen")
    clerk = await town.newcomer("Carl")
    await clerk.opens(payload)
    assert "Welcome to the team, Carl!" in clerk.hears()
    assert owner.sees("Carl has accepted your invitation: clerk, Ximen.")
    assert await posts_of(town, clerk) == [(1, Role.CLERK)]


async def test_the_new_colleague_gets_the_commands_of_the_role(town: Town, owner: Resident) -> None:
    payload = await invite(owner, "clerk", "Ximen")
    clerk = await town.newcomer("Carl")
    await clerk.opens(payload)
    assert "desk" in commands_of(town, clerk)
    assert "staff" not in commands_of(town, clerk)


def commands_of(town: Town, resident: Resident) -> set[str]:
    menu = town.bot.menus.shown_to(resident.id, resident.person.language_code, None)
    return {entry["command"] for entry in menu}


async def test_the_link_has_a_copy_button(town: Town, owner: Resident) -> None:
    payload = await invite(owner, "clerk", "Ximen")
    pressed = await owner.press("📋 Copy the link")
    assert pressed
    assert pressed.copied.endswith(payload)


async def test_an_invitation_works_once(town: Town, owner: Resident) -> None:
    payload = await invite(owner, "clerk", "Ximen")
    clerk, thief = await town.newcomer("Carl"), await town.newcomer("Theo")
    await clerk.opens(payload)
    await thief.opens(payload)
    assert "has been used already" in thief.hears()
    assert await posts_of(town, thief) == []


async def test_an_invitation_expires_after_two_days(town: Town, owner: Resident) -> None:
    payload = await invite(owner, "clerk", "Ximen")
    town.clock.forward(48 * HOUR)
    clerk = await town.newcomer("Carl")
    await clerk.opens(payload)
    assert "has expired" in clerk.hears()


async def test_a_made_up_invitation_is_refused(town: Town, owner: Resident) -> None:
    bob = await town.newcomer("Bob")
    await bob.opens("staff_AAAAAAAAAAAAAAAAAAAAAA")
    assert "This invitation is no longer valid" in bob.hears()


async def test_the_inviter_does_not_use_the_invitation_up(town: Town, owner: Resident) -> None:
    payload = await invite(owner, "clerk", "Ximen")
    await owner.opens(payload)
    assert "the invitation you made yourself" in owner.hears()
    clerk = await town.newcomer("Carl")
    await clerk.opens(payload)
    assert await posts_of(town, clerk) == [(1, Role.CLERK)]


async def test_whoever_is_removed_leaves_no_valid_invitation(town: Town, owner: Resident) -> None:
    manager = await hire(town, owner, "Mia", Role.MANAGER, 1)
    await manager.types("/staff")
    await manager.press("✉️ Invite a colleague")
    await manager.press("Ximen")
    payload = link_in(manager)
    await dismiss(town, owner, "Mia")
    clerk = await town.newcomer("Carl")
    await clerk.opens(payload)
    assert "This invitation is no longer valid" in clerk.hears()


async def test_a_new_invitation_changes_the_role(town: Town, owner: Resident) -> None:
    clerk = await hire(town, owner, "Carl", Role.CLERK, 1)
    await clerk.opens(await invite(owner, "manager", "Ximen"))
    assert await posts_of(town, clerk) == [(1, Role.MANAGER)]


async def test_who_may_do_it_all_already_keeps_the_higher_role(town: Town, owner: Resident) -> None:
    second = await hire(town, owner, "Otto", Role.OWNER, CHAIN)
    await second.opens(await invite(owner, "clerk", "Ximen"))
    assert "You work here already" in second.hears()
    assert await posts_of(town, second) == [(CHAIN, Role.OWNER)]


async def test_a_managers_invitation_lowers_no_other_manager(town: Town, owner: Resident) -> None:
    manager = await hire(town, owner, "Mia", Role.MANAGER, 1)
    other = await hire(town, owner, "Max", Role.MANAGER, 1)
    await manager.types("/staff")
    await manager.press("✉️ Invite a colleague")
    await manager.press("Ximen")
    await other.opens(link_in(manager))
    assert await posts_of(town, other) == [(1, Role.MANAGER)]


async def test_a_manager_invites_clerks_of_the_own_store_only(town: Town, owner: Resident) -> None:
    manager = await hire(town, owner, "Mia", Role.MANAGER, 1)
    await manager.types("/staff")
    await manager.press("✉️ Invite a colleague")
    assert manager.buttons() == ["Ximen"]


@pytest.mark.parametrize(
    "data", ["invitation:manager:1", "invitation:owner:0", "invitation:clerk:2", "invitation:clerk:0"]
)
async def test_a_manager_cannot_forge_a_higher_or_foreign_invitation(town: Town, owner: Resident, data: str) -> None:
    manager = await hire(town, owner, "Mia", Role.MANAGER, 1)
    await press_forged(town, manager, data)
    assert "start=staff_" not in manager.reads()


# Removing


async def dismiss(town: Town, remover: Resident, name: str) -> None:
    await remover.types("/staff")
    await remover.press(f"👤 {name}")
    await remover.press("🗑 Remove")
    await remover.press("Yes, remove")


async def test_a_removed_colleague_is_out_at_once_and_told(town: Town, owner: Resident) -> None:
    clerk = await hire(town, owner, "Carl", Role.CLERK, 1)
    await dismiss(town, owner, "Carl")
    assert clerk.sees("Your post here has ended: clerk, Ximen.")
    await clerk.types("/desk")
    assert "This is for our staff" in clerk.hears()


async def test_a_removed_colleague_loses_the_commands(town: Town, owner: Resident) -> None:
    clerk = await hire(town, owner, "Carl", Role.CLERK, 1)
    await clerk.types("/desk")
    assert "desk" in commands_of(town, clerk)
    await dismiss(town, owner, "Carl")
    assert "desk" not in commands_of(town, clerk)


async def test_removal_is_confirmed_first(town: Town, owner: Resident) -> None:
    clerk = await hire(town, owner, "Carl", Role.CLERK, 1)
    await owner.types("/staff")
    await owner.press("👤 Carl")
    await owner.press("🗑 Remove")
    await owner.press("No, go back")
    assert await posts_of(town, clerk) == [(1, Role.CLERK)]


async def test_the_last_owner_stays(town: Town, owner: Resident) -> None:
    await owner.types("/staff")
    await owner.press("👤 Owner")
    await owner.press("Give up this post")
    await owner.press("Yes, give it up")
    assert owner.sees("This is the last owner")
    assert await posts_of(town, owner) == [(CHAIN, Role.OWNER)]


async def test_one_of_two_owners_may_go(town: Town, owner: Resident) -> None:
    await hire(town, owner, "Otto", Role.OWNER, CHAIN)
    await owner.types("/staff")
    await owner.press("👤 Owner")
    await owner.press("Give up this post")
    await owner.press("Yes, give it up")
    assert await posts_of(town, owner) == []


async def test_a_manager_sees_the_own_store_only(town: Town, owner: Resident) -> None:
    manager = await hire(town, owner, "Mia", Role.MANAGER, 1)
    await hire(town, owner, "Carl", Role.CLERK, 1)
    await hire(town, owner, "Nina", Role.CLERK, 2)
    await manager.types("/staff")
    assert "Carl" in manager.hears()
    assert "Nina" not in manager.hears()


async def test_a_manager_cannot_remove_a_foreign_clerk(town: Town, owner: Resident) -> None:
    manager = await hire(town, owner, "Mia", Role.MANAGER, 1)
    nina = await hire(town, owner, "Nina", Role.CLERK, 2)
    foreign = (await town.db.read(staff.list_posts, nina.id))[0].id
    for verb in ("colleague", "remove", "removed"):
        await press_forged(town, manager, f"{verb}:{foreign}")
    assert "Nina" not in manager.reads()
    assert await posts_of(town, nina) == [(2, Role.CLERK)]


async def test_a_manager_cannot_remove_another_manager(town: Town, owner: Resident) -> None:
    manager = await hire(town, owner, "Mia", Role.MANAGER, 1)
    other = await hire(town, owner, "Max", Role.MANAGER, 1)
    post = (await town.db.read(staff.list_posts, other.id))[0].id
    await press_forged(town, manager, f"removed:{post}")
    assert await posts_of(town, other) == [(1, Role.MANAGER)]


# Who may

BUTTONS = ("staff:0", "colleague:1", "remove:1", "removed:1", "invite", "invite:clerk", "invitation:clerk:1")


@pytest.mark.parametrize("data", BUTTONS)
@pytest.mark.parametrize("role", [None, Role.CLERK])
async def test_strangers_and_clerks_manage_nobody(town: Town, owner: Resident, data: str, role: Role | None) -> None:
    bob = await hire(town, owner, "Bob", role, 1) if role else await town.newcomer("Bob")
    await bob.opens("none")
    await press_forged(town, bob, data)
    assert "Owner" not in bob.reads()
    assert "start=staff_" not in bob.reads()
    assert await posts_of(town, owner) == [(CHAIN, Role.OWNER)]


@pytest.mark.parametrize("command", ["/staff", "/store"])
async def test_a_clerk_is_told_to_ask_a_manager(town: Town, owner: Resident, command: str) -> None:
    clerk = await hire(town, owner, "Carl", Role.CLERK, 1)
    await clerk.types(command)
    assert "Only a manager can do this." in clerk.hears()


async def test_everything_is_in_the_audit(town: Town, owner: Resident) -> None:
    clerk = await town.newcomer("Carl")
    await clerk.opens(await invite(owner, "clerk", "Ximen"))
    await dismiss(town, owner, "Carl")
    records = await town.db.read(audit.list_latest, 3)
    assert [record.action for record in records] == ["staff_removed", "staff_joined", "staff_invited"]
    assert "Carl" not in str(records)


async def test_a_long_list_has_pages(town: Town, owner: Resident) -> None:
    for number in range(24):
        await town.write(staff.appoint, 500 + number, 1, Role.CLERK, f"Clerk {number:02}", owner.id)
    await owner.types("/staff")
    assert "Clerk 23" not in owner.reads()
    await owner.press("▶")
    assert "Clerk 23" in owner.reads()


@pytest.mark.parametrize("name", ["<b>Bobby</b>", "\u202eevil", "\u200b\u200b", "..."])
async def test_odd_names_are_shown_literally(town: Town, owner: Resident, name: str) -> None:
    clerk = await town.newcomer(name)
    await clerk.opens(await invite(owner, "clerk", "Ximen"))
    assert await posts_of(town, clerk) == [(1, Role.CLERK)]
    assert "has accepted your invitation" in owner.reads()


async def test_two_posts_of_one_person_are_told_apart(town: Town, owner: Resident) -> None:
    mia = await hire(town, owner, "Mia", Role.CLERK, 1)
    await town.write(staff.appoint, mia.id, 2, Role.MANAGER, "Mia", owner.id)
    await owner.types("/staff")
    assert {"👤 Mia · Ximen", "👤 Mia · Nanhu"} < set(owner.buttons())


async def test_staff_stand_in_the_order_of_the_stores(town: Town, owner: Resident) -> None:
    await hire(town, owner, "Mia", Role.CLERK, 1)
    await hire(town, owner, "Ned", Role.CLERK, 2)
    await owner.types("/staff")
    assert owner.hears().index("Ximen") < owner.hears().index("Nanhu")
    await town.write(stores.set_active, 1, False)
    await owner.types("/staff")
    assert owner.hears().index("Nanhu") < owner.hears().index("Ximen")


@pytest.mark.parametrize("is_member", [False, True])
async def test_only_a_member_is_told_to_keep_everything(town: Town, owner: Resident, is_member: bool) -> None:
    carl = await hire(town, owner, "Carl", Role.CLERK, 1)
    if is_member:
        await town.write(add_member, "Carl", "13900139000", carl.id)
    await owner.types("/staff")
    await owner.press("👤 Carl")
    await owner.press("🗑 Remove")
    await owner.press("Yes, remove")
    assert carl.sees("Your post here has ended: clerk, Ximen.")
    assert carl.sees("As a member you keep everything") is is_member


async def test_a_long_name_on_a_button_ends_with_an_ellipsis(town: Town, owner: Resident) -> None:
    await hire(town, owner, "Bartholomew Featherstone", Role.CLERK, 1)
    await owner.types("/staff")
    assert "👤 Bartholomew Feather…" in owner.buttons()
