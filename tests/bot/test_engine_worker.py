"""The worker: each sender in order, nobody behind somebody else's trouble, nothing tried for ever."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
import pytest_asyncio

from bot import runtime, worker as working
from bot.context import Ctx
from db import inbox, people
from db.database import DatabaseTrouble
from db.inbox import Waiting
from db.staff import list_users
from loyalty.errors import StaleButton
from loyalty.roles import Role
from simulator.world import World
from tests.bot.engine import (
    Poison,
    add_command,
    locked,
    noted,
    open_notebook,
    raw,
    take_note,
    until,
)
from tests.bot.people import OWNER_ID, Resident, Town, open_town

BOT_ID = 123456


@pytest_asyncio.fixture
async def workshop(tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """A town whose bot takes notes, forgives failures in a blink, and looks for strays all the time."""
    monkeypatch.setattr(working, "_FAILURE_PAUSES", (0.01,) * 4)
    monkeypatch.setattr(runtime, "_LOOK_FOR_STRAYS_EVERY", 0.1)
    async with open_town(tmp_path) as town:
        await open_notebook(town)
        yield town


async def poisoned(town: Town, command: str = "poison") -> Poison:
    poison = Poison()
    add_command(town, command, poison)
    return poison


async def store(town: Town, *updates: dict[str, object]) -> None:
    """As a poll that brings them would."""
    await town.machinery.intake.store(list(updates))


async def test_one_persons_updates_take_effect_in_order(workshop: Town) -> None:
    await store(workshop, *(raw(7, f"/note_down {n}") for n in range(60)))
    await workshop.settled()
    assert await noted(workshop) == [(7, str(n)) for n in range(60)]


async def test_order_holds_although_the_later_one_is_taken_first(workshop: Town) -> None:
    first, second = raw(7, "/note_down first"), raw(7, "/note_down second")
    await workshop.write(inbox.add, BOT_ID, [_received(first), _received(second)], workshop.machinery.worker.holder)
    workshop.machinery.worker.take([_waiting(second), _waiting(first)])
    await workshop.settled()
    assert [what for _, what in await noted(workshop)] == ["first", "second"]


async def test_many_that_come_in_the_wrong_order_are_soon_put_right(workshop: Town) -> None:
    updates = [raw(7, f"/note_down {n}") for n in range(30)]
    stored = [_received(update) for update in updates]
    await workshop.write(inbox.add, BOT_ID, stored, workshop.machinery.worker.holder)
    workshop.machinery.worker.take([_waiting(update) for update in reversed(updates)])
    async with asyncio.timeout(5):
        await workshop.settled()
    assert [int(what) for _, what in await noted(workshop)] == list(range(30))


async def test_an_update_in_other_hands_is_waited_for(workshop: Town) -> None:
    first, second = raw(7, "/note_down first"), raw(7, "/note_down second")
    await workshop.write(inbox.add, BOT_ID, [_received(first)], 99)
    await store(workshop, second)
    await asyncio.sleep(0.2)
    assert await noted(workshop) == []
    workshop.machinery.worker.take([_waiting(first)])  # as if the sibling had done it
    await workshop.settled()
    assert [what for _, what in await noted(workshop)] == ["first", "second"]


def _received(update: dict[str, object]) -> inbox.Received:
    return inbox.Received(int(str(update["update_id"])), 7, orjson.dumps(update))


def _waiting(update: dict[str, object]) -> Waiting:
    return Waiting(int(str(update["update_id"])), 7, orjson.dumps(update), 0)


async def test_what_is_in_hand_is_not_taken_twice(workshop: Town) -> None:
    update = raw(7, "/note_down once")
    await store(workshop, update, update)
    workshop.machinery.worker.take([_waiting(update)])
    await workshop.settled()
    assert await noted(workshop) == [(7, "once")]


async def test_poison_delays_nobody_else(town: Town) -> None:
    await open_notebook(town)
    poison = await poisoned(town)
    await store(town, *(raw(100 + n, "/poison") for n in range(working._SIDE_BY_SIDE + 10)))
    began = asyncio.get_running_loop().time()
    await store(town, raw(7, "/note_down fine"))
    await until(lambda: noted(town))
    assert asyncio.get_running_loop().time() - began < 1.5
    poison.broken = False


async def test_poison_is_given_up_after_five_tries_that_leave_nothing(workshop: Town) -> None:
    poison = await poisoned(workshop)
    ann = await workshop.newcomer("Ann")
    await ann.types("/poison")
    assert poison.tries == 5
    assert await noted(workshop) == []


async def test_the_senders_later_messages_are_answered_afterwards(workshop: Town) -> None:
    await poisoned(workshop)
    await store(workshop, raw(7, "/poison"), raw(7, "/note_down after"))
    await workshop.settled()
    assert await noted(workshop) == [(7, "after")]


async def test_the_sender_is_apologised_to_with_the_reference_the_owner_is_told(workshop: Town) -> None:
    await poisoned(workshop)
    owner, ann = await workshop.owner(), await workshop.newcomer("Ann")
    await ann.types("/poison")
    reference = await workshop.db.read(lambda tx: tx.value("SELECT update_id FROM inbox WHERE state = 'dead'"))
    assert str(reference) in ann.hears()
    assert str(reference) in owner.reads()
    assert "KeyError" in owner.reads()


async def replayed(by: Resident) -> None:
    await by.press("Handle it again")


async def test_after_the_fix_the_owner_has_it_handled(workshop: Town) -> None:
    poison = await poisoned(workshop)
    owner, ann = await workshop.owner(), await workshop.newcomer("Ann")
    await ann.types("/poison")
    poison.broken = False
    await replayed(owner)
    assert poison.effects == [ann.id]


async def test_replayed_without_a_fix_it_is_given_up_again(workshop: Town) -> None:
    poison = await poisoned(workshop)
    owner, ann = await workshop.owner(), await workshop.newcomer("Ann")
    await ann.types("/poison")
    await replayed(owner)
    assert poison.tries == 10


async def test_a_replay_pressed_again_later_says_that_it_is_done(workshop: Town) -> None:
    poison = await poisoned(workshop)
    owner, ann = await workshop.owner(), await workshop.newcomer("Ann")
    await ann.types("/poison")
    poison.broken = False
    await replayed(owner)
    workshop.clock.forward(5_000)
    await replayed(owner)
    assert "not set aside" in owner.reads()
    assert poison.effects == [ann.id]


async def test_a_failure_after_the_effect_is_no_failure_of_it(workshop: Town) -> None:
    async def fails_late(ctx: Ctx) -> None:
        await take_note(ctx)
        raise ValueError

    add_command(workshop, "late", fails_late)
    await store(workshop, raw(7, "/late x"))
    await workshop.settled()
    assert await noted(workshop) == [(7, "x")]
    assert await workshop.db.read(lambda tx: tx.value("SELECT attempts FROM inbox")) == 0


async def test_a_handler_that_settles_nothing_is_poison(workshop: Town) -> None:
    async def forgets(_ctx: Ctx) -> None: ...

    add_command(workshop, "forgets", forgets)
    ann = await workshop.newcomer("Ann")
    await ann.types("/forgets")
    assert await workshop.db.read(lambda tx: tx.value("SELECT state FROM inbox")) == "dead"


async def test_what_a_handler_refuses_before_it_acts_is_said(workshop: Town) -> None:
    async def refuses(_ctx: Ctx) -> None:
        raise StaleButton

    add_command(workshop, "refuses", refuses)
    ann = await workshop.newcomer("Ann")
    await ann.types("/refuses")
    assert "button" in ann.hears()
    assert await workshop.db.read(lambda tx: tx.value("SELECT attempts FROM inbox")) == 0


async def test_an_update_nobody_can_read_is_done_and_in_nobodys_way(workshop: Town) -> None:
    await store(workshop, {"update_id": 1, "message": {"chat": 5}}, raw(7, "/note_down fine"))
    await workshop.settled()
    assert await noted(workshop) == [(7, "fine")]


async def test_a_locked_database_is_waited_for_and_the_person_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'town.db'}?busy_timeout=20"
    async with open_town(tmp_path, url) as town:
        await open_notebook(town)
        ann = await town.newcomer("Ann")
        await ann.opens()
        gate = asyncio.Event()
        add_command(town, "slow", lambda ctx: _after(gate, ctx))
        await store(town, raw(ann.id, "/slow x"))
        async with locked(tmp_path / "town.db"):
            gate.set()
            await until(lambda: ann.sees("technical problem"))
        await until(lambda: noted(town))
        assert await noted(town) == [(ann.id, "x")]
        assert await town.db.read(lambda tx: tx.value("SELECT MAX(attempts) FROM inbox")) == 0


async def _after(gate: asyncio.Event, ctx: Ctx) -> None:
    await gate.wait()
    await take_note(ctx)


async def test_trouble_while_recovering_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'town.db'}?busy_timeout=20"
    async with open_town(tmp_path, url) as town:
        await open_notebook(town)
        await town.write(inbox.add, BOT_ID, [_received(raw(7, "/note_down x"))], 99)
        await town.write(lambda tx: tx.run("UPDATE inbox SET lease_until = 1, attempts = 1"))
        worker = town.machinery.worker
        async with locked(tmp_path / "town.db"):
            with pytest.raises(DatabaseTrouble):
                await worker.recover()
        await worker.recover()
        await town.settled()
        assert await noted(town) == [(7, "x")]


async def test_what_a_crash_left_is_handled_at_the_next_start(tmp_path: Path) -> None:
    world = World()
    async with open_town(tmp_path, world=world) as town:
        await open_notebook(town)
        town.machinery.worker._closing.set()
        await store(town, *(raw(7, f"/cancel {n}") for n in range(30)), raw(8, "/cancel"))
    async with open_town(tmp_path, world=world) as town:
        await town.settled()
        counted = await town.db.read(lambda tx: tx.all("SELECT state, attempts, COUNT(*) FROM inbox GROUP BY 1, 2"))
        # One sender's first, and the other's: those behind had not been tried.
        assert counted == [("done", 0, 29), ("done", 1, 2)]


async def test_what_killed_five_processes_is_given_up_untried(workshop: Town) -> None:
    poison = await poisoned(workshop)
    update = raw(7, "/poison")
    await workshop.write(inbox.add, BOT_ID, [_received(update)], 99)
    await workshop.write(lambda tx: tx.run("UPDATE inbox SET lease_until = 1, attempts = 4"))
    await workshop.machinery.worker.recover()
    assert poison.tries == 0
    (dead,) = await workshop.db.read(inbox.list_dead, BOT_ID)
    assert dead.error == "ProcessDied"


async def test_a_suspect_that_merely_fails_holds_up_no_other_suspect(town: Town) -> None:
    await open_notebook(town)
    await poisoned(town)
    await town.write(inbox.add, BOT_ID, [_received(raw(7, "/poison"))], 99)
    fine = raw(8, "/note_down fine")
    await town.write(inbox.add, BOT_ID, [inbox.Received(fine["update_id"], 8, orjson.dumps(fine))], 99)
    await town.write(lambda tx: tx.run("UPDATE inbox SET lease_until = 1, attempts = 1"))
    began = asyncio.get_running_loop().time()
    await town.machinery.worker.recover()
    assert asyncio.get_running_loop().time() - began < 0.5
    assert await noted(town) == [(8, "fine")]


async def test_a_live_process_keeps_its_leases(workshop: Town) -> None:
    gate = asyncio.Event()
    add_command(workshop, "slow", lambda ctx: _after(gate, ctx))
    await store(workshop, raw(7, "/slow x"))
    for _ in range(5):
        workshop.clock.forward(inbox.LEASE_MS - 1_000)
        await workshop.machinery.worker.renew()
    assert await workshop.write(inbox.take_over, BOT_ID, 99, 10) == []
    gate.set()
    await workshop.settled()
    assert await workshop.db.read(lambda tx: tx.all("SELECT state, attempts FROM inbox")) == [("done", 0)]


async def test_what_is_in_hand_is_no_stray_of_ones_own_although_its_lease_ran_out(workshop: Town) -> None:
    gate = asyncio.Event()
    add_command(workshop, "slow", lambda ctx: _after(gate, ctx))
    await store(workshop, raw(7, "/slow x"), raw(7, "/note_down y"))
    for _ in range(3):
        await workshop.write(lambda tx: tx.run("UPDATE inbox SET lease_until = 1"))
        await workshop.machinery.worker.recover()
    gate.set()
    await workshop.settled()
    assert await noted(workshop) == [(7, "x"), (7, "y")]


async def test_closing_lets_finish_what_is_under_way_and_leaves_the_rest(workshop: Town) -> None:
    gate = asyncio.Event()
    add_command(workshop, "slow", lambda ctx: _after(gate, ctx))
    await store(workshop, raw(7, "/slow first"), raw(7, "/note_down second"))
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(workshop.machinery.worker.close())
    gate.set()
    await closing
    assert await noted(workshop) == [(7, "first")]
    left = await workshop.db.read(lambda tx: tx.all("SELECT state, holder FROM inbox WHERE state = 'new'"))
    assert left == [("new", 0)]


async def test_closing_takes_two_seconds_at_most(workshop: Town) -> None:
    add_command(workshop, "stuck", lambda ctx: asyncio.Event().wait())
    await store(workshop, raw(7, "/stuck"), raw(7, "/note_down behind"))
    await workshop.write(inbox.add, BOT_ID, [inbox.Received(1, 8, orjson.dumps(raw(8, "/cancel", 1)))], 99)
    await store(workshop, raw(8, "/note_down waits for a sibling"))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(3):
        await workshop.machinery.worker.close()


async def test_the_owners_of_the_settings_are_there(workshop: Town) -> None:
    assert await workshop.db.read(list_users, Role.OWNER) == [OWNER_ID]


async def test_writing_makes_a_person_reachable_again(workshop: Town) -> None:
    ann = await workshop.newcomer("Ann")
    await ann.types("/help")
    await ann.does(lambda: ann.person.block(workshop.bot))
    person = await workshop.db.read(people.get, ann.id)
    assert person is not None
    assert not person.reachable
    await ann.does(lambda: ann.person.start(workshop.bot))
    person = await workshop.db.read(people.get, ann.id)
    assert person is not None
    assert person.reachable
