"""At the counter: goods come back, and everybody sees what that does to the points."""

import re
from dataclasses import replace

import pytest

from actions import catalogue
from db import ledger_checks, people
from tests.actions.gift_shops import MUG
from tests.actions.shops import add_member
from tests.bot.counters import PHONE, Counter
from tests.bot.test_catalogue import photo


async def test_a_whole_refund_from_the_confirmation_in_three_taps(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.press("💸 Refund")
    await counter.carl.press("Refund all of it")
    assert counter.carl.sees("Points: 86 → 0")
    assert await counter.points() == 86
    await counter.carl.press("✅ Yes, refund")
    assert counter.carl.sees("Refunded: ¥86.50")
    assert await counter.points() == 0
    assert "was refunded" in counter.ann.hears()


async def test_the_amount_in_one_line_leads_straight_to_what_it_does(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.types(f"/refund {PHONE} 86.50")
    assert "Refund ¥86.50?" in counter.carl.hears()
    await counter.carl.press("✅ Yes, refund")
    assert await counter.points() == 0


async def test_of_the_only_purchase_it_can_be_a_part_leads_straight_there_too(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 10")
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.types(f"/refund {PHONE} 16.50")
    assert "Refund ¥16.50?" in counter.carl.hears()
    await counter.carl.types(f"/refund {PHONE} 5")
    assert "Refund ¥5.00: of which purchase?" in counter.carl.hears()


async def test_an_amount_may_be_typed_instead_of_pressing_a_button(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.press("💸 Refund")
    for typed, heard in (("9999", "only ¥86.50"), ("4o", "I cannot read the amount"), ("40", "Refund ¥40.00?")):
        await counter.carl.types(typed)
        assert heard in counter.carl.hears()
    await counter.carl.press("◀ Back")
    await counter.carl.types("20")
    assert "Refund ¥20.00?" in counter.carl.hears()
    await counter.carl.press("✅ Yes, refund")
    assert await counter.points() == 67


@pytest.mark.parametrize("button", ["", "Another amount"])
@pytest.mark.parametrize("text", [PHONE, "0000", "Ann", f"{PHONE} 20"])
async def test_the_next_customer_may_come_before_a_refund(counter: Counter, button: str, text: str) -> None:
    await counter.town.write(add_member, "Bob", "13900130000")
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.press("💸 Refund")
    if button:
        await counter.carl.press(button)
    await counter.carl.types(text)
    assert "Now type the amount." in counter.carl.hears() or "+20" in counter.carl.hears()


async def test_the_next_customers_card_may_be_photographed_before_a_refund(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.press("💸 Refund")
    await counter.carl.does(lambda: counter.carl.person.send_photo(counter.town.bot, photo()))
    assert "I see no card of ours" in counter.carl.hears()


async def test_lines_are_ticked_and_unticked(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 30\nmilk, dairy, 2, 6\ntea, drinks, 18")
    await counter.carl.press("💸 Refund")
    await counter.carl.press("▫️ tea")
    await counter.carl.press("▫️ milk")
    assert counter.carl.sees("Chosen: ¥30.00")
    await counter.carl.press("☑️ tea")
    await counter.carl.press("Refund the chosen ones")
    assert counter.carl.sees("Refund ¥12.00?")
    await counter.carl.press("✅ Yes, refund")
    assert await counter.points() == 18


async def test_another_amount_is_asked_for_and_checked(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.press("💸 Refund")
    await counter.carl.press("Another amount")
    await counter.carl.types("90")
    assert "only ¥86.50" in counter.carl.hears()
    await counter.carl.types("40")
    assert "Refund ¥40.00?" in counter.carl.hears()
    await counter.carl.press("✅ Yes, refund")
    assert await counter.points() == 47
    assert await counter.town.db.read(ledger_checks.discrepancies) == []


async def test_back_leads_back_without_refunding(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.press("💸 Refund")
    await counter.carl.press("Refund all of it")
    await counter.carl.press("◀ Back")
    assert counter.carl.sees("How much is refunded?")
    assert await counter.points() == 86


async def test_without_data_it_asks_whose(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.types("退货")
    assert "Who brings something back?" in counter.carl.hears()
    await counter.carl.types("8000")
    assert "Which purchase?" in counter.carl.hears()
    await counter.carl.press("1")
    assert counter.carl.sees("West Gate")


async def test_several_who_fit_are_told_apart(counter: Counter) -> None:
    await counter.town.write(add_member, "Bob", "13900138000")
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.types("/refund 8000")
    await counter.carl.press("Ann")
    assert "Which purchase?" in counter.carl.hears()


async def test_from_the_members_visits(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.types(f"/member {PHONE}")
    await counter.carl.press("🧾 Purchases")
    await counter.carl.press("💸 Refund")
    assert "Which purchase?" in counter.carl.hears()


async def test_what_was_brought_back_is_marked_among_the_visits(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.types(f"/refund {PHONE} 16.50")
    await counter.carl.press("✅ Yes, refund")
    await counter.carl.types(f"/member {PHONE}")
    assert "¥86.50 · 💸 ¥16.50 refunded" in counter.carl.hears()
    await counter.carl.types(f"/refund {PHONE}")
    await counter.carl.press("1")
    await counter.carl.press("Refund the rest")
    await counter.carl.press("✅ Yes, refund")
    await counter.carl.types(f"/member {PHONE}")
    assert "¥86.50 · 💸 refunded" in counter.carl.hears()


async def test_who_has_bought_nothing_has_nothing_to_refund(counter: Counter) -> None:
    await counter.carl.types(f"/refund {PHONE}")
    assert "nothing that could be refunded" in counter.carl.hears()


async def test_an_undone_purchase_is_not_refunded(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.press("💸 Refund")
    await counter.carl.press("Refund all of it")
    await counter.carl.press("↩️ Undo")
    await counter.carl.press("✅ Yes, refund")
    assert "undone already" in counter.carl.hears()
    assert await counter.points() == 0


async def test_the_history_says_what_was_refunded(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.types(f"/refund {PHONE} 86.50")
    await counter.carl.press("✅ Yes, refund")
    await counter.ann.types("/history")
    assert re.search(r"−86.*\nThe purchase of ¥86.50 was refunded", counter.ann.hears())


async def test_points_already_used_are_said_to_be_owed_in_the_same_words_everywhere(counter: Counter) -> None:
    owner = await counter.town.owner()
    chief = await counter.town.write(people.meet, owner.id, "en")
    await counter.town.write(catalogue.create, chief, replace(MUG, points=300), 0, {counter.store_id: 9})
    await counter.carl.types(f"/purchase {PHONE} 300")
    await counter.ann.types("/gifts")
    for label in ("🎁 Redeem", "✅ Confirm"):
        await counter.ann.press(label)
    await counter.carl.types(f"/refund {PHONE} 300")
    assert "Points: 0 → 0 (300 to be settled)" in counter.carl.hears()
    await counter.carl.press("✅ Yes, refund")
    assert "you now have 0 points (300 to be settled)" in counter.ann.hears()
    await counter.ann.types("/points")
    assert "Still to be settled: 300 points" in counter.ann.hears()
    await counter.ann.types("/gifts")
    assert "You have 0 points (300 to be settled) and lack 600 points." in counter.ann.chat()[-1].shown
    await counter.carl.types(f"/purchase {PHONE} 100")
    assert "Points: 0 (300 to be settled) → 0 (200 to be settled) (+100)" in counter.carl.hears()
    assert "you now have 0 points (200 to be settled)" in counter.ann.hears()


async def test_a_member_cannot_refund(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.ann.types(f"/refund {PHONE} 86.50")
    assert await counter.points() == 86
