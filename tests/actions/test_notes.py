"""Notes about members: taken down by staff, read, put right and deleted by the member, gone with them."""

from __future__ import annotations

import pytest

from actions import counter_lines, erasure, notes, privacy
from db import holdings
from db.database import Database, Tx
from loyalty import notes as rules
from loyalty.errors import NotAllowed, StaleButton
from loyalty.roles import Role
from tests.actions.shops import Shop, add_member, hire, open_shop


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def noted(db: Database, shop: Shop, text: str = "8000 likes oat milk") -> notes.Noted:
    def act(tx: Tx) -> notes.Noted:
        line = counter_lines.read(tx, shop.clerk, text)
        return notes.note(tx, shop.clerk, line.member_ids[0], *rules.read_line(line.words))

    return await db.write(act)


async def test_one_line_says_whom_what_about_and_what(db: Database, shop: Shop) -> None:
    taken = await noted(db, shop)
    assert (taken.name, taken.field, taken.words) == ("Ann", "likes", "oat milk")


async def test_what_says_not_what_it_is_about_is_filed_with_a_tap(db: Database, shop: Shop) -> None:
    taken = await noted(db, shop, "8000 asked for oat milk")
    assert (taken.field, taken.words) == ("other", "asked for oat milk")
    assert (await db.write(notes.file, shop.clerk, taken.note_id, "wishes")).field == "wishes"


async def test_staff_see_who_noted_it_and_the_member_does_not(db: Database, shop: Shop) -> None:
    await noted(db, shop)
    seen = (await db.write(notes.list_of, shop.manager, shop.member.id)).notes[0]
    own = (await db.read(notes.list_own, shop.ann)).notes[0]
    assert (seen.by, own.by, own.store, own.words) == (f"staff {shop.clerk.user_id}", "", "西门店", "oat milk")


async def test_the_member_puts_it_right_and_staff_read_that(db: Database, shop: Shop) -> None:
    taken = await noted(db, shop)
    await db.write(notes.correct, shop.ann, taken.note_id, "soy milk")
    seen = (await db.write(notes.list_of, shop.clerk, shop.member.id)).notes[0]
    assert (seen.words, seen.corrected) == ("soy milk", True)
    with pytest.raises(StaleButton):
        await db.write(notes.file, shop.clerk, taken.note_id, "wishes")


async def test_the_member_deletes_it_and_nobody_has_it(db: Database, shop: Shop) -> None:
    taken = await noted(db, shop)
    assert (await db.write(notes.delete_own, shop.ann, taken.note_id)).notes == []
    assert (await db.write(notes.list_of, shop.clerk, shop.member.id)).notes == []


async def test_another_members_note_is_out_of_reach(db: Database, shop: Shop) -> None:
    taken = await noted(db, shop)
    await db.write(add_member, "Bob", "13900139000", 22)
    bob = await db.write(hire, 22, shop.store_id, Role.CLERK)
    for step in (notes.own, notes.delete_own):
        with pytest.raises(StaleButton):
            await db.write(step, bob, taken.note_id)


async def test_clerks_remove_their_own_notes_and_managers_any(db: Database, shop: Shop) -> None:
    other = await db.write(hire, 14, shop.store_id, Role.CLERK)
    taken = await noted(db, shop)
    with pytest.raises(StaleButton):
        await db.write(notes.remove, other, taken.note_id)
    assert (await db.write(notes.remove, shop.manager, taken.note_id)).notes == []


async def test_members_note_nothing(db: Database, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        await db.write(notes.note, shop.ann, shop.member.id, "likes", "gold")


async def test_notes_are_taken_away_and_go_with_the_member(db: Database, shop: Shop) -> None:
    await noted(db, shop)
    held = await db.read(holdings.list_held, shop.member.id)
    assert [row["words"] for row in held["member_note"]] == ["oat milk"]
    assert await db.read(privacy.dossier, shop.member.id)
    await db.write(erasure.erase_own, shop.ann)
    assert await db.read(lambda tx: tx.value("SELECT COUNT(*) FROM member_note")) == 0
