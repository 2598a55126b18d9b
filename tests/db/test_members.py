"""Members are kept sealed and found by what staff type."""

import asyncio

import pytest

from db import members
from db.database import Database, Tx
from db.members import Member, NewMember
from loyalty import cards, phones
from loyalty.birthdays import Birthday
from loyalty.errors import AlreadyAMember, PhoneTaken
from loyalty.queries import parse_query

PHONE = "+8613800138000"
BORN = Birthday(8, 15, 1990, lunar=True)


def _new(name: str = "陈伟", phone: str = PHONE, user_id: int = 0, birthday: Birthday | None = None) -> NewMember:
    return NewMember(
        name=name, phone=phones.parse(phone, "CN"), birthday=birthday, tier="classic", source="walk_in",
        home_store_id=0, referrer_id=0, charter_version=1, card_prefix="29", joined_at=1_740_974_400_000,
        user_id=user_id,
    )  # fmt: skip


def _find(tx: Tx, text: str) -> list[Member]:
    return members.find(tx, parse_query(text, "CN"), 10)


async def test_a_member_is_revealed_as_added(db: Database) -> None:
    added = await db.write(members.add, _new(birthday=BORN))
    identity = await db.read(members.reveal, added.id)
    assert (identity.name, identity.phone, identity.birth_year) == ("陈伟", PHONE, 1990)


async def test_a_member_without_birthday_has_none(db: Database) -> None:
    added = await db.write(members.add, _new())
    assert added.birthday is None


async def test_the_card_number_can_be_scanned_by_any_till(db: Database) -> None:
    added = await db.write(members.add, _new())
    assert cards.is_valid(added.number)


@pytest.mark.parametrize("typed", ["13800138000", "8000", "陈伟", "陳偉", "chenwei", "CW", "陈伟 "])
async def test_members_are_found_by_what_staff_type(db: Database, typed: str) -> None:
    added = await db.write(members.add, _new())
    assert [member.id for member in await db.read(_find, typed)] == [added.id]


async def test_members_are_found_by_card_number_and_link(db: Database) -> None:
    added = await db.write(members.add, _new())
    token = await db.read(members.card_token_of, added.id)
    assert await db.read(_find, added.number) == await db.read(_find, f"m_{token}") == [added]


async def test_nobody_is_found_by_anothers_tail(db: Database) -> None:
    await db.write(members.add, _new())
    assert await db.read(_find, "1234") == []


async def test_a_member_is_known_by_telegram_account_and_invite_code(db: Database) -> None:
    added = await db.write(members.add, _new(user_id=7))
    assert (
        await db.read(members.get_by_user, 7) == await db.read(members.get_by_invite_code, added.invite_code) == added
    )


async def test_nobody_is_the_member_without_telegram(db: Database) -> None:
    await db.write(members.add, _new())
    assert await db.read(members.get_by_user, 0) is None


async def test_a_phone_belongs_to_one_member(db: Database) -> None:
    await db.write(members.add, _new())
    with pytest.raises(PhoneTaken):
        await db.write(members.add, _new(name="Ann"))


async def test_a_refused_member_leaves_no_trace(db: Database) -> None:
    await db.write(members.add, _new())
    with pytest.raises(PhoneTaken):
        await db.write(members.add, _new(name="Ann"))
    assert await db.read(_find, "Ann") == []


async def test_one_account_is_one_member_however_many_race(db: Database) -> None:
    tries = [db.write(members.add, _new(phone=f"1380013800{n}", user_id=7)) for n in range(5)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyAMember"] * 4 + ["Member"]


async def test_one_phone_is_one_member_however_many_race(db: Database) -> None:
    tries = [db.write(members.add, _new(user_id=user)) for user in range(1, 6)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Member"] + ["PhoneTaken"] * 4


async def test_a_renamed_member_is_found_by_the_new_name_only(db: Database) -> None:
    added = await db.write(members.add, _new())
    await db.write(members.change_name, added.id, "王芳")
    assert (await db.read(_find, "wangfang"), await db.read(_find, "chenwei")) == ([added], [])


async def test_a_renamed_member_keeps_the_phone_tail(db: Database) -> None:
    added = await db.write(members.add, _new())
    await db.write(members.change_name, added.id, "王芳")
    assert await db.read(_find, "8000") == [added]


async def test_a_changed_phone_frees_the_old_one(db: Database) -> None:
    added = await db.write(members.add, _new())
    await db.write(members.change_phone, added.id, phones.parse("13900139000", "CN"))
    assert (await db.read(_find, "13900139000"), await db.read(_find, PHONE)) == ([added], [])


async def test_another_members_phone_cannot_be_taken_over(db: Database) -> None:
    await db.write(members.add, _new())
    other = await db.write(members.add, _new(phone="13900139000"))
    with pytest.raises(PhoneTaken):
        await db.write(members.change_phone, other.id, phones.parse(PHONE, "CN"))


async def test_changing_to_the_same_phone_is_no_obstacle(db: Database) -> None:
    added = await db.write(members.add, _new())
    await db.write(members.change_phone, added.id, phones.parse(PHONE, "CN"))
    assert await db.read(_find, PHONE) == [added]


async def test_a_birthday_told_later_is_kept_with_its_year(db: Database) -> None:
    added = await db.write(members.add, _new())
    await db.write(members.set_birthday, added.id, BORN)
    member = await db.read(members.get, added.id)
    assert member is not None
    assert member.birthday == Birthday(8, 15, None, lunar=True)
    assert (await db.read(members.reveal, added.id)).birth_year == 1990


async def test_a_member_from_the_counter_is_linked_once(db: Database) -> None:
    added = await db.write(members.add, _new())
    assert await db.write(members.link_user, added.id, 7)
    assert not await db.write(members.link_user, added.id, 8)


async def test_an_account_with_a_member_is_not_linked_to_another(db: Database) -> None:
    await db.write(members.add, _new(user_id=7))
    added = await db.write(members.add, _new(phone="13900139000"))
    with pytest.raises(AlreadyAMember):
        await db.write(members.link_user, added.id, 7)


async def test_a_tier_is_set_once(db: Database) -> None:
    added = await db.write(members.add, _new())
    assert await db.write(members.set_tier, added.id, "gold")
    assert not await db.write(members.set_tier, added.id, "gold")


async def test_each_new_member_has_an_empty_account(db: Database) -> None:
    added = await db.write(members.add, _new())
    balance = await db.read(lambda tx: tx.value("SELECT balance FROM account WHERE member_id = :id", id=added.id))
    assert balance == 0


async def test_nothing_personal_stands_in_clear(db: Database) -> None:
    await db.write(members.add, _new(birthday=BORN))
    rows = await db.read(lambda tx: tx.all("SELECT * FROM member") + tx.all("SELECT * FROM member_lookup"))
    stored = " ".join(
        repr(bytes(cell) if isinstance(cell, bytes | memoryview) else cell) for row in rows for cell in row
    )
    assert not any(secret in stored for secret in ("13800138000", repr("陈伟".encode())[2:-1], "陈伟", "1990"))
