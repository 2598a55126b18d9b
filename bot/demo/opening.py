"""What was said before the visitor came: the people write, and the bot itself answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from bot.demo import cast, shoppers
from bot.demo.cast import Character
from bot.demo.seed import ZONE
from simulator.chats import Group, PrivateChat, Topic
from simulator.people import Bot
from simulator.world import World

log = structlog.get_logger()

TOKEN = "900000001:demo-token-that-opens-nothing-anywhere"  # noqa: S105 - no secret: only this simulator knows it
USERNAME = "regulars_demo_bot"
_MINUTE = 60_000
_LOOK_EVERY = 0.01
_PATIENCE = 15.0
# An answer of several messages is over when this long no more has come.
_PAUSE = 0.1

TALK = (
    (cast.ZHIXIA, "店庆双倍积分今天继续，结账时记得提醒顾客。"),
    (cast.MEI, "The new scarves are on the shelf at Nanhu."),
    (cast.XIAOCHUAN, "收到。西门这边鲜奶到货了。"),
)


def people(world: World) -> Bot:
    """The bot's account, everybody's, and the staff group, in an empty world."""
    bot = world.add_bot(TOKEN, USERNAME, "老友会 Regulars")
    for one in cast.EVERYBODY:
        world.add_person(
            one.first_name, last_name=one.last_name, language_code=one.language, phone=one.phone,
            user_id=one.user_id, role_note=one.note,
        )  # fmt: skip
    order = (cast.OWNER, cast.ZHIXIA, cast.XIAOCHUAN, cast.MEI)
    group = world.add_group("Staff room 店员群", [*(world.people[one.user_id] for one in order), bot], forum=True)
    for name in ("值班 Shifts", "顾客反馈 Feedback"):
        _open_topic(world, group, name)
    return bot


def _open_topic(world: World, group: Group, name: str) -> None:
    """As the owner does it in the app."""
    topic = Topic(0, name)
    opened = {"forum_topic_created": {"name": name, "icon_color": topic.icon_color}}
    message = world.post_service(group, world.people[cast.OWNER.user_id], opened)
    message.topic_id = topic.id = message.id
    group.topics[topic.id] = topic


@dataclass(frozen=True, slots=True)
class Stage:
    world: World
    bot: Bot

    async def play(self, today: date) -> None:
        """Yesterday at the shop, and this last half hour; then the clock is right again."""
        clock = self.world.clock
        evening = shoppers.instant(today - timedelta(days=1), 18, 40, ZONE)
        clock.set(evening - 5 * _MINUTE)
        await self._says(cast.LIN, "/start")
        clock.set(evening)
        await self._says(cast.XIAOCHUAN, "/desk")
        await self._says(cast.XIAOCHUAN, f"/purchase {cast.LIN.phone.removeprefix('+86')} 86.50 微信")
        clock.reset()
        group = next(iter(self.world.groups.values()))
        for number, (person, text) in enumerate(TALK):
            clock.offset = (number * 4 - 55) * _MINUTE
            self.world.people[person.user_id].send(group, text)
        for number, (person, text) in enumerate(self._questions()):
            clock.offset = (number * 2 - 25) * _MINUTE
            await self._says(person, text)
        clock.reset()

    def _questions(self) -> list[tuple[Character, str]]:
        return [
            (cast.CHEN, "/start"), (cast.CHEN, "查積分"), (cast.ANN, "/start"), (cast.ANN, "my points"),
            (cast.GRANDPA, "/start"), (cast.GRANDPA, "积分"), (cast.MEI, "/desk"), (cast.ZHIXIA, "/desk"),
            (cast.OWNER, "/desk"), (cast.OWNER, "/staff"), (cast.LIN, "会员卡"), (cast.LIN, "查积分"),
        ]  # fmt: skip

    async def _says(self, character: Character, text: str) -> None:
        """Write to the bot, and wait until it has answered."""
        person = self.world.people[character.user_id]
        chat = self.world.private_chat(self.bot, person)
        sent = person.send(chat, text)
        try:
            async with asyncio.timeout(_PATIENCE):
                await _until(lambda: _answers(chat) > sent.id and not self.bot.updates.pending)
                await self._silence()
        except TimeoutError:
            log.warning("demo_waits_for_no_answer", text=text)

    async def _silence(self) -> None:
        seen = 0
        while seen != self.bot.mailbox:
            seen = self.bot.mailbox
            await asyncio.sleep(_PAUSE)

    async def listening(self) -> None:
        """Until the bot has called for its updates."""
        await _until(lambda: any(call["method"].lower() == "getupdates" for call in self.world.log))


def _answers(chat: PrivateChat) -> int:
    """The id of the bot's newest message there."""
    return max((message.id for message in chat.messages.values() if message.sender.is_bot), default=0)


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 - the simulator rings no bell for those who only look on
        await asyncio.sleep(_LOOK_EVERY)
