"""A member complains with a photo, a clerk answers and solves it, the member confirms and rates: all in chat."""

from __future__ import annotations

import pytest

from tests.bot.desks import Desk
from tests.bot.test_case_desk import speaks
from tests.bot.test_catalogue import photo


async def test_a_complaint_is_taken_down_and_the_manager_hears_of_it(desk: Desk) -> None:
    await desk.complains()
    assert "We have it as case 1" in desk.ann.hears()
    assert "You will hear from us by" in desk.ann.hears()
    assert desk.mary.sees("The soup was cold <b>")
    assert not desk.carl.sees("soup")


async def test_a_photo_is_a_complaint_too_and_more_can_follow(desk: Desk) -> None:
    await desk.ann.types("/feedback")
    await desk.ann.press("😟 Complaint")
    await desk.ann.press("🏬 West Gate")
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    assert "We have it as case 1" in desk.ann.hears()
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo("red")))
    assert "Added to case 1" in desk.ann.hears()


async def test_from_complaint_to_the_last_word(desk: Desk) -> None:
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("❓ Ask")
    await desk.carl.types("Which soup was it?")
    assert desk.ann.sees("Which soup was it?")
    assert not desk.ann.sees("Carl")
    await desk.ann.types("Tomato")
    assert desk.carl.sees("Tomato")
    await desk.carl.press("📋 Open it")
    await desk.carl.press("☑️ Resolve")
    await desk.carl.types("We changed the cook.")
    await desk.carl.press("+50")
    assert desk.ann.sees("50 points are on your account")
    await desk.ann.press("✅ Yes, solved")
    await desk.ann.press("5")
    assert desk.ann.sees("Noted: 5 out of 5")
    assert desk.carl.sees("solved, says the member")


async def test_not_solved_it_goes_back_to_who_had_it(desk: Desk) -> None:
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("☑️ Resolve")
    await desk.carl.types("Done.")
    await desk.carl.press("No compensation")
    await desk.ann.press("↩️ No, not yet")
    await desk.ann.types("Still cold")
    assert desk.carl.sees("It is yours again")
    assert desk.carl.sees("Still cold")


async def test_a_complaint_is_regretted_and_a_wish_is_not(desk: Desk) -> None:
    await desk.complains()
    assert "We are sorry about this. We have it as case 1." in desk.ann.hears()
    await desk.ann.types("/feedback")
    await desk.ann.press("💡 Suggestion")
    await desk.ann.press("🏬 West Gate")
    await desk.ann.types("More chairs, please")
    assert "We have it as case 2." in desk.ann.hears()
    assert "sorry" not in desk.ann.hears()


async def test_a_member_follows_their_cases(desk: Desk) -> None:
    await desk.complains()
    await desk.ann.types("/cases")
    assert "1 😟 Complaint" in desk.ann.hears()
    await desk.ann.press("🆕 1")
    assert "The soup was cold <b>" in desk.ann.hears()


async def test_a_purchase_that_was_not_theirs_is_reported_from_the_receipt(desk: Desk) -> None:
    await desk.carl.types("/purchase 13800138000 86.50")
    await desk.ann.press("🤔 Not my purchase")
    assert "We have it as case 1" in desk.ann.hears()
    assert desk.mary.sees("Urgent")


async def test_a_clerk_logs_on_one_line_what_a_customer_said(desk: Desk) -> None:
    await desk.carl.types("/complaint 13800138000 the till was slow")
    assert "the till was slow" in desk.carl.hears()
    assert "👤 Ann" in desk.carl.hears()


async def test_a_clerk_is_asked_step_by_step_what_nobody_in_particular_said(desk: Desk) -> None:
    await desk.carl.types("/complaint")
    await desk.carl.press("Nobody in particular")
    await desk.carl.press("💡 Suggestion")
    await desk.carl.press("The store")
    await desk.carl.types("more chairs")
    assert "nobody in particular" in desk.carl.hears()
    assert "more chairs" in desk.carl.hears()


async def test_a_member_who_says_complaint_complains(desk: Desk) -> None:
    await desk.ann.types("/complaint")
    await desk.ann.press("🏬 West Gate")
    await desk.ann.types("cold soup")
    assert "We have it as case 1" in desk.ann.hears()


async def test_two_take_it_and_the_second_is_told_kindly(desk: Desk) -> None:
    await desk.complains()
    for who in (desk.carl, desk.mary):
        await who.types("/queue")
        await who.press("🆕 1")
    await desk.carl.press("✋ Take it")
    await desk.mary.press("✋ Take it")
    assert desk.mary.sees("in a colleague's hands")


async def test_what_is_added_before_anybody_has_the_case_reaches_the_managers(desk: Desk) -> None:
    await desk.complains()
    await desk.ann.types("And the bread was old")
    assert desk.mary.sees("And the bread was old")
    assert not desk.carl.sees("the bread was old")


async def test_a_photo_added_before_anybody_has_the_case_reaches_the_managers(desk: Desk) -> None:
    await desk.complains()
    await desk.ann.does(lambda: desk.ann.person.send_photo(desk.town.bot, photo()))
    assert [one.media.kind for one in desk.mary.answers() if one.media] == ["photo"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("简体中文", "现在没有人负责，请接手"),
        ("繁體中文", "現在沒有人負責，請接手"),
        ("English", "Nobody has it now: please take it"),
    ],
)
async def test_not_solved_and_who_had_it_has_left_the_others_hear_of_it(desk: Desk, language: str, told: str) -> None:
    await speaks(desk.mary, language)
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("☑️ Resolve")
    await desk.carl.types("Done.")
    await desk.carl.press("No compensation")
    await desk.town.write(lambda tx: tx.run("UPDATE staff SET active = 0 WHERE user_id = :id", id=desk.carl.id))
    await desk.ann.press("↩️ No, not yet")
    await desk.ann.types("Still cold")
    assert desk.mary.sees(told)
    assert desk.mary.sees("Still cold")


async def test_not_my_purchase_again_after_it_was_settled_begins_no_talk_that_cannot_end(desk: Desk) -> None:
    await desk.carl.types("/purchase 13800138000 86.50")
    receipt = desk.ann.chat()[-1]
    await desk.ann.press("🤔 Not my purchase")
    await desk.ann.types("/cancel")
    await desk.mary.press("📋 Open it")
    await desk.mary.press("☑️ Resolve")
    await desk.mary.types("Taken back.")
    await desk.mary.press("No compensation")
    await desk.ann.press("✅ Yes, solved")
    await desk.town.write(lambda tx: tx.run("UPDATE press SET pressed_at = 0"))  # it is no second tap
    await desk.ann.does(lambda: desk.ann.person.replay(desk.town.bot, receipt.id, "dispute:1"))
    assert "Case 1 is closed already" in desk.ann.hears()
    await desk.ann.types("my cases")
    assert "What you told us" in desk.ann.hears()


@pytest.mark.parametrize(
    ("language", "button", "asked"),
    [
        ("简体中文", "↩️ 还没有", "对不起，还没处理好。还差什么？直接告诉我们。"),
        ("繁體中文", "↩️ 還沒有", "很抱歉，還沒處理好。還差什麼？請直接告訴我們。"),
        ("English", "↩️ No, not yet", "We are sorry it is not right yet. What is missing?"),
    ],
)
async def test_who_says_it_is_not_solved_reads_a_word_of_regret_and_no_thread(
    desk: Desk, language: str, button: str, asked: str
) -> None:
    await desk.complains()
    await speaks(desk.ann, language)
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("☑️ Resolve")
    await desk.carl.types("Done.")
    await desk.carl.press("No compensation")
    await desk.ann.press(button)
    assert asked in desk.ann.hears()
    assert not desk.ann.sees("The soup was cold <b>")


@pytest.mark.parametrize(
    ("language", "told"),
    [("简体中文", "收到，已转给处理"), ("繁體中文", "收到，已轉給處理"), ("English", "Added to case 1")],
)
async def test_what_is_added_is_received_warmly(desk: Desk, language: str, told: str) -> None:
    await desk.complains()
    await speaks(desk.ann, language)
    await desk.ann.types("快点啊")
    assert told in desk.ann.hears()
