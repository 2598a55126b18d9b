"""Members who know no command are heard: in words, with a photo or a voice message, before or amid the questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from actions import feedback
from actions.feedback import Told
from db.database import Tx
from db.people import Person
from loyalty.jobs import Page, Run
from tests.actions.shops import add_member
from tests.bot.desks import Desk
from tests.bot.test_case_desk import resolves, speaks
from tests.bot.test_catalogue import photo


@pytest.mark.parametrize("word", ["我要投诉", "我要投訴", "客訴", "I want to complain", "I want to make a complaint!"])
async def test_who_wants_to_complain_is_asked(desk: Desk, word: str) -> None:
    await desk.ann.types(word)
    assert "We are listening" in desk.ann.hears()


@pytest.mark.parametrize("word", ["我要投诉，积分没有到账", "我要投訴你們的冰櫃", "I want to complain about the soup"])
async def test_what_is_said_with_it_is_kept(desk: Desk, word: str) -> None:
    await desk.ann.types(word)
    await desk.ann.press("🏬 West Gate")
    assert desk.mary.sees(word)


@pytest.mark.parametrize("word", ["/points", "积分", "/feedback"])
async def test_what_was_kept_is_a_case_when_something_else_is_asked_for(desk: Desk, word: str) -> None:
    await desk.ann.types("I want to complain about the soup")
    await desk.ann.types(word)
    await desk.ann.types("/cancel")
    await desk.ann.types("/cases")
    assert "🆕 1" in "".join(desk.ann.buttons())
    assert "case 1" in desk.ann.reads()


async def test_what_was_kept_is_a_case_when_nothing_follows(desk: Desk) -> None:
    await desk.ann.types("I want to complain about the soup")
    assert await desk.town.write(forgotten) == 0
    desk.town.clock.forward(31 * 60_000)
    assert await desk.town.write(forgotten) == 1
    desk.town.machinery.courier.wake()
    await desk.town.settled()
    assert "case 1" in desk.ann.reads()
    assert await desk.town.write(forgotten) == 0


async def test_one_that_cannot_be_opened_holds_up_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = await desk.town.newcomer("Bob")
    await desk.town.write(add_member, "Bob", "13800138001", bob.id)
    for member in (desk.ann, bob):
        await member.types("I want to complain about the soup")
    open_said = feedback.open_said

    def open_bobs(tx: Tx, person: Person, answers: Mapping[str, Any]) -> Told:
        assert person.user_id == bob.id
        return open_said(tx, person, answers)

    monkeypatch.setattr(feedback, "open_said", open_bobs)
    desk.town.clock.forward(31 * 60_000)
    assert await desk.town.write(forgotten) == 1


@pytest.mark.parametrize("way", ["offered", "asked", "kind told"])
async def test_where_nothing_is_to_be_kept_nobody_looks_again(desk: Desk, way: str) -> None:
    if way == "offered":
        await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    else:
        await desk.ann.types("/feedback")
    if way == "kind told":
        await desk.ann.press("😟 Complaint")
    desk.town.clock.forward(31 * 60_000)
    assert await desk.town.write(looked_at) == 0


async def test_what_was_offered_can_be_taken_up_hours_later(desk: Desk) -> None:
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    desk.town.clock.forward(5 * 3_600_000)
    assert await desk.town.write(forgotten) == 0
    await desk.ann.press("😟 Log it as a complaint")
    assert await desk.town.write(looked_at) == 0
    desk.town.clock.forward(31 * 60_000)
    assert await desk.town.write(forgotten) == 1


async def test_who_rather_not_complains_has_no_case(desk: Desk) -> None:
    await desk.ann.types("I want to complain about the soup")
    await desk.ann.types("/cancel")
    await desk.ann.types("/cases")
    assert "🆕" not in "".join(desk.ann.buttons())


def forgotten(tx: Tx) -> int:
    """How many cases the job opens now."""
    return _runs(tx).reached


def looked_at(tx: Tx) -> int:
    """How many places it unseals."""
    return _runs(tx).looked_at


def _runs(tx: Tx) -> Page:
    return feedback.open_forgotten(tx, Run("cases_begun", tx.now, date(2026, 9, 25), ""))


async def test_who_is_writing_in_a_case_goes_on_there(desk: Desk) -> None:
    await desk.complains()
    await desk.ann.types("I want to complain about the bread, too")
    assert "1" in desk.ann.hears()
    assert desk.mary.sees("about the bread, too")
    await desk.ann.types("/cases")
    assert "🆕 2" not in "".join(desk.ann.buttons())


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "document"])
async def test_a_file_out_of_the_blue_is_kept_and_logged_with_one_tap(desk: Desk, kind: str) -> None:
    data = photo() if kind == "photo" else b"data"
    await desk.ann.does(lambda: desk.ann.person.send_media(desk.town.bot, kind, data))
    await desk.ann.press("😟 Log it as a complaint")
    await desk.ann.press("🏬 West Gate")
    assert "1" in desk.ann.hears()
    assert [one.media.kind for one in desk.mary.chat() if one.sender.is_bot and one.media] == [kind]


def sends_album(desk: Desk, number: str = "5", caption: str = "") -> None:
    for colour in ("red", "green", "blue"):
        desk.ann.person.send_photo(desk.town.bot, photo(colour), caption, media_group_id=number)
        caption = ""


@pytest.mark.parametrize("caption", ["", "broken again"])
async def test_an_album_out_of_the_blue_is_offered_once_and_kept_whole(desk: Desk, caption: str) -> None:
    await desk.ann.does(lambda: sends_album(desk, caption=caption))
    assert len(desk.ann.answers()) == 1
    await desk.ann.press("😟 Log it as a complaint")
    await desk.ann.press("🏬 West Gate")
    assert [one.media.kind for one in desk.mary.chat() if one.sender.is_bot and one.media] == ["photo"] * 3


async def test_another_album_is_offered_with_the_first(desk: Desk) -> None:
    await desk.ann.does(lambda: sends_album(desk))
    await desk.ann.does(lambda: sends_album(desk, "6"))
    assert len(desk.ann.answers()) == 1
    await desk.ann.press("😟 Log it as a complaint")
    await desk.ann.press("🏬 West Gate")
    assert [one.media.kind for one in desk.mary.chat() if one.sender.is_bot and one.media] == ["photo"] * 6


async def test_an_album_that_comes_before_the_questions_are_answered_is_kept_whole(desk: Desk) -> None:
    await desk.ann.types("/feedback")
    await desk.ann.does(lambda: sends_album(desk))
    assert len(desk.ann.answers()) == 1
    await desk.ann.press("😟 Complaint")
    await desk.ann.press("🏬 West Gate")
    assert [one.media.kind for one in desk.mary.chat() if one.sender.is_bot and one.media] == ["photo"] * 3


@pytest.mark.parametrize(
    ("language", "button"),
    [("简体中文", "😟 当作投诉记下"), ("繁體中文", "😟 記為抱怨"), ("English", "😟 Log it as a complaint")],
)
async def test_a_caption_and_a_long_text_are_kept_in_every_language(desk: Desk, language: str, button: str) -> None:
    await speaks(desk.ann, language)
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo(), "broken again"))
    await desk.ann.types("the third time this week it was in pieces")
    await desk.ann.press(button)
    await desk.ann.press("🏬 West Gate")
    assert desk.mary.sees("broken again")
    assert desk.mary.sees("the third time this week it was in pieces")


async def test_what_is_offered_stands_in_the_way_of_nothing(desk: Desk) -> None:
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    await desk.ann.types("how many points have I got")
    assert "points" in desk.ann.hears()
    assert "😟" not in "".join(desk.ann.buttons())
    await desk.ann.types("xyz")
    assert "I did not quite get that" in desk.ann.hears()


async def test_never_mind_drops_it(desk: Desk) -> None:
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    await desk.ann.press("✖ Never mind")
    await desk.ann.types("/feedback")
    await desk.ann.press("😟 Complaint")
    await desk.ann.press("🏬 West Gate")
    assert "What went wrong?" in desk.ann.hears()


@pytest.mark.parametrize("kind", ["photo", "voice", ""])
async def test_what_comes_before_the_questions_are_answered_is_kept(desk: Desk, kind: str) -> None:
    await desk.ann.types("/feedback")
    if kind:
        data = photo() if kind == "photo" else b"data"
        await desk.ann.does(lambda: desk.ann.person.send_media(desk.town.bot, kind, data))
    else:
        await desk.ann.types("The soup was cold")
    assert "I have kept that" in desk.ann.hears()
    await desk.ann.press("😟 Complaint")
    await desk.ann.types("and the bread was old")
    assert "I have kept that" in desk.ann.hears()
    await desk.ann.press("🏬 West Gate")
    assert "Case 1" in desk.mary.hears()
    assert desk.mary.sees("and the bread was old")


async def test_the_questions_can_be_left(desk: Desk) -> None:
    await desk.ann.types("/feedback")
    await desk.ann.press("😟 Complaint")
    await desk.ann.press("✖ Never mind")
    await desk.ann.types("/cases")
    assert "Nothing so far" in desk.ann.hears()


async def test_a_stranger_is_shown_the_way_in_and_offered_nothing(desk: Desk) -> None:
    stranger = await desk.town.newcomer("Sam")
    await stranger.opens()
    await stranger.does(lambda: stranger.person.send_photo(desk.town.bot, photo(), "broken again"))
    assert "😟" not in "".join(stranger.buttons())


@pytest.mark.parametrize("word", ["Yes, solved", "yes!", "解决了，谢谢", "解決了", "It is. Thank you"])
async def test_that_it_is_solved_can_be_typed(desk: Desk, word: str) -> None:
    await resolves(desk, "No compensation")
    await desk.ann.types(word)
    assert "How" in desk.ann.hears()
    await desk.ann.types("/cases")
    assert "✅ 1" in "".join(desk.ann.buttons())


@pytest.mark.parametrize("word", ["等太久了", "I had to wait for three days"])
async def test_words_when_asked_whether_it_is_solved_are_in_its_thread(desk: Desk, word: str) -> None:
    await resolves(desk, "No compensation")
    await desk.ann.types(word)
    assert "Is it solved for you?" in desk.ann.hears()
    assert word in desk.ann.hears()
    assert desk.carl.sees(word)
    await desk.ann.press("↩️ No, not yet")
    assert desk.carl.sees("It is yours again")


async def test_nothing_is_solved_by_a_question(desk: Desk) -> None:
    await resolves(desk, "No compensation")
    await desk.ann.types("解决了吗")
    await desk.ann.types("/cases")
    assert "✅ 1" not in "".join(desk.ann.buttons())
