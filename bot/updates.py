"""What an update says: who sent it and how, read from Telegram's JSON without believing any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MESSAGE_KINDS = ("message", "edited_message", "channel_post", "edited_channel_post")
_ATTACHMENTS = (
    "contact", "photo", "document", "voice", "audio", "video", "video_note", "sticker", "animation", "location",
    "venue", "poll", "dice", "story", "web_app_data",
)  # fmt: skip
_MOST_ID_BITS = 63
_MOST_DATA = 64  # bytes, Bot API: InlineKeyboardButton


@dataclass(frozen=True, slots=True)
class Input:
    """One update, flattened to what handlers ask of it.

    kind: command, text, press, edited, member (my_chat_member), other, or the attachment's name (contact, photo …).
    """

    update_id: int
    kind: str
    sender_id: int  # 0 where nobody in particular sent it
    chat_id: int
    private: bool
    language: str = ""  # IETF code of the sender's Telegram, '' if unknown
    message_id: int = 0  # of the message sent, or of the one whose button was pressed
    text: str = ""  # text or caption
    command: str = ""
    args: str = ""
    press_id: str = ""  # callback query id
    data: str = ""  # callback data
    addressee: str = ""  # /command@addressee
    reply_to: int = 0  # the message of a bot's that it replies to
    first_name: str = ""
    last_name: str = ""
    body: Mapping[str, Any] | None = None  # the raw message or member change

    @property
    def lane(self) -> int:
        """Updates of one lane are handled in order: the sender's, or the chat's where nobody in particular sent it."""
        return self.sender_id or self.chat_id

    @property
    def silences(self) -> bool:
        """Whether it takes the bot out of a chat, or its right to write there."""
        change = (self.body or {}).get("new_chat_member") if self.kind == "member" else None
        if not isinstance(change, dict):
            return False
        return change.get("status") in ("kicked", "left") or not change.get("can_send_messages", True)

    @property
    def matters(self) -> bool:
        """Whether there is anything to do about it: not with talk in groups, nor with each move of a live location."""
        if self.private:
            return self.kind != "edited" or bool(self.text)
        return self.kind in ("command", "press") or self.silences


def read(update: Mapping[str, Any]) -> Input:
    """The update as an Input; what it does not know, or what is not put together as it should be, is 'other'."""
    try:
        return _read(update)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return Input(update["update_id"], "other", 0, 0, private=False)


def _read(update: Mapping[str, Any]) -> Input:
    if "callback_query" in update:
        return _press(update)
    for kind in _MESSAGE_KINDS:
        if kind in update:
            return _message(update, kind)
    if "my_chat_member" in update:
        change = update["my_chat_member"]
        return Input(kind="member", **_who(update, change.get("from"), change["chat"]), body=change)
    sender = next((part["from"] for part in update.values() if isinstance(part, dict) and "from" in part), None)
    return Input(kind="other", **_who(update, sender, sender or {}))


def _who(update: Mapping[str, Any], sender: Mapping[str, Any] | None, chat: Mapping[str, Any]) -> dict[str, Any]:
    sender = sender or {}
    return {
        "update_id": update["update_id"],
        "sender_id": _id(sender.get("id", 0)),
        "chat_id": _id(chat.get("id", 0)),
        "private": chat.get("type", "private") == "private",
        "language": _storable(sender.get("language_code", "")),
        "first_name": _storable(sender.get("first_name", "")),
        "last_name": _storable(sender.get("last_name", "")),
    }


def _id(told: Any) -> int:
    if not is_id(told):
        raise ValueError("no id")
    id_: int = told
    return id_


def is_id(told: object) -> bool:
    """Whether a database takes it: what is stored together must not fail for one of them."""
    return type(told) is int and told.bit_length() <= _MOST_ID_BITS


def _storable(text: str) -> str:
    """Without NUL, which PostgreSQL's text cannot hold."""
    return text.replace("\0", "")


def _data(told: str) -> str:
    """Callback data, '' for what no button of ours can carry."""
    return told if len(told.encode()) <= _MOST_DATA and "\0" not in told else ""


def _press(update: Mapping[str, Any]) -> Input:
    query = update["callback_query"]
    message = query.get("message") or {}
    return Input(
        kind="press",
        **_who(update, query["from"], message.get("chat", {})),
        message_id=message.get("message_id", 0),
        press_id=query["id"],
        data=_data(query.get("data", "")),
        body=message,
    )


def _message(update: Mapping[str, Any], kind: str) -> Input:
    message = update[kind]
    who = _who(update, message.get("from"), message["chat"])
    text = _storable(message.get("text") or message.get("caption") or "")
    replied = message.get("reply_to_message") or {}
    reply_to = _id(replied["message_id"]) if replied.get("from", {}).get("is_bot") else 0
    # A photo's caption is a command, too.
    command, addressee, args = _command(text) if text else ("", "", "")
    place = {
        "message_id": message["message_id"], "text": text, "body": message, "reply_to": reply_to,
        "command": command, "addressee": addressee, "args": args,
    }  # fmt: skip
    if kind != "message":
        return Input(kind="edited" if kind == "edited_message" else "other", **who, **place)
    attachment = next((name for name in _ATTACHMENTS if name in message), "")
    kind = "command" if command else attachment or ("text" if text else "other")
    return Input(kind=kind, **who, **place)


def _command(text: str) -> tuple[str, str, str]:
    """('points', '', 'rest') of '/points rest'; full-width slashes count, as some keyboards type them."""
    if text[0] not in "/／":
        return "", "", ""
    head, _, args = text[1:].replace("\n", " \n", 1).partition(" ")
    name, _, addressee = head.partition("@")
    return name.lower(), addressee, args.strip()
