"""The bot in groups, and what in a private chat is no message: nothing is kept of it, nobody is marked."""

from __future__ import annotations

from typing import Any

import pytest

from db import people
from tests.bot.people import Town


async def known(town: Town, user_id: int) -> people.Person | None:
    person: people.Person | None = await town.db.read(people.get, user_id)
    return person


async def test_who_adds_the_bot_to_a_group_can_still_be_reached(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    town.world.add_group("Friends", [ann.person, town.bot])
    await town.settled()
    person = await known(town, ann.id)
    assert person is not None
    assert person.reachable


async def test_who_blocked_the_bot_and_talks_in_a_group_stays_unreachable(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.does(lambda: ann.person.block(town.bot))
    group = town.world.add_group("Friends", [ann.person, town.bot], forum=True)
    await ann.does(lambda: ann.person.send(group, "/points"))
    person = await known(town, ann.id)
    assert person is not None
    assert not person.reachable


async def test_who_only_writes_in_a_group_is_not_remembered(town: Town) -> None:
    ann = await town.newcomer("Ann")
    group = town.world.add_group("Friends", [ann.person, town.bot], forum=True)
    await ann.does(lambda: ann.person.send(group, "/points"))
    assert any("@" in message.shown for message in group.messages.values() if message.sender.is_bot)
    assert await known(town, ann.id) is None


async def test_talk_in_a_group_is_not_even_stored(town: Town) -> None:
    ann = await town.newcomer("Ann")
    group = town.world.add_group("Friends", [ann.person, town.bot], forum=True)
    await ann.does(lambda: ann.person.send(group, "see you at the usual place"))
    assert await town.db.read(lambda tx: tx.value("SELECT COUNT(*) FROM inbox WHERE sender_id = :id", id=ann.id)) == 0


def _edited(sender: int, **content: Any) -> dict[str, Any]:
    chat = {"id": sender, "type": "private", "first_name": "Ann"}
    who = {"id": sender, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    return {
        "update_id": 990_001,
        "edited_message": {"message_id": 1, "date": 0, "edit_date": 1, "from": who, "chat": chat, **content},
    }


@pytest.mark.parametrize(
    ("content", "answered"), [({"location": {"latitude": 34.2, "longitude": 108.9}}, False), ({"text": "hi"}, True)]
)
async def test_a_moving_location_is_not_answered_at_each_step(
    town: Town, content: dict[str, Any], answered: bool
) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    await ann.does(lambda: None)
    await town.machinery.intake.store([_edited(ann.id, **content)])
    await town.settled()
    assert bool(ann.answers()) is answered


async def test_a_button_nobody_knows_any_more_says_so_and_answers_no_question(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    asked = await town.db.read(lambda tx: tx.all("SELECT name, step FROM dialogue"))
    message = ann.answers()[-1]
    await ann.does(lambda: ann.person.replay(town.bot, message.id, "verb_of_last_year:7"))
    assert "use the newest message" in ann.hears()
    assert await town.db.read(lambda tx: tx.all("SELECT name, step FROM dialogue")) == asked
