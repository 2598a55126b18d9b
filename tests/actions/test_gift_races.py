"""Everybody at once: the last pieces go to as many as there are, and each reservation ends in one way."""

from __future__ import annotations

import asyncio
import json
import random as randomness
import shutil
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from actions import reservations, stocks, verifying, waiting
from actions.verifying import HandedOver
from db import stocks as shelves
from db.database import Database, Tx, open_database
from db.people import Person
from loyalty.errors import OfferEnded, Refusal
from loyalty.vault import Vault
from tests.actions import taps
from tests.actions.gift_shops import GiftShop, add_rich, amend, code_in, give, in_order, open_gift_shop, redeem, shelf
from tests.conftest import Clock, PostgresServer

ROOT = Path(__file__).parents[2]


async def outcome(doing: Awaitable[object]) -> str:
    """'done', or the code of the refusal."""
    try:
        await doing
    except Refusal as refusal:
        return refusal.code
    return "done"


async def a_crowd(db: Database, size: int) -> list[Person]:
    return await db.write(lambda tx: [add_rich(tx, number) for number in range(size)])


async def test_400_taps_for_the_last_100_reserve_exactly_100(db: Database) -> None:
    place = await open_gift_shop(db, pieces=100)
    crowd = await a_crowd(db, 400)
    ends = await asyncio.gather(*(outcome(redeem(db, place, person)) for person in crowd))
    assert Counter(ends) == {"done": 100, "out_of_stock": 300}
    assert await shelf(db, place) == (100, 100)
    assert await in_order(db, place)


async def test_two_processes_with_200_taps_each_reserve_exactly_100(
    postgres: PostgresServer, vault: Vault, clock: Clock, random: Callable[[int], bytes]
) -> None:
    url = postgres.new_database()
    db = await open_database(url, vault=vault, clock=clock, random=random)
    place = await open_gift_shop(db, pieces=100)
    await a_crowd(db, 400)
    ends = await _tap_in_processes(url, clock.now, place, [(10_000, 10_200), (10_200, 10_400)])
    assert ends == {"gift_reserved": 100, "out_of_stock": 300}
    assert await shelf(db, place) == (100, 100)
    assert await in_order(db, place)
    await db.close()


async def _tap_in_processes(url: str, now: int, place: GiftShop, crowds: list[tuple[int, int]]) -> Counter[str]:
    script = str(ROOT / "tests/actions/taps.py")
    fixed = [sys.executable, script, url, str(now), str(place.gift_id), str(place.shop.store_id)]
    made = [
        await asyncio.create_subprocess_exec(
            *fixed, *map(str, crowd), stdin=PIPE, stdout=PIPE, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
        )
        for crowd in crowds
    ]
    for process in made:
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"ready"
    ends: Counter[str] = Counter()
    for told, _ in await asyncio.gather(*(process.communicate(b"go\n") for process in made)):
        ends.update(json.loads(told))
    return ends


async def test_one_member_tapping_many_confirms_at_once_never_spends_more_than_there_is(db: Database) -> None:
    place = await open_gift_shop(db, pieces=100, points=500)
    ends = await asyncio.gather(*(outcome(redeem(db, place, nonce=f"n{number}")) for number in range(40)))
    assert Counter(ends) == {"done": 5, "not_enough_points": 35}
    assert await in_order(db, place)


async def test_the_same_confirm_from_many_sides_is_one_reservation(db: Database) -> None:
    place = await open_gift_shop(db, pieces=100)
    said = await asyncio.gather(*(redeem(db, place) for _ in range(25)))
    assert len({code_in(one) for one in said}) == 1
    assert await shelf(db, place) == (100, 1)


async def test_a_limit_per_member_holds_against_taps_at_once(db: Database) -> None:
    place = await open_gift_shop(db, pieces=100)
    await amend(db, place, per_member=2)
    ends = await asyncio.gather(*(outcome(redeem(db, place, nonce=f"n{number}")) for number in range(20)))
    assert Counter(ends) == {"done": 2, "gift_limit_reached": 18}


@pytest.mark.parametrize("rounds", [40, pytest.param(1_000, marks=pytest.mark.long)])
async def test_capture_cancel_and_deadline_race_and_one_wins(
    database_url: str, vault: Vault, rounds: int, random: Callable[[int], bytes]
) -> None:
    """Each transaction sees the time just before or just after the deadline, as the clocks of two machines would."""
    chance, about = randomness.Random(7), [1_740_974_400_000]
    db = await open_database(database_url, vault=vault, clock=lambda: about[0] + chance.choice((0, 1)), random=random)
    place = await open_gift_shop(db, pieces=rounds, points=100 * rounds)
    captured = 0
    for number in range(rounds):
        said = await redeem(db, place, nonce=f"n{number}")
        begun, about[0] = about[0], said.params["collect_by"]
        wins = await asyncio.gather(*chance.sample(_enders(db, place, said.params["reservation_id"], code_in(said)), 3))
        if sum(wins) == 0:  # everybody's clock was on the other side
            about[0] += 5
            wins = [await db.write(reservations.lapse, said.params["reservation_id"])]
        assert sum(wins) == 1
        captured += await db.read(_is_captured, said.params["reservation_id"])
        about[0] = begun
    assert await shelf(db, place) == (rounds - captured, 0)
    assert await in_order(db, place)
    await db.close()


def _enders(db: Database, place: GiftShop, reservation_id: int, code: str) -> list[Awaitable[bool]]:
    async def capture() -> bool:
        return await outcome(_captured(db, place, code)) == "done"

    async def cancel() -> bool:
        return await outcome(db.write(reservations.cancel, place.shop.ann, reservation_id)) == "done"

    async def lapse() -> bool:
        return await db.write(reservations.lapse, reservation_id)

    return [capture(), cancel(), lapse()]


async def _captured(db: Database, place: GiftShop, code: str) -> None:
    assert isinstance(await db.write(verifying.hand_over, place.shop.clerk, code), HandedOver)


def _is_captured(tx: Tx, reservation_id: int) -> int:
    return tx.value("SELECT COUNT(*) FROM gift_reservation WHERE id = :id AND state = 'captured'", id=reservation_id)


async def test_ten_clerks_with_one_code_hand_over_one_gift(db: Database) -> None:
    place = await open_gift_shop(db)
    code = code_in(await redeem(db, place))
    clerks = (place.shop.clerk, place.shop.manager)
    ends = await asyncio.gather(
        *(outcome(db.write(verifying.hand_over, clerks[number % 2], code)) for number in range(10))
    )
    assert Counter(ends) == {"done": 1, "reservation_ended": 9}
    assert await shelf(db, place) == (1, 0)


async def test_guesses_at_once_get_no_more_than_five(db: Database) -> None:
    place = await open_gift_shop(db)
    guesses = (db.write(verifying.hand_over, place.shop.clerk, f"{number:08d}") for number in range(30))
    ends = await asyncio.gather(*map(outcome, guesses))
    assert Counter(ends) == {"done": 5, "throttled": 25}


async def test_three_pieces_for_ten_with_everybody_deciding_at_once(db: Database) -> None:
    place = await open_gift_shop(db, pieces=0)
    crowd = await a_crowd(db, 10)
    for person in crowd:
        await db.write(waiting.join, person, place.gift_id, 0)
    await db.write(stocks.restock, place.shop.owner, place.gift_id, place.shop.store_id, 3)
    while offered := await db.read(_offered):
        deciding = waiting.pass_on if await db.read(_passed) < 7 else waiting.take
        await asyncio.gather(
            *(outcome(db.write(deciding, crowd[who], wait)) for wait, who in offered for _ in range(2))
        )
    assert await db.read(_ends) == ["passed"] * 7 + ["taken"] * 3
    assert await shelf(db, place) == (3, 3)
    assert await in_order(db, place)


def _offered(tx: Tx) -> list[tuple[int, int]]:
    """What is offered, and which of the crowd it is offered to; no more than are to pass, while they do."""
    rows = tx.all(
        "SELECT w.id, m.user_id - 10000 FROM gift_waiting w JOIN member m ON m.id = w.member_id "
        "WHERE w.state = 'offered' ORDER BY w.id LIMIT :limit",
        limit=7 - _passed(tx) or 3,
    )
    return [(row[0], row[1]) for row in rows]


def _passed(tx: Tx) -> int:
    return tx.value("SELECT COUNT(*) FROM gift_waiting WHERE state = 'passed'")


def _ends(tx: Tx) -> list[str]:
    return sorted(row[0] for row in tx.all("SELECT state FROM gift_waiting"))


async def test_a_piece_that_is_passed_on_while_its_time_ends_goes_on_once(db: Database, clock: Clock) -> None:
    place = await open_gift_shop(db, pieces=0)
    crowd = await a_crowd(db, 3)
    for person in crowd:
        await db.write(waiting.join, person, place.gift_id, 0)
    await db.write(stocks.restock, place.shop.owner, place.gift_id, place.shop.store_id, 1)
    ((wait, _),) = await db.read(_offered)
    clock.move(days=2)
    ends = await asyncio.gather(
        *(db.write(waiting.lapse, wait) for _ in range(5)),
        *(outcome(db.write(waiting.pass_on, crowd[0], wait)) for _ in range(5)),
    )
    assert ends.count(True) + ends.count("done") == 1
    states = [row[0] for row in await db.read(lambda tx: tx.all("SELECT state FROM gift_waiting ORDER BY id"))]
    assert states[1:] == ["offered", "waiting"]
    assert await in_order(db, place)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "redeem",
                "cancel",
                "capture",
                "lapse",
                "restock",
                "remove",
                "join",
                "take",
                "pass",
                "offer lapses",
                "time",
            ]
        ),
        st.integers(0, 5),
    ),
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whatever_happens_no_piece_is_promised_twice_and_the_books_add_up(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    copied = shutil.copy(sqlite_template, tmp_path_factory.mktemp("gifts"))
    clock, random = Clock(1_740_974_400_000), randomness.Random(1).randbytes
    vault = Vault({1: taps.KEY}, 1, random)
    db = await open_database(f"sqlite:///{copied}", vault=vault, clock=clock, random=random)
    try:
        life = _Life(db, clock, await open_gift_shop(db), await a_crowd(db, 3))
        for what, which in steps:
            await life.live(what, which)
            assert await in_order(db, life.place)
            assert await db.read(_nobody_waits_beside_a_free_piece, life.place.gift_id)
    finally:
        await db.close()


def _nobody_waits_beside_a_free_piece(tx: Tx, gift_id: int) -> bool:
    free = sum(found.free for found in shelves.list_shelves(tx, gift_id))
    waiting_now = tx.value("SELECT COUNT(*) FROM gift_waiting WHERE state = 'waiting'")
    return free == 0 or waiting_now == 0


class _Life:
    """Three members, one gift, and whatever comes; refusals are expected answers."""

    def __init__(self, db: Database, clock: Clock, place: GiftShop, crowd: list[Person]) -> None:
        self.db, self.clock, self.place, self.crowd = db, clock, place, crowd
        self.codes: list[tuple[int, int, str]] = []  # whose, reservation, code
        self.number = 0

    async def live(self, what: str, which: int) -> None:
        try:
            await self._do(what, which)
        except Refusal:
            pass

    async def _do(self, what: str, which: int) -> None:
        place, person = self.place, self.crowd[which % 3]
        if what == "redeem":
            self.number += 1
            await self._keep(which % 3, redeem(self.db, place, person, nonce=f"n{self.number}"))
        elif what == "join":
            await self.db.write(waiting.join, person, place.gift_id, (0, place.shop.store_id)[which % 2])
        elif what in ("restock", "remove"):
            pieces = which + 1 if what == "restock" else -1
            await self.db.write(stocks.restock, place.shop.owner, place.gift_id, place.shop.store_id, pieces)
        elif what == "time":
            self.clock.move(hours=12 * which)
        elif what in ("take", "pass", "offer lapses"):
            await self._decide(what)
        elif self.codes:
            await self._end(what, *self.codes[which % len(self.codes)])

    async def _end(self, what: str, whose: int, reservation: int, code: str) -> None:
        if what == "cancel":
            await self.db.write(reservations.cancel, self.crowd[whose], reservation)
        elif what == "capture":
            await self.db.write(verifying.hand_over, self.place.shop.clerk, code)
        else:
            await self.db.write(reservations.lapse, reservation)

    async def _decide(self, what: str) -> None:
        for wait, whose in await self.db.read(_offered):
            if what == "take":
                await self._keep(whose, self.db.write(waiting.take, self.crowd[whose], wait))
            elif what == "pass":
                await self.db.write(waiting.pass_on, self.crowd[whose], wait)
            else:
                await self.db.write(waiting.lapse, wait)

    async def _keep(self, whose: int, reserving: Awaitable[object]) -> None:
        said = await reserving
        self.codes.append((whose, said.params["reservation_id"], code_in(said)))  # type: ignore[attr-defined,arg-type]


async def test_two_members_do_not_share_an_offer(db: Database) -> None:
    place = await open_gift_shop(db, pieces=0)
    ann, bob = place.shop.ann, await db.write(add_rich, 1)
    await db.write(give, place.shop.member.id, 100)
    for person in (ann, bob):
        await db.write(waiting.join, person, place.gift_id, 0)
    await db.write(stocks.restock, place.shop.owner, place.gift_id, place.shop.store_id, 1)
    wait = await db.read(lambda tx: tx.value("SELECT id FROM gift_waiting WHERE state = 'offered'"))
    with pytest.raises(OfferEnded):
        await db.write(waiting.take, bob, wait)
