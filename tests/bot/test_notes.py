"""A clerk notes what a customer likes, on one line or asked; the customer reads it and puts it right."""

from __future__ import annotations

import pytest_asyncio

from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.people import Resident, Town
from tests.bot.test_catalogue import photo


@pytest_asyncio.fixture
async def two(town: Town) -> tuple[Resident, Resident]:
    """Ann, a member, and Carl, who works there."""
    store_id = await town.write(add_store, "ximen", "West Gate")
    ann, carl = await town.newcomer("Ann"), await town.newcomer("Carl")
    await town.write(hire, carl.id, store_id, Role.CLERK)
    await town.write(add_member, "Ann", "13800138000", ann.id)
    for resident in (ann, carl):
        await resident.types("/language")
        await resident.press("English")
    return ann, carl


async def test_on_one_line_filed_and_read_by_the_member(two: tuple[Resident, Resident]) -> None:
    ann, carl = two
    await carl.types("/note 8000 asked for oat milk <b>")
    assert "asked for oat milk <b>" in carl.hears()
    await carl.press("💭 Wishes")
    assert "💭 Wishes: asked for oat milk" in carl.reads()
    await ann.types("/privacy")
    await ann.press("📝 What staff noted")
    assert "oat milk" in ann.reads()


async def test_an_allergy_on_one_line_stands_at_the_top_of_the_page(two: tuple[Resident, Resident]) -> None:
    _ann, carl = two
    await carl.types("/note 8000 坚果过敏")
    await carl.press("👤 Member")
    assert "⚠️ Allergies noted: 坚果过敏" in carl.hears()


async def test_asked_step_by_step_and_put_right(two: tuple[Resident, Resident]) -> None:
    ann, carl = two
    await carl.types("/note")
    await carl.types("8000")
    await carl.press("⚠️ Allergies")
    await carl.types("Peanuts")
    assert "Peanuts" in carl.hears()
    await ann.types("/profile")
    await ann.press("📝 What staff noted")
    await ann.press("✏️ 1")
    await ann.types("Only walnuts")
    assert "Only walnuts" in ann.hears()
    await ann.press("🗑 1")
    assert "Nothing." in ann.reads()


async def test_a_photo_with_the_command_under_it_is_noted_and_the_member_sees_it(
    two: tuple[Resident, Resident],
) -> None:
    ann, carl = two
    await carl.does(lambda: carl.person.send_photo(carl.town.bot, photo(), "/note 8000 likes this blue"))
    assert "this blue" in carl.hears()
    await ann.types("/privacy")
    await ann.press("📝 What staff noted")
    await ann.press("📎 1")
    assert [message.media for message in ann.answers()]
    assert "this blue" in ann.hears()


async def test_asked_step_by_step_a_photo_is_fine_with_a_line(two: tuple[Resident, Resident]) -> None:
    _ann, carl = two
    await carl.types("/note 8000")
    await carl.press("🎨 Colours")
    await carl.does(lambda: carl.person.send_photo(carl.town.bot, photo(), "this blue"))
    await carl.press("👤 Member")
    assert "this blue" in carl.hears()


async def test_what_nobody_in_particular_wishes_for_is_a_suggestion_for_the_store(
    two: tuple[Resident, Resident],
) -> None:
    _ann, carl = two
    await carl.types("/note")
    await carl.press("Nobody in particular")
    await carl.types("more chairs, said three of them")
    assert "Suggestion" in carl.hears()
    assert "more chairs" in carl.hears()
