"""What a line typed at the counter says: whom it may mean, and its words whatever comes of that."""

from __future__ import annotations

import pytest

from actions import counter_lines
from actions.counter_lines import CounterLine
from db.database import Database
from loyalty.errors import MemberNotFound, PhoneInvalid, Refusal
from tests.actions.shops import Shop, add_member, open_shop

SEVERAL = 9


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def reads(db: Database, shop: Shop, text: str) -> CounterLine:
    return await db.read(counter_lines.read, shop.clerk, text)


async def test_a_phone_means_its_member(db: Database, shop: Shop) -> None:
    line = await reads(db, shop, "13800138000 the soup  was cold")
    assert (line.member_ids, line.is_sure, line.words) == ([shop.member.id], True, "the soup  was cold")


async def test_a_word_in_latin_letters_may_happen_to_be_a_name(db: Database, shop: Shop) -> None:
    line = await reads(db, shop, "Ann cold soup")
    assert (line.member_ids, line.is_sure) == ([shop.member.id], False)


async def test_of_several_of_that_name_nobody_is_sure(db: Database, shop: Shop) -> None:
    other = await db.write(add_member, "Ann", "13800138001")
    line = await reads(db, shop, "Ann cold soup")
    assert (sorted(line.member_ids), line.is_sure) == (sorted([shop.member.id, other.id]), False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("冰柜太冷没人管", "冰柜太冷没人管"),
        ("nobody home", "nobody home"),
        ("3 people waited", "3 people waited"),
        ("??? what is this", "??? what is this"),
        ("13900139000 cold soup", "cold soup"),
        ("1234 cold soup", "cold soup"),
    ],
)
async def test_what_names_nobody_is_kept(db: Database, shop: Shop, text: str, words: str) -> None:
    line = await reads(db, shop, text)
    assert (line.member_ids, line.words, line.whole) == ([], words, text)


async def test_of_too_many_to_choose_from_the_words_are_kept(db: Database, shop: Shop) -> None:
    for tail in range(SEVERAL):
        await db.write(add_member, "Ann", f"1380013801{tail}")
    assert (await reads(db, shop, "Ann cold soup")).words == "cold soup"


@pytest.mark.parametrize(("text", "refusal"), [("13900139000", MemberNotFound), ("138001380", PhoneInvalid)])
async def test_a_number_of_nobodys_alone_is_refused(
    db: Database, shop: Shop, text: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await reads(db, shop, text)
