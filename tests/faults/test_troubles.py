"""Poison, outages, disks and databases in trouble: nobody else waits, nothing is lost, it recovers by itself.

The long ones are tried in one process, and in a blink, by tests/bot/test_engine_*.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp
import psycopg
import pytest
import pytest_asyncio

from simulator.people import Person
from simulator.server import serving
from tests.bot.engine import locked
from tests.conftest import start_postgres
from tests.faults.chain import OWNER_ID, Chain, Process, calls, chain, free_port, webhook

ODD = "tests.faults.odd_bot"


@pytest_asyncio.fixture
async def made(tmp_path: Path) -> AsyncIterator[Chain]:
    async with chain(tmp_path, f"sqlite:///{tmp_path / 'chain.db'}?busy_timeout=200", pairs=4) as one:
        yield one


async def hears(made: Chain, person: Person, text: str, seconds: float = 30) -> None:
    await eventually(lambda: any(text in said for said in made.said(person)), seconds)


async def eventually(condition: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - another process rings no bell
            await asyncio.sleep(0.05)


def owner_of(made: Chain) -> Person:
    owner = made.world.add_person("Olivia", language_code="en", user_id=OWNER_ID)
    made.world.private_chat(made.bot, owner).started = True
    return owner


# Poison


async def test_an_update_that_kills_the_process_is_set_aside_after_five_crashes(made: Chain) -> None:
    owner = owner_of(made)
    owner.send(made.bot, "/help")
    made.members[0].send(made.bot, "/die")
    crashes = 0
    while (process := await made.start(ODD)) and await _dies(made, process):
        crashes += 1
        made.asks_points(1)
    assert crashes == 5
    await hears(made, made.members[0], "went wrong")
    await hears(made, owner, "ProcessDied")
    await made.settled()
    assert made.rows("SELECT state, attempts FROM inbox WHERE state <> 'done'") == [("dead", 5)]
    # Whoever wrote meanwhile was answered: nothing else was given up for being there.
    assert len(made.said(made.members[1])) >= made.points_asked[1]


async def _dies(made: Chain, process: Process) -> bool:
    """Whether it did, before the update was set aside."""
    set_aside = "SELECT COUNT(*) FROM inbox WHERE state = 'dead'"
    await eventually(lambda: not process.alive or made.rows(set_aside) == [(1,)], 60)
    return not process.alive


@pytest.mark.long
async def test_poison_is_replayed_by_the_owners_button_after_the_fix(made: Chain, tmp_path: Path) -> None:
    owner, mended = owner_of(made), tmp_path / "mended"
    await made.started(ODD, MENDED=str(mended))
    owner.send(made.bot, "/help")
    made.members[0].send(made.bot, "/fail")
    began = time.monotonic()
    made.asks_points(1)
    await eventually(lambda: bool(made.said(made.members[1])))
    assert time.monotonic() - began < 2
    await hears(made, owner, "ValueError")
    mended.touch()
    told = next(message for message in made.world.messages(made.bot, owner) if "ValueError" in message.shown)
    owner.press(made.bot, told.id, "Handle it again")
    await hears(made, made.members[0], "edited messages")
    await made.settled()


# Telegram in trouble


async def test_an_outage_of_telegram_is_outlived(made: Chain) -> None:
    port = free_port()
    async with serving(made.world, port) as url:
        made.url = url
        await made.started()
        made.buys(0)
        await made.settled()
    for number in range(4):
        made.buys(number)
    await asyncio.sleep(4)
    async with serving(made.world, port):
        began = time.monotonic()
        await made.settled(30)
        assert time.monotonic() - began < 12
    made.check_effects()
    assert made.check_replies() == 0


async def test_it_starts_without_telegram_and_ends_without_it(made: Chain) -> None:
    made.url = f"http://127.0.0.1:{free_port()}"
    process = await made.start()
    await eventually(lambda: "telegram_unreachable" in process.printed)
    assert await process.stop() < 5


async def test_a_port_that_is_taken_ends_the_start_with_one_sentence(made: Chain) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await made.start(**webhook(f"http://127.0.0.1:{port}", port))
        assert await asyncio.wait_for(process.ended(), 30) == 2
    assert process.lines[-1].startswith("Nothing can listen at HTTP_HOST and HTTP_PORT;")


@pytest.mark.long
async def test_no_send_falls_into_a_flood_wait(made: Chain) -> None:
    await made.started()
    made.world.faults.add("too_many_requests", method="sendMessage", times=1, retry_after=5)
    for number in (0, 1, 2, 3, 0, 1):
        made.buys(number)
        made.asks_points(number)
    await made.settled()
    sends = list(calls(made))
    refused = next(entry["monotonic"] for entry in sends if entry["status"] == 429)
    assert [entry for entry in sends if 0.5 < entry["monotonic"] - refused < 5] == []
    made.check_effects()
    assert made.check_replies() == 0


@pytest.mark.long
async def test_answers_that_were_lost_are_the_only_ones_said_twice(made: Chain) -> None:
    await made.started()
    lost = made.world.faults.add("answer_lost", method="sendMessage", times=10, probability=0.3)
    for round_ in range(40):
        made.buys(round_ % 4)
    await made.settled()
    made.check_effects()
    assert 0 <= made.check_replies() <= lost.hits


# An end


async def test_sigterm_ends_it_within_five_seconds_and_loses_nothing(made: Chain) -> None:
    process = await made.started()
    for round_ in range(60):
        made.buys(round_ % 4)
    await asyncio.sleep(0.3)
    assert await process.stop() < 5
    assert "event=stopped" in process.printed
    await made.started()
    await made.settled()
    made.check_effects()
    assert made.check_replies() == 0


async def test_health_is_told_over_http(made: Chain) -> None:
    port = free_port()
    await made.started(**webhook(f"http://127.0.0.1:{port}", port))
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        assert (answer.status, (await answer.json())["ok"]) == (200, True)


# The database in trouble


@pytest.mark.long
async def test_a_locked_database_gets_a_polite_answer_and_recovers(made: Chain) -> None:
    await made.started()
    made.buys(0)
    await made.settled()
    async with locked(_file(made)):
        made.buys(1)
        await hears(made, made.clerks[1], "technical problem")
    await made.settled()
    made.check_effects()


def _file(made: Chain) -> Path:
    return Path(made.database_url.removeprefix("sqlite:///").partition("?")[0])


@asynccontextmanager
async def on_small_disk(tmp_path: Path) -> AsyncIterator[tuple[Chain, Path]]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or not _done("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)):
        pytest.skip("only who may mount file systems can try this")
    try:
        async with chain(tmp_path, f"sqlite:///{disk / 'chain.db'}", pairs=4) as made:
            yield made, disk
    finally:
        _done("umount", "--lazy", str(disk))


def _done(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


async def test_a_full_disk_gets_a_polite_answer_and_recovers(tmp_path: Path) -> None:
    async with on_small_disk(tmp_path) as (made, disk):
        await made.started()
        made.buys(0)
        await made.settled()
        ballast = disk / "ballast"
        fill(ballast)
        for round_ in range(40):
            made.buys(round_ % 4)
        await eventually(lambda: any("technical problem" in text for one in made.clerks for text in made.said(one)))
        ballast.unlink()
        await made.settled()
        made.check_effects()


def fill(path: Path) -> None:
    ballast = os.open(path, os.O_CREAT | os.O_WRONLY)
    with contextlib.suppress(OSError):
        while True:
            os.write(ballast, bytes(4096))
    os.close(ballast)


async def test_postgresql_stopped_or_read_only_for_a_while_loses_nothing(tmp_path: Path) -> None:
    with start_postgres(uuid4().hex) as server:
        async with chain(tmp_path, server.get_uri(), pairs=4) as made:
            process = await made.started(ODD, LEASES="10")
            made.buys(0)
            await made.settled()
            await asyncio.to_thread(server.stop)
            for number in range(4):
                made.buys(number)
            await hears(made, made.clerks[1], "technical problem", 40)
            await asyncio.to_thread(server.ensure_postgres_running)
            await made.settled()
            read_only_server(server.get_uri(), "on")
            made.buys(2)
            await eventually(lambda: "DatabaseReadOnly" in process.printed)
            read_only_server(server.get_uri(), "off")
            await made.settled()
            assert process.alive
            made.check_effects()


def read_only_server(url: str, how: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {how}".encode())
        connection.execute("SELECT pg_reload_conf()")
