"""The courier: at least once, in order, never while Telegram wants quiet, and nothing lost to its own mistakes."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import courier as carrying, postman, updates
from bot.courier import Courier
from bot.delivery import Delivery
from db import outbox, people
from db.database import Database, DatabaseBusy, Tx
from loyalty.messages import Say
from simulator.files import FileStore
from tests.actions.shops import add_member
from tests.bot.engine import locked, raw, sends, until
from tests.bot.people import Resident, Town, open_town


def numbered(number: int) -> Say:
    """A message whose text ends in a number."""
    return Say("update_not_dead", {"reference": f"no-{number}"})


async def post(town: Town, resident: Resident, *numbers: int, **more: Any) -> None:
    def _post(tx: Tx) -> None:
        for number in numbers:
            say = numbered(number)
            outbox.post(tx, Say(say.template, say.params, to=resident.id, **more))

    await town.write(_post)
    town.machinery.courier.wake()


def numbers(resident: Resident) -> list[int]:
    """Of the numbered messages in a chat."""
    shown = [message.shown.partition("no-")[2] for message in resident.chat() if message.sender.is_bot]
    return [int(text.split()[0]) for text in shown if text]


async def somebody(town: Town, name: str = "Ann") -> Resident:
    resident = await town.newcomer(name)
    await resident.opens()
    return resident


async def states(town: Town) -> Counter[str]:
    return Counter(state for (state,) in await town.db.read(lambda tx: tx.all("SELECT state FROM outbox")))


async def test_messages_come_in_order(town: Town) -> None:
    ann = await somebody(town)
    await post(town, ann, *range(50))
    await town.settled()
    assert numbers(ann) == list(range(50))


async def test_what_was_said_but_not_answered_is_said_again(town: Town) -> None:
    ann = await somebody(town)
    lost = town.world.faults.add("answer_lost", method="sendMessage", times=2)
    await post(town, ann, *range(20))
    await town.settled()
    assert sorted(set(numbers(ann))) == list(range(20))
    assert len(numbers(ann)) - 20 <= lost.hits


async def test_a_promotion_that_may_have_come_is_not_sent_again(town: Town) -> None:
    ann = await somebody(town)
    town.world.faults.add("answer_lost", method="sendMessage", times=1)
    await post(town, ann, 1, kind="promotion")
    await town.settled()
    await post(town, ann, 2)
    await town.settled()
    assert numbers(ann) == [1, 2]
    assert (await states(town))["unknown"] == 1


@pytest.mark.parametrize("fault", ["server_error", "too_many_requests"])
async def test_nothing_overtakes_a_message_that_is_tried_again(town: Town, fault: str) -> None:
    ann = await somebody(town)
    town.world.faults.add(fault, method="sendMessage", times=1, retry_after=1)
    await post(town, ann, 1, 2, 3)
    await asyncio.sleep(0.1)
    await post(town, ann, 4)
    await town.settled()
    assert list(dict.fromkeys(numbers(ann))) == [1, 2, 3, 4]


async def test_nothing_is_sent_while_telegram_wants_quiet(town: Town) -> None:
    residents = [await somebody(town, f"P{n}") for n in range(8)]
    town.world.faults.add("too_many_requests", method="sendMessage", times=1, retry_after=2)
    told = len(town.world.log)
    for resident in residents:
        await post(town, resident, 1, 2)
    await town.settled()
    log = [entry for entry in list(town.world.log)[told:] if entry["method"] != "getUpdates"]
    refused = next(entry["monotonic"] for entry in log if entry["status"] == 429)
    # Whatever was on the wire when the 429 came cannot be called back.
    assert [entry for entry in log if 0.3 < entry["monotonic"] - refused < 2] == []
    assert [numbers(resident) for resident in residents] == [[1, 2]] * 8


async def test_a_press_is_answered_after_the_quiet(town: Town) -> None:
    ann = await somebody(town)
    bob = await somebody(town, "Bob")
    await ann.types("/settings")
    town.world.faults.add("too_many_requests", method="sendMessage", times=1, retry_after=1)
    await post(town, bob, 1)
    await until(lambda: any(entry["status"] == 429 for entry in town.world.log))
    pressed = await ann.press(ann.buttons()[0])
    assert pressed is not None
    await until(lambda: pressed.answer)
    refused = next(entry for entry in town.world.log if entry["status"] == 429)
    answered = next(entry for entry in town.world.log if entry["method"] == "answerCallbackQuery")
    assert answered["monotonic"] - refused["monotonic"] >= 1


async def test_a_quiet_longer_than_the_lease_sends_nothing_twice(
    tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LEASE_MS", 300)
    monkeypatch.setattr(carrying, "_RENEW_EVERY", 0.05)
    async with open_town(tmp_path) as town:
        residents = [await somebody(town, f"P{n}") for n in range(6)]
        town.world.faults.add("too_many_requests", method="sendMessage", times=1, retry_after=1)
        for resident in residents:
            await post(town, resident, 1, 2, 3)
        await town.settled()
        assert [numbers(resident) for resident in residents] == [[1, 2, 3]] * 6


async def test_a_slow_line_sends_nothing_twice(
    tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LEASE_MS", 300)
    monkeypatch.setattr(carrying, "_RENEW_EVERY", 0.05)
    async with open_town(tmp_path) as town:
        ann = await somebody(town)
        town.world.faults.add("slow", method="sendMessage", times=3, delay_ms=500)
        await post(town, ann, 1, 2, 3)
        await town.settled()
        assert numbers(ann) == [1, 2, 3]


async def test_who_blocked_the_bot_is_tried_once_and_marked(town: Town) -> None:
    ann = await somebody(town)
    ann.person.block(town.bot)
    town.bot.updates.drop()  # the news of it comes later than the message
    before = len(sends(town, ann.id))
    await post(town, ann, 1, 2, 3)
    await town.settled()
    assert len(sends(town, ann.id)) - before == 1
    assert not await reachable(town, ann)


async def reachable(town: Town, resident: Resident) -> bool:
    person = await town.db.read(people.get, resident.id)
    assert person is not None
    return person.reachable


async def test_who_blocked_the_bot_is_never_written_to_until_they_write(town: Town) -> None:
    ann = await somebody(town)
    await ann.does(lambda: ann.person.block(town.bot))
    before = len(sends(town, ann.id))
    await post(town, ann, 1)
    await town.settled()
    assert len(sends(town, ann.id)) == before
    await ann.does(lambda: ann.person.start(town.bot))
    await post(town, ann, 2)
    await town.settled()
    assert numbers(ann) == [2]


async def test_a_chat_that_is_gone_is_tried_once(town: Town) -> None:
    ann = await somebody(town)
    fault = town.world.faults.add("chat_not_found", method="sendMessage", times=0)
    await post(town, ann, 1)
    await town.settled()
    assert fault.hits == 1
    assert (await states(town))["failed"] == 1


async def test_telegram_down_and_up_again_loses_nothing(town: Town) -> None:
    residents = [await somebody(town, f"P{n}") for n in range(5)]
    town.world.faults.add("server_error", times=0)
    for resident in residents:
        await post(town, resident, 1, 2)
    await asyncio.sleep(2)
    town.world.faults.clear()
    began = asyncio.get_running_loop().time()
    await town.settled()
    assert asyncio.get_running_loop().time() - began < 6
    assert [numbers(resident) for resident in residents] == [[1, 2]] * 5


async def test_the_wait_between_tries_never_grows_beyond_seconds(town: Town) -> None:
    ann = await somebody(town)
    town.world.faults.add("server_error", method="sendMessage", times=0)
    await post(town, ann, 1)
    await town.write(lambda tx: tx.run("UPDATE outbox SET attempts = 40 WHERE state = 'queued'"))
    due = "SELECT due_at FROM outbox WHERE state = 'queued' AND attempts > 40"
    await until(lambda: town.db.read(lambda tx: tx.value(due)))
    assert await town.db.read(lambda tx: tx.value(due)) - town.clock.now() <= 5_000


async def test_words_that_fail_are_apologised_for_with_a_reference(town: Town, log: io.StringIO) -> None:
    ann = await somebody(town)
    await town.write(lambda tx: outbox.post(tx, Say("points", {}, to=ann.id)))
    await post(town, ann, 2)
    await town.settled()
    broken = await town.db.read(lambda tx: tx.value("SELECT id FROM outbox WHERE state = 'failed'"))
    assert f"m{broken}" in ann.reads()
    assert numbers(ann) == [2]
    assert "event=message_unsendable" in log.getvalue()


async def test_words_that_telegram_refuses_are_apologised_for(town: Town) -> None:
    ann = await somebody(town)
    await town.write(lambda tx: outbox.post(tx, Say("update_not_dead", {"reference": "x" * 5_000}, to=ann.id)))
    await town.settled()
    assert ann.sees("something went wrong")


async def test_an_apology_that_fails_is_not_apologised_for(town: Town) -> None:
    ann = await somebody(town)
    await town.write(lambda tx: outbox.post(tx, Say("update_given_up", {}, to=ann.id)))
    await town.settled()
    assert len(await town.db.read(lambda tx: tx.all("SELECT id FROM outbox WHERE state = 'failed'"))) == 1


async def test_an_edit_of_what_is_gone_comes_as_a_new_message(town: Town) -> None:
    ann = await somebody(town)
    await ann.types("/settings")
    shown = ann.chat()[-1]
    del shown.chat.messages[shown.id]
    await town.write(lambda tx: outbox.post(tx, Say("cancelled", {"member": True}, to=ann.id, edit=shown.id)))
    await town.settled()
    assert ann.chat()[-1].id > shown.id


async def test_an_edit_of_a_picture_comes_as_a_new_message(town: Town) -> None:
    ann = await member(town)
    await ann.types("/card")
    card = ann.chat()[-1]
    assert card.photo
    await town.write(lambda tx: outbox.post(tx, Say("edit_not_read", {}, to=ann.id, edit=card.id)))
    await town.settled()
    assert ann.chat()[-1].id > card.id


async def test_an_edit_that_changes_nothing_is_done(town: Town) -> None:
    ann = await somebody(town)
    await ann.types("/settings")
    await town.write(lambda tx: outbox.post(tx, Say("edit_not_read", {}, to=ann.id, edit=ann.chat()[-1].id)))
    await town.settled()
    count = len(ann.chat())
    await town.write(lambda tx: outbox.post(tx, Say("edit_not_read", {}, to=ann.id, edit=ann.chat()[-1].id)))
    await town.settled()
    assert len(ann.chat()) == count


async def member(town: Town) -> Resident:
    ann = await somebody(town)
    await town.write(add_member, "Ann", "13800138000", ann.id)
    return ann


async def test_a_picture_is_drawn_and_uploaded_once(town: Town) -> None:
    ann = await member(town)
    await ann.types("/card")
    await ann.types("/card")
    first, second = [entry["params"]["photo"] for entry in sends(town, ann.id, "sendPhoto")]
    assert first.startswith("<file")
    assert not second.startswith("<file")


async def test_a_picture_that_telegram_forgot_is_drawn_again(town: Town) -> None:
    ann = await member(town)
    await ann.types("/card")
    town.world.files = FileStore()
    await ann.types("/card")
    assert len([message for message in ann.chat() if message.photo]) == 2


class FailsOnce:
    """A database whose first such call finds the engine in trouble."""

    def __init__(self, db: Database, fails: str) -> None:
        self._db = db
        self._fails = fails

    async def read(self, query: Callable[..., Any], *args: Any) -> Any:
        return await self._call("read", query, *args)

    async def write(self, action: Callable[..., Any], *args: Any) -> Any:
        return await self._call("write", action, *args)

    async def close(self) -> None: ...

    async def _call(self, how: str, what: Callable[..., Any], *args: Any) -> Any:
        if what.__name__ == self._fails:
            self._fails = ""
            raise DatabaseBusy
        return await getattr(self._db, how)(what, *args)


@pytest.mark.parametrize("moment", ["get", "keep"])
async def test_trouble_of_the_database_loses_no_picture(
    town: Town, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "LONGEST_WAIT_MS", 100)
    ann = await member(town)
    usual = town.machinery.courier._delivery
    failing: Any = FailsOnce(town.db, moment)
    town.machinery.courier._postman.delivery = Delivery(usual.api, failing, usual.words, usual.studio)
    await ann.types("/card")
    assert len([message for message in ann.chat() if message.photo]) == 1
    assert not (await states(town))["failed"]


async def test_an_outcome_that_cannot_be_recorded_at_once_is_recorded_later(tmp_path: Path, log: io.StringIO) -> None:
    async with open_town(tmp_path, f"sqlite:///{tmp_path / 'town.db'}?busy_timeout=20") as town:
        ann = await somebody(town)
        town.world.faults.add("slow", method="sendMessage", times=1, delay_ms=150)
        await post(town, ann, 1, 2)
        await until(lambda: town.machinery.courier.in_hand)
        async with locked(tmp_path / "town.db"):
            await asyncio.sleep(1)
        await town.settled()
        assert numbers(ann) == [1, 2]
        assert "outcome_not_recorded" in log.getvalue()


async def test_a_message_posted_while_an_earlier_one_is_put_off_comes_after_it(town: Town) -> None:
    ann = await somebody(town)
    for round_ in range(8):
        town.world.faults.add("server_error", method="sendMessage", times=1)
        first = await town.write(outbox.post_leased, _to(ann, 2 * round_), town.machinery.courier.holder)
        town.machinery.courier.send([first])
        await _turns(round_)
        second = await town.write(outbox.post_leased, _to(ann, 2 * round_ + 1), town.machinery.courier.holder)
        town.machinery.courier.send([second] if second else [])
        await town.write(lambda tx: tx.run("UPDATE outbox SET due_at = 0"))
        await town.settled()
    assert numbers(ann) == list(range(16))


def _to(resident: Resident, number: int) -> Say:
    return Say("update_not_dead", {"reference": f"no-{number}"}, to=resident.id)


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("turns", range(6))
async def test_it_ends_although_it_is_woken_at_that_moment(town: Town, turns: int) -> None:
    courier = Courier(town.db, town.machinery.courier._delivery, 77, town.clock.now)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0.05)
    courier.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait({running}, timeout=1)
    assert done


async def test_closing_leaves_what_it_has_in_hand_to_others(town: Town) -> None:
    ann = await somebody(town)
    town.world.faults.add("hang", method="sendMessage", times=0)
    await post(town, ann, 1, 2, 3)
    await until(lambda: town.machinery.courier.in_hand == 3)
    async with asyncio.timeout(3):
        await town.machinery.courier.close()
    assert len(await town.write(outbox.claim, 99, 10)) == 3


async def test_apologies_come_once_a_minute_and_are_forgotten(town: Town) -> None:
    ann = await somebody(town)
    courier = town.machinery.courier
    given = updates.read(raw(ann.id, "x"))
    for _ in range(3):
        courier.apologise([given])
    await until(lambda: ann.sees("technical problem"))
    assert len(sends(town, ann.id)) == 2
    courier._apologised = dict.fromkeys(range(1000), -1000.0)
    courier.apologise([])
    assert courier._apologised == {}
