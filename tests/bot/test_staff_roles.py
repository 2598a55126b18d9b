"""Every route that asks for a role, tried by everybody below it: nothing is done, nothing is told (trial 6)."""

from __future__ import annotations

import pytest

from bot import routes
from bot.routing import Route
from db import staff, stores
from db.database import Tx
from db.members import NewMember, add as add_member
from db.staff import CHAIN
from loyalty import phones
from loyalty.roles import Role, may
from tests.bot.people import Resident, Town

# What anybody below would like to see: a member, a colleague, a store, an invitation.
SECRETS = ("Secretmember", "Secretcolleague", "Secretstore", "13800138000", "138****8000", "start=staff_")
ARGUMENTS = ("", ":0", ":1", ":1:1", ":1:name", ":clerk", ":clerk:1", ":owner:0")
TABLES = "member", "staff", "staff_invitation", "store", "purchase", "dialogue"


def guarded(role: Role | None) -> list[Route]:
    return [route for route in routes.all_routes() if route.role is not None and not may(role, route.role)]


def _furnish(tx: Tx) -> None:
    stores.add(tx, "secret", "Secretstore", "", "", 1)
    stores.add(tx, "open", "Mainstore", "", "", 1)
    staff.appoint(tx, 900, 1, Role.CLERK, "Secretcolleague", 1)
    new = NewMember(
        name="Secretmember", phone=phones.parse("13800138000", "CN"), birthday=None, tier="classic", source="counter",
        home_store_id=2, referrer_id=0, charter_version=1, card_prefix="29", joined_at=tx.now,
    )  # fmt: skip
    add_member(tx, new)


async def intruder(town: Town, role: Role | None) -> Resident:
    """Somebody of this role at the other store, with a message of the bot to press on."""
    bob = await town.newcomer("Bob")
    await bob.opens()
    if role:
        await town.write(staff.appoint, bob.id, 2, role, "Bob", 1)
    return bob


async def counts(town: Town) -> list[int]:
    return [await town.db.read(lambda tx, name=name: tx.value(f"SELECT COUNT(*) FROM {name}")) for name in TABLES]


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.MANAGER])
async def test_buttons_above_ones_role_do_and_tell_nothing(town: Town, role: Role | None) -> None:
    await town.write(_furnish)
    bob = await intruder(town, role)
    before = await counts(town)
    for verb in (verb for route in guarded(role) for verb in route.verbs):
        for arguments in ARGUMENTS:
            town.clock.forward(4_000)  # beyond the time in which a press counts as a repeated one
            await bob.does(lambda data=f"{verb}{arguments}": bob.person.replay(town.bot, bob.chat()[-1].id, data))
            assert not any(secret in bob.reads() for secret in SECRETS), f"{verb}{arguments}"
    assert await counts(town) == before


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.MANAGER])
async def test_commands_above_ones_role_are_refused(town: Town, role: Role | None) -> None:
    await town.write(_furnish)
    bob = await intruder(town, role)
    for route in guarded(role):
        for text in (f"/{route.command}", f"/{route.command} 13800138000", f"/{route.command} 13800138000 86.50"):
            if route.command:
                await bob.types(text)
                assert "staff" in bob.hears() or "Only" in bob.hears(), text
                assert not any(secret in bob.reads() for secret in SECRETS), text


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER])
async def test_store_staff_reach_nothing_of_another_store(town: Town, role: Role) -> None:
    """Members belong to the chain; stores, colleagues and invitations to their store."""
    await town.write(_furnish)
    bob = await intruder(town, role)
    secrets = ("Secretcolleague", "Secretstore", "start=staff_")
    for route in routes.all_routes():
        for verb in route.verbs if route.role and may(role, route.role) else ():
            for arguments in (":1", ":1:name", ":clerk:1", ":manager:2"):
                town.clock.forward(4_000)
                await bob.does(lambda data=f"{verb}{arguments}": bob.person.replay(town.bot, bob.chat()[-1].id, data))
                assert not any(secret in bob.hears() for secret in secrets), f"{verb}{arguments}"
    assert [post.user_id for post in await town.db.read(staff.list_all) if post.store_id == 1] == [900]
    assert CHAIN not in {post.store_id for post in await town.db.read(staff.list_posts, bob.id)}
