"""At the counter: slips of the finger, customers who are no members yet, and looks that are written down."""

from __future__ import annotations

import pytest
import pytest_asyncio

from db import members
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town


@pytest_asyncio.fixture
async def clerk(town: Town) -> Resident:
    """Works at ximen, the only store; one member is known."""
    clerk = await town.newcomer("Carl")
    await town.write(hire, clerk.id, await town.write(add_store, "ximen", "Ximen"), Role.CLERK)
    await town.write(add_member, "王小芳", "13800138000")
    await clerk.opens()
    return clerk


async def recorded(town: Town) -> list[int]:
    return [row[0] for row in await town.db.read(lambda tx: tx.all("SELECT amount FROM purchase"))]


# What was meant


@pytest.mark.parametrize("text", ["0.001", "10 30", "86 . 5", "八十六块五", "0", "-5"])
async def test_a_misread_amount_is_called_that(clerk: Resident, text: str) -> None:
    await clerk.types("13800138000")
    await clerk.types(text)
    assert "I cannot read the amount" in clerk.hears()


async def test_a_mistyped_card_is_not_taken_for_an_amount(clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("2900000000361")
    assert "This looks like a card number" in clerk.hears()


async def test_an_unknown_way_of_paying_names_those_there_are(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("50 比特币")
    assert "“比特币”" in clerk.hears()
    assert "WeChat Pay" in clerk.hears()
    assert await recorded(town) == []


async def test_digits_that_only_a_phone_ends_in_are_no_amount(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("0077")
    assert "No member’s phone ends with these digits." in clerk.hears()
    assert await recorded(town) == []


async def test_digits_that_only_a_phone_ends_in_are_no_answer_to_how_much(town: Town, clerk: Resident) -> None:
    await clerk.types("/purchase 13800138000")
    await clerk.types("0077")
    assert "I cannot read the amount" in clerk.hears()
    assert await recorded(town) == []


async def test_a_letter_in_the_amount_keeps_the_customer(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("86.5o")
    assert "王小芳 is still open here" in clerk.hears()
    await clerk.types("86.50")
    assert await recorded(town) == [8650]


async def test_a_surname_alone_asks_for_the_whole_name(clerk: Resident) -> None:
    await clerk.types("李")
    assert "A surname alone is not enough" in clerk.hears()


# A phone nobody is known by


async def enrol_from(clerk: Resident) -> None:
    await clerk.press("➕ Sign this customer up")
    await clerk.types("Nora")
    await clerk.press("✅ The customer agrees")


@pytest.mark.parametrize("text", ["13911112222", "13911112222 500", "/member 13911112222", "/purchase 13911112222 500"])
async def test_an_unknown_customer_is_signed_up_at_once(town: Town, clerk: Resident, text: str) -> None:
    await clerk.types(text)
    await enrol_from(clerk)
    assert await town.db.read(members.get_by_phone, "+8613911112222")


async def test_after_another_customer_the_button_asks_for_the_phone(town: Town, clerk: Resident) -> None:
    await clerk.types("13911112222")
    await clerk.types("13800138000")
    await clerk.press("➕ Sign this customer up")
    assert "phone" in clerk.hears()
    assert not await town.db.read(members.get_by_phone, "+8613911112222")


async def test_after_an_unknown_customer_an_amount_credits_nobody(town: Town, clerk: Resident) -> None:
    await clerk.types("13800138000")
    await clerk.types("13911112222")
    await clerk.types("86.50")
    assert "Whose purchase is it?" in clerk.hears()
    assert await recorded(town) == []


async def test_a_stranger_signs_nobody_up(town: Town, clerk: Resident) -> None:
    bob = await town.newcomer("Bob")
    await bob.opens()
    message = bob.chat()[-1]
    await bob.does(lambda: bob.person.replay(town.bot, message.id, "enrolnew:1"))
    assert "This is for our staff" in bob.reads()


# Looks


async def test_the_member_sees_who_looked_at_the_phone(town: Town, clerk: Resident) -> None:
    dora = await town.newcomer("Dora")
    await town.write(add_member, "Dora", "13700002222", dora.id)
    await dora.opens()
    await clerk.types("13700002222")
    await clerk.press("📞 Whole phone")
    await dora.types("/privacy")
    await dora.press("👀 Who looked at my data")
    assert dora.sees("your whole phone number · clerk")
