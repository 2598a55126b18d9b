"""The whole simulated Telegram: who is there, what was said, and who is told."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from simulator.chats import Chat, Group, PrivateChat
from simulator.clock import Clock
from simulator.errors import PersonError
from simulator.faults import Faults
from simulator.files import FileStore
from simulator.messages import Message
from simulator.people import Answer, Bot, Person, Press
from simulator.updates import UpdateQueue
from simulator.wire import Json

LOG_LENGTH = 50_000
FIRST_PERSON_ID = 1_000_001
FIRST_GROUP_ID = -1_001_000_000_001
# How long Telegram's servers wait for the answer to a button press.
QUERY_LIFE_MS = 15 * 60_000
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")

Watcher = Callable[[str, Json, set[int] | None], None]


class World:
    """People, bots, chats and their messages, in memory. Not for several threads at once."""

    def __init__(self, clock: Clock | None = None, *, seed: int = 0) -> None:
        self.clock = clock or Clock()
        self.random = Random(seed)  # noqa: S311  # nothing here is secret; a seed makes runs repeatable
        self.files = FileStore()
        self.faults = Faults(self.random)
        self.people: dict[int, Person] = {}
        self.bots: dict[str, Bot] = {}
        self.groups: dict[int, Group] = {}
        self.queries: dict[str, Press] = {}
        self.log: deque[Json] = deque(maxlen=LOG_LENGTH)
        self.watchers: list[Watcher] = []
        # Told of each finished call, with its log entry.
        self.on_call: Callable[[Json], None] | None = None
        self._private: dict[tuple[int, int], PrivateChat] = {}
        self._last_query = 0

    # who is there

    def add_bot(self, token: str, username: str, name: str) -> Bot:
        """A new bot; its id is the number before the colon of its token."""
        number = token.partition(":")[0]
        if not number.isdigit():
            raise ValueError("a bot token is a number, a colon and a secret")
        first_id = self.random.randrange(100_000_000, 900_000_000)
        self.bots[token] = Bot(int(number), token, username, name, UpdateQueue(self.clock.now, first_id))
        self.tell("state", {}, None)
        return self.bots[token]

    def add_person(
        self,
        first_name: str,
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "en",
        phone: str = "",
        user_id: int | None = None,
        role_note: str = "",
    ) -> Person:
        """A new account; ids are given in order unless one is named."""
        number = user_id if user_id is not None else max([FIRST_PERSON_ID - 1, *self.people]) + 1
        if number in self.people:
            raise ValueError(f"there is already a person with id {number}")
        person = Person(self, number, first_name, last_name, username, language_code, phone, role_note)
        self.people[number] = person
        self.tell("state", {}, None)
        return person

    def add_group(self, title: str, members: Iterable[Person | Bot], *, forum: bool = False) -> Group:
        """A new supergroup. The first person owns it; in a forum its bots are administrators."""
        group = Group(min([FIRST_GROUP_ID + 1, *self.groups]) - 1, title, forum)
        self.groups[group.id] = group
        for member in members:
            owner = not member.is_bot and "creator" not in group.status.values()
            rank = "administrator" if member.is_bot and forum else "member"
            self._enter(group, member, "creator" if owner else rank)
        self.tell("state", {}, None)
        return group

    def promote(self, group: Group, member: Person | Bot) -> None:
        """Make a member an administrator."""
        self._change_status(group, member, member, "administrator")

    def bot_named(self, username: str) -> Bot | None:
        wanted = username.lstrip("@").lower()
        return next((bot for bot in self.bots.values() if bot.username.lower() == wanted), None)

    def bot_by_id(self, bot_id: int) -> Bot | None:
        return next((bot for bot in self.bots.values() if bot.id == bot_id), None)

    # chats

    def private_chat(self, bot: Bot, person: Person) -> PrivateChat:
        """Their chat, made when it is first looked at."""
        key = (bot.id, person.id)
        if key not in self._private:
            self._private[key] = PrivateChat(person.id, bot, person)
        return self._private[key]

    def known_chat(self, bot: Bot, chat_id: int) -> Chat | None:
        """The chat a bot means by an id, when it has ever met it."""
        return self._private.get((bot.id, chat_id)) or self.groups.get(chat_id)

    def chats_of(self, person: Person) -> list[Chat]:
        """All chats in that person's list: every bot's, and their groups."""
        private: list[Chat] = [self.private_chat(bot, person) for bot in self.bots.values()]
        return private + [group for group in self.groups.values() if group.has(person.id)]

    def chat_of(self, person: Person, ref: Any) -> Chat:
        """A chat of theirs by bot, group, chat or id (a bot's, a group's, or their own for the only bot)."""
        if isinstance(ref, Bot):
            return self.private_chat(ref, person)
        if isinstance(ref, Chat):
            return ref
        if (bot := self.bot_by_id(int(ref))) or (
            int(ref) == person.id and (bot := next(iter(self.bots.values()), None))
        ):
            return self.private_chat(bot, person)
        group = self.groups.get(int(ref))
        if group is None or not group.has(person.id):
            raise PersonError(f"no chat {ref}")
        return group

    def messages(self, chat_id: Any, viewer: Person) -> list[Message]:
        """What that person sees in a chat, oldest first; deleted messages are gone."""
        return list(self.chat_of(viewer, chat_id).messages.values())

    def message_of(self, chat: Chat, message_id: int) -> Message:
        message = chat.messages.get(message_id)
        if message is None:
            raise PersonError(f"no message {message_id}")
        return message

    def own_message(self, person: Person, message_id: int, ref: Any = None) -> Message:
        chats = [self.chat_of(person, ref)] if ref is not None else self.chats_of(person)
        for chat in chats:
            message = chat.messages.get(message_id)
            if message is not None and message.sender is person:
                return message
        raise PersonError(f"no message {message_id} of their own")

    def is_payload(self, payload: str) -> bool:
        """Whether Telegram lets a deep link carry it."""
        return _PAYLOAD.fullmatch(payload) is not None

    # what happens

    def post(self, chat: Chat, sender: Person | Bot, **content: Any) -> Message:
        """Put a message into a chat and tell those who see it."""
        message = Message(chat.next_message_id(), chat, sender, self.clock.now(), **content)
        chat.messages[message.id] = message
        if sender.is_bot:
            chat.typing_until = 0
            self.changed(chat)
        else:
            chat.read[sender.id] = message.id
            if isinstance(chat, PrivateChat):
                chat.started = True
            self.announce(message, "message")
        return message

    def announce(self, message: Message, kind: str) -> None:
        """Queue an update about a person's message for the bots that see it."""
        for bot in message.chat.bots():
            if _visible(bot, message):
                bot.updates.put(kind, message.wire(), message.chat.id)
        self.changed(message.chat)

    def press(self, person: Person, message: Message, button: Json) -> Press:
        """A callback button was pressed: the bot that sent the message gets the query."""
        bot = message.sender
        if not isinstance(bot, Bot):
            raise PersonError("only a bot's message has buttons")
        self._last_query += 1
        query_id = f"{person.id}{self._last_query:09d}"
        press = Press(button, person, message, query_id, bot, self.clock.now())
        self.queries[query_id] = press
        query = {"id": query_id, "from": person.wire, "message": message.wire()}
        query |= {"chat_instance": str(hash((bot.id, message.chat.id)) & (2**62 - 1)), "data": button["callback_data"]}
        bot.updates.put("callback_query", query, message.chat.id)
        return press

    def answer(self, bot: Bot, query_id: str, answer: Answer) -> bool:
        """Show a bot's answer to the person who pressed; False when it is too late or not theirs."""
        press = self.queries.get(query_id)
        if press is None or press.bot is not bot or self.clock.now() - press.at > QUERY_LIFE_MS:
            return False
        del self.queries[query_id]
        press.answer = answer
        shown = {"query_id": query_id, "text": answer.text, "show_alert": answer.show_alert, "url": answer.url}
        self.tell("answer", shown, {press.person.id})
        return True

    def set_blocked(self, chat: PrivateChat, *, blocked: bool) -> None:
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        self._tell_member(chat, chat.bot, chat.person, chat.bot, was, now)
        self.changed(chat)

    def join(self, group: Group, member: Person | Bot) -> None:
        if not group.has(member.id):
            self._enter(group, member, "member")
            self.post_service(group, member, {"new_chat_members": [member.wire]})

    def leave(self, group: Group, member: Person | Bot) -> None:
        if group.has(member.id):
            self.post_service(group, member, {"left_chat_member": member.wire})
            self._change_status(group, member, member, "left")

    def post_service(self, chat: Chat, sender: Person | Bot, extra: Json, topic_id: int | None = None) -> Message:
        """A service message, which every bot of the group sees."""
        message = self.post(chat, sender, extra=extra, topic_id=topic_id)
        if sender.is_bot:
            for bot in chat.bots():
                bot.updates.put("message", message.wire(), chat.id)
        return message

    def jump_update_ids(self, to: int, bot: Bot | None = None) -> None:
        """Let the next update have that id, forward or back, as happens after a week of silence."""
        for one in [bot] if bot else self.bots.values():
            one.updates.next_id = to

    # who is told

    def changed(self, chat: Chat) -> None:
        """Tell those who watch that something in a chat changed."""
        if not self.watchers:
            return
        for person in chat.people():
            self.tell("changed", {"chat_id": chat.peer_id}, {person.id})

    def tell(self, event: str, data: Json, viewers: set[int] | None) -> None:
        """Pass an event to the watchers; `viewers` None means everybody."""
        for watcher in self.watchers:
            watcher(event, data, viewers)

    def _enter(self, group: Group, member: Person | Bot, status: str) -> None:
        group.members[member.id] = member
        self._change_status(group, member, self._owner(group) or member, status)

    def _owner(self, group: Group) -> Person | Bot | None:
        return next((one for one in group.members.values() if group.status.get(one.id) == "creator"), None)

    def _change_status(self, group: Group, member: Person | Bot, actor: Person | Bot, status: str) -> None:
        was = group.status.get(member.id, "left")
        group.status[member.id] = status
        listeners = {bot.id: bot for bot in [*group.bots(), *([member] if isinstance(member, Bot) else [])]}
        for bot in listeners.values():
            self._tell_member(group, bot, actor, member, was, status)
        self.changed(group)

    def _tell_member(
        self, chat: Chat, bot: Bot, actor: Person | Bot, member: Person | Bot, was: str, status: str
    ) -> None:
        change = {"chat": chat.wire, "from": actor.wire, "date": self.clock.now() // 1000}
        change |= {"old_chat_member": member_wire(member, was), "new_chat_member": member_wire(member, status)}
        bot.updates.put("my_chat_member" if member is bot else "chat_member", change, chat.id)


ADMIN_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
]


def member_wire(member: Person | Bot, status: str) -> Json:
    """The Bot API's ChatMember."""
    value: Json = {"user": member.wire, "status": status}
    if status == "administrator":
        value |= {right: right not in ("can_be_edited", "is_anonymous") for right in ADMIN_RIGHTS}
    if status == "creator":
        value["is_anonymous"] = False
    if status == "kicked":
        value["until_date"] = 0
    return value


def _visible(bot: Bot, message: Message) -> bool:
    """Privacy mode: in groups a plain bot sees commands, replies to it, and service messages."""
    chat = message.chat
    if not isinstance(chat, Group) or bot.reads_groups or chat.is_admin(bot.id) or message.extra:
        return True
    replied = message.reply_to is not None and message.reply_to.sender is bot
    mention = f"@{bot.username}".lower()
    text = message.shown.lower()
    command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return replied or (bool(command) and "@" not in command) or mention in text
