"""A small world, and a bot that calls the API in process."""

from collections.abc import AsyncIterator

import httpx
import pytest

from simulator.app import create_app
from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api

TOKEN = "4242:secret"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bot(world: World) -> Bot:
    return world.add_bot(TOKEN, "shop_bot", "Shop")


@pytest.fixture
def ann(world: World, bot: Bot) -> Person:
    """Somebody who has started the bot, whose /start has been read."""
    person = world.add_person("Ann", last_name="Li", username="ann_li", phone="+8613800138000", language_code="zh-hans")
    person.open(bot)
    bot.updates.drop()
    return person


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://telegram.example") as one:
        yield one


@pytest.fixture
def api(client: httpx.AsyncClient, bot: Bot) -> Api:
    return Api(client, bot.token)
