"""A town: a simulated Telegram, the real bot beside it, and people who write to it and look at their chats.

town = …                          # the fixture
ann = await town.newcomer("Ann")
await ann.types("/start")
await ann.press("Join")
assert ann.sees("Welcome")
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import runtime
from bot.runtime import Machinery
from bot.settings import Settings, load
from db.database import Tx
from loyalty.charter import DEFAULT_CHARTER
from simulator.clock import Clock
from simulator.messages import Message
from simulator.people import Bot, Person, Press
from simulator.server import serving
from simulator.world import World

TOKEN = "123456:TEST-token-of-nobody-in-particular-0000"
USERNAME = "regulars_test_bot"
OWNER_ID = 7_000_001
_PATIENCE = 15.0


@dataclass
class Resident:
    """A person, their chat with the bot, and what they have seen of it."""

    town: Town
    person: Person
    seen: int = 0  # id of the last message looked at

    @property
    def id(self) -> int:
        return self.person.id

    async def types(self, text: str) -> None:
        """Send a text and wait until the bot has answered everything."""
        await self.does(lambda: self.person.send(self.town.bot, text))

    async def opens(self, start: str = "") -> None:
        """Follow a ?start= link."""
        await self.does(lambda: self.person.open(self.town.bot, start))

    async def press(self, label: str) -> Press | None:
        """Press the newest visible button with this label (its beginning is enough), inline or reply."""
        message = self._with_button(label)
        pressed: Press | None = None

        def act() -> None:
            nonlocal pressed
            pressed = self.person.press(self.town.bot, message.id if message else None, self._label(message, label))

        await self.does(act)
        return pressed

    async def shares_contact(self, of: Person | None = None) -> None:
        await self.does(lambda: self.person.share_contact(self.town.bot, of))

    async def does(self, act: Callable[[], Any]) -> None:
        """Do something, then wait until the bot has dealt with it and nothing waits to be sent."""
        self.seen = max((message.id for message in self.chat()), default=0)
        act()
        await self.town.settled()

    def chat(self) -> list[Message]:
        return self.town.world.messages(self.town.bot, self.person)

    def answers(self) -> list[Message]:
        """What the bot said since this person last did something."""
        return [message for message in self.chat() if message.id > self.seen and message.sender.is_bot]

    def reads(self) -> str:
        """The text of all bot messages in the chat as they stand now, newest last."""
        return "\n".join(message.shown for message in self.chat() if message.sender.is_bot)

    def hears(self) -> str:
        """The text of the latest answers."""
        return "\n".join(message.shown for message in self.answers())

    def sees(self, text: str) -> bool:
        """Whether the text stands anywhere in the chat, as the bot's."""
        return text in self.reads()

    def buttons(self) -> list[str]:
        """Labels on the newest message that has any."""
        for message in reversed(self.chat()):
            if labels := message.buttons:
                return labels
        return []

    def _with_button(self, label: str) -> Message | None:
        for message in reversed(self.chat()):
            if any(text.startswith(label) for text in message.buttons):
                return message
        return None

    def _label(self, message: Message | None, label: str) -> str:
        if message is None:
            return label
        return next(text for text in message.buttons if text.startswith(label))


@dataclass
class Town:
    world: World
    bot: Bot
    machinery: Machinery
    clock: Clock
    residents: list[Resident] = field(default_factory=list)

    @property
    def db(self) -> Any:
        return self.machinery.db

    async def newcomer(self, first_name: str, *, language_code: str = "en", phone: str = "", **more: Any) -> Resident:
        """Somebody who has not written to the bot yet."""
        phone = phone or f"+86138{10_000_000 + len(self.residents):08d}"
        person = self.world.add_person(first_name, language_code=language_code, phone=phone, **more)
        resident = Resident(self, person)
        self.residents.append(resident)
        return resident

    async def owner(self) -> Resident:
        """The owner the settings name."""
        known = next((r for r in self.residents if r.id == OWNER_ID), None)
        if known:
            return known
        owner = await self.newcomer("Olivia", user_id=OWNER_ID)
        await owner.opens()
        return owner

    async def write(self, action: Callable[..., Any], *args: Any) -> Any:
        """Straight to the database, as set-up."""
        return await self.db.write(action, *args)

    async def settled(self) -> None:
        """Until every update is handled and no message waits."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
            if await self._is_quiet():
                return
        raise AssertionError("the bot did not finish in time")

    async def _is_quiet(self) -> bool:
        machinery = self.machinery
        if self.bot.updates.pending or machinery.worker.backlog or not machinery.courier.is_idle:
            return False
        machinery.courier.wake()
        return bool(await machinery.db.read(_nothing_waits))


def _nothing_waits(tx: Tx) -> bool:
    # What is put off to a better hour is not waited for.
    waiting = tx.value("SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND due_at < :soon", soon=tx.now + 60_000)
    return waiting == 0 and tx.value("SELECT COUNT(*) FROM inbox WHERE state = 'new'") == 0


def settings_for(folder: Path, api_url: str, database_url: str = "", **more: str) -> Settings:
    environ = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api_url,
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'town.db'}",
        "OWNERS": str(OWNER_ID),
        "CHARTER": str(folder / "charter.toml"),
        "KEY_FILE": str(folder / "town.key"),
        "PACE": "0",
        **more,
    }
    return load(environ, folder)


@asynccontextmanager
async def open_town(
    folder: Path, database_url: str = "", charter: str = DEFAULT_CHARTER, world: World | None = None
) -> AsyncIterator[Town]:
    """The bot at work, polling a world that nobody lives in yet. Default language of the charter: Chinese."""
    (folder / "charter.toml").write_text(charter, encoding="utf-8")
    clock = world.clock if world else Clock()
    world = world or World(clock)
    bot = world.bot_named(USERNAME) or world.add_bot(TOKEN, USERNAME, "Regulars")
    async with serving(world) as url:
        settings = settings_for(folder, url, database_url)
        async with runtime.assembled(settings, clock.now) as machinery, asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in await runtime.works(machinery)]
            yield Town(world, bot, machinery, clock)
            await runtime.wind_down(machinery, tasks)


def plain(text: str) -> str:
    """Text without its white space, for comparing across lines."""
    return re.sub(r"\s+", " ", text)
