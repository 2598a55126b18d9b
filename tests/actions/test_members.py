"""Staff find members; everybody else finds nobody."""

from __future__ import annotations

import pytest

from actions import members
from db.database import Database
from loyalty.errors import MemberNotFound, NotAllowed, NotAMember
from tests.actions.shops import add_member, open_shop


async def test_a_member_is_known(db: Database) -> None:
    shop = await open_shop(db)
    assert await db.read(members.require_member, shop.ann) == shop.member


async def test_staff_are_not_members_by_working_here(db: Database) -> None:
    shop = await open_shop(db)
    with pytest.raises(NotAMember):
        await db.read(members.require_member, shop.clerk)


async def test_a_clerk_finds_a_member_without_seeing_the_whole_phone(db: Database) -> None:
    shop = await open_shop(db)
    (found,) = await db.read(members.find, shop.clerk, "13800138000")
    assert (found.name, found.phone, found.number_tail) == ("Ann", "138****8000", shop.member.number[-4:])


async def test_a_member_finds_nobody(db: Database) -> None:
    shop = await open_shop(db)
    with pytest.raises(NotAllowed):
        await db.read(members.find, shop.ann, "13800138000")


async def test_nobody_found_says_what_was_looked_for(db: Database) -> None:
    shop = await open_shop(db)
    with pytest.raises(MemberNotFound) as refused:
        await db.read(members.find, shop.clerk, "1234")
    assert refused.value.query_kind == "tail"


async def test_people_with_the_same_tail_are_told_apart(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(add_member, "Bob", "13900138000")
    found = await db.read(members.find, shop.clerk, "8000")
    assert [(hit.name, hit.phone) for hit in found] == [("Bob", "139****8000"), ("Ann", "138****8000")]


async def test_who_joined_last_is_found_among_many_of_one_name(db: Database) -> None:
    shop = await open_shop(db)
    for number in range(52):
        newest = await db.write(add_member, "陈伟", f"139001{number:05d}")
    assert newest.id == (await db.read(members.find, shop.clerk, "陈伟"))[0].member_id


async def test_the_most_alike_name_comes_first(db: Database) -> None:
    shop = await open_shop(db)
    await db.write(add_member, "陈伟", "13900139000")
    await db.write(add_member, "陈薇", "13900139001")
    assert [hit.name for hit in await db.read(members.find, shop.clerk, "陈薇")] == ["陈薇"]
    assert {hit.name for hit in await db.read(members.find, shop.clerk, "chenwei")} == {"陈伟", "陈薇"}
