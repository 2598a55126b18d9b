"""What links bring along: a store, a referral, or nonsense."""

from __future__ import annotations

import pytest

from db import members
from tests.bot.joiners import JOINED, add_stores, known_member, member_of, reach
from tests.bot.people import Resident, Town


async def test_four_answers_are_enough_with_a_store_link(town: Town) -> None:
    _, nanhu = await add_stores(town, "ximen", "nanhu")
    ann = await town.newcomer("Ann")
    await reach(ann, "joined", start="s_nanhu")
    member = await member_of(town, ann)
    assert member is not None
    assert (member.home_store_id, member.source) == (nanhu, "walk_in")


async def test_an_unknown_store_in_the_link_is_passed_over(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined", start="s_nowhere")
    assert JOINED in ann.hears()


async def test_a_store_link_opened_half_way_counts(town: Town) -> None:
    _, nanhu = await add_stores(town, "ximen", "nanhu")
    ann = await town.newcomer("Ann")
    await reach(ann, "name")
    await ann.opens("s_nanhu")
    await ann.types("Ann")
    await ann.press("Skip")
    member = await member_of(town, ann)
    assert member is not None
    assert member.home_store_id == nanhu


async def invite_of(town: Town, resident: Resident) -> str:
    member = await member_of(town, resident)
    assert member is not None
    return f"r_{member.invite_code}"


async def test_a_referral_is_recorded(town: Town) -> None:
    ann, bob = await town.newcomer("Ann"), await town.newcomer("Bob")
    await reach(ann, "joined")
    await reach(bob, "joined", start=await invite_of(town, ann))
    inviting, invited = await member_of(town, ann), await member_of(town, bob)
    assert inviting is not None
    assert invited is not None
    assert invited.referrer_id == inviting.id


async def test_a_referral_half_way_in_lower_case_counts(town: Town) -> None:
    ann, bob = await town.newcomer("Ann"), await town.newcomer("Bob")
    await reach(ann, "joined")
    await reach(bob, "birthday")
    await bob.opens((await invite_of(town, ann)).lower())
    await bob.press("Skip")
    assert bob.sees("invitation is noted")


async def test_an_unknown_referral_does_not_stop_joining(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined", start="r_NOBODY00")
    assert JOINED in ann.hears()
    assert "no longer valid" in ann.hears()


async def test_ones_own_invitation_is_refused_kindly(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await reach(ann, "joined")
    await ann.opens(await invite_of(town, ann))
    assert "This is your own invitation" in ann.hears()


async def test_a_ring_of_invitations_is_refused_and_joining_goes_on(town: Town) -> None:
    ann = await town.newcomer("Ann", phone="+8613800138000")
    first = await town.write(members.add, known_member("13800138000"))
    second = await town.write(members.add, known_member("13900139000", referrer_id=first.id, user_id=999))
    await reach(ann, "joined", start=f"r_{second.invite_code}")
    assert JOINED in ann.hears()
    assert "You invited this person yourself" in ann.hears()


@pytest.mark.parametrize(
    "start", ["x", "s_", "r_<b>", "s_'; DROP TABLE member; --", "r_" + "A" * 62, "😀", "s_../../etc"]
)
async def test_malformed_links_are_just_a_welcome(town: Town, start: str) -> None:
    ann = await town.newcomer("Ann")
    await ann.types(f"/start {start}")
    assert JOINED in ann.hears()
