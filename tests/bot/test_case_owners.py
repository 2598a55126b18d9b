"""A complaint logged for the wrong member goes to the right one when the clerk edits their message."""

from __future__ import annotations

import pytest
import pytest_asyncio

from db import audit, cases as rows
from db.database import Tx
from tests.actions.shops import add_member
from tests.bot.desks import Desk
from tests.bot.people import Resident

LINE = "/complaint 13800138000 the till was slow"


@pytest_asyncio.fixture
async def bob(desk: Desk) -> Resident:
    """A member, too."""
    bob = await desk.town.newcomer("Bob")
    await desk.town.write(add_member, "Bob", "13900139000", bob.id)
    await bob.opens()
    return bob


async def edits(desk: Desk, text: str, was: str = LINE) -> None:
    mine = next(one for one in reversed(desk.carl.chat()) if one.text == was)
    await desk.carl.does(lambda: desk.carl.person.edit(mine.id, text))


async def cases_of(who: Resident) -> str:
    await who.types("/cases")
    return who.hears()


def words_of(tx: Tx) -> list[str]:
    case = rows.get(tx, 1)
    assert case is not None
    return [line.words for line in rows.list_lines(tx, case) if line.side != "event"]


async def test_naming_the_right_member_moves_it(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await edits(desk, "/complaint 13900139000 the till was slow")
    assert "👤 Bob" in desk.carl.hears()
    assert "1" in await cases_of(bob)
    assert "Nothing so far" in await cases_of(desk.ann)


async def test_its_words_are_the_right_members_and_stand_once(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await edits(desk, "/complaint 13900139000 the till was slow")
    assert await desk.town.db.read(words_of) == ["the till was slow"]
    owners = await desk.town.db.read(lambda tx: {row[0] for row in tx.all("SELECT member_id FROM case_line")})
    assert owners == {2}


async def test_other_words_come_along(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await edits(desk, "/complaint 13900139000 the till was very slow")
    assert await desk.town.db.read(words_of) == ["the till was slow", "✏️ the till was very slow"]


async def test_the_audit_says_whose_it_was_and_whose_it_is(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await edits(desk, "/complaint 13900139000 the till was slow")
    done = await desk.town.db.read(audit.list_latest, 9)
    moved = [(one.action, one.member_id) for one in done if one.action in ("case_logged", "case_moved")]
    assert moved == [("case_logged", 2), ("case_moved", 1), ("case_logged", 1)]


async def test_nobody_else_hears_of_it_but_who_has_it(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await desk.mary.press("📋 Open it")
    await desk.mary.press("✋ Take it")
    before = [len(who.chat()) for who in (desk.ann, bob)]
    await edits(desk, "/complaint 13900139000 the till was slow")
    assert "Case 1 is about another member" in desk.mary.hears()
    assert [len(who.chat()) for who in (desk.ann, bob)] == before


async def test_who_has_it_has_no_case_of_their_own(desk: Desk) -> None:
    await desk.town.write(add_member, "Mary", "13900139000", desk.mary.id)
    await desk.carl.types(LINE)
    await desk.mary.press("📋 Open it")
    await desk.mary.press("✋ Take it")
    await edits(desk, "/complaint 13900139000 the till was slow")
    assert "Nobody has it yet" in desk.carl.hears()


@pytest.mark.parametrize("name", ["Bob", "bob"])
async def test_a_name_alone_that_changes_is_a_name(desk: Desk, bob: Resident, name: str) -> None:
    was = "/complaint Ann the till was slow"
    await desk.carl.types(was)
    await desk.carl.press("Ann")
    await edits(desk, f"/complaint {name} the till was slow", was)
    assert "👤 Bob" in desk.carl.hears()


async def test_a_word_that_may_be_a_name_moves_nothing(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await edits(desk, "/complaint Bob at the till was slow")
    assert "Case 1 stays as it was" in desk.carl.hears()
    assert await desk.town.db.read(words_of) == ["the till was slow"]


async def test_what_the_member_has_read_an_answer_to_stays_theirs(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await desk.carl.press("💬 Answer")
    await desk.carl.types("we are sorry")
    await edits(desk, "/complaint 13900139000 the till was slow")
    assert "Please log it again for the right member" in desk.carl.hears()
    assert "1" in await cases_of(desk.ann)


async def test_nobody_makes_it_their_own(desk: Desk) -> None:
    await desk.town.write(add_member, "Carl", "13900139000", desk.carl.id)
    await desk.carl.types(LINE)
    await edits(desk, "/complaint 13900139000 the till was slow")
    assert "1" in await cases_of(desk.ann)


async def test_the_purchase_it_was_about_was_not_theirs(desk: Desk, bob: Resident) -> None:
    await desk.carl.types(LINE)
    await desk.town.write(lambda tx: rows.change(tx, 1, purchase_id=7))
    await edits(desk, "/complaint 13900139000 the till was slow")
    assert await desk.town.db.read(lambda tx: tx.value("SELECT purchase_id FROM service_case")) == 0
