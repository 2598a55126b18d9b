"""At the counter: a purchase in one message or by question and answer, its receipt, and taking it back."""

import asyncio

import pytest

from db import accounts, ledger_checks
from loyalty.roles import Role
from simulator.people import Press
from tests.actions.shops import add_member, hire
from tests.bot.counters import PHONE, Counter


async def test_a_purchase_in_one_message(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50 cash")
    assert "0 → 86" in counter.carl.hears()
    assert await counter.points() == 86


async def test_the_member_gets_a_receipt_that_says_why(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    assert counter.ann.sees("+86")
    assert counter.ann.sees("Purchase points for ¥86.50")
    assert counter.ann.sees("Silver")


async def test_without_data_it_asks_who_and_how_much(counter: Counter) -> None:
    await counter.carl.types("/purchase")
    assert "Who is buying?" in counter.carl.hears()
    await counter.carl.types("8000")
    assert "How much?" in counter.carl.hears()
    await counter.carl.types("86.50 cash")
    assert "0 → 86" in counter.carl.hears()


@pytest.mark.parametrize("who", [PHONE, "138 0013 8000", "8000", "Ann"])
async def test_with_the_member_alone_it_asks_how_much(counter: Counter, who: str) -> None:
    await counter.carl.types(f"/purchase {who}")
    assert "How much?" in counter.carl.hears()
    await counter.carl.types("86.50")
    assert await counter.points() == 86


async def test_with_the_amount_alone_it_asks_who(counter: Counter) -> None:
    await counter.carl.types("/purchase 86.50 cash")
    assert "Who is buying?" in counter.carl.hears()
    await counter.carl.types(PHONE)
    assert await counter.points() == 86


async def test_an_amount_that_cannot_be_read_is_asked_again(counter: Counter) -> None:
    await counter.carl.types("/purchase")
    await counter.carl.types(PHONE)
    await counter.carl.types("eighty")
    assert "I cannot read the amount" in counter.carl.hears()
    await counter.carl.types("86.50")
    assert await counter.points() == 86


async def test_one_tap_tells_two_customers_apart(counter: Counter) -> None:
    twin = await counter.town.write(add_member, "Bob", "13900138000")
    await counter.carl.types("/purchase 8000 86.50")
    assert "2 members fit" in counter.carl.hears()
    await counter.carl.press("Bob")
    assert "0 → 86" in counter.carl.hears()
    assert await counter.points() == 0
    assert (await counter.town.db.read(accounts.get, twin.id)).balance == 86


async def test_goods_may_follow_the_amount(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 19 wechat\nmilk, dairy, 2, 6.50\nbread, , 1, 6")
    assert "0 → 19" in counter.carl.hears()


async def test_goods_that_do_not_add_up_are_told(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 20 wechat\nmilk, dairy, 2, 6.50")
    assert "the goods come to ¥13.00" in counter.carl.hears()
    assert await counter.points() == 0


async def test_the_same_message_twice_is_two_purchases(counter: Counter) -> None:
    for _ in range(2):
        await counter.carl.types(f"/purchase {PHONE} 86.50")
    assert await counter.points() == 172


async def test_undo_takes_the_confirmations_place(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    shown = len(counter.carl.chat())
    await counter.carl.press("↩️ Undo")
    assert counter.carl.sees("86 → 0")
    assert len(counter.carl.chat()) == shown
    assert counter.ann.sees("was undone by our staff")
    assert await counter.points() == 0


async def test_after_a_quarter_of_an_hour_it_is_too_late_and_the_confirmation_stands(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    counter.town.clock.forward(16 * 60_000)
    await counter.carl.press("↩️ Undo")
    assert "15 minutes only" in counter.carl.hears()
    assert counter.carl.sees("0 → 86")
    assert await counter.points() == 86


async def test_too_late_the_confirmation_no_longer_offers_to_undo(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    counter.town.clock.forward(16 * 60_000)
    await counter.carl.press("↩️ Undo")
    assert not counter.carl.sees("It can be undone")
    assert counter.carl.buttons() == ["💸 Refund"]


async def test_the_confirmation_tells_way_of_paying_and_goods(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 19 wechat\nmilk, dairy, 2, 6.50\nbread, , 1, 6")
    assert "WeChat Pay\n• milk · Dairy × 2 · ¥13.00\n• bread · ¥6.00" in counter.carl.hears()


async def edits(counter: Counter, text: str) -> None:
    carl = counter.carl
    said = next(message for message in reversed(carl.chat()) if not message.sender.is_bot)
    await carl.does(lambda: carl.person.edit(said.id, text, counter.town.bot))


async def test_of_an_edited_purchase_it_says_what_stands_and_undoes_it(counter: Counter) -> None:
    await counter.carl.types(f"{PHONE} 86.50")
    await edits(counter, f"{PHONE} 68.50")
    assert "what was recorded stands" in counter.carl.hears()
    assert "¥86.50 · Ann · West Gate" in counter.carl.hears()
    await counter.carl.press("↩️ Undo")
    await counter.carl.types("68.50")
    assert await counter.points() == 68


async def test_of_an_old_edited_purchase_it_offers_the_refund(counter: Counter) -> None:
    await counter.carl.types(f"{PHONE} 86.50")
    counter.town.clock.forward(16 * 60_000)
    await edits(counter, f"{PHONE} 68.50")
    assert "Refund it, then type it again." in counter.carl.hears()
    assert counter.carl.buttons() == ["💸 Refund"]


async def test_an_edit_of_another_message_names_the_last_purchase(counter: Counter) -> None:
    await counter.carl.types("/purchase")
    await counter.carl.types(PHONE)
    await counter.carl.types("86.50")
    await edits(counter, "68.50")
    assert "¥86.50 · Ann" in counter.carl.hears()


async def test_an_edit_after_the_undoing_is_to_be_sent_again(counter: Counter) -> None:
    await counter.carl.types(f"{PHONE} 86.50")
    await counter.carl.press("↩️ Undo")
    await edits(counter, f"{PHONE} 68.50")
    assert "Please send it again as a new one." in counter.carl.hears()


async def test_twenty_taps_on_undo_are_one(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.carl.does(lambda: [press_undo(counter) for _ in range(20)])
    assert counter.carl.sees("86 → 0")
    assert await counter.points() == 0
    assert await counter.town.db.read(ledger_checks.discrepancies) == []


def press_undo(counter: Counter) -> Press:
    carl = counter.carl
    message = next(said for said in reversed(carl.chat()) if "↩️ Undo" in said.buttons)
    return carl.person.press(counter.town.bot, message.id, "↩️ Undo")


async def test_nobody_credits_their_own_card(counter: Counter) -> None:
    await counter.town.write(add_member, "Carl", "13900139000", counter.carl.id)
    await counter.carl.types("/purchase 13900139000 86.50")
    assert "Nobody credits their own points" in counter.carl.hears()


async def test_a_member_cannot_record_purchases(counter: Counter) -> None:
    await counter.ann.types(f"/purchase {PHONE} 86.50")
    assert "This is for our staff" in counter.ann.hears()
    assert await counter.points() == 0


async def test_a_purchase_of_two_clerks_is_two(counter: Counter) -> None:
    dora = await counter.town.newcomer("Dora")
    await counter.town.write(hire, dora.id, counter.store_id, Role.CLERK)
    await asyncio.gather(*(clerk.types(f"/purchase {PHONE} 10") for clerk in (counter.carl, dora)))
    assert await counter.points() == 20


async def test_a_member_asks_for_points(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.ann.types("积分")
    assert "You have 86 points." in counter.ann.hears()
    assert "¥1,913.50 more and you are Silver" in counter.ann.hears()


async def test_the_history_is_turned_over_in_place(counter: Counter) -> None:
    for n in range(10):
        await counter.carl.types(f"/purchase {PHONE} {n + 1}")
    await counter.ann.types("/history")
    assert counter.ann.buttons() == ["Older ›", "Everything as a spreadsheet"]
    shown = len(counter.ann.chat())
    await counter.ann.press("Older")
    assert counter.ann.buttons() == ["‹ Newer", "Everything as a spreadsheet"]
    await counter.ann.press("‹ Newer")
    assert counter.ann.buttons() == ["Older ›", "Everything as a spreadsheet"]
    assert len(counter.ann.chat()) == shown


async def test_the_spreadsheet_comes_as_a_file(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.ann.types("/history")
    await counter.ann.press("Everything as a spreadsheet")
    (sent,) = counter.ann.answers()
    assert sent.document is not None
    assert "All your points" in sent.shown


async def test_a_forged_page_is_a_stale_button(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 86.50")
    await counter.ann.types("/history")
    message = counter.ann.chat()[-1]
    await counter.ann.does(lambda: counter.ann.person.replay(counter.town.bot, message.id, "hist:DROP TABLE"))
    assert counter.ann.sees("This button no longer works")


async def test_after_undo_the_right_amount_goes_to_the_same_member(counter: Counter) -> None:
    await counter.carl.types(f"{PHONE} 68.50")
    await counter.carl.press("↩️")
    await counter.carl.types("86.50")
    rows = await counter.town.db.read(lambda tx: tx.all("SELECT amount, status FROM purchase ORDER BY id"))
    assert rows == [(6850, "undone"), (8650, "recorded")]


async def test_easy_mode_says_points_in_short_sentences(counter: Counter) -> None:
    await counter.ann.types("/settings")
    await counter.ann.press("Turn easy mode on")
    await counter.ann.types("/points")
    assert "The points come by themselves." in counter.ann.hears()
    assert "tier" not in counter.ann.hears()


async def test_what_a_cap_took_is_not_said_to_be_too_small(counter: Counter) -> None:
    for amount in (5000, 5000, 300):
        await counter.carl.types(f"/purchase {PHONE} {amount}")
    assert "no more than 10,000 points in a day" in counter.carl.hears()
    assert "the amount is too small" not in counter.carl.hears() + counter.ann.reads()


async def test_what_is_too_small_is_said_to_be_so(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 0.50")
    assert "the amount is too small" in counter.carl.hears()


async def test_the_history_names_the_cap_that_took_points(counter: Counter) -> None:
    await counter.carl.types(f"/purchase {PHONE} 6000")
    await counter.ann.types("/history")
    assert "no more than 5,000 points for one purchase" in counter.ann.hears()
