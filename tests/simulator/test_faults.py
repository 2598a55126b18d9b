"""Faults on demand, and the log that shows them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulator.errors import ConnectionDropped
from simulator.people import Bot, Person
from simulator.server import serving
from simulator.world import World
from tests.simulator.calling import Api, Refused, refused


async def test_too_many_requests_say_when_to_come_back(api: Api, ann: Person, world: World) -> None:
    world.faults.add("too_many_requests", retry_after=7)
    with refused("Too Many Requests: retry after 7") as refusal:
        await api("sendMessage", chat_id=ann.id, text="x")
    assert (refusal.value.code, refusal.value.parameters) == (429, {"retry_after": 7})
    await api("sendMessage", chat_id=ann.id, text="x")


@pytest.mark.parametrize(
    ("kind", "code", "description"),
    [
        ("forbidden", 403, "Forbidden: bot was blocked by the user"),
        ("chat_not_found", 400, "Bad Request: chat not found"),
        ("server_error", 500, "Internal Server Error"),
    ],
)
async def test_refusals_can_be_ordered(
    api: Api, ann: Person, world: World, kind: str, code: int, description: str
) -> None:
    world.faults.add(kind)
    with refused(description) as refusal:
        await api("sendMessage", chat_id=ann.id, text="x")
    assert refusal.value.code == code


async def test_a_fault_hits_its_method_and_chat_only(api: Api, ann: Person, bot: Bot, world: World) -> None:
    bob = world.add_person("Bob")
    bob.open(bot)
    world.faults.add("server_error", method="sendMessage", chat=ann.id, times=0)
    await api("getMe")
    await api("sendMessage", chat_id=bob.id, text="x")
    for _ in range(3):
        with refused("Internal Server Error"):
            await api("sendMessage", chat_id=ann.id, text="x")
    world.faults.clear()
    await api("sendMessage", chat_id=ann.id, text="x")


async def test_a_fault_leaves_polls_alone_unless_it_names_them(api: Api, ann: Person, world: World) -> None:
    world.faults.add("server_error", times=0)
    assert await api("getUpdates") == []
    world.faults.add("server_error", method="getUpdates")
    with refused("Internal Server Error"):
        await api("getUpdates")


async def test_a_lost_answer_is_a_message_sent(api: Api, ann: Person, bot: Bot, world: World) -> None:
    world.faults.add("answer_lost")
    with pytest.raises(ConnectionDropped):
        await api("sendMessage", chat_id=ann.id, text="once")
    assert world.messages(bot.id, ann)[-1].text == "once"
    entry = world.log[-1]
    assert (entry["status"], entry["error"], entry["message_id"]) == (200, "answer lost", 2)


async def test_a_hang_sends_nothing(api: Api, ann: Person, bot: Bot, world: World) -> None:
    world.faults.add("hang")
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(api("sendMessage", chat_id=ann.id, text="never"), 0.05)
    assert [message.text for message in world.messages(bot.id, ann)] == ["/start"]


async def test_a_fault_may_be_improbable(api: Api, ann: Person, world: World) -> None:
    world.faults.add("server_error", times=0, probability=0.5)
    failures = 0
    for _ in range(100):
        with contextlib.suppress(Refused):
            await api("getMe")
            continue
        failures += 1
    assert 25 < failures < 75


def test_an_unknown_fault_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        world.faults.add("earthquake")


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    async with serving(world) as address:
        yield address


@pytest.mark.parametrize("kind", ["answer_lost", "hang"])
async def test_the_line_is_cut_over_tcp(url: str, ann: Person, bot: Bot, world: World, kind: str) -> None:
    world.faults.add(kind, delay_ms=10)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(f"{url}/bot{bot.token}/sendMessage", json={"chat_id": ann.id, "text": "x"})
    assert len(world.messages(bot.id, ann)) == (2 if kind == "answer_lost" else 1)


async def test_the_log_elides_files_and_keeps_parameters(api: Api, ann: Person, world: World) -> None:
    await api("sendDocument", {"document": ("a.txt", b"secret")}, chat_id=str(ann.id), caption="c")
    entry = world.log[-1]
    assert entry["params"] == {"chat_id": str(ann.id), "caption": "c", "document": "<file a.txt 6 bytes>"}
    assert (entry["method"], entry["status"], entry["error"]) == ("sendDocument", 200, None)
