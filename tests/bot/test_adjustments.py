"""A manager adjusts points in chat; above the limit the owner is asked."""

import pytest
import pytest_asyncio

from db import accounts
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town

PHONE = "13800138000"


@pytest_asyncio.fixture
async def mary(town: Town) -> Resident:
    """The manager of ximen; Ann is a member."""
    mary, ann = await town.newcomer("Mary"), await town.newcomer("Ann")
    await town.write(hire, mary.id, await town.write(add_store, "ximen", "West Gate"), Role.MANAGER)
    await town.write(add_member, "Ann", PHONE, ann.id)
    await mary.opens()
    await ann.opens()
    return mary


async def points(town: Town) -> int:
    return (await town.db.read(accounts.get, 1)).balance


async def asks_for(mary: Resident, number: str) -> None:
    await mary.types(f"/member {PHONE}")
    await asks_from_the_page(mary, number)


async def asks_from_the_page(mary: Resident, number: str) -> None:
    await mary.press("✏️ Adjust points")
    await mary.types(number)
    await mary.press("2")
    await mary.types("soup was cold")


async def test_points_are_given_with_reason_and_note(town: Town, mary: Resident) -> None:
    await asks_for(mary, "+100")
    assert "0 → 100" in mary.hears()
    assert "With our apologies" in mary.hears()
    await mary.press("✅ Yes, adjust")
    assert "Adjusted" in mary.hears()
    assert await points(town) == 100
    ann = town.residents[1]
    assert ann.sees("Our staff adjusted your points: With our apologies.")
    await ann.types("/history")
    assert "With our apologies" in ann.hears()


@pytest.mark.parametrize(("typed", "understood"), [("60", "+60"), ("-60", "−60")])
async def test_how_the_points_were_understood_is_said_with_the_next_question(
    mary: Resident, typed: str, understood: str
) -> None:
    await mary.types(f"/member {PHONE}")
    await mary.press("✏️ Adjust points")
    await mary.types(typed)
    assert f"Ann · {understood}\n" in mary.hears()


@pytest.mark.parametrize(("number", "after"), [("-40", 60), ("+100", 200)])
async def test_the_button_of_a_page_adjusts_as_often_as_it_is_used(
    town: Town, mary: Resident, number: str, after: int
) -> None:
    await asks_for(mary, "+100")
    await mary.press("✅ Yes, adjust")
    town.clock.forward(600_000)
    await asks_from_the_page(mary, number)
    await mary.press("✅ Yes, adjust")
    assert f"100 → {after}" in mary.hears()
    assert await points(town) == after


async def test_cancel_changes_nothing(town: Town, mary: Resident) -> None:
    await asks_for(mary, "+100")
    await mary.press("Cancel")
    assert "cancelled" in mary.hears()
    assert await points(town) == 0


async def test_the_owner_agrees_to_what_is_above_the_limit(town: Town, mary: Resident) -> None:
    owner = await town.owner()
    await asks_for(mary, "1000")
    await mary.press("✅ Yes, adjust")
    assert "Waiting for a second person" in mary.hears()
    assert await points(town) == 0
    assert owner.sees("asks for your agreement")
    await owner.press("✅ Agree")
    assert await points(town) == 1000
    assert mary.sees("agreed: Ann +1,000")
    assert "❌ Decline" not in owner.buttons()


async def test_what_is_no_number_is_asked_again(town: Town, mary: Resident) -> None:
    await mary.types(f"/member {PHONE}")
    await mary.press("✏️ Adjust points")
    await mary.types("a lot")
    assert "not a number of points" in mary.hears()
    await mary.types("5")
    assert "For which reason?" in mary.hears()


async def test_a_clerk_has_no_such_button(town: Town, mary: Resident) -> None:
    carl = await town.newcomer("Carl")
    await town.write(hire, carl.id, 1, Role.CLERK)
    await carl.opens()
    await carl.types(f"/member {PHONE}")
    assert "💰 Record a purchase" in carl.buttons()
    assert "✏️ Adjust points" not in carl.buttons()
