"""Where a message belongs: to an album, to what it replies to, to what it corrects; and who reads it there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import case_desk, case_merges, case_replies, complaints, privacy
from actions.complaints import Heard
from db import cases as rows, outbox
from db.cases import Line
from db.database import Database, Tx
from loyalty.messages import Say
from tests.actions.complainers import opened, said, told
from tests.actions.shops import ANN, CLERK, MANAGER, Shop, at_desk, open_shop


@pytest.fixture
async def shop(db: Database) -> Shop:
    return await open_shop(db)


async def lines_of(db: Database, case_id: int) -> list[Line]:
    case = await db.read(rows.get, case_id)
    assert case is not None
    return [line for line in await db.read(rows.list_lines, case) if line.side != "event"]


async def sends(db: Database, shop: Shop, number: int, album: str = "77") -> bool:
    """The clerk's next picture; whether it went into a case."""
    picture = replace(said("", f"11:{number}"), file_kind="photo", file_id=f"file {number}", album=album)
    place = await db.read(case_replies.place_of, CLERK, picture, 0)
    if place:
        await db.write(case_replies.take, shop.clerk, place, picture)
    return place is not None


async def begins(db: Database, shop: Shop, way: case_desk.Way) -> int:
    """A case in which the clerk has said something with the first picture of an album."""
    case_id = await opened(db, shop)
    first = replace(said("look", "11:100"), file_kind="photo", file_id="file", album="77")
    await db.write(case_desk.say, shop.clerk, case_id, way, first)
    return case_id


@pytest.mark.parametrize(
    ("way", "side"), [("note", "note"), ("answer", "staff"), ("ask", "staff"), ("resolve", "staff")]
)
async def test_the_rest_of_an_album_is_said_as_it_began(
    db: Database, shop: Shop, way: case_desk.Way, side: str
) -> None:
    case_id = await begins(db, shop, way)
    assert await sends(db, shop, 101)
    assert [line.side for line in await lines_of(db, case_id)] == ["member", side, side]


async def test_the_rest_of_an_album_moves_the_case_no_more(db: Database, shop: Shop) -> None:
    case_id = await begins(db, shop, "resolve")
    before = await db.read(rows.get, case_id)
    await sends(db, shop, 101)
    assert await db.read(rows.get, case_id) == before


async def test_the_rest_of_an_album_goes_on_where_the_case_was_merged(db: Database, shop: Shop) -> None:
    case_id, into = await begins(db, shop, "note"), await opened(db, shop, "21:2")
    await db.write(case_merges.merge, shop.clerk, case_id, into)
    await sends(db, shop, 101)
    assert [line.side for line in await lines_of(db, into)][-1] == "note"


async def test_an_album_of_notes_reaches_no_member(db: Database, shop: Shop) -> None:
    await begins(db, shop, "note")
    before = await db.read(told, ANN)
    await sends(db, shop, 101)
    assert await db.read(told, ANN) == before


async def test_another_album_is_no_part_of_it(db: Database, shop: Shop) -> None:
    await begins(db, shop, "answer")
    assert not await sends(db, shop, 101, album="78")
    assert not await sends(db, shop, 102, album="")


async def test_somebody_elses_album_of_that_number_is_no_part_of_it(db: Database, shop: Shop) -> None:
    await begins(db, shop, "answer")
    picture = replace(said("", "12:1"), file_kind="photo", file_id="x", album="77")
    assert await db.read(case_replies.place_of, MANAGER, picture, 0) is None


async def logged(db: Database, shop: Shop) -> int:
    heard = Heard(shop.member.id, "complaint", "normal")
    desk = await db.write(
        complaints.log, at_desk(shop.clerk, shop.store_id), heard, said("drunk again, wants soup back", "11:500")
    )
    return desk.case_id


async def test_what_was_logged_is_on_a_side_of_its_own(db: Database, shop: Shop) -> None:
    assert [line.side for line in await lines_of(db, await logged(db, shop))] == ["logged"]


async def test_a_correction_of_what_was_logged_is_logged_and_no_answer(db: Database, shop: Shop) -> None:
    case_id = await logged(db, shop)
    before = await db.read(rows.get, case_id)
    words = said("13800138000 wants soup back", "11:500:1")
    await db.write(case_replies.correct, shop.clerk, 500, words, True)
    assert [(line.side, line.words) for line in await lines_of(db, case_id)][1:] == [("logged", "✏️ wants soup back")]
    assert await db.read(rows.get, case_id) == before
    assert await db.read(told, ANN) == 0


async def test_a_correction_of_what_was_asked_for_step_by_step_loses_no_word(db: Database, shop: Shop) -> None:
    case_id = await logged(db, shop)
    await db.write(case_replies.correct, shop.clerk, 500, said("wants soup back", "11:500:1"), False)
    assert (await lines_of(db, case_id))[1].words == "✏️ wants soup back"


async def test_the_export_has_what_was_logged_about_the_member_but_no_note(db: Database, shop: Shop) -> None:
    case_id = await logged(db, shop)
    await db.write(case_desk.say, shop.clerk, case_id, "note", said("third time", "11:501"))
    held = (await db.read(privacy.dossier, shop.member.id)).held
    assert [line["words"] for line in held["case_line"]] == ["drunk again, wants soup back"]


def arrives(tx: Tx, template: str, case_id: int, **more: str) -> None:
    """A message about the case reaches the manager, as number 500."""
    outbox.post(tx, Say(template, {"case_id": case_id, **more}, to=MANAGER, kind="notice"))
    tx.run("UPDATE outbox SET state = 'sent', message_id = 500 WHERE id = (SELECT MAX(id) FROM outbox)")


async def side_of_reply(db: Database, shop: Shop, template: str, **more: str) -> str:
    case_id = await opened(db, shop)
    await db.write(arrives, template, case_id, **more)
    words = said("a pain, she is", "12:501")
    place = await db.read(case_replies.place_of, MANAGER, words, 500)
    assert place is not None
    await db.write(case_replies.take, shop.manager, place, words)
    return (await lines_of(db, case_id))[-1].side


@pytest.mark.parametrize(
    "template",
    ["compensation_asked", "compensation_decided", "case_assigned", "case_transferred", "case_late", "case_warned",
     "case_joined", "case_takers", "case_say_words"],
)  # fmt: skip
async def test_a_reply_among_colleagues_is_a_note(db: Database, shop: Shop, template: str) -> None:
    assert await side_of_reply(db, shop, template) == "note"


@pytest.mark.parametrize("template", ["case_opened", "case_heard", "case_reopened", "case_desk", "case_words"])
async def test_a_reply_to_what_the_member_said_is_the_answer(db: Database, shop: Shop, template: str) -> None:
    assert await side_of_reply(db, shop, template) == "staff"


async def test_a_reply_to_a_colleagues_words_is_a_note(db: Database, shop: Shop) -> None:
    assert await side_of_reply(db, shop, "case_words", side="note") == "note"
