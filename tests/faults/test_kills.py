"""kill -9 at random moments: every effect exactly once, every reply at least once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientConnectionError, ClientSession, web

from tests.faults.chain import Chain, chain, free_port, webhook

ODD = "tests.faults.odd_bot"


@dataclass
class Plan:
    """How much happens. `tail`: seconds that leases may take to run out in the end."""

    updates: int
    kills: int
    tail: float = 60
    seed: int = field(default_factory=lambda: random.randrange(10**6))

    def __post_init__(self) -> None:
        print(f"seed={self.seed}")
        self.chance = random.Random(self.seed)


def send_some(made: Chain, plan: Plan, count: int) -> None:
    """Purchases and questions, from anybody."""
    for _ in range(count):
        number = plan.chance.randrange(len(made.clerks))
        if plan.chance.random() < 0.6:
            made.buys(number)
        else:
            made.asks_points(number)


async def suffer(made: Chain, plan: Plan, module: str, environ: dict[str, str]) -> int:
    """Send, kill, start again; how many messages were in flight at the kills."""
    in_flight = 0
    for _ in range(plan.kills):
        process = await made.start(module, **environ)
        if plan.chance.random() < 0.8:
            await process.ready()
        send_some(made, plan, plan.updates // (plan.kills + 1))
        await asyncio.sleep(plan.chance.random() * 0.8)
        await process.kill()
        in_flight += made.in_hand()
    await made.started(module, **environ)
    send_some(made, plan, plan.updates - len(made.amounts) - sum(made.points_asked.values()))
    await made.settled(plan.tail)
    return in_flight


def judge(made: Chain, plan: Plan, in_flight: int) -> None:
    made.check_effects()
    duplicates = made.check_replies()
    print(f"updates={plan.updates} kills={plan.kills} in_flight={in_flight} duplicates={duplicates}")
    assert 0 <= duplicates <= in_flight


async def test_kills_while_polling(tmp_path: Path) -> None:
    plan = Plan(updates=300, kills=4)
    async with chain(tmp_path, f"sqlite:///{tmp_path / 'chain.db'}", pairs=20) as made:
        judge(made, plan, await suffer(made, plan, "bot", {}))


async def test_kills_while_posted_to(tmp_path: Path, own_postgres: str) -> None:
    plan, port = Plan(updates=200, kills=3), free_port()
    environ = webhook(f"http://127.0.0.1:{port}", port)
    async with chain(tmp_path, own_postgres, pairs=20) as made:
        # The leases of the dead are waited for: a tenth of their length does here.
        judge(made, plan, await suffer(made, plan, ODD, {**environ, "LEASES": "10"}))


@pytest.mark.long
async def test_fifty_kills_while_polling(tmp_path: Path) -> None:
    plan = Plan(updates=5_000, kills=50, tail=300)
    async with chain(tmp_path, f"sqlite:///{tmp_path / 'chain.db'}", pairs=100) as made:
        judge(made, plan, await suffer(made, plan, "bot", {}))


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_fifty_kills_while_posted_to(tmp_path: Path, engine: str, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'chain.db'}" if engine == "sqlite" else request.getfixturevalue("own_postgres")
    plan, port = Plan(updates=5_000, kills=50, tail=300), free_port()
    async with chain(tmp_path, url, pairs=100) as made:
        judge(made, plan, await suffer(made, plan, "bot", webhook(f"http://127.0.0.1:{port}", port)))


# Two processes behind one address


@dataclass
class Balancer:
    """Hands each request to the next process; to another one if that is not there."""

    backends: list[str]
    session: ClientSession
    turn: int = 0

    async def forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        for _ in self.backends:
            self.turn += 1
            backend = self.backends[self.turn % len(self.backends)]
            try:
                async with self.session.post(f"{backend}{request.path}", data=body, headers=request.headers) as answer:
                    return web.Response(status=answer.status)
            except ClientConnectionError:
                continue
        return web.Response(status=502)


@pytest_asyncio.fixture
async def balanced() -> AsyncIterator[tuple[str, list[int]]]:
    """An address, and the ports it stands for."""
    ports, front = [free_port(), free_port()], free_port()
    async with ClientSession() as session:
        application = web.Application()
        balancer = Balancer([f"http://127.0.0.1:{port}" for port in ports], session)
        application.router.add_post("/{path:.*}", balancer.forward)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", front).start()
        yield f"http://127.0.0.1:{front}", ports
        await runner.cleanup()


async def test_two_processes_behind_one_address(
    tmp_path: Path, own_postgres: str, balanced: tuple[str, list[int]]
) -> None:
    address, ports = balanced
    plan = Plan(updates=240, kills=0)
    async with chain(tmp_path, own_postgres, pairs=12) as made:
        for port in ports:
            await made.started(ODD, **webhook(address, port), LEASES="10")
        send_some(made, plan, plan.updates)
        await made.settled()
        judge(made, plan, 0)
        assert made.rows("SELECT COUNT(*) FROM inbox WHERE attempts > 0") == [(0,)]
        assert made.rows("SELECT COUNT(DISTINCT holder) FROM inbox") == [(2,)]
        check_order(made)


def check_order(made: Chain) -> None:
    """Each clerk's purchases took effect, and were answered, in the order they were typed."""
    recorded = [amount for (amount,) in made.rows("SELECT amount FROM purchase ORDER BY id")]
    for number, clerk in enumerate(made.clerks):
        mine = [amount for amount, whose in made.amounts if whose == number]
        assert [amount for amount in recorded if amount in mine] == mine
        said = "\n".join(made.said(clerk))
        places = [said.index(f"¥{amount // 100}.{amount % 100:02d}") for amount in mine]
        assert places == sorted(places)


@pytest.mark.long
async def test_one_of_two_processes_is_killed_and_the_other_goes_on(
    tmp_path: Path, own_postgres: str, balanced: tuple[str, list[int]]
) -> None:
    address, ports = balanced
    plan = Plan(updates=200, kills=1)
    async with chain(tmp_path, own_postgres, pairs=12) as made:
        both = [await made.started(ODD, **webhook(address, port), LEASES="10") for port in ports]
        send_some(made, plan, plan.updates)
        await asyncio.sleep(0.3 + plan.chance.random() * 0.4)
        await both[plan.chance.randrange(2)].kill()
        in_flight = made.in_hand()
        await made.settled()
        judge(made, plan, in_flight)
