"""Broadcasts through kills, floods, lost answers and changes of mind: nothing lost, nothing unwelcome."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.chain import Chain, Process, chain, free_port, webhook
from tests.faults.pushing import (
    fullest,
    queue_in_group,
    queue_notices,
    queue_promotions,
    queue_pushes,
    received,
    sends_at,
)

ODD = "tests.faults.odd_bot"
# What was on the wire when the 429 came cannot be called back.
_ON_THE_WIRE = 0.25


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Empty, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'chain.db'}"
    url: str = request.getfixturevalue("own_postgres")
    return url


@dataclass
class Plan:
    messages: int
    kills: int = 0
    floods: int = 0
    members: int = 40
    tail: float = 90
    seed: int = field(default_factory=lambda: random.randrange(10**6))

    def __post_init__(self) -> None:
        print(f"seed={self.seed}")
        self.chance = random.Random(self.seed)

    @property
    def notices(self) -> range:
        return range(self.messages // 2)

    @property
    def promotions(self) -> range:
        return range(self.messages // 2, self.messages)


def environment(pace: int, **more: str) -> dict[str, str]:
    """Leases of the dead are waited for: a tenth of their length does here."""
    return {"PACE": str(pace), "PAID_BROADCASTS": "on", "LEASES": "10", **more}


async def sent_more(made: Chain, count: int, process: Process) -> None:
    """Until so many more have reached Telegram, or all is over."""
    seen = len(sends_at(made))
    async with asyncio.timeout(30):
        while len(sends_at(made)) < seen + count and not made.is_settled():
            assert process.alive, process.printed[-2_000:]
            await asyncio.sleep(0.005)


# Killed while sending


@dataclass
class Toll:
    """What was in doubt at each kill: sent, and not yet written down."""

    in_hand: list[int] = field(default_factory=list)
    notices: list[int] = field(default_factory=list)
    promotions: list[int] = field(default_factory=list)


async def killed_again_and_again(made: Chain, plan: Plan) -> Toll:
    toll = Toll()
    made.world.faults.add("slow", method="sendMessage", times=0, delay_ms=30)
    for _ in range(plan.kills):
        process = await made.start(ODD, **environment(200))
        await process.ready()
        await sent_more(made, plan.chance.randrange(1, 2 * plan.messages // plan.kills), process)
        await asyncio.sleep(plan.chance.random() * 0.05)
        await process.kill()
        count_doubtful(made, plan, toll)
    made.world.faults.clear()
    await made.started(ODD, **environment(200))
    await made.settled(plan.tail)
    return toll


def count_doubtful(made: Chain, plan: Plan, toll: Toll) -> None:
    toll.in_hand.append(made.in_hand())
    shown, once = received(made, [plan.notices, plan.promotions])
    for doubtful, kind, counted in ((toll.notices, "notice", shown), (toll.promotions, "promotion", once)):
        query = f"SELECT COUNT(*) FROM outbox WHERE kind = '{kind}' AND state <> 'queued'"
        doubtful.append(max(0, sum(number > 0 for number in counted.values()) - made.rows(query)[0][0]))


async def check_kills(made: Chain, plan: Plan) -> None:
    await queue_notices(made, plan.notices)
    await queue_promotions(made, plan.promotions)
    toll = await killed_again_and_again(made, plan)
    notices, promotions = received(made, [plan.notices, plan.promotions])
    states = Counter(dict(made.rows("SELECT state, COUNT(*) FROM outbox WHERE kind = 'promotion' GROUP BY state")))
    again = sum(notices.values()) - len(notices)
    print(f"messages={plan.messages} kills={plan.kills} promotions={dict(states)} notices again={again}")
    print(f"in doubt per kill: notices {spread(toll.notices)}, promotions {spread(toll.promotions)}")
    assert min(notices.values()) >= 1, "a notice was lost"
    assert again <= sum(toll.in_hand)
    assert all(doubt <= held for doubt, held in zip(toll.notices, toll.in_hand, strict=True))
    assert max(promotions.values()) <= 1, "a promotion came twice"
    # Each one that did not come, and each that may have come, is reported.
    assert states["sent"] + states["unknown"] == len(plan.promotions)
    assert sum(number == 0 for number in promotions.values()) <= states["unknown"]


def spread(counts: list[int]) -> dict[int, int]:
    """How often each number was counted."""
    return dict(sorted(Counter(counts).items()))


async def test_kills_lose_no_notice_and_repeat_no_promotion(tmp_path: Path, database_url: str) -> None:
    plan = Plan(messages=160, kills=3, members=80)
    async with chain(tmp_path, database_url, plan.members) as made:
        await check_kills(made, plan)


@pytest.mark.long
async def test_two_hundred_kills_lose_no_notice_and_repeat_no_promotion(tmp_path: Path, database_url: str) -> None:
    plan = Plan(messages=5_000, kills=200, members=200, tail=300)
    async with chain(tmp_path, database_url, plan.members) as made:
        await check_kills(made, plan)


# Told to wait


async def three_processes(made: Chain, pace: int) -> list[Process]:
    started = []
    for _ in range(3):
        port = free_port()
        started.append(await made.start(ODD, **environment(pace, **webhook(f"http://127.0.0.1:{port}", port))))
    await asyncio.gather(*(process.ready() for process in started))
    return started


async def check_floods(made: Chain, plan: Plan, group: int = 0) -> None:
    await queue_notices(made, plan.notices)
    await queue_promotions(made, plan.promotions)
    processes = await three_processes(made, 28)
    for _ in range(plan.floods):
        await sent_more(made, plan.chance.randrange(1, max(2, plan.messages // (2 * plan.floods))), processes[-1])
        made.world.faults.add(
            "too_many_requests", method="sendMessage", times=1, retry_after=plan.chance.randrange(1, 3)
        )
        await asyncio.sleep(plan.chance.random())
    await made.settled(plan.tail)
    (counted,) = received(made, [range(plan.messages)])
    assert set(counted.values()) == {1}
    judge_pace(made, group)


def judge_pace(made: Chain, group: int) -> None:
    log = [entry for entry in made.world.log if entry["method"] == "sendMessage"]
    late = [late_after(entry, log) for entry in log if entry["status"] == 429]
    widest = fullest(sends_at(made), 1)
    print(f"floods={len(late)} latest send after a 429: {max(late, default=0):.3f} s; fullest second: {widest}")
    assert late
    assert max(late) <= _ON_THE_WIRE
    # 29 begin within a second at most; on a machine with much else to do a few come together.
    assert widest <= 32
    for member in made.members:
        at = sends_at(made, member.id)
        assert all(after - before >= 0.9 for before, after in itertools.pairwise(at))
    if group:
        assert fullest(sends_at(made, group), 60) <= 18


def late_after(refused: dict[str, object], log: list[dict[str, object]]) -> float:
    """How long after a 429 something was still sent, before the quiet was over."""
    began = float(str(refused["monotonic"]))
    wait = int(str(refused["error"]).rpartition("after ")[2].split()[0].rstrip('."}'))
    sent = [float(str(entry["monotonic"])) - began for entry in log]
    return max((after for after in sent if 0 < after < wait), default=0.0)


async def test_no_process_sends_while_one_was_told_to_wait(tmp_path: Path, own_postgres: str) -> None:
    plan = Plan(messages=100, floods=3, members=50)
    async with chain(tmp_path, own_postgres, plan.members) as made:
        await check_floods(made, plan)


@pytest.mark.long
async def test_twenty_floods_with_three_processes_and_a_group(tmp_path: Path, own_postgres: str) -> None:
    plan = Plan(messages=1_000, floods=20, members=200, tail=300)
    async with chain(tmp_path, own_postgres, plan.members) as made:
        group = made.world.add_group("Staff", [made.clerks[0], made.bot])
        await queue_in_group(made, group.id, 40)
        await check_floods(made, plan, group.id)


# Answers that are lost


async def check_lost_answers(made: Chain, plan: Plan, share: float) -> None:
    await queue_notices(made, plan.notices)
    await queue_promotions(made, plan.promotions)
    lost = made.world.faults.add("answer_lost", method="sendMessage", times=0, probability=share)
    await made.started(ODD, **environment(500))
    await made.settled(plan.tail)
    notices, promotions = received(made, [plan.notices, plan.promotions])
    again = sum(notices.values()) - len(notices)
    unknown = made.rows("SELECT COUNT(*) FROM outbox WHERE state = 'unknown'")[0][0]
    print(f"messages={plan.messages} answers lost={lost.hits} notices again={again} promotions unknown={unknown}")
    assert min(notices.values()) >= 1
    assert set(promotions.values()) == {1}
    assert again + unknown == lost.hits


async def test_only_lost_answers_bring_a_notice_twice(tmp_path: Path, database_url: str) -> None:
    plan = Plan(messages=80, members=80)
    async with chain(tmp_path, database_url, plan.members) as made:
        await check_lost_answers(made, plan, 0.1)


@pytest.mark.long
async def test_one_in_a_hundred_answers_lost_of_five_thousand(tmp_path: Path, database_url: str) -> None:
    plan = Plan(messages=5_000, members=500, tail=300)
    async with chain(tmp_path, database_url, plan.members) as made:
        await check_lost_answers(made, plan, 0.01)


# A change of mind


async def test_who_switches_a_topic_off_while_the_broadcast_runs_gets_nothing_more(
    tmp_path: Path, database_url: str
) -> None:
    async with chain(tmp_path, database_url, 10) as made:
        await queue_pushes(made, "offers", 0)
        last = made.members[-1]
        process = await made.started(ODD, **environment(3))
        last.send(made.bot, "/settings")
        await heard(made, "Settings")
        press(made, "🔔")
        await heard(made, "What you get")
        press(made, "✅ Offers")
        await made.settled()
        (counted,) = received(made, [range(10)])
        assert [counted[number] for number in range(10)] == [1] * 9 + [0], process.printed[-500:]
        assert made.rows("SELECT state, error FROM outbox WHERE topic = 'offers' AND state <> 'sent'") == [
            ("failed", "unwanted")
        ]


async def heard(made: Chain, text: str) -> None:
    last = made.members[-1]
    async with asyncio.timeout(20):
        while not any(text in said for said in made.said(last)):  # noqa: ASYNC110 - another process rings no bell
            await asyncio.sleep(0.02)


def press(made: Chain, label: str) -> None:
    person = made.members[-1]
    message = next(
        one for one in reversed(made.world.messages(made.bot, person))
        if any(text.startswith(label) for text in one.buttons)
    )  # fmt: skip
    person.press(made.bot, message.id, next(text for text in message.buttons if text.startswith(label)))
