"""Chats: a person with a bot, and groups with their members and topics."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.messages import Message
from simulator.wire import Json

if TYPE_CHECKING:
    from simulator.people import Bot, Person

PRESENT = ("member", "administrator", "creator")
TYPING_MS = 5_000


@dataclass(slots=True, eq=False)
class Chat:
    """What both kinds of chat have; `id` and `wire` are the bot's view."""

    id: int
    messages: dict[int, Message] = field(default_factory=dict, init=False)
    typing_until: int = field(default=0, init=False)
    pinned: list[int] = field(default_factory=list, init=False)
    # person id → reply markup with a keyboard (or a forced reply) that person has in this chat
    keyboards: dict[int, Json] = field(default_factory=dict, init=False)
    # person id → the newest message they have looked at
    read: dict[int, int] = field(default_factory=dict, init=False)

    @property
    def wire(self) -> Json:
        raise NotImplementedError

    def next_message_id(self) -> int:
        raise NotImplementedError

    def people(self) -> "Iterator[Person]":
        raise NotImplementedError

    def bots(self) -> "Iterator[Bot]":
        raise NotImplementedError

    @property
    def peer_id(self) -> int:
        """The id under which the people in it know this chat."""
        return self.id

    @property
    def heading(self) -> str:
        """What stands above the chat on a person's screen."""
        raise NotImplementedError

    def last(self) -> Message | None:
        return next(reversed(self.messages.values()), None)


@dataclass(slots=True, eq=False)
class PrivateChat(Chat):
    """One person with one bot. The bot knows it by the person's id, the person by the bot's."""

    bot: "Bot"
    person: "Person"
    started: bool = False
    blocked: bool = False

    @property
    def wire(self) -> Json:
        return self.person.chat_wire

    def next_message_id(self) -> int:
        self.bot.mailbox += 1
        return self.bot.mailbox

    def people(self) -> "Iterator[Person]":
        yield self.person

    def bots(self) -> "Iterator[Bot]":
        yield self.bot

    @property
    def peer_id(self) -> int:
        return self.bot.id

    @property
    def heading(self) -> str:
        return self.bot.name


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the service message that opened it."""

    id: int
    name: str
    icon_color: int = 7322096
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    hidden: bool = False


GENERAL_TOPIC = 1


@dataclass(slots=True, eq=False)
class Group(Chat):
    """A supergroup; ids start with -100."""

    title: str
    forum: bool = False
    description: str = ""
    members: "dict[int, Person | Bot]" = field(default_factory=dict)
    status: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    last_id: int = 0

    @property
    def wire(self) -> Json:
        value: Json = {"id": self.id, "title": self.title, "type": "supergroup"}
        return {**value, "is_forum": True} if self.forum else value

    def next_message_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def present(self) -> "Iterator[Person | Bot]":
        return (member for member in self.members.values() if self.status[member.id] in PRESENT)

    def people(self) -> "Iterator[Person]":
        return (member for member in self.present() if not member.is_bot)

    def bots(self) -> "Iterator[Bot]":
        return (member for member in self.present() if member.is_bot)

    def has(self, member_id: int) -> bool:
        return self.status.get(member_id) in PRESENT

    def is_admin(self, member_id: int) -> bool:
        return self.status.get(member_id) in ("administrator", "creator")

    @property
    def heading(self) -> str:
        return self.title
