"""The handbook: read by staff, replaced by who manages the chain, one text in force in each language."""

from __future__ import annotations

import asyncio

import pytest

from actions import handbook
from actions.customers import MemberView
from actions.desk import Missed
from actions.handbook import ChapterPage, Contents, Found, LookedUp
from db import audit
from db.database import Database, Tx
from db.people import Person
from loyalty.errors import NotAllowed, QueryUnclear, StaleButton
from loyalty.handbook_errors import HandbookUnreadable
from loyalty.roles import Role
from tests.actions.shops import Shop, add_member, hire, open_shop

OWN = "# Ours\n\n## Umbrellas\n\nWe lend them.\n"


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def title(db: Database, shop: Shop, locale: str = "en") -> str:
    return (await db.read(handbook.contents, shop.clerk, locale)).title


async def replaced(db: Database, shop: Shop, text: str = OWN, locale: str = "en") -> int:
    preview = await db.write(handbook.propose, shop.owner, text)
    await db.write(handbook.use, shop.owner, preview.edition_id, locale)
    return preview.edition_id


def in_force(tx: Tx) -> int:
    return tx.value("SELECT COUNT(*) FROM handbook WHERE in_force = 1")


async def test_staff_read_what_comes_with_the_bot(db: Database, shop: Shop) -> None:
    told = await db.read(handbook.contents, shop.clerk, "zh_Hant")
    assert (told.title, told.used_at, told.has_quiz, told.may_replace) == ("服務手冊", 0, True, False)


async def test_members_read_nothing_of_it(db: Database, shop: Shop) -> None:
    for query in (handbook.contents, handbook.editions):
        with pytest.raises(NotAllowed):
            await db.read(query, shop.ann, *(["en"] if query is handbook.contents else []))


async def test_a_chapter_is_turned_by_pages(db: Database, shop: Shop) -> None:
    told = await db.read(handbook.contents, shop.clerk, "en")
    page = await db.read(handbook.turn, shop.clerk, "en", (2, 0), told.version)
    assert isinstance(page, ChapterPage)
    assert (page.title, page.pages) == ("Returns and refunds", 1)


@pytest.mark.parametrize("place", [(99, 0), (0, 99)])
async def test_a_page_that_is_not_there_leads_to_the_contents(db: Database, shop: Shop, place: tuple[int, int]) -> None:
    told = await db.read(handbook.contents, shop.clerk, "en")
    page = await db.read(handbook.turn, shop.clerk, "en", place, told.version)
    assert isinstance(page, Contents)
    assert page.is_changed


async def test_a_button_of_the_handbook_before_leads_to_the_new_one(db: Database, shop: Shop) -> None:
    told = await db.read(handbook.contents, shop.clerk, "en")
    await replaced(db, shop)
    page = await db.read(handbook.turn, shop.clerk, "en", (0, 0), told.version)
    assert isinstance(page, Contents)
    assert (page.is_changed, page.title) == (True, "Ours")


async def test_what_is_proposed_is_read_by_nobody_until_it_is_used(db: Database, shop: Shop) -> None:
    preview = await db.write(handbook.propose, shop.owner, OWN)
    assert (preview.title, preview.chapters, preview.questions, preview.locale) == ("Ours", ["Umbrellas"], 0, "en")
    assert await title(db, shop) == "Service handbook"


async def test_what_is_used_is_read_in_that_language_only(db: Database, shop: Shop) -> None:
    await replaced(db, shop)
    assert (await title(db, shop), await title(db, shop, "zh_Hans")) == ("Ours", "服务手册")


async def test_the_next_text_takes_the_place_of_the_one_before(db: Database, shop: Shop) -> None:
    await replaced(db, shop)
    await replaced(db, shop, OWN.replace("Ours", "Newer"))
    assert await title(db, shop) == "Newer"
    assert await db.read(in_force) == 1


async def test_the_original_can_be_put_back_once(db: Database, shop: Shop) -> None:
    await replaced(db, shop)
    await db.write(handbook.put_back, shop.owner, "en")
    assert await title(db, shop) == "Service handbook"
    with pytest.raises(StaleButton):
        await db.write(handbook.put_back, shop.owner, "en")


async def test_two_who_use_a_text_at_once_leave_one_in_force(db: Database, shop: Shop) -> None:
    other = await db.write(hire, 15, 0, Role.MANAGER)
    mine = await db.write(handbook.propose, shop.owner, OWN)
    theirs = await db.write(handbook.propose, other, OWN.replace("Ours", "Theirs"))
    await asyncio.gather(
        db.write(handbook.use, shop.owner, mine.edition_id, "en"),
        db.write(handbook.use, other, theirs.edition_id, "en"),
    )
    assert await db.read(in_force) == 1


async def test_a_text_is_used_once(db: Database, shop: Shop) -> None:
    edition_id = await replaced(db, shop)
    with pytest.raises(StaleButton):
        await db.write(handbook.use, shop.owner, edition_id, "zh_Hans")
    assert await title(db, shop) == "Ours"


async def test_a_text_that_was_dropped_is_not_used(db: Database, shop: Shop) -> None:
    preview = await db.write(handbook.propose, shop.owner, OWN)
    await db.write(handbook.drop, shop.owner, preview.edition_id)
    with pytest.raises(StaleButton):
        await db.write(handbook.use, shop.owner, preview.edition_id, "en")


async def test_nobody_uses_or_drops_what_another_proposed(db: Database, shop: Shop) -> None:
    other = await db.write(hire, 15, 0, Role.MANAGER)
    preview = await db.write(handbook.propose, shop.owner, OWN)
    for attempt in (handbook.use, handbook.drop):
        with pytest.raises(StaleButton):
            await db.write(attempt, other, preview.edition_id, *(["en"] if attempt is handbook.use else []))


async def test_a_new_proposal_forgets_the_one_before(db: Database, shop: Shop) -> None:
    for _ in range(3):
        await db.write(handbook.propose, shop.owner, OWN)
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM handbook")) == 1


async def test_a_stores_manager_does_not_replace_the_chains_handbook(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.write(handbook.propose, shop.manager, OWN)


async def test_what_is_not_in_order_is_not_kept(db: Database, shop: Shop) -> None:
    with pytest.raises(HandbookUnreadable):
        await db.write(handbook.propose, shop.owner, "no heading")
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM handbook")) == 0


async def test_each_change_is_recorded(db: Database, shop: Shop) -> None:
    await replaced(db, shop)
    await db.write(handbook.put_back, shop.owner, "en")
    actions = [record.action for record in await db.read(audit.list_latest, 2)]
    assert actions == ["handbook_put_back", "handbook_replaced"]


# From the counter


async def asked(db: Database, person: Person, text: str) -> list[LookedUp]:
    said = await db.read(handbook.ask, person, "en", text)
    return await db.write(handbook.look_up, person, said, text)


async def test_words_that_find_no_member_are_looked_up_in_the_handbook(db: Database, shop: Shop) -> None:
    (found,) = await asked(db, shop.clerk, "refund without receipt")
    assert isinstance(found, Found)
    assert found.hits[0]["title"] == "Returns and refunds"


@pytest.mark.parametrize("name", ["Chang", "Noti", "Change Wu"])
async def test_a_name_that_begins_like_a_word_of_it_opens_the_member_alone(db: Database, shop: Shop, name: str) -> None:
    await db.write(add_member, name, "13900139000")
    (found,) = await asked(db, shop.clerk, name)
    assert isinstance(found, MemberView)


async def test_a_name_that_is_a_word_of_it_brings_both(db: Database, shop: Shop) -> None:
    await db.write(add_member, "Change", "13900139000")
    member, found = await asked(db, shop.clerk, "change")
    assert isinstance(member, MemberView)
    assert isinstance(found, Found)


async def test_a_word_that_begins_like_one_of_it_and_is_nobodys_is_still_found(db: Database, shop: Shop) -> None:
    (found,) = await asked(db, shop.clerk, "chang")
    assert isinstance(found, Found)
    assert found.hits


async def test_a_members_name_opens_the_member_alone(db: Database, shop: Shop) -> None:
    (found,) = await asked(db, shop.clerk, "Ann")
    assert isinstance(found, MemberView)


async def test_a_phone_nobody_has_is_a_customer_to_sign_up(db: Database, shop: Shop) -> None:
    (found,) = await asked(db, shop.clerk, "13900139000")
    assert isinstance(found, Missed)
    assert found.offer


async def test_a_question_mark_asks_the_handbook_alone(db: Database, shop: Shop) -> None:
    (found,) = await asked(db, shop.clerk, "？ Ann")
    assert isinstance(found, Found)
    assert found.hits == []


async def test_a_question_mark_alone_opens_the_handbook(db: Database, shop: Shop) -> None:
    (found,) = await asked(db, shop.clerk, "？")
    assert isinstance(found, Contents)


async def test_words_that_are_a_members_name_too_find_both(db: Database, shop: Shop) -> None:
    await db.write(add_member, "Olive Grumble", "13900139000")
    text = OWN.replace("Umbrellas", "Olive Grumble")
    await replaced(db, shop, text)
    member, found = await asked(db, shop.clerk, "Olive Grumble")
    assert isinstance(member, MemberView)
    assert isinstance(found, Found)


async def test_what_nobody_understands_is_refused_as_before(db: Database, shop: Shop) -> None:
    with pytest.raises(QueryUnclear):
        await asked(db, shop.clerk, "!!!")


async def test_strangers_find_nothing(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await asked(db, shop.ann, "? receipt")
