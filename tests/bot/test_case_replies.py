"""What people send about a case goes into its thread, or is kindly explained: replies, albums, voice, edits, rants."""

from __future__ import annotations

import pytest

from actions import case_merges
from db import people
from db.database import Tx
from simulator.messages import Message
from tests.bot.desks import Desk
from tests.bot.people import Resident
from tests.bot.test_catalogue import photo


def about(who: Resident, words: str) -> Message:
    """The newest message of the bot's that says this."""
    return next(one for one in reversed(who.chat()) if one.sender.is_bot and words in one.shown)


async def replies(who: Resident, to: str, text: str) -> None:
    await who.does(lambda: who.person.send(who.town.bot, text, about(who, to)))


async def taken(desk: Desk) -> None:
    """Carl has answered Ann's case."""
    await desk.complains()
    await replies(desk.mary, "The soup was cold", "We are sorry, which day was it?")


def _threads(tx: Tx) -> list[tuple[int, str, str]]:
    rows = tx.all("SELECT case_id, side, file_kind FROM case_line WHERE side <> 'event' ORDER BY id")
    return [(row[0], row[1], row[2]) for row in rows]


async def cools(desk: Desk) -> None:
    """What comes now does not follow at once."""
    await desk.town.write(lambda tx: tx.run("UPDATE case_line SET at = at - 3600000"))


async def test_staff_answer_by_replying_to_the_notice(desk: Desk) -> None:
    await taken(desk)
    assert desk.ann.sees("We are sorry, which day was it?")
    assert "You have it" in desk.mary.hears()


async def test_a_member_replies_to_the_answer_long_after(desk: Desk) -> None:
    await taken(desk)
    await cools(desk)
    await replies(desk.ann, "We are sorry", "On Sunday")
    assert "Added to case 1" in desk.ann.hears()
    assert desk.mary.sees("On Sunday")


async def test_a_word_the_bot_knows_is_still_a_reply(desk: Desk) -> None:
    await taken(desk)
    await cools(desk)
    await replies(desk.ann, "We are sorry", "points")
    assert "Added to case 1" in desk.ann.hears()


async def test_a_word_in_reply_to_anything_else_is_that_word(desk: Desk) -> None:
    await desk.ann.types("/help")
    message = desk.ann.answers()[-1]
    await desk.ann.does(lambda: desk.ann.person.send(desk.town.bot, "my cases", message))
    assert "Nothing so far" in desk.ann.hears()


async def test_a_reply_goes_to_the_case_it_replies_to_and_no_other(desk: Desk) -> None:
    await desk.complains("First")
    await cools(desk)
    await desk.complains("Second")
    await replies(desk.mary, "First", "about the first")
    assert (1, "staff", "") in await desk.town.db.read(_threads)
    assert (2, "staff", "") not in await desk.town.db.read(_threads)


async def test_a_reply_to_the_question_answers_the_question(desk: Desk) -> None:
    await desk.complains()
    await desk.mary.press("📋 Open it")
    await desk.mary.press("📝 Note")
    await replies(desk.mary, "Write your note", "third time this week")
    assert not desk.ann.sees("third time")
    assert (1, "note", "") in await desk.town.db.read(_threads)


async def test_a_reply_to_a_case_that_is_closed_is_explained(desk: Desk) -> None:
    await taken(desk)
    await desk.mary.press("☑️ Resolve")
    await desk.mary.types("Done.")
    await desk.mary.press("No compensation")
    await desk.ann.press("✅ Yes, solved")
    await replies(desk.ann, "We are sorry", "one more thing")
    assert "Case 1 is closed already" in desk.ann.hears()
    await replies(desk.mary, "The soup was cold", "one more thing")
    assert "Case 1 is closed already" in desk.mary.hears()


async def test_strangers_cannot_reply_into_a_case(desk: Desk) -> None:
    await taken(desk)
    await desk.town.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=desk.mary.id))
    await replies(desk.mary, "The soup was cold", "still me")
    assert not desk.ann.sees("still me")


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "document"])
async def test_what_the_member_sends_is_seen_by_staff(desk: Desk, kind: str) -> None:
    await taken(desk)
    data = photo() if kind == "photo" else b"data"
    await desk.ann.does(lambda: desk.ann.person.send_media(desk.town.bot, kind, data))
    assert [one.media.kind for one in desk.mary.chat() if one.sender.is_bot and one.media] == [kind]


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker"])
async def test_what_staff_send_is_seen_by_the_member(desk: Desk, kind: str) -> None:
    await taken(desk)
    answer = about(desk.mary, "The soup was cold")
    data = photo() if kind == "photo" else b"data"
    await desk.mary.does(lambda: desk.mary.person.send_media(desk.town.bot, kind, data, reply_to=answer))
    assert [one.media.kind for one in desk.ann.chat() if one.sender.is_bot and one.media] == [kind]


async def test_files_can_be_seen_again(desk: Desk) -> None:
    await taken(desk)
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    await desk.mary.types("/queue")
    await desk.mary.press("👤 1")
    await desk.mary.press("📎 Everything in full")
    assert [one.media.kind for one in desk.mary.answers() if one.media] == ["photo"]


@pytest.mark.parametrize("who", ["ann", "mary"])
async def test_an_album_is_kept_whole(desk: Desk, who: str) -> None:
    await taken(desk)
    sender: Resident = getattr(desk, who)
    first = about(sender, "case 1" if who == "ann" else "The soup was cold")

    def send() -> None:
        for number in range(3):
            more = {"reply_to": first} if number == 0 else {}
            sender.person.send_photo(desk.town.bot, photo(), media_group_id="77", **more)

    await sender.does(send)
    side = "member" if who == "ann" else "staff"
    assert (await desk.town.db.read(_threads)).count((1, side, "photo")) == 3


async def album(desk: Desk, who: Resident, number: str = "88") -> None:
    """Three pictures at once, in reply to nothing."""

    def send() -> None:
        for colour in ("red", "green", "blue"):
            who.person.send_photo(desk.town.bot, photo(colour), media_group_id=number)

    await who.does(send)


async def test_an_album_that_is_a_note_stays_among_colleagues(desk: Desk) -> None:
    await desk.complains()
    await desk.mary.press("📋 Open it")
    await desk.mary.press("📝 Note")
    await album(desk, desk.mary)
    assert [one.media.kind for one in desk.ann.chat() if one.sender.is_bot and one.media] == []
    assert (await desk.town.db.read(_threads)).count((1, "note", "photo")) == 3


async def test_another_album_soon_after_is_no_part_of_it(desk: Desk) -> None:
    await taken(desk)
    await album(desk, desk.mary)
    assert [one.media.kind for one in desk.ann.chat() if one.sender.is_bot and one.media] == []
    assert [side for _, side, kind in await desk.town.db.read(_threads) if kind] == []


async def test_an_edit_is_told_and_what_was_said_stays(desk: Desk) -> None:
    await taken(desk)
    await replies(desk.ann, "We are sorry", "On Sunday")
    said = next(one for one in desk.ann.chat() if one.text == "On Sunday")
    await desk.ann.does(lambda: desk.ann.person.edit(said.id, "On Monday"))
    assert desk.mary.sees("✏️ On Monday")
    assert desk.mary.sees("On Sunday")


async def test_an_edited_note_stays_a_note(desk: Desk) -> None:
    await desk.complains()
    await desk.mary.press("📋 Open it")
    await desk.mary.press("📝 Note")
    await desk.mary.types("third time")
    said = next(one for one in desk.mary.chat() if one.text == "third time")
    await desk.mary.does(lambda: desk.mary.person.edit(said.id, "fourth time"))
    assert not desk.ann.sees("fourth time")
    assert (await desk.town.db.read(_threads)).count((1, "note", "")) == 2


async def test_a_rant_is_kept_to_the_last_letter_and_can_be_read(desk: Desk) -> None:
    rant = "".join(f"{number} cold soups! " for number in range(400))[:4_089] + "the end"
    await desk.complains(rant)
    assert "We have it as case 1" in desk.ann.hears()
    await desk.mary.press("📋 Open it")
    await desk.mary.press("📎 Everything in full")
    assert "the end" in desk.mary.hears()


async def test_a_long_answer_reaches_the_member_whole(desk: Desk) -> None:
    await desk.complains()
    await replies(desk.mary, "The soup was cold", "so sorry " * 450 + "the end")
    assert "the end" in desk.ann.reads()


async def test_a_forwarded_text_is_a_complaint_too(desk: Desk) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Bob", "date": 0}
    await desk.ann.types("/feedback")
    await desk.ann.press("😟 Complaint")
    await desk.ann.press("🏬 West Gate")
    await desk.ann.does(
        lambda: desk.ann.person.world.post(
            desk.ann.person.world.private_chat(desk.town.bot, desk.ann.person),
            desk.ann.person, text="the soup at West Gate is cold", forward_origin=origin,
        )
    )  # fmt: skip
    assert "We have it as case 1" in desk.ann.hears()


async def test_what_is_neither_words_nor_a_file_is_explained(desk: Desk) -> None:
    await desk.ann.types("/feedback")
    await desk.ann.press("😟 Complaint")
    await desk.ann.press("🏬 West Gate")
    await desk.ann.shares_contact()
    assert desk.ann.hears()
    assert await desk.town.db.read(_threads) == []


async def logs(desk: Desk) -> Message:
    """Carl logs what Ann said at the counter; his message."""
    text = "/complaint 13800138000 drunk again, wants soup back"
    await desk.carl.types(text)
    return next(one for one in reversed(desk.carl.chat()) if one.text == text)


async def test_what_was_logged_is_not_shown_to_the_member_as_the_stores_words(desk: Desk) -> None:
    await logs(desk)
    await desk.ann.types("/cases")
    await desk.ann.press("🆕 1")
    assert "Case 1" in desk.ann.hears()
    assert "taken down at the store" in desk.ann.hears()
    assert not desk.ann.sees("drunk")


async def test_correcting_what_was_logged_tells_the_member_nothing(desk: Desk) -> None:
    mine = await logs(desk)
    heard = len(desk.ann.chat())
    await desk.carl.does(lambda: desk.carl.person.edit(mine.id, f"{mine.text}, please"))
    assert len(desk.ann.chat()) == heard
    assert await desk.town.db.read(_threads) == [(1, "logged", ""), (1, "logged", "")]


async def test_correcting_what_was_logged_repeats_neither_command_nor_phone(desk: Desk) -> None:
    mine = await logs(desk)
    await desk.carl.does(lambda: desk.carl.person.edit(mine.id, "/complaint 13800138000 wants the soup back"))
    assert "✏️ wants the soup back" in desk.carl.hears()
    assert "13800138000" not in desk.carl.hears()


async def test_correcting_what_was_logged_is_no_answer(desk: Desk) -> None:
    mine = await logs(desk)
    await desk.carl.does(lambda: desk.carl.person.edit(mine.id, f"{mine.text}, please"))
    assert await desk.town.db.read(lambda tx: tx.one("SELECT state, answered_at FROM service_case")) == ("new", 0)


async def test_a_member_who_corrects_a_one_line_complaint_does_not_repeat_the_command(desk: Desk) -> None:
    await desk.ann.types("/complaint the soup was cold")
    await desk.ann.press("🏬 West Gate")
    mine = next(one for one in desk.ann.chat() if one.text and one.text.startswith("/complaint"))
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("✋ Take it")
    await desk.ann.does(lambda: desk.ann.person.edit(mine.id, "/complaint the soup was hot"))
    assert desk.carl.sees("✏️ the soup was hot")
    assert not desk.carl.sees("/complaint")


async def test_an_album_under_a_logged_complaint_is_kept_with_it(desk: Desk) -> None:
    def send() -> None:
        for caption in ("/complaint 13800138000 hair in the soup", "", ""):
            desk.carl.person.send_photo(desk.town.bot, photo(), caption=caption, media_group_id="99")

    await desk.carl.does(send)
    assert await desk.town.db.read(_threads) == [(1, "logged", "photo")] * 3
    assert [one.media.kind for one in desk.ann.chat() if one.sender.is_bot and one.media] == []


async def asks_for_more(desk: Desk) -> None:
    """Carl solves it with more than he may give alone; Mary is asked, Ann is not content."""
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("☑️ Resolve")
    await desk.carl.types("So sorry.")
    await desk.carl.press("+100")
    await desk.ann.press("↩️ No, not yet")
    await desk.ann.types("no")


async def test_a_reply_to_what_colleagues_are_asked_is_a_note(desk: Desk) -> None:
    await asks_for_more(desk)
    await replies(desk.mary, "asks for your agreement", "100 for her? Never.")
    assert not desk.ann.sees("Never")
    assert (await desk.town.db.read(_threads))[-1] == (1, "note", "")


async def test_a_reply_to_the_members_file_is_the_answer_and_to_a_colleagues_a_note(desk: Desk) -> None:
    await taken(desk)
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    theirs = next(one for one in reversed(desk.mary.chat()) if one.sender.is_bot and one.media)
    await desk.mary.does(lambda: desk.mary.person.send(desk.town.bot, "we see it", theirs))
    assert desk.ann.sees("we see it")
    await desk.mary.press("📝 Note")
    await desk.mary.does(lambda: desk.mary.person.send_photo(desk.town.bot, photo("red")))
    await desk.mary.press("📎 Everything in full")
    own = next(one for one in reversed(desk.mary.chat()) if one.sender.is_bot and one.media)
    await desk.mary.does(lambda: desk.mary.person.send(desk.town.bot, "that is ours", own))
    assert not desk.ann.sees("that is ours")


async def test_words_for_a_case_that_is_merged_meanwhile_go_where_it_goes_on(desk: Desk) -> None:
    await desk.complains()
    await desk.complains("the tea, too")
    await desk.ann.types("/cases")
    await desk.ann.press("🆕 1")
    await desk.ann.press("✍️ Write")
    mary = await desk.town.write(people.meet, desk.mary.id, "en")
    await desk.town.write(case_merges.merge, mary, 1, 2)
    await desk.ann.types("IT WAS ON MONDAY")
    assert "Added to case 2" in desk.ann.hears()
    assert (2, "member", "") in await desk.town.db.read(_threads)


async def test_an_answer_to_a_case_that_is_merged_meanwhile_reaches_the_member(desk: Desk) -> None:
    await desk.complains()
    await desk.complains("the tea, too")
    mary = await desk.town.write(people.meet, desk.mary.id, "en")
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("💬 Answer")
    await desk.town.write(case_merges.merge, mary, 1, 2)
    await desk.carl.types("We are sorry")
    assert desk.ann.sees("We are sorry")


async def test_an_album_as_the_solution_is_kept_whole_and_reaches_the_member(desk: Desk) -> None:
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("☑️ Resolve")
    await album(desk, desk.carl)
    assert "not a number of points" not in desk.carl.hears()
    await desk.carl.press("No compensation")
    assert (await desk.town.db.read(_threads)).count((1, "staff", "photo")) == 3
    assert [one.media.kind for one in desk.ann.chat() if one.sender.is_bot and one.media] == ["photo"] * 3


async def test_an_album_under_a_members_one_line_complaint_is_kept_whole(desk: Desk) -> None:
    def send() -> None:
        for caption in ("/complaint hair in the soup", "", ""):
            desk.ann.person.send_photo(desk.town.bot, photo(), caption=caption, media_group_id="99")

    await desk.ann.does(send)
    await desk.ann.press("🏬 West Gate")
    assert await desk.town.db.read(_threads) == [(1, "member", "photo")] * 3


async def test_an_album_under_a_complaint_that_is_asked_step_by_step_is_kept_whole(desk: Desk) -> None:
    def send() -> None:
        for caption in ("/complaint", "", ""):
            desk.carl.person.send_photo(desk.town.bot, photo(), caption=caption, media_group_id="99")

    await desk.carl.does(send)
    for label in ("Nobody in particular", "😟 Complaint", "The store"):
        await desk.carl.press(label)
    await desk.carl.types("hair in the soup")
    assert (await desk.town.db.read(_threads)).count((1, "logged", "photo")) == 3
