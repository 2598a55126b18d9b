"""A world is written down and brought back as it was."""

import pytest

from simulator import persistence
from simulator.people import Bot, Person
from simulator.persons_view import chat_list, history, state
from simulator.wire import decode, encode
from simulator.world import World
from tests.simulator.calling import Api
from tests.simulator.pictures import picture


def brought_back(world: World) -> World:
    """Through bytes, as on a disk."""
    again = World()
    persistence.load(again, decode(encode(persistence.dump(world))))
    return again


@pytest.fixture
async def lively(world: World, bot: Bot, ann: Person, api: Api) -> World:
    """A chat with every kind of content, a group with a topic, menus, and a moved clock."""
    keyboard = {"keyboard": [[{"text": "My number", "request_contact": True}]]}
    await api("sendMessage", chat_id=ann.id, text="<b>Hello</b>", parse_mode="HTML", reply_markup=keyboard)
    ann.send_photo(bot, picture(), caption="my card")
    ann.share_contact(bot)
    buttons = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await api("sendMessage", chat_id=ann.id, text="Choose", reply_markup=buttons, reply_parameters={"message_id": 1})
    group = world.add_group("Staff room", [ann, bot], forum=True)
    await api("createForumTopic", chat_id=group.id, name="Shifts")
    await api("setMyCommands", commands=[{"command": "card", "description": "My card"}])
    await api("setMyDescription", description="Points for every purchase")
    world.clock.forward(3_600_000)
    return world


def _shown(world: World) -> list[object]:
    """All that the page shows of it."""
    seen: list[object] = [{**state(world), "clock": world.clock.offset}]
    for person in world.people.values():
        seen.append(chat_list(world, person))
        seen += [history(world, person, chat, None, 100) for chat in world.chats_of(person)]
    return seen


async def test_the_page_shows_the_same(lively: World) -> None:
    assert _shown(brought_back(lively)) == _shown(lively)


async def test_a_photo_can_be_downloaded_in_every_size(lively: World) -> None:
    again = brought_back(lively)
    kept = {name: file.data for name, file in again.files.by_id.items()}
    assert kept == {name: file.data for name, file in lively.files.by_id.items()}


async def test_updates_that_were_not_read_still_come(lively: World) -> None:
    waiting = [update.body for bot in lively.bots.values() for update in bot.updates.pending]
    again = [update.body for bot in brought_back(lively).bots.values() for update in bot.updates.pending]
    assert waiting == again != []


async def test_new_ids_are_beyond_any_that_were_given(lively: World, bot: Bot, ann: Person) -> None:
    kept = decode(encode(persistence.dump(lively)))
    afterwards = ann.send(bot, "said after it was written down")
    again = World()
    persistence.load(again, kept)
    later = again.people[ann.id].send(next(iter(again.bots.values())), "the next day")
    assert later.id > afterwards.id
    assert next(iter(again.bots.values())).updates.next_id > bot.updates.next_id


async def test_a_blocked_bot_stays_blocked(lively: World, bot: Bot, ann: Person) -> None:
    ann.block(bot)
    again = brought_back(lively)
    assert [chat.blocked for chat in again.chats_of(again.people[ann.id]) if hasattr(chat, "blocked")] == [True]
