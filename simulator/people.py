"""Who takes part: bots, and people with the things they can do in their app."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from simulator.chats import Chat, Group, PrivateChat
from simulator.commands import CommandMenus
from simulator.entities import formatted
from simulator.errors import PersonError
from simulator.keyboards import button_kind, find_button, reply_kind
from simulator.messages import Message
from simulator.updates import UpdateQueue
from simulator.wire import Json

if TYPE_CHECKING:
    from simulator.webhooks import Webhook
    from simulator.world import World


@dataclass(slots=True, eq=False)
class Bot:
    """A bot account; `texts` holds its name and descriptions by (kind, language)."""

    id: int
    token: str
    username: str
    first_name: str
    updates: UpdateQueue
    is_bot: Literal[True] = True
    mailbox: int = 0
    reads_groups: bool = False
    menus: CommandMenus = field(default_factory=CommandMenus)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    webhook: "Webhook | None" = None

    @property
    def name(self) -> str:
        return self.texts.get(("name", ""), self.first_name)

    @property
    def wire(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def text(self, kind: str, language: str) -> str:
        """Its name, description or short_description in that language, else the one for all."""
        found = self.texts.get((kind, language)) or self.texts.get((kind, ""), "")
        return found or (self.first_name if kind == "name" else "")


@dataclass(slots=True)
class Answer:
    """What a bot said to a button press."""

    text: str
    show_alert: bool
    url: str


@dataclass(slots=True, eq=False)
class Press:
    """A pressed button. `answer` is filled when the bot answers; `url` and `copied` by link and copy buttons."""

    button: Json
    person: "Person"
    message: Message | None = None
    query_id: str = ""
    bot: Bot | None = None
    at: int = 0
    answer: Answer | None = None
    url: str = ""
    copied: str = ""
    sent: Message | None = None


@dataclass(slots=True, eq=False)
class Person:
    """An account and the hands that use it. Each action takes effect, and reaches the bots, at once."""

    world: "World"
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    phone: str = ""
    role_note: str = ""
    is_bot: Literal[False] = False
    wire: Json = field(init=False)
    chat_wire: Json = field(init=False)

    def __post_init__(self) -> None:
        named = {"first_name": self.first_name}
        named |= {key: getattr(self, key) for key in ("last_name", "username") if getattr(self, key)}
        self.wire = {"id": self.id, "is_bot": False, **named}
        if self.language_code:
            self.wire["language_code"] = self.language_code
        self.chat_wire = {"id": self.id, **named, "type": "private"}

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def open(self, bot: Bot, start: str = "") -> Message | None:
        """Follow a link to the bot; sends /start the first time, and each time when there is a payload."""
        chat = self.world.private_chat(bot, self)
        if chat.started and not chat.blocked and not start:
            return None
        return self.start(bot, start)

    def start(self, bot: Bot, payload: str = "") -> Message:
        """Press Start: unblocks the bot and sends /start."""
        if not self.world.is_payload(payload):
            raise PersonError("START_PARAM_INVALID")
        self.unblock(bot)
        return self.send(bot, f"/start {payload}".strip())

    def send(self, chat: Any, text: str, reply_to: Any = None, *, topic: int | None = None) -> Message:
        """Write a message (a bot, a group or their id; `reply_to` a message or its id)."""
        words = formatted(text, None, None)
        if not words.text:
            raise PersonError("an empty message cannot be sent")
        return self._post(chat, text=words.text, entities=words.entities, reply_to=reply_to, topic_id=topic)

    def press(self, chat: Any, message_id: int | None, button: str | tuple[int, int]) -> Press:
        """Press a button by label or (row, column); without a message, one of the reply keyboard."""
        where = self.world.chat_of(self, chat)
        message = self.world.message_of(where, message_id) if message_id is not None else None
        if message is not None and message.inline_keyboard:
            found = find_button(message.inline_keyboard, button)
            if found is None:
                raise PersonError(f"no button {button!r} on message {message_id}")
            return self._press_inline(message, found)
        return self._press_reply(where, button)

    def replay(self, chat: Any, message_id: int, data: str) -> Press:
        """Send a callback as a tampered app can: any data, on any message of a chat of theirs."""
        where = self.world.chat_of(self, chat)
        message = self.world.message_of(where, message_id)
        return self.world.press(self, message, {"text": "", "callback_data": data})

    def share_contact(self, chat: Any, contact_of: "Person | None" = None) -> Message:
        """Send one's own contact, or somebody else's from the address book."""
        return self._post(chat, contact=(contact_of or self).contact())

    def forward_contact(self, chat: Any, contact_of: "Person | None" = None, **forged: Any) -> Message:
        """Forward a contact card; `forged` replaces its fields (phone_number, user_id, first_name …)."""
        owner = contact_of or self
        contact = {key: value for key, value in {**owner.contact(), **forged}.items() if value is not None}
        origin = {"type": "user", "sender_user": owner.wire, "date": self.world.clock.now() // 1000}
        return self._post(chat, contact=contact, forward_origin=origin)

    def contact(self) -> Json:
        """Their contact card."""
        card: Json = {"phone_number": self.phone, "first_name": self.first_name, "user_id": self.id}
        return {**card, "last_name": self.last_name} if self.last_name else card

    def send_photo(self, chat: Any, data: bytes, caption: str = "", **more: Any) -> Message:
        return self.send_media(chat, "photo", data, caption=caption, **more)

    def send_document(
        self, chat: Any, data: bytes, name: str = "file", caption: str = "", mime: str = "", **more: Any
    ) -> Message:
        return self.send_media(chat, "document", data, name=name, mime=mime, caption=caption, **more)

    def send_voice(self, chat: Any, data: bytes = b"OggS", **more: Any) -> Message:
        return self.send_media(chat, "voice", data, mime="audio/ogg", **more)

    def send_sticker(self, chat: Any, data: bytes = b"RIFF", **more: Any) -> Message:
        return self.send_media(chat, "sticker", data, mime="image/webp", **more)

    def send_media(
        self, chat: Any, kind: str, data: bytes, *, name: str = "", mime: str = "", caption: str = "", **more: Any
    ) -> Message:
        """Send a file; `more` may hold reply_to, topic_id and media_group_id (an album)."""
        media = self.world.files.add(kind, data, name, mime)
        words = formatted(caption, None, None)
        content = {"media": media, "caption": words.text or None, "caption_entities": words.entities}
        return self._post(chat, **content, **more)

    def edit(self, message_id: int, text: str, chat: Any = None) -> Message:
        """Change the text or caption of one's own message."""
        message = self.world.own_message(self, message_id, chat)
        words = formatted(text, None, None)
        if message.text is None:
            message.caption, message.caption_entities = words.text, words.entities
        else:
            message.text, message.entities = words.text, words.entities
        message.edited_at = self.world.clock.now()
        self.world.announce(message, "edited_message")
        return message

    def block(self, bot: Bot) -> None:
        """Stop the bot; it is told, and can write no more."""
        self.world.set_blocked(self.world.private_chat(bot, self), blocked=True)

    def unblock(self, bot: Bot) -> None:
        self.world.set_blocked(self.world.private_chat(bot, self), blocked=False)

    def join(self, group: Group) -> None:
        self.world.join(group, self)

    def leave(self, group: Group) -> None:
        self.world.leave(group, self)

    def _post(self, chat: Any, *, reply_to: Any = None, **content: Any) -> Message:
        where = self.world.chat_of(self, chat)
        if isinstance(where, PrivateChat) and where.blocked:
            raise PersonError("the bot is blocked; unblock it first")
        if isinstance(where, Group) and not where.has(self.id):
            raise PersonError("not a member of the group")
        if reply_to is not None and not isinstance(reply_to, Message):
            reply_to = self.world.message_of(where, reply_to)
        return self.world.post(where, self, reply_to=reply_to, **content)

    def _press_inline(self, message: Message, button: Json) -> Press:
        kind = button_kind(button)
        if kind == "callback":
            return self.world.press(self, message, button)
        if kind == "url":
            return Press(button, self, message, url=button["url"])
        if kind == "copy":
            return Press(button, self, message, copied=button["copy_text"]["text"])
        raise PersonError(f"this app cannot press a button of kind {kind}")

    def _press_reply(self, chat: Chat, button: str | tuple[int, int]) -> Press:
        markup = chat.keyboards.get(self.id, {})
        found = find_button(markup.get("keyboard", []), button)
        if found is None:
            raise PersonError(f"no button {button!r} in this chat")
        kind = reply_kind(found)
        if kind not in ("text", "contact"):
            raise PersonError(f"this app cannot press a button of kind {kind}")
        sent = self.share_contact(chat) if kind == "contact" else self.send(chat, found["text"])
        if markup.get("one_time_keyboard"):
            chat.keyboards.pop(self.id, None)
        return Press(found, self, sent=sent)
