"""What once went wrong with the engine: rows that do not open, quiet that was not kept, messages that never ended."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from telegram.error import BadRequest, RetryAfter

from bot import courier as carrying, runtime, worker as working
from bot.context import Ctx
from bot.logs import blame
from bot.pictures import Studio
from bot.scanning import ScannerBusy
from bot.settings import SettingsError
from bot.webhook import PATH, Webhook, make_app
from db import dialogues, inbox, outbox
from db.database import Tx
from db.inbox import Received
from loyalty.messages import Picture, Say
from simulator.clock import Clock
from simulator.server import serving
from simulator.world import World
from tests.bot.engine import add_command, noted, open_notebook, raw, sends, take_note, until
from tests.bot.people import TOKEN, USERNAME, Town, open_town, settings_for
from tests.bot.test_engine_courier import numbers, post, somebody

BOT_ID = 123456


async def spoil_inbox(town: Town) -> None:
    """As if what waits were sealed under a key that is lost."""
    await town.write(lambda tx: tx.run("UPDATE inbox SET payload = :junk WHERE state = 'new'", junk=bytes(60)))


# One row that cannot be opened


async def test_a_message_that_cannot_be_opened_keeps_back_no_other(town: Town) -> None:
    ann, bob = await somebody(town), await somebody(town, "Bob")
    await town.write(_post_spoilt, ann.id)
    await post(town, bob, 1)
    await town.settled()
    assert numbers(bob) == [1]
    assert (
        await town.db.read(lambda tx: tx.value("SELECT error FROM outbox WHERE state = 'failed'")) == "Undecipherable"
    )


def _post_spoilt(tx: Tx, chat_id: int) -> None:
    outbox.post(tx, Say("cancelled", {"member": False}, to=chat_id))
    tx.run("UPDATE outbox SET payload = :junk WHERE state = 'queued'", junk=bytes(60))


async def test_the_owners_are_told_once_of_messages_that_cannot_be_opened(town: Town) -> None:
    owner, ann = await town.owner(), await somebody(town)
    for _ in range(2):
        await town.write(_post_spoilt, ann.id)
        await town.settled()
    assert owner.reads().count("could not be sent") == 1
    assert "something went wrong" in ann.reads()


async def test_an_update_that_cannot_be_opened_is_set_aside_and_keeps_back_no_other(
    tmp_path: Path, log: io.StringIO
) -> None:
    world = World()
    async with open_town(tmp_path, world=world) as town:
        owner = await town.owner()
        await town.write(inbox.add, BOT_ID, [Received(1, 7, b"{}"), Received(2, 9, b"{}")], 99)
        await spoil_inbox(town)
        fine = raw(8, "/cancel", 3)
        await town.write(inbox.add, BOT_ID, [Received(3, 8, orjson.dumps(fine))], 99)
        await town.write(lambda tx: tx.run("UPDATE inbox SET attempts = 1 WHERE update_id = 2"))
    async with open_town(tmp_path, world=world) as town:
        await town.settled()
        dead = await town.db.read(inbox.list_dead, BOT_ID)
        assert [(one.update_id, one.error) for one in dead] == [(1, "Undecipherable"), (2, "Undecipherable")]
        assert "Undecipherable" in owner.reads()
        assert await town.db.read(lambda tx: tx.value("SELECT state FROM inbox WHERE update_id = 3")) == "done"


# Quiet, and Telegram out of reach


async def test_a_file_that_cannot_be_fetched_for_a_while_is_fetched_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_TROUBLE_PAUSES", (0.01,))
    await open_notebook(town)

    async def fetch(ctx: Ctx) -> None:
        await ctx.download("no-such-file")
        await take_note(ctx)

    add_command(town, "fetch", fetch)
    town.world.faults.add("server_error", method="getFile", times=9)
    await town.machinery.intake.store([raw(7, "/fetch x")])
    await until(lambda: _count(town, "getFile") >= 9)
    attempts = await town.db.read(lambda tx: tx.value("SELECT MAX(attempts) FROM inbox"))
    assert attempts in (0, 1)  # the tenth is Telegram's word that there is no such file
    await town.settled()


def _count(town: Town, method: str) -> int:
    return sum(entry["method"] == method for entry in town.world.log)


@pytest.mark.parametrize("method", ["answerCallbackQuery", "getFile", "setMyCommands"])
async def test_a_429_to_any_call_quiets_all_of_them(town: Town, method: str) -> None:
    ann = await somebody(town)
    town.world.faults.add("too_many_requests", method=method, times=1, retry_after=1)
    with pytest.raises(RetryAfter):
        await town.machinery.api.call(method, {"callback_query_id": "1", "file_id": "x", "commands": []})
    refused = next(entry for entry in town.world.log if entry["status"] == 429)
    await post(town, ann, 1)
    await town.settled()
    assert numbers(ann) == [1]
    assert sends(town, ann.id)[-1]["monotonic"] - refused["monotonic"] >= 1


# What Telegram refuses for good


async def test_a_webhook_telegram_refuses_ends_the_start_with_its_words(tmp_path: Path) -> None:
    world = World(Clock())
    world.add_bot(TOKEN, USERNAME, "Regulars")
    async with serving(world) as url:
        world.faults.add("chat_not_found", method="setWebhook", times=0)
        more = {
            "BOT_MODE": "webhook", "WEBHOOK_URL": "https://bot.example", "WEBHOOK_SECRET": "s" * 40, "HTTP_PORT": "0",
        }  # fmt: skip
        settings = settings_for(tmp_path, url, **more)
        async with asyncio.timeout(10):
            with pytest.raises(SettingsError, match="setWebhook"):
                await runtime.run(settings, world.clock.now, asyncio.Event())


# Rows that never ended


async def test_what_telegram_fails_at_again_and_again_is_given_up_while_others_get_through(town: Town) -> None:
    ann, bob = await somebody(town), await somebody(town, "Bob")
    town.world.faults.add("server_error", method="sendMessage", chat=ann.id, times=1)
    await town.write(lambda tx: outbox.post(tx, Say("cancelled", {"member": False}, to=ann.id)))
    await town.write(
        lambda tx: tx.run("UPDATE outbox SET attempts = 50, queued_at = queued_at - 3600000 WHERE state = 'queued'")
    )
    await post(town, bob, 1)
    await town.settled()
    assert ann.sees("something went wrong")


async def test_a_failure_to_record_leaves_no_chat_silent_for_ever(
    town: Town, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await somebody(town)
    real = outbox.mark_all_sent

    def fails(*_args: object) -> None:
        raise KeyError

    monkeypatch.setattr(outbox, "mark_all_sent", fails)
    await post(town, ann, 1)
    await until(lambda: "event=chat_left" in log.getvalue())
    monkeypatch.setattr(outbox, "mark_all_sent", real)
    town.clock.forward(outbox.LEASE_MS + 1_000)
    await post(town, ann, 2)
    await town.settled()
    assert numbers(ann) == [1, 1, 2]


async def test_texts_do_not_wait_for_pictures(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "_TEXTS_AT_ONCE", 4)
    gate = asyncio.Event()

    async def slowly(*_args: Any) -> bytes:
        await gate.wait()
        raise ValueError

    monkeypatch.setattr(Studio, "draw", slowly)
    people = [await somebody(town, f"P{n}") for n in range(30)]
    for one in people[:-1]:
        await town.write(
            outbox.post, Say("cancelled", {"member": False}, to=one.id, picture=Picture("code", {"code": "1"}))
        )
    town.machinery.courier.wake()
    await asyncio.sleep(0.3)
    await post(town, people[-1], 1)
    await until(lambda: numbers(people[-1]) == [1], 3)
    gate.set()
    await town.settled()


async def test_an_edit_refused_for_any_reason_comes_as_a_new_message(town: Town) -> None:
    ann = await somebody(town)
    await ann.types("/settings")
    shown = ann.chat()[-1]
    town.world.faults.add("chat_not_found", method="editMessageText", times=1)
    await town.write(lambda tx: outbox.post(tx, Say("cancelled", {"member": True}, to=ann.id, edit=shown.id)))
    await town.settled()
    assert ann.chat()[-1].id > shown.id


# Too much at once


async def test_a_webhook_takes_no_more_than_can_be_handled(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_MOST_BACKLOG", 5)
    await open_notebook(town)
    gate = asyncio.Event()

    async def slow(ctx: Ctx) -> None:
        await gate.wait()
        await take_note(ctx)

    add_command(town, "slow", slow)

    async def health() -> dict[str, object]:
        return {"ok": True}

    app = make_app(health, Webhook(town.machinery.intake, town.machinery.courier, "s"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot.example") as telegram:
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s"}
        posts = [await telegram.post(PATH, json=raw(7, f"/slow {n}"), headers=headers) for n in range(10)]
        assert [answer.status_code for answer in posts] == [200] * 6 + [503] * 4
        gate.set()
        await town.settled()
    assert len(await noted(town)) == 6


# What is said besides


def test_a_logged_refusal_quotes_nobody() -> None:
    told = BadRequest('Can\'t parse entities: unsupported start tag "王小明" at byte offset 5')
    assert "王" not in blame(told)
    assert blame(told).startswith("BadRequest: Can")


async def test_unchanged_menus_and_descriptions_are_not_set_again(tmp_path: Path, log: io.StringIO) -> None:
    world = World()
    async with open_town(tmp_path, world=world) as town:
        await until(lambda: _count(town, "getMyShortDescription") == 3)
        await asyncio.sleep(0.2)  # until the last one is set
    before = len(world.log)
    async with open_town(tmp_path, world=world) as town:
        await until(lambda: _count(town, "getMyShortDescription") == 6)
        assert [entry for entry in list(world.log)[before:] if entry["method"].startswith("setMy")] == []


async def test_trouble_with_a_menu_is_no_trouble_of_the_update(town: Town) -> None:
    owner = await town.owner()
    town.world.faults.add("slow", method="setMyCommands", times=0, delay_ms=3_000)
    began = asyncio.get_running_loop().time()
    owner.person.send(town.bot, "/desk")
    owner.person.send(town.bot, "/help")
    await until(lambda: len(sends(town, owner.id)) >= 3)
    assert asyncio.get_running_loop().time() - began < 2
    town.world.faults.clear()


async def test_polls_go_on_while_every_connection_for_sending_is_taken(town: Town) -> None:
    await open_notebook(town)
    ann = await somebody(town)
    town.world.faults.add("slow", method="getMe", times=0, delay_ms=4_000)
    calls = [asyncio.create_task(town.machinery.api.call("getMe", {})) for _ in range(300)]
    for n in (1, 2):
        ann.person.send(town.bot, f"/note_down {n}")
        async with asyncio.timeout(3):
            while len(await noted(town)) < n:  # noqa: ASYNC110 - a table has no event
                await asyncio.sleep(0.01)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


async def test_no_more_photos_are_fetched_than_will_be_looked_at(town: Town) -> None:
    fetched = 0

    async def fetch(ctx: Ctx) -> None:
        nonlocal fetched
        with ctx.services.scanner.place():
            fetched += 1
            await gate.wait()
        await ctx.say("edit_not_read")

    async def busy(ctx: Ctx) -> None:
        try:
            await fetch(ctx)
        except ScannerBusy:
            await ctx.say("desk_scanner_busy")

    gate = asyncio.Event()
    add_command(town, "look", busy)
    await town.machinery.intake.store([raw(100 + n, "/look") for n in range(30)])
    await until(lambda: town.machinery.worker.backlog == fetched)
    assert fetched <= 10
    gate.set()
    await town.settled()


async def test_a_dialogue_that_cannot_be_opened_starts_again(town: Town) -> None:
    ann = await somebody(town)
    await town.write(dialogues.put, ann.id, ann.id, "join", "name", {})
    await town.write(lambda tx: tx.run("UPDATE dialogue SET answers = :junk", junk=bytes(60)))
    await ann.types("Ann")
    assert "start again" in ann.hears()
    assert await town.db.read(dialogues.get, ann.id, ann.id) is None
