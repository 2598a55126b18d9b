"""The long poll: offsets, limits, kinds, conflicts."""

import asyncio

import pytest

from simulator.clock import Clock
from simulator.people import Bot, Person
from simulator.world import World
from tests.simulator.calling import Api, refused

DAY_MS = 24 * 3_600_000


async def test_an_update_comes_again_until_it_is_acknowledged(api: Api, ann: Person, bot: Bot) -> None:
    ann.send(bot, "hello")
    first = await api("getUpdates")
    assert await api("getUpdates") == first
    assert await api("getUpdates", offset=first[-1]["update_id"] + 1) == []
    assert await api("getUpdates") == []


async def test_a_poll_waits_for_the_next_update(api: Api, ann: Person, bot: Bot) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    await asyncio.sleep(0.01)
    ann.send(bot, "hello")
    [update] = await poll
    assert update["message"]["text"] == "hello"


async def test_a_poll_returns_empty_when_nothing_comes(api: Api, ann: Person) -> None:
    assert await asyncio.wait_for(api("getUpdates", timeout=1), 5) == []


async def test_the_limit_is_kept(api: Api, ann: Person, bot: Bot) -> None:
    for number in range(5):
        ann.send(bot, str(number))
    assert [update["message"]["text"] for update in await api("getUpdates", limit=2)] == ["0", "1"]


async def test_a_negative_offset_forgets_all_but_the_last(api: Api, ann: Person, bot: Bot) -> None:
    for number in range(5):
        ann.send(bot, str(number))
    assert [update["message"]["text"] for update in await api("getUpdates", offset=-2)] == ["3", "4"]
    assert len(await api("getUpdates")) == 2


async def test_only_the_wanted_kinds_come(api: Api, ann: Person, bot: Bot) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    ann.send(bot, "unheard")
    assert await api("getUpdates") == []
    await api("getUpdates", allowed_updates=[])
    ann.send(bot, "heard")
    assert len(await api("getUpdates")) == 1


async def test_a_second_poll_ends_the_first(api: Api, ann: Person) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=30))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(api("getUpdates", timeout=1))
    words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    with refused(words):
        await first
    assert await second == []


async def test_polling_is_refused_while_a_webhook_is_set(api: Api, ann: Person) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/")
    words = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    with refused(words):
        await api("getUpdates")
    await api("deleteWebhook")
    assert await api("getUpdates") == []


@pytest.mark.parametrize("to", [5, 2_000_000_000])
async def test_ids_may_jump(api: Api, ann: Person, bot: Bot, world: World, to: int) -> None:
    ann.send(bot, "before")
    last = (await api.updates())[-1]["update_id"]
    world.jump_update_ids(to)
    ann.send(bot, "after")
    [update] = await api("getUpdates", offset=last + 1)
    assert (update["update_id"], update["message"]["text"]) == (to, "after")
    assert await api("getUpdates", offset=to + 1) == []


async def test_updates_are_kept_for_a_day(api: Api, ann: Person, bot: Bot, world: World) -> None:
    ann.send(bot, "old")
    world.clock.forward(DAY_MS + 1000)
    ann.send(bot, "new")
    assert [update["message"]["text"] for update in await api("getUpdates")] == ["new"]


async def test_an_update_from_another_thread_wakes_the_poll(api: Api, ann: Person, bot: Bot) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    await asyncio.sleep(0.01)
    await asyncio.to_thread(ann.send, bot, "hello")
    assert len(await asyncio.wait_for(poll, 5)) == 1


def test_the_clock_moves_and_returns() -> None:
    clock = Clock()
    clock.set(1_000_000)
    assert 1_000_000 <= clock.now() < 1_060_000
    clock.forward(DAY_MS)
    assert clock.now() >= 1_000_000 + DAY_MS
    clock.reset()
    assert clock.offset == 0
