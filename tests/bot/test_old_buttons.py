"""A button answers the question it stands under, never another one of the same kind."""

from __future__ import annotations

import pytest

from bot import buttons
from bot.words import Words
from loyalty.charter import DEFAULT_CHARTER, LOCALES, load
from simulator.messages import Message
from tests.bot.people import Resident, Town
from tests.bot.samples import SAMPLES
from tests.bot.test_profiles import edit, member, shown


def question(resident: Resident) -> Message:
    """The newest message with buttons under it."""
    return next(message for message in reversed(resident.chat()) if message.sender.is_bot and message.buttons)


async def press_old(resident: Resident, message: Message, label: str) -> None:
    text = next(button for button in message.buttons if button.startswith(label))
    await resident.does(lambda: resident.person.press(resident.town.bot, message.id, text))


async def fill(resident: Resident, field: str, value: str) -> None:
    await edit(resident, field)
    await resident.types(value)


async def test_the_delete_button_of_one_field_leaves_the_others(town: Town) -> None:
    ann = await member(town)
    await fill(ann, "E-mail", "ann@example.org")
    await fill(ann, "Allergies", "peanuts")
    await edit(ann, "E-mail")
    old = question(ann)
    await edit(ann, "Allergies")
    await press_old(ann, old, "Delete it")
    held = (await shown(town, ann)).fields
    assert (held["email"], held["allergies"]) == ("ann@example.org", "peanuts")
    assert "use the newest message" in ann.hears()


async def test_the_button_of_the_question_that_stands_works(town: Town) -> None:
    ann = await member(town)
    await fill(ann, "Allergies", "peanuts")
    await edit(ann, "Allergies")
    await press_old(ann, question(ann), "Delete it")
    assert not (await shown(town, ann)).fields.get("allergies")


async def test_typing_the_label_still_counts_as_pressing_it(town: Town) -> None:
    ann = await member(town)
    await fill(ann, "Allergies", "peanuts")
    await edit(ann, "Allergies")
    await ann.types("Delete it")
    assert not (await shown(town, ann)).fields.get("allergies")


async def test_a_refused_answer_leaves_the_questions_buttons_good(town: Town) -> None:
    ann = await member(town)
    await fill(ann, "E-mail", "ann@example.org")
    await edit(ann, "E-mail")
    asked = question(ann)
    await ann.types("no address at all")
    await press_old(ann, asked, "Delete it")
    assert not (await shown(town, ann)).fields.get("email")


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_a_buttons_data_fits_with_the_question_in_it(template: str) -> None:
    words = Words(load(DEFAULT_CHARTER), lambda: 0)
    for locale in LOCALES:
        made = buttons.keyboard(template, words, locale, SAMPLES[template] | {"question": "abcdef"}) or {}
        for button in (button for row in made.get("inline_keyboard", ()) for button in row):
            assert len(button.get("callback_data", "").encode()) <= 64
