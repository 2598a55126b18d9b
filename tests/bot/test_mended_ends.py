"""Starts that fail and ends: said in one sentence, in time, and with nothing taken in afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot import runtime
from bot.context import Ctx
from bot.routing import Route
from bot.runtime import Machinery
from bot.settings import SettingsError
from bot.webhook import PATH
from db import outbox
from db.database import DatabaseBusy
from loyalty.messages import Say
from simulator.clock import Clock
from simulator.server import serving
from simulator.world import World
from tests.bot.engine import locked, raw, until
from tests.bot.people import TOKEN, USERNAME, Town, settings_for
from tests.bot.test_engine_courier import numbers, somebody

SECRET = "a-secret-that-telegram-knows-well"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@asynccontextmanager
async def posted_to(folder: Path, port: int) -> AsyncIterator[tuple[Machinery, list[asyncio.Task[None]]]]:
    """A bot that takes its updates over HTTP; whoever uses it winds it down."""
    world = World(Clock())
    world.add_bot(TOKEN, USERNAME, "Regulars")
    (folder / "charter.toml").touch()
    async with serving(world) as url:
        more = {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(port)}
        settings = settings_for(folder, url, BOT_MODE="webhook", **more)
        async with runtime.assembled(settings, world.clock.now) as machinery, asyncio.TaskGroup() as group:
            yield machinery, [group.create_task(work) for work in await runtime.works(machinery)]


async def test_once_it_ends_nothing_is_taken_in(tmp_path: Path, unused_tcp_port: int) -> None:
    address = f"http://127.0.0.1:{unused_tcp_port}"
    async with posted_to(tmp_path, unused_tcp_port) as (machinery, tasks), httpx.AsyncClient() as telegram:

        async def stuck(_ctx: Ctx) -> None:
            await asyncio.Event().wait()

        machinery.application.bot_data["services"].router._enter(Route(stuck, command="stuck"))
        await asyncio.sleep(0.3)
        assert (await telegram.post(address + PATH, json=raw(7, "/stuck"), headers=HEADERS)).status_code == 200
        ending = asyncio.create_task(runtime.wind_down(machinery, tasks))
        await asyncio.sleep(0.5)
        with pytest.raises(httpx.TransportError):
            await telegram.post(address + PATH, json=raw(7, "late"), headers=HEADERS)
        assert not ending.done()
        await ending


async def test_it_ends_in_time_although_the_database_is_locked(tmp_path: Path, unused_tcp_port: int) -> None:
    async with posted_to(tmp_path, unused_tcp_port) as (machinery, tasks), locked(tmp_path / "town.db"):
        writing = asyncio.create_task(machinery.intake.store([raw(7, "x")]))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await runtime.wind_down(machinery, tasks)
        await machinery.db.close()
        assert time.monotonic() - began < 4.5
        await asyncio.gather(writing, return_exceptions=True)


def test_what_was_expected_comes_out_of_a_group_alone() -> None:
    busy = DatabaseBusy("x")
    assert runtime._expected(BaseExceptionGroup("", [ExceptionGroup("", [busy])])) is busy


def test_what_nobody_expected_is_told_in_full() -> None:
    assert runtime._expected(BaseExceptionGroup("", [SettingsError("x"), KeyError()])) is None


async def test_a_reply_handed_over_late_does_not_overtake_what_was_put_off(town: Town) -> None:
    ann = await somebody(town)
    courier = town.machinery.courier
    town.world.faults.add("server_error", method="sendMessage", times=1)
    first, second = [
        await town.write(
            outbox.post_leased, Say("update_not_dead", {"reference": f"no-{n}"}, to=ann.id), courier.holder
        )
        for n in (1, 2)
    ]
    courier.send([first])
    await until(lambda: courier.is_idle)
    courier.send([second])
    await town.settled()
    assert numbers(ann) == [1, 2]
