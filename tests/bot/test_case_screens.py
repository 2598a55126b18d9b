"""What staff see of a case: the buttons that are theirs, and a screen that stays when something is refused."""

from __future__ import annotations

import pytest

from loyalty.roles import Role
from simulator.messages import Message
from tests.actions.shops import add_store, hire
from tests.bot.desks import Desk
from tests.bot.people import Resident
from tests.bot.test_case_desk import speaks

HELD = {
    "简体中文": "1 号由 staff 1 在处理，您可以写备注。",
    "繁體中文": "1 號由 staff 1 在處理，您可以寫備註。",
    "English": "staff 1 has case 1; you may write a note.",
}


async def colleague(desk: Desk) -> Resident:
    """Another clerk of the store."""
    dora = await desk.town.newcomer("Dora")
    store_id = await desk.town.db.read(lambda tx: tx.value("SELECT MIN(id) FROM store"))
    await desk.town.write(hire, dora.id, store_id, Role.CLERK)
    await dora.opens()
    return dora


async def taken(desk: Desk, words: str = "The soup was cold") -> None:
    await desk.complains(words)
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("✋ Take it")


async def opened(who: Resident) -> Message:
    """Case 1, from the queue."""
    await who.types("/queue")
    label = next(one for one in who.buttons() if one.endswith(" 1"))
    await who.press(label)
    return who.chat()[-1]


async def test_of_a_case_in_other_hands_a_clerk_has_the_note_alone(desk: Desk) -> None:
    dora = await colleague(desk)
    await taken(desk)
    message = await opened(dora)
    assert "📝 Note" in message.buttons
    assert not {"💬 Answer", "❓ Ask", "☑️ Resolve", "🏷 Category"} & set(message.buttons)


@pytest.mark.parametrize("language", HELD)
async def test_a_case_in_other_hands_says_so(desk: Desk, language: str) -> None:
    dora = await colleague(desk)
    await taken(desk)
    await speaks(dora, language)
    await opened(dora)
    assert HELD[language] in dora.hears().replace(f"staff {desk.carl.id}", "staff 1")


async def test_who_was_slower_is_told_before_they_type(desk: Desk) -> None:
    dora = await colleague(desk)
    await desk.complains()
    await opened(dora)
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("✋ Take it")
    await dora.press("💬 Answer")
    assert "has case 1; you may write a note" in dora.hears()
    assert "Write your answer" not in dora.hears()


async def test_a_refusal_leaves_the_case_on_the_screen(desk: Desk) -> None:
    dora = await colleague(desk)
    await desk.complains()
    message = await opened(dora)
    shown = message.shown
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("✋ Take it")
    await dora.press("✋ Take it")
    assert "in a colleague's hands" in dora.hears()
    assert (message.shown, bool(message.buttons)) == (shown, True)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("简体中文", "这条是别的门店的，由那边处理。"),
        ("繁體中文", "這則是其他門市的，由那邊處理。"),
        ("English", "This case is another store's."),
    ],
)
async def test_a_case_of_another_store_is_said_to_be_one(desk: Desk, language: str, told: str) -> None:
    far = await desk.town.newcomer("Otto")
    await desk.town.write(hire, far.id, await desk.town.write(add_store, "dongmen", "East Gate"), Role.CLERK)
    await far.opens()
    await speaks(far, language)
    await desk.complains()
    await far.types("/queue")
    message = far.chat()[-1]
    await far.does(lambda: far.person.replay(desk.town.bot, message.id, "case:1"))
    assert told in far.hears()


@pytest.mark.parametrize(("label", "offered"), [("💬 Answer", True), ("❓ Ask", False), ("☑️ Resolve", False)])
async def test_ready_answers_are_offered_for_an_answer_alone(desk: Desk, label: str, offered: bool) -> None:
    await taken(desk)
    await desk.carl.press(label)
    assert ("Sorry" in desk.carl.buttons()) == offered


async def test_a_ready_answer_does_not_claim_what_nobody_has_done(desk: Desk) -> None:
    await taken(desk)
    await desk.carl.press("💬 Answer")
    await desk.carl.press("Sorry")
    assert desk.ann.sees("We are sorry for the trouble and are putting it right now.")


async def test_of_many_lines_the_first_one_is_always_shown(desk: Desk) -> None:
    await taken(desk, "It began with cold soup")
    for number in range(12):
        await desk.carl.press("📝 Note")
        await desk.carl.types(f"note {number}")
    shown = desk.carl.hears()
    assert shown.index("It began with cold soup") < shown.index("(3 earlier messages)") < shown.index("note 3")


async def test_after_an_answer_it_says_that_it_was_sent(desk: Desk) -> None:
    await taken(desk)
    await desk.carl.press("💬 Answer")
    await desk.carl.types("A fresh one waits for you.")
    assert desk.carl.hears().startswith("✅ Sent to the member.")


async def test_after_a_note_it_does_not(desk: Desk) -> None:
    await taken(desk)
    await desk.carl.press("📝 Note")
    await desk.carl.types("third time")
    assert "Sent to the member" not in desk.carl.hears()


@pytest.mark.parametrize(
    ("language", "told"), [("简体中文", "您在处理。"), ("繁體中文", "您正在處理。"), ("English", "You have it.")]
)
async def test_who_has_it_reads_you(desk: Desk, language: str, told: str) -> None:
    await taken(desk)
    await speaks(desk.carl, language)
    await opened(desk.carl)
    assert told in desk.carl.hears()


async def test_opened_again_stands_on_its_line_without_a_gap(desk: Desk) -> None:
    await taken(desk)
    await desk.carl.press("☑️ Resolve")
    await desk.carl.types("Bring it in.")
    await desk.carl.press("No compensation")
    await desk.ann.press("↩️ No, not yet")
    await opened(desk.carl)
    assert "You have it. Opened again: 1." in desk.carl.hears()


async def test_once_answered_the_due_time_begins_a_sentence(desk: Desk) -> None:
    await taken(desk)
    assert "\nAnswer due " in desk.carl.reads()
    assert "; solution due " in desk.carl.reads()
    await desk.carl.press("💬 Answer")
    await desk.carl.types("We look into it.")
    assert "\nSolution due " in desk.carl.hears()


async def test_category_and_severity_are_chosen_on_one_screen(desk: Desk) -> None:
    await taken(desk)
    await desk.carl.press("🏷 Category")
    screen = desk.carl.chat()[-1]
    await desk.carl.press("Urgent")
    assert "✓ Urgent" in screen.buttons
    await desk.carl.press("Goods")
    assert "✓ Goods" in screen.buttons
    await desk.carl.press("◀ Case 1")
    assert "Urgent · Goods" in screen.shown


async def test_from_handing_on_there_is_a_way_back(desk: Desk) -> None:
    await taken(desk)
    screen = desk.carl.chat()[-1]
    await desk.carl.press("🏬 Hand on")
    assert "Who shall deal with case 1?" in screen.shown
    await desk.carl.press("◀ Case 1")
    assert "The soup was cold" in screen.shown


async def test_the_queue_says_each_case_once_and_when_it_is_due_today(desk: Desk) -> None:
    await desk.complains()
    await desk.carl.types("/queue")
    assert desk.carl.buttons() == ["🆕 1"]
    assert "🆕 1 Complaint · Normal · West Gate · Answer due " in desk.carl.hears()
    assert "today" in desk.carl.hears() or "tomorrow" in desk.carl.hears()


async def _resolves(who: Resident, words: str = "So sorry.") -> None:
    await opened(who)
    await who.press("☑️ Resolve")
    await who.types(words)


async def test_who_recorded_the_purchase_reads_that_reason_alone(desk: Desk) -> None:
    await desk.carl.types("/purchase 13800138000 86.50")
    await desk.complains()
    await _resolves(desk.carl)
    assert "You recorded a purchase this may be about" in desk.carl.hears()
    assert "given already" not in desk.carl.hears()
    await desk.carl.press("+20")
    assert "recorded a purchase this may be about" in desk.mary.reads()
    assert "more than" not in desk.mary.reads()


async def test_a_manager_is_asked_back_about_what_nobody_may_give_alone(desk: Desk) -> None:
    await desk.town.owner()
    await desk.complains()
    await _resolves(desk.mary)
    assert "another manager or an owner is asked" in desk.mary.hears()
    await desk.mary.types("100000")
    assert "100,000 points for case 1: is that right?" in desk.mary.hears()
    await desk.mary.press("✏️ Another amount")
    await desk.mary.types("60")
    assert desk.ann.sees("60 points")


async def test_said_to_be_right_it_is_asked_for(desk: Desk) -> None:
    owner = await desk.town.owner()
    await desk.complains()
    await _resolves(desk.mary)
    await desk.mary.types("100000")
    await desk.mary.press("✅ Yes, ask for it")
    assert owner.sees("100,000 points")
    assert not desk.ann.sees("100,000")


async def test_a_purchase_that_was_only_guessed_says_so(desk: Desk) -> None:
    await desk.carl.types("/purchase 13800138000 86.50")
    await desk.complains()
    await opened(desk.carl)
    assert "🧾 Last purchase: " in desk.carl.hears()


async def test_managers_see_in_the_queue_who_has_a_case(desk: Desk) -> None:
    await desk.complains()
    await desk.carl.types("/queue")
    await desk.carl.press("🆕 1")
    await desk.carl.press("✋ Take it")
    await desk.mary.types("/queue")
    assert f"staff {desk.carl.id}" in desk.mary.hears()
    await desk.carl.types("/queue")
    assert "yours" in desk.carl.hears()
