"""At the desk in chat: compensation by one or by two, merging, handing on, and logging with photo and category."""

from __future__ import annotations

import pytest

from tests.bot.desks import Desk
from tests.bot.people import Resident
from tests.bot.test_catalogue import photo


async def speaks(who: Resident, language: str) -> None:
    await who.types("/language")
    await who.press(language)


async def resolves(desk: Desk, *presses: str) -> None:
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("☑️ Resolve")
    await desk.carl.types("So sorry.")
    for label in presses:
        await desk.carl.press(label)


async def test_a_coupon_goes_with_the_solution(desk: Desk) -> None:
    await resolves(desk, "🎟 With our apologies: 15 off")
    assert desk.ann.sees("To make up for it, a coupon for you: With our apologies: 15 off")
    assert "Given: 🎟 With our apologies: 15 off · staff" in desk.carl.hears()
    await desk.ann.press("🎟 Show the code")
    assert "With our apologies: 15 off" in desk.ann.hears()


async def test_more_than_a_clerk_may_give_is_marked_and_asked_of_the_manager(desk: Desk) -> None:
    await resolves(desk, "+100 ⏳")
    assert "Asked for: 100 points" in desk.carl.hears()
    assert not desk.ann.sees("100 points")
    assert desk.mary.sees("asks for your agreement in case 1")
    await desk.mary.press("✅ Agree")
    assert desk.mary.sees("Agreed for case 1")
    assert desk.ann.sees("With our apologies for case 1: 100 points are on your account.")
    assert desk.carl.sees("agreed, and the member of case 1 has been told: 100 points")


async def test_declined_the_clerk_hears_of_it_and_the_member_does_not(desk: Desk) -> None:
    await resolves(desk)
    await desk.carl.types("120")
    await desk.mary.press("❌ Decline")
    assert desk.carl.sees("declined for case 1")
    assert not desk.ann.sees("120")


@pytest.mark.parametrize(
    ("language", "agree", "told"),
    [
        ("简体中文", "✅ 同意", "已到账，请收下我们的歉意"),
        ("繁體中文", "✅ 同意", "已入帳，請收下我們的歉意"),
        ("English", "✅ Agree", "100 points are on your account"),
    ],
)
async def test_by_two_in_every_language(desk: Desk, language: str, agree: str, told: str) -> None:
    await resolves(desk)
    for who in (desk.ann, desk.carl, desk.mary):
        await speaks(who, language)
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("☑️")
    await desk.carl.types("sorry")
    await desk.carl.press("+100")
    await desk.mary.press(agree)
    assert desk.ann.sees(told)


async def test_a_clerk_asks_for_no_more_than_a_manager_may_give_and_agrees_to_nothing(desk: Desk) -> None:
    await resolves(desk)
    await desk.carl.types("100000")
    assert "up to 500 points can still be asked for" in desk.carl.hears()
    await desk.carl.types("60")
    message = desk.carl.chat()[-1]
    await desk.carl.does(lambda: desk.carl.person.replay(desk.town.bot, message.id, "compyes:1"))
    assert not desk.ann.sees("60 points")


async def test_two_cases_of_one_member_are_merged_and_the_member_told_once(desk: Desk) -> None:
    await desk.carl.types("/purchase 13800138000 86.50")
    await desk.complains("The soup was cold")
    await desk.complains("It was really cold")
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 2")
    assert "🧾" in desk.carl.hears()
    await desk.carl.press("🔗 Same purchase: case 1")
    assert "In which case shall case 2 go on?" in desk.carl.reads()
    await desk.carl.press("🔗 🆕 1")
    assert desk.carl.sees("It was really cold")
    assert desk.ann.reads().count("we go on with both in case 1") == 1
    await desk.carl.types("/queue")
    assert desk.carl.buttons() == ["🆕 1"]


async def test_who_had_it_reads_that_somebody_else_resolved_it(desk: Desk) -> None:
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("✋ Take it")
    await desk.mary.types("/queue")
    await desk.mary.press("👤 1")
    await desk.mary.press("☑️ Resolve")
    await desk.mary.types("So sorry.")
    await desk.mary.press("No compensation")
    assert f"staff {desk.mary.id} has resolved case 1, which you had" in desk.carl.hears()


async def test_earlier_cases_stand_under_a_case_and_open(desk: Desk) -> None:
    await resolves(desk, "No compensation")
    await desk.ann.press("✅ Yes, solved")
    await desk.complains("And now cold tea")
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 2")
    await desk.carl.press("✅ 1 · Complaint")
    assert "Solved, says the member" in desk.carl.hears()


async def test_a_case_is_handed_to_a_colleague_who_is_told(desk: Desk) -> None:
    await desk.complains()
    await desk.mary.types("/queue")
    await desk.mary.press("🆕 1")
    await desk.mary.press("🏬 Hand on")
    await desk.mary.press(f"👤 staff {desk.carl.id}")
    assert desk.carl.sees("has handed case 1 to you")
    await desk.carl.press("📋 Open it")
    await desk.carl.press("🏬 Hand on")
    assert "👤 Myself" not in desk.carl.buttons()
    await desk.carl.press(f"👤 staff {desk.mary.id}")
    assert desk.mary.sees("has handed case 1 to you")


async def test_a_photo_with_the_command_in_its_caption_is_logged_whole(desk: Desk) -> None:
    caption = "/complaint 13800138000 the shelf is broken"
    await desk.carl.does(lambda: desk.carl.person.send_photo(desk.town.bot, photo(), caption))
    assert "the shelf is broken" in desk.carl.hears()
    await desk.carl.press("📎 Everything in full")
    assert [message for message in desk.carl.answers() if message.media]


async def test_a_photo_that_came_first_is_kept_while_the_rest_is_asked(desk: Desk) -> None:
    await desk.carl.types("/purchase 13800138000 86.50")
    await desk.carl.does(lambda: desk.carl.person.send_photo(desk.town.bot, photo(), "/complaint 13800138000"))
    for label in ("😟 Complaint", "Goods", "1"):
        await desk.carl.press(label)
    await desk.carl.types("the milk was sour")
    assert "Normal · Goods" in desk.carl.hears()
    assert "🧾" in desk.carl.hears()
    assert "📎 Everything in full" in desk.carl.buttons()


async def test_a_member_complains_in_a_photos_caption_and_nothing_is_asked_twice(desk: Desk) -> None:
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo(), "/complaint cold soup"))
    await desk.ann.press("🏬 West Gate")
    assert "We have it as case 1" in desk.ann.hears()
    assert desk.mary.sees("cold soup")


async def test_it_may_be_about_none_of_the_visits(desk: Desk) -> None:
    await desk.carl.types("/purchase 13800138000 86.50")
    await desk.carl.types("/complaint 13800138000")
    for label in ("💡 Suggestion", "The store", "None of them"):
        await desk.carl.press(label)
    await desk.carl.types("more chairs")
    assert "🧾" not in desk.carl.hears()
