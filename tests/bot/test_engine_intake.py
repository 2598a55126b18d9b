"""Updates come in by poll or by webhook, many times over and in any order: each takes effect once."""

from __future__ import annotations

import asyncio
import io
import random
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot import polling
from bot.context import Ctx
from bot.webhook import PATH, Webhook, listen, make_app
from db.database import Tx
from loyalty.roles import Role
from tests.actions.shops import add_member, add_store, hire
from tests.bot.engine import add_command, locked, noted, open_notebook, raw, take_note, until
from tests.bot.people import TOKEN, Town, open_town

SECRET = "a-secret-that-telegram-knows"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def client_of(town: Town) -> httpx.AsyncClient:
    """Telegram's side of this bot's webhook."""

    async def health() -> dict[str, object]:
        return {"ok": True}

    webhook = Webhook(town.machinery.intake, town.machinery.courier, SECRET)
    transport = httpx.ASGITransport(app=make_app(health, webhook))
    return httpx.AsyncClient(transport=transport, base_url="http://bot.example", headers={_HEADER: SECRET})


@pytest_asyncio.fixture
async def telegram(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    await open_notebook(town)
    async with client_of(town) as client:
        yield client


def test_an_answer_waits_for_no_acknowledgement_of_its_beginning() -> None:
    with listen("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()), door.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_posted_update_takes_effect(town: Town, telegram: httpx.AsyncClient) -> None:
    answer = await telegram.post(PATH, json=raw(7, "/note_down x"))
    assert (answer.status_code, answer.content) == (200, b"")
    await town.settled()
    assert await noted(town) == [(7, "x")]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "\xff"])
async def test_a_wrong_secret_is_forbidden(town: Town, telegram: httpx.AsyncClient, secret: str) -> None:
    answer = await telegram.post(PATH, json=raw(7, "/note_down x"), headers={_HEADER.encode(): secret.encode()})
    assert answer.status_code == 403
    await town.settled()
    assert await noted(town) == []


async def test_no_secret_is_forbidden(telegram: httpx.AsyncClient) -> None:
    del telegram.headers[_HEADER]
    assert (await telegram.post(PATH, json=raw(7, "x"))).status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b'"x"', b'{"update_id": "7"}', b"{}", b'{"update_id": 1, "x": "' + b"y" * 1_000_001],
)
async def test_what_is_no_update_is_refused(telegram: httpx.AsyncClient, body: bytes) -> None:
    assert (await telegram.post(PATH, content=body)).status_code == 400


async def test_an_update_of_an_unknown_kind_is_taken_and_done(town: Town, telegram: httpx.AsyncClient) -> None:
    assert (await telegram.post(PATH, json={"update_id": 5, "poll": {"id": "1"}})).status_code == 200
    await town.settled()


async def test_what_no_database_could_take_holds_up_nothing_posted_with_it(
    town: Town, telegram: httpx.AsyncClient
) -> None:
    updates = [raw(7, "/note_down x"), raw(1 << 70, "/note_down y"), raw(8, "/note_down z")]
    answers = await asyncio.gather(*(telegram.post(PATH, json=update) for update in updates))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (await telegram.post(PATH, json=raw(9, "/note_down a", 1 << 70))).status_code == 400
    await town.settled()
    assert sorted(await noted(town)) == [(7, "x"), (8, "z")]


async def test_it_says_that_it_is_healthy(telegram: httpx.AsyncClient) -> None:
    answer = await telegram.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


async def test_only_get_and_post_where_they_belong(telegram: httpx.AsyncClient) -> None:
    assert (await telegram.get(PATH)).status_code == 405
    assert (await telegram.get("/")).status_code == 404


async def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path, log: io.StringIO) -> None:
    async with open_town(tmp_path, f"sqlite:///{tmp_path / 'town.db'}?busy_timeout=20") as town, client_of(town) as it:
        await open_notebook(town)
        ann = await town.newcomer("Ann")
        await ann.opens()
        update = raw(ann.id, "/note_down x")
        async with locked(tmp_path / "town.db"):
            assert (await it.post(PATH, json=update)).status_code == 503
            await until(lambda: ann.sees("technical problem"))
        assert (await it.post(PATH, json=update)).status_code == 200
        await town.settled()
        assert await noted(town) == [(ann.id, "x")]


async def test_five_deliveries_of_each_in_any_order_are_one_effect_each(
    town: Town, telegram: httpx.AsyncClient
) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    # The ids start over lower half-way.
    ids = [*range(900_000, 900_100), *range(17, 117)]
    updates = [raw(100 + n % 20, f"/note_down {n}", number) for n, number in enumerate(ids)]
    deliveries = updates * 5
    chance.shuffle(deliveries)
    for start in range(0, len(deliveries), 40):
        posts = [telegram.post(PATH, json=update) for update in deliveries[start : start + 40]]
        assert {answer.status_code for answer in await asyncio.gather(*posts)} == {200}
    await town.settled()
    assert sorted(int(what) for _, what in await noted(town)) == list(range(200))


async def test_a_batch_of_a_poll_with_doubles_is_one_effect_each(town: Town) -> None:
    await open_notebook(town)
    updates = [raw(7, f"/note_down {n}") for n in range(5)]
    for _ in range(3):
        await town.machinery.intake.store([*updates, *updates])
    await town.settled()
    assert await noted(town) == [(7, str(n)) for n in range(5)]


async def test_a_purchase_that_is_delivered_again_is_one(town: Town, telegram: httpx.AsyncClient) -> None:
    clerk = await town.newcomer("Carl")
    await town.write(_furnish, clerk.id)
    await clerk.opens()
    update = raw(clerk.id, "/purchase 13800138000 86.50")
    for _ in range(3):
        await telegram.post(PATH, json=update)
        await town.settled()
    assert await town.db.read(lambda tx: tx.value("SELECT COUNT(*) FROM purchase")) == 1
    assert len(clerk.answers()) == 2  # with the welcome


def _furnish(tx: Tx, clerk_id: int) -> None:
    hire(tx, clerk_id, add_store(tx, "ximen", "West Gate"), Role.CLERK)
    add_member(tx, "Ann", "13800138000")


def jump(town: Town, to: int) -> None:
    town.world.jump_update_ids(to)


@pytest.mark.parametrize("pause", [0.0, 0.3])
async def test_ids_that_start_over_lower_are_polled_all_the_same(town: Town, pause: float) -> None:
    await open_notebook(town)
    ann = await town.newcomer("Ann")
    jump(town, 500_000)
    ann.person.send(town.bot, "/note_down 1")
    await asyncio.sleep(pause)
    jump(town, 30)
    ann.person.send(town.bot, "/note_down 2")
    ann.person.send(town.bot, "/note_down 3")
    await town.settled()
    jump(town, 900_000)
    await ann.types("/note_down 4")
    assert [what for _, what in await noted(town)] == ["1", "2", "3", "4"]


async def test_after_an_empty_poll_it_asks_for_whatever_there_is(
    tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "_LONG_POLL_SECONDS", 0)
    async with open_town(tmp_path) as town:
        await open_notebook(town)
        ann = await town.newcomer("Ann")
        await ann.types("/note_down 1")
        await until(lambda: polls(town)[-1]["params"]["offset"] == 0)
        jump(town, 3)
        await ann.types("/note_down 2")
        assert [what for _, what in await noted(town)] == ["1", "2"]


def polls(town: Town) -> list[dict[str, object]]:
    return [entry for entry in town.world.log if entry["method"] == "getUpdates"]


async def test_nothing_is_acknowledged_before_it_is_stored(tmp_path: Path, log: io.StringIO) -> None:
    async with open_town(tmp_path, f"sqlite:///{tmp_path / 'town.db'}?busy_timeout=20") as town:
        await open_notebook(town)
        ann = await town.newcomer("Ann")
        await ann.opens()
        async with locked(tmp_path / "town.db"):
            ann.person.send(town.bot, "/note_down x")
            await until(lambda: ann.sees("technical problem"))
            assert len(town.bot.updates.pending) == 1
        await town.settled()
        assert await noted(town) == [(ann.id, "x")]


async def test_another_poller_is_told_of_and_outlived(town: Town, log: io.StringIO) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    async with httpx.AsyncClient() as other:
        await other.post(f"{town.machinery.settings.bot_api_url}/bot{TOKEN}/getUpdates", json={"timeout": 0})
    await until(lambda: "another_bot_polls" in log.getvalue())
    await ann.types("/help")
    assert ann.answers()


async def test_a_flood_wait_for_polls_is_obeyed(town: Town) -> None:
    ann = await town.newcomer("Ann")
    town.world.faults.add("too_many_requests", method="getUpdates", times=1, retry_after=1)
    await ann.opens()
    await ann.types("/help")
    refused = next(n for n, entry in enumerate(polls(town)) if entry["status"] == 429)
    following = polls(town)[refused + 1]
    assert following["monotonic"] - polls(town)[refused]["monotonic"] >= 1  # type: ignore[operator]


async def test_polling_recovers_within_seconds_after_an_outage(town: Town) -> None:
    ann = await town.newcomer("Ann")
    await ann.opens()
    town.world.faults.add("server_error", method="getUpdates", times=0)
    ann.person.send(town.bot, "/help")
    await until(lambda: polls(town)[-1]["status"] == 500)
    await asyncio.sleep(1.5)
    town.world.faults.clear()
    async with asyncio.timeout(polling._PAUSES[-1] + 2):
        await town.settled()


def test_the_longest_pause_is_seconds() -> None:
    assert max(polling._PAUSES) <= 5


async def test_a_backlog_stops_the_polls(tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_MOST_BACKLOG", 10)
    async with open_town(tmp_path) as town:
        await open_notebook(town)
        gate = asyncio.Event()

        async def slow(ctx: Ctx) -> None:
            await gate.wait()
            await take_note(ctx)

        add_command(town, "slow", slow)
        ann = await town.newcomer("Ann")
        for n in range(110):
            ann.person.send(town.bot, f"/slow {n}")
        await until(lambda: town.machinery.worker.backlog)
        await asyncio.sleep(0.3)
        assert town.machinery.worker.backlog <= 100
        gate.set()
        await town.settled()
        assert [what for _, what in await noted(town)] == [str(n) for n in range(110)]
