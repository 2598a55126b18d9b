"""A message, and its form in the Bot API."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.files import Media
from simulator.wire import Json

if TYPE_CHECKING:
    from simulator.chats import Chat
    from simulator.people import Bot, Person

# What a service message says, by its field.
SERVICE_WORDS = {
    "new_chat_members": "joined the group",
    "left_chat_member": "left the group",
    "forum_topic_created": "created the topic",
    "forum_topic_edited": "edited the topic",
    "forum_topic_closed": "closed the topic",
    "forum_topic_reopened": "reopened the topic",
    "pinned_message": "pinned a message",
    "group_chat_created": "created the group",
}


@dataclass(slots=True, eq=False)
class Message:
    """One message in one chat; times are epoch ms of the simulated clock."""

    id: int
    chat: "Chat"
    sender: "Person | Bot"
    at: int
    text: str | None = None
    entities: list[Json] = field(default_factory=list)
    caption: str | None = None
    caption_entities: list[Json] = field(default_factory=list)
    media: Media | None = None
    contact: Json | None = None
    reply_to: "Message | None" = None
    inline_keyboard: list[list[Json]] | None = None
    topic_id: int | None = None
    media_group_id: str | None = None
    forward_origin: Json | None = None
    # Fields of service messages and of rare contents (location, dice …), in Telegram's form.
    extra: Json = field(default_factory=dict)
    protected: bool = False
    edited_at: int | None = None
    # user id → reactions of that user
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def photo(self) -> Media | None:
        return self.media if self.media and self.media.kind == "photo" else None

    @property
    def document(self) -> Media | None:
        return self.media if self.media and self.media.kind == "document" else None

    @property
    def shown(self) -> str:
        """The words a person sees: text or caption."""
        return self.text or self.caption or ""

    @property
    def buttons(self) -> list[str]:
        """Labels of the inline keyboard, row by row."""
        return [button["text"] for row in self.inline_keyboard or [] for button in row]

    @property
    def service(self) -> str | None:
        """What happened, when this is a service message."""
        word = next((words for name, words in SERVICE_WORDS.items() if name in self.extra), None)
        return f"{self.sender.name} {word}" if word else None

    def wire(self, *, with_reply: bool = True) -> Json:
        """The Bot API's Message."""
        value: Json = {
            "message_id": self.id,
            "from": self.sender.wire,
            "chat": self.chat.wire,
            "date": self.at // 1000,
        }
        self._add_context(value, with_reply)
        self._add_content(value)
        if self.inline_keyboard:
            value["reply_markup"] = {"inline_keyboard": self.inline_keyboard}
        return value

    def _add_context(self, value: Json, with_reply: bool) -> None:
        if self.topic_id is not None:
            value |= {"message_thread_id": self.topic_id, "is_topic_message": True}
        if self.reply_to is not None and with_reply:
            value["reply_to_message"] = self.reply_to.wire(with_reply=False)
        if self.edited_at is not None:
            value["edit_date"] = self.edited_at // 1000
        if self.forward_origin is not None:
            value["forward_origin"] = self.forward_origin
        if self.media_group_id is not None:
            value["media_group_id"] = self.media_group_id
        if self.protected:
            value["has_protected_content"] = True

    def _add_content(self, value: Json) -> None:
        for name in ("text", "entities", "caption", "caption_entities", "contact"):
            if content := getattr(self, name):
                value[name] = content
        if self.media is not None:
            value[self.media.kind] = self.media.wire
            if self.media.kind == "animation":
                value["document"] = self.media.as_document()
        value |= self.extra
