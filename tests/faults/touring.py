"""A tour of everything the bot can do, by people whose data must not turn up where it does not belong."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from db import members
from db.database import Tx
from loyalty.roles import Role
from simulator.chats import Group
from simulator.messages import Message
from simulator.people import Person, Press
from tests.actions.shops import hire
from tests.faults.chain import OWNER_ID, TOKEN, Chain, in_database

NAME, PHONE, EMAIL = "Canaria Vogelsang", "13655512345", "canaria.vogelsang@example.org"
NAME_CHINESE = "金丝雀"
# What members answer, and what staff do, who write no personal data into names of stores or gifts.
_TYPED = ("2", "86.50", NAME, "17 May 1990", EMAIL)
_TYPED_BY_STAFF = ("2", "86.50", "West Gate", "12", "1")
_PRESSES = 25
# What ends a person's part in the tour.
_LAST = ("removed", "leave", "erase", "forget", "storeclose")


@dataclass
class Evidence:
    """What the tour left behind."""

    log: str = ""
    calls: list[Mapping[str, Any]] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    group: list[str] = field(default_factory=list)
    stored: dict[str, bytes] = field(default_factory=dict)  # raw bytes by where they lie
    card_token: str = ""
    verbs: set[str] = field(default_factory=set)


@dataclass
class Tourist:
    made: Chain
    person: Person
    seen: Evidence
    typed: tuple[str, ...] = _TYPED_BY_STAFF
    pressed: set[str] = field(default_factory=set)

    async def types(self, *texts: str) -> None:
        for text in texts:
            self.person.send(self.made.bot, text)
            await self.made.settled()

    async def does(self, act: Any) -> None:
        act()
        await self.made.settled()

    async def presses(self, label: str) -> None:
        """The newest button with this label."""
        message, button = next(
            (message, button)
            for message in self._newest()
            for button in _buttons(message)
            if button["text"].startswith(label)
        )
        await self._press(message, button)

    async def looks_around(self, count: int) -> None:
        """Press what has not been pressed yet, one of each kind, newest first; answer what is asked."""
        for turn in range(count):
            found = next(self._untried(), None)
            if found is None:
                return
            await self._press(*found)
            if self._is_asked():
                await self.types(self.typed[turn % len(self.typed)])

    def _untried(self) -> Any:
        for message in self._newest():
            for button in _buttons(message):
                data = button.get("callback_data", "")
                if data and _kind(data) not in self.pressed and not data.startswith(_LAST):
                    yield message, button

    async def _press(self, message: Message, button: Mapping[str, Any]) -> None:
        data = button["callback_data"]
        self.pressed.add(_kind(data))
        self.seen.verbs.add(data.partition(":")[0])
        self.seen.presses.append(self.person.world.press(self.person, message, dict(button)))
        await self.made.settled()

    def _newest(self) -> list[Message]:
        return [one for one in reversed(self.made.world.messages(self.made.bot, self.person)) if one.sender.is_bot]

    def _is_asked(self) -> bool:
        return self.made.rows(f"SELECT COUNT(*) FROM dialogue WHERE user_id = {self.person.id}") != [(0,)]


def _kind(data: str) -> str:
    """A button but for the numbers in it."""
    return "".join(character for character in data if not character.isdigit())


def _buttons(message: Message) -> list[Mapping[str, Any]]:
    return [button for row in message.inline_keyboard or [] for button in row if "callback_data" in button]


async def tour(made: Chain) -> Evidence:
    """Join, buy, look at everything, and have things go wrong; then look where it all went."""
    seen = Evidence()
    world = made.world
    canary = Tourist(made, _newcomer(made, NAME, phone=f"+86{PHONE}"), seen, _TYPED)
    owner = Tourist(made, _newcomer(made, "Olivia", user_id=OWNER_ID), seen)
    manager = Tourist(made, _newcomer(made, "Manfred"), seen)
    clerk = Tourist(made, made.clerks[0], seen)
    await in_database(made, hire, manager.person.id, 1, Role.MANAGER)
    group = world.add_group("Staff", [owner.person, clerk.person, made.bot])
    process = await made.started("tests.faults.odd_bot", MENDED="/nonexistent")
    await _joins(canary)
    await _serves(made, clerk, canary)
    await _chats_in(group, clerk)
    await _has_trouble(made, canary, clerk)
    for tourist in (canary, clerk, manager, owner):
        await tourist.types("/help", "/settings", "/profile", "/staff", "/store", "/gifts", "/gift", "/desk", "/points")
        await tourist.looks_around(_PRESSES)
    _copy_stored(made, seen)
    await process.stop()
    _copy_stored(made, seen, "after the end: ")
    seen.card_token = await in_database(made, _card_token, canary.person.id)
    seen.log = "".join(one.printed for one in made.processes)
    seen.calls = list(world.log)
    seen.group = [message.shown for message in group.messages.values() if message.sender.is_bot]
    return seen


def _newcomer(made: Chain, name: str, **more: Any) -> Person:
    person = made.world.add_person(name, language_code="en", **more)
    made.world.private_chat(made.bot, person).started = True
    return person


async def _joins(canary: Tourist) -> None:
    await canary.types("/start s_ximen")
    await canary.presses("Join")
    await canary.presses("I agree")
    await canary.does(lambda: canary.person.share_contact(canary.made.bot))
    await canary.types(NAME, "17 May 1990", "/card", "/points", "/history", "/profile")
    await canary.presses("E-mail")
    await canary.types(EMAIL, f"my number is {PHONE} and my address {EMAIL}", f"/nothing {NAME_CHINESE}")


async def _serves(made: Chain, clerk: Tourist, canary: Tourist) -> None:
    await clerk.types(
        f"/purchase {PHONE} 86.50", f"/member {NAME}", "12.00", "/member Vogelsang", f"/member {PHONE[-4:]}"
    )
    await clerk.types(
        f"/purchase {NAME} 10", f"/purchase {EMAIL} 10", "/purchase", PHONE, "5.50", f"/member {NAME_CHINESE}"
    )
    card = next(message.photo for message in made.world.messages(made.bot, canary.person) if message.photo)
    await clerk.does(lambda: clerk.person.send_photo(made.bot, card.file.data))
    await clerk.does(lambda: clerk.person.send_voice(made.bot))
    await canary.does(lambda: canary.person.edit(canary.person.send(made.bot, NAME).id, f"{NAME} {PHONE}"))


async def _chats_in(group: Group, clerk: Tourist) -> None:
    for text in (f"/member {PHONE}", "/points", f"/points@fault_test_bot {NAME}", f"/purchase {PHONE} 3"):
        await clerk.does(lambda text=text: clerk.person.send(group, text))


async def _has_trouble(made: Chain, canary: Tourist, clerk: Tourist) -> None:
    """Lost answers, refusals, a handler that fails with somebody's words in its hands."""
    canary.person.send(made.bot, f"/fail {NAME} {PHONE} {EMAIL}")
    made.world.faults.add("answer_lost", times=2)
    made.world.faults.add("server_error", method="sendMessage", times=1)
    made.world.faults.add("too_many_requests", method="sendMessage", times=1, retry_after=1)
    await clerk.types(f"/purchase {PHONE} 1.00")
    await canary.types("/points")


def _card_token(tx: Tx, user_id: int) -> str:
    member = members.get_by_user(tx, user_id)
    assert member is not None
    return members.reveal(tx, member.id).card_token


def _copy_stored(made: Chain, seen: Evidence, when: str = "") -> None:
    """The database's files as they lie there, and a backup copy; every row of a server."""
    if not made.database_url.startswith("sqlite"):
        seen.stored[f"{when}rows"] = _dumped(made.database_url)
        return
    path = Path(made.database_url.removeprefix("sqlite:///"))
    for file in sorted(path.parent.glob(f"{path.name}*")):
        seen.stored[f"{when}{file.name}"] = file.read_bytes()
    backup = path.with_name("backup-copy")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    seen.stored[f"{when}backup"] = backup.read_bytes()
    backup.unlink()


def _dumped(url: str) -> bytes:
    """All rows as text, bytes as they are."""
    with psycopg.connect(url) as server:
        tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [row for (table,) in tables for row in server.execute(f"SELECT * FROM {table}".encode()).fetchall()]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


def canaries(seen: Evidence) -> list[str]:
    """What must not turn up. The bot's own token is one of them."""
    return [NAME, "Vogelsang", "vogelsang", NAME_CHINESE, PHONE, PHONE[3:], EMAIL, seen.card_token, TOKEN, TOKEN[7:]]
