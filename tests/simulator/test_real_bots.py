"""Unchanged bots written for python-telegram-bot and aiogram run on the simulator."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from simulator.people import Bot, Person
from simulator.server import serving
from simulator.world import World
from tests.simulator import aiogram_bot, ptb_bot
from tests.simulator.pictures import picture


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110  # the bot has no event of ours to wait for
            await asyncio.sleep(0.01)


@pytest.fixture(params=[ptb_bot, aiogram_bot], ids=["ptb", "aiogram"])
async def running(request: pytest.FixtureRequest, world: World, bot: Bot) -> AsyncIterator[None]:
    async with serving(world) as url, request.param.polling(url, bot.token):
        yield


async def test_a_start_is_answered_and_its_button_works(running: None, world: World, bot: Bot, ann: Person) -> None:
    ann.open(bot, "s_1")
    await until(lambda: world.messages(bot, ann)[-1].buttons)
    reply = world.messages(bot, ann)[-1]
    assert (reply.text, reply.entities[0]["type"]) == ("Hello ['s_1']", "bold")
    assert reply.reply_to is not None
    press = ann.press(bot, reply.id, "Go")
    await until(lambda: reply.text == "Gone")
    assert press.answer is not None
    assert (press.answer.text, press.answer.show_alert) == ("Going", True)


async def test_a_photo_goes_both_ways(running: None, world: World, bot: Bot, ann: Person) -> None:
    sent = ann.send_photo(bot, picture(640, 480))
    await until(lambda: world.messages(bot, ann)[-1].document)
    photo, document = world.messages(bot, ann)[-2:]
    assert sent.media is not None
    assert photo.caption == f"{sent.media.file.size} bytes"
    assert document.document is not None
    assert (document.document.file.name, document.document.file.data) == ("a.csv", b"a,b")


async def test_a_refusal_reaches_the_bot_as_its_own_exception(
    running: None, world: World, bot: Bot, ann: Person
) -> None:
    ann.send(bot, "anything")
    await until(lambda: world.messages(bot, ann)[-1].sender is bot)
    assert world.messages(bot, ann)[-1].text == "Chat not found"


async def test_the_menu_is_set(running: None, bot: Bot) -> None:
    assert bot.menus.shown_to(1, "en", None) == [{"command": "points", "description": "Your points"}]
